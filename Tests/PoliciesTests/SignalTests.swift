import Base
import Model
import Testing

@testable import Policies

struct SignalTests {
  private func signal(_ kind: SignalFact.Kind, _ principal: String? = nil, at: String? = nil) -> SignalFact {
    var signal = SignalFact(kind, source: "s", rule: "r", place: "p")
    signal.principal = principal
    signal.at = at.flatMap { Instant($0) }
    return signal
  }

  private func joined(_ principal: String, _ signals: [SignalFact], _ credential: CredentialFact? = nil)
    throws -> JoinedIdentity
  {
    var sample = Sample("[]")
    var fact = IdentityFact(principal: PrincipalKey(principal), kind: .user, name: "x", source: "s")
    fact.credentials = [credential].compactMap(\.self)
    sample.facts.identities = [fact]
    sample.facts.signals = signals
    let estate = Estate(governance: sample.governance, facts: sample.facts, now: Sample.now)
    return try #require(estate.identities.first)
  }

  @Test(arguments: [
    ("gcp:user:ana@acme.example", "ana@acme.example", true),
    ("databricks:a/user/Ana@acme.example", "ana@acme.example", true),
    ("okta:user/00u1", "okta:user/00u1", true), ("okta:user/00u1", "okta:user/00u2", false),
    ("gcp:user:joana@acme.example", "ana@acme.example", false),
  ])
  func findsWhomAnEventSpeaksOf(principal: String, subject: String, isMeant: Bool) throws {
    let identity = try joined(principal, [signal(.accountDisabled, subject)])
    #expect(identity.signals.isDisabled == isMeant)
  }

  /// When it was shut, when it was opened, and whether it is shut.
  static let words: [(shut: String?, opened: String?, isDisabled: Bool)] = [
    ("2026-01-01T00:00:00Z", nil, true), ("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z", false),
    ("2026-03-01T00:00:00Z", "2026-02-01T00:00:00Z", true), (nil, "2026-02-01T00:00:00Z", true),
  ]

  @Test(arguments: words)
  func takesTheLastWordOfAnAccountsState(shut: String?, opened: String?, isDisabled: Bool) throws {
    var events = [signal(.accountDisabled, "okta:user/1", at: shut)]
    if let opened { events.append(signal(.accountEnabled, "okta:user/1", at: opened)) }
    #expect(try joined("okta:user/1", events).signals.isDisabled == isDisabled)
  }

  @Test func attachesFindingsToTheCredentialThatTheySpeakOf() throws {
    var own = CredentialFact(id: "projects/p/serviceAccounts/ci/keys/0a1b2c", kind: "key", status: .active)
    own.hash = "abc"
    func exposed(_ change: (inout SignalFact) -> Void) throws -> Bool {
      var found = signal(.exposed)
      change(&found)
      let identity = try joined("gcp:serviceAccount:ci@p.iam.gserviceaccount.com", [found], own)
      return !identity.credentials[0].signals.isEmpty
    }
    #expect(try exposed { $0.credential = own.id })
    #expect(try exposed { $0.credential = "0a1b2c" })
    #expect(try exposed { $0.hash = "abc" })
    #expect(try exposed { $0.principal = "gcp:serviceAccount:ci@p.iam.gserviceaccount.com" })
    // Another key of the same account, and another secret, are not this one.
    #expect(
      try !exposed { ($0.credential, $0.principal) = ("ffff", "gcp:serviceAccount:ci@p.iam.gserviceaccount.com") })
    #expect(try !exposed { ($0.hash, $0.principal) = ("def", "gcp:serviceAccount:ci@p.iam.gserviceaccount.com") })
  }

  @Test func completesOwnersByTheRosterAndNeverOverrulesThem() {
    var owners = Owners()
    for (name, left) in [("ana", nil), ("bo", Day("2026-12-31"))] as [(String, Day?)] {
      var person = Person(name: name, location: SourceLocation(path: "owners.yaml"))
      (person.emails, person.left) = (["\(name)@Acme.example"], left)
      owners.people[name] = person
    }
    let people = ["ana", "bo"].map { name in
      var person = PersonFact(.person, name: name, source: "hr")
      (person.emails, person.left) = (["\(name)@acme.example"], Day("2026-10-01"))
      return person
    }
    let completed = owners.completed(by: people)
    #expect(completed.people["ana"]?.left == Day("2026-10-01"))
    #expect(completed.people["bo"]?.left == Day("2026-12-31"))
  }
}
