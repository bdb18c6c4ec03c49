import Base
import Model
import Policies
import Testing

/// Since when logs would show what an identity does.
@Suite struct SightTests {
  private static let now = day(100)

  private static func day(_ day: Int64) -> Instant { Instant(milliseconds: 1_767_225_600_000 + day * 86_400_000) }

  private func identity(in account: String, _ places: [PlaceCoverage], gaps: [Gap] = []) throws -> JoinedIdentity {
    var facts = FactSet()
    let principal = PrincipalKey("arn:aws:iam::\(account):role/a")
    facts.identities = [IdentityFact(principal: principal, kind: .role, name: "a", source: "s")]
    var source = SourceCoverage(name: "trail", kind: .usage)
    (source.covers, source.places, source.gaps) = (["aws:*"], places, gaps)
    (source.first, source.last) = (Self.day(0), Self.now)
    facts.sources = [source]
    let governance = Governance(configuration: Configuration(location: SourceLocation(path: "muster.yaml")))
    return try #require(Estate(governance: governance, facts: facts, now: Self.now).identities.first)
  }

  private let other = PlaceCoverage(name: "aws:222222222222", first: day(0), last: now)

  private func place(first: Int64 = 0, last: Int64 = 100, gaps: [Gap] = []) -> PlaceCoverage {
    PlaceCoverage(name: "aws:111111111111", first: Self.day(first), last: Self.day(last), gaps: gaps)
  }

  @Test func beginsWithTheFirstEventOfThePlace() throws {
    #expect(try identity(in: "111111111111", [place(), other]).coveredSince == Self.day(0))
    #expect(try identity(in: "111111111111", [place(first: 90), other]).coveredSince == Self.day(90))
  }

  @Test func beginsBehindTheLastSilence() throws {
    let silence = Gap(from: Self.day(40), to: Self.day(43))
    #expect(try identity(in: "111111111111", [place(gaps: [silence]), other]).coveredSince == Self.day(43))
    let outage = Gap(from: Self.day(60), to: Self.day(61))
    #expect(
      try identity(in: "111111111111", [place(gaps: [silence]), other], gaps: [outage]).coveredSince == Self.day(61))
  }

  @Test func endsWhereThePlaceWentDark() throws {
    let dark = place(last: 70, gaps: [Gap(from: Self.day(71), to: Self.now)])
    let identity = try identity(in: "111111111111", [dark, other])
    #expect(identity.coveredSince == nil)
    #expect(
      identity.usageGap == "usage source trail has no event of aws:111111111111 since \(Self.day(71)), unlike before")
  }

  @Test func isNoneOfAPlaceThatWasNeverSeenWhereOthersWere() throws {
    let identity = try identity(in: "111111111111", [other])
    #expect(identity.coveredSince == nil)
    #expect(identity.usageGap == "usage source trail has no event of aws:111111111111, only of another place")
  }

  @Test func isTheSourcesWhereItTellsNoPlaces() throws {
    #expect(try identity(in: "111111111111", []).coveredSince == Self.day(0))
    let foreign = PlaceCoverage(name: "gcp:p", first: Self.day(0), last: Self.now)
    #expect(try identity(in: "111111111111", [foreign]).coveredSince == Self.day(0))
  }
}
