import Base
import Declarations
import Model
import Testing

@testable import Reviews

/// The table of the front matter's keys and the readers tell the same story.
struct ReviewSchemaTests {
  private static func fields(_ key: String) throws -> [Field] {
    switch try #require(FileKind.review.fields.first { $0.name == key }).shape {
    case .mapping(let fields), .list(.mapping(let fields)): fields
    default: []
    }
  }

  private static func words(_ name: String, in fields: [Field]) throws -> [String] {
    guard case .word(let words) = try #require(fields.first { $0.name == name }).shape else { return [] }
    return words
  }

  @Test func agreesWithTheReaderOfItems() throws {
    let fields = FileKind.review.fields
    #expect(fields.map(\.name) == ReviewItem.keys)
    #expect(try Self.fields("decisions").map(\.name) == Decision.keys)
    #expect(try Self.words("status", in: fields) == ReviewStatus.allCases.map(\.rawValue))
    #expect(try Self.words("route", in: fields) == ReviewRoute.allCases.map(\.rawValue))
    #expect(try Self.words("owner-resolved", in: fields) == OwnerSource.allCases.map(\.rawValue))
    #expect(try Self.words("event", in: Self.fields("history")) == ItemEvent.Kind.allCases.map(\.rawValue))
    #expect(try Self.words("decision", in: Self.fields("decisions")) == Decision.Kind.allCases.map(\.rawValue))
  }

  @Test func givesDecisionsToPolicies() throws {
    var acme = Acme()
    let item = try acme.openOne()
    let draft = try makeDecision(
      acme.decide(.extend, until: "2027-03-31"), on: item, owners: acme.governance.owners, willSign: false)
    let decisions = ReviewSet.read([draft.item.source]).decisions(at: item.due.start, acme.governance.owners)
    let decision = try #require(decisions.first)
    #expect(decisions.count == 1)
    #expect(decision.kind == .extend && decision.by.name == "ana" && decision.handle == item.identity)
    #expect(decision.isLast && decision.isOnEvidence && decision.missing.isEmpty)
    #expect(decision.status == .remediating && decision.signature() == .none)
  }

  @Test func tellsWhatSignaturesProve() throws {
    let keys = try Keys("ana", "eve")
    var acme = Acme()
    let item = try acme.openOne()
    let draft = try makeDecision(acme.decide(.keep), on: item, owners: acme.governance.owners, willSign: true)
    var owners = acme.governance.owners
    let place = SourceLocation(path: "owners.yaml")
    owners.people["ana"]?.keys = [Located(try keys.publicKey("ana"), at: place)]
    func signature(_ file: SourceFile, _ owners: Owners) -> ReviewDecision.Signature? {
      ReviewSet.read([file]).decisions(at: item.due.start, owners).last?.signature()
    }
    let signed = try keys.sign(draft, "ana").item.source
    #expect(signature(signed, owners) == .valid)
    #expect(signature(try keys.sign(draft, "eve").item.source, owners) == .unknownKey)
    var others = owners
    others.people["ana"]?.keys = []
    others.people["bo"]?.keys = [Located(try keys.publicKey("ana"), at: place)]
    #expect(signature(signed, others) == .other)
    var changed = signed
    changed.bytes = Array(
      String(decoding: signed.bytes, as: UTF8.self).replacing("decision: keep", with: "decision: rotate").utf8)
    #expect(signature(changed, owners) == .broken)
  }
}
