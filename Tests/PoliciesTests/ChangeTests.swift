import Base
import Expressions
import Model
import Testing

@testable import Policies

struct ChangeTests {
  private let base = """
    identity: batch
    principals: ["arn:aws:iam::111122223333:role/batch"]
    owner: team:payments
    backup: team:data
    purpose: Lists the queues.
    environments: [prod]
    expires: 2026-12-31
    credentials: { max-age: 30d }
    review: { every: 90d }
    scope:
      - actions: ["sqs:ListQueues", "sqs:PurgeQueue"]
    behaviour:
      regions: [eu-west-1]
      schedule: { days: mon-fri, hours: "06:00-20:00" }
      max-bytes-per-day: 1GiB

    """

  private func estate(_ head: Sample, since base: Sample?, only handles: Set<String>? = nil) -> Estate {
    Estate(
      governance: head.governance, facts: head.facts, now: Sample.now, since: base?.governance, only: handles)
  }

  /// The value of an expression over the only change.
  private func value(_ expression: String, from base: String, to head: String) throws -> String {
    let estate = estate(Sample(head), since: Sample(base))
    let change = try #require(estate.changes?.changes.first)
    #expect(estate.changes?.changes.count == 1)
    let environment = PolicyVocabulary.environment(PolicyVocabulary.variables(of: .change))
    let evaluation = Evaluation(environment)
    evaluation[0] = .instant(Sample.now)
    evaluation[1] = PolicyVocabulary.change.object(ChangeSubject(change: change, estate: estate))
    return try environment.compile(expression).evaluate(evaluation).literalText
  }

  @Test(
    arguments: [
      ("change.kind", "", "\"changed\""), ("change.fields", "owner: team:payments→owner: team:data", "[\"owner\"]"),
      ("change.ownerChanged", "owner: team:payments→owner: team:data", "true"),
      ("change.ownerChanged", "sqs:PurgeQueue→sqs:*", "false"),
      ("change.scopeAdded", "sqs:PurgeQueue→sqs:*", "[\"sqs:*\"]"),
      ("change.scopeRemoved", "sqs:PurgeQueue→sqs:*", "[]"),
      ("change.scopeRemoved", ", \"sqs:PurgeQueue\"→", "[\"sqs:PurgeQueue\"]"),
      ("change.scopeAdded", ", \"sqs:PurgeQueue\"→", "[]"),
      ("inDays(change.expiryMoved)", "2026-12-31→2027-01-31", "\"31 days\""),
      ("change.expiryMoved < duration('0s')", "2026-12-31→2026-12-30", "true"),
      ("has(change.expiryMoved)", "expires: 2026-12-31\n→", "false"),
      ("change.gains", "expires: 2026-12-31\n→", "[\"no end\"]"),
      ("change.gains", "[prod]→[prod, dev]", "[\"environment dev\"]"),
      ("change.loosened", "eu-west-1→\"eu-*\"", "[\"region eu-*\"]"),
      ("change.loosened", "06:00-20:00→08:00-18:00", "[]"),
      ("change.loosened", "06:00-20:00→05:00-20:00", "[\"schedule mon-fri 05:00-20:00 UTC\"]"),
      ("change.loosened", "1GiB→2GiB", "[\"2147483648 bytes a day\"]"), ("change.loosened", "1GiB→1MiB", "[]"),
      ("change.loosened", "30d→60d", "[\"credentials of 60d\"]"),
      ("change.loosened", "review: { every: 90d }\n→", "[\"no review\"]"),
      ("change.before.backup.name", "backup: team:data\n→", "\"data\""),
      ("has(change.after.backup)", "backup: team:data\n→", "false"),
    ])
  func tellsWhatChanged(expression: String, edit: String, expected: String) throws {
    let parts = (edit.isEmpty ? "Lists the queues→Empties the queues" : edit).split(
      separator: "→", omittingEmptySubsequences: false)
    let head = base.replacing(parts[0], with: parts[1])
    try #require(head != base)
    #expect(try value(expression, from: base, to: head) == expected)
  }

  @Test func seesNoChangeWhereTextMerelyMoves() {
    let moved =
      "# a comment\n\n"
      + base.replacing("[\"sqs:ListQueues\", \"sqs:PurgeQueue\"]", with: "[\"sqs:PurgeQueue\", \"sqs:ListQueues\"]")
    #expect(estate(Sample(moved), since: Sample(base)).changes?.changes.isEmpty == true)
  }

  @Test func tellsNewAndGoneApart() {
    let other = "identity: other\nowner: person:ana\n"
    let changes = estate(Sample(other), since: Sample(base)).changes?.changes ?? []
    #expect(changes.map(\.handle) == ["batch", "other"])
    #expect(changes.map(\.kind) == [.removed, .added])
  }

  @Test func asksOnlyAboutTheTouched() {
    let changes = estate(Sample("identity: other\n"), since: Sample(base), only: ["other"]).changes?.changes
    #expect(changes?.map(\.handle) == ["other"])
  }

  @Test func tellsExceptionsThatCameOrGrew() {
    let exception = "exception: e\npolicy: no-expiry\nidentity: batch\nexpires: 2026-12-01\n"
    let came = estate(Sample(base, exceptions: exception), since: Sample(base)).changes?.changes
    #expect(came?.first?.addedExceptions.map(\.value) == ["e"])
    let grown = exception.replacing("2026-12-01", with: "2027-12-01")
    let grew = estate(Sample(base, exceptions: grown), since: Sample(base, exceptions: exception)).changes?.changes
    #expect(grew?.first?.extendedExceptions.map(\.value) == ["e"])
    #expect(grew?.first?.kind == .changed)
  }

  @Test func tellsWhatHappensToTheRules() {
    let place = SourceLocation(path: "muster.yaml", line: 1)
    var head = Sample(base, parameters: ["idle": ["window": Located("300d", at: place)]])
    head.governance.configuration.disabledPolicies = [Located("no-expiry", at: place)]
    head.governance.policyFiles = [SourceFile(path: "policies/own.yaml", bytes: [])]
    #expect(
      estate(head, since: Sample(base)).changes?.rules == [
        "policies/own.yaml added", "no-expiry switched off", "idle.window default → 300d",
      ])
  }

  @Test func saysThatItDidNotAskWithoutABase() async {
    let alone = await Sample(base).check()
    let policies = Policy.load(builtIn: true, PolicyLibrary.files).policies.filter { $0.subject == .change }.map(\.id)
    #expect(policies.count == 4)
    #expect(alone.skipped.map(\.key) == policies.sorted())
    let estate = estate(Sample(base.replacing("team:data", with: "team:x")), since: Sample(base))
    let compared = await PolicyLibrary.compiled(for: estate.governance).check(estate)
    #expect(compared.skipped.isEmpty)
  }

  @Test func pointsAtTheKeyThatChanged() async throws {
    let head = Sample(base.replacing("2026-12-31", with: "2036-12-31"))
    let estate = estate(head, since: Sample(base))
    let result = await PolicyLibrary.compiled(for: head.governance).check(estate)
    let finding = try #require(result.findings.first { $0.policy == "expiry-extended" })
    #expect(finding.line == "expires: 2036-12-31")
    #expect(finding.identity == "batch")
    #expect(finding.related.contains { $0.role == "previous" })
  }
}

struct DecisionSubjectTests {
  private func decision(_ minute: Int64, reason: String = "Still needed.", by: String = "ana") -> ReviewDecision {
    ReviewDecision(
      item: "item-\(minute)", campaign: "c", policy: "idle", severity: .medium, status: .decided,
      due: Sample.now.day, kind: .keep, by: OwnerReference(kind: .person, name: by),
      at: Instant(milliseconds: Sample.now.milliseconds + minute * 60_000), reason: reason,
      location: SourceLocation(path: "reviews/c/item-\(minute).md", line: 3, column: 5))
  }

  @Test func countsDecisionsThatAreAlike() {
    let decisions = [
      decision(0), decision(30, reason: "still  needed"), decision(60), decision(121), decision(1, by: "bo"),
    ]
    let alike = AlikeDecisions(decisions)
    #expect(decisions.map(alike.count) == [2, 2, 2, 0, 0])
  }

  @Test func findsWithTheIdentityAndPointsAtTheEntry() async throws {
    var sample = Sample("identity: batch\nowner: team:payments\n")
    sample.governance.owners.people["ana"] = Person(name: "ana", location: SourceLocation(path: "owners.yaml"))
    var stale = decision(0)
    (stale.handle, stale.status) = ("batch", .staleDecision)
    let estate = Estate(governance: sample.governance, facts: FactSet(), now: Sample.now, decisions: [stale])
    let result = await PolicyLibrary.compiled(for: sample.governance).check(estate)
    let finding = try #require(result.findings.first { $0.policy == "stale-decision" })
    #expect(finding.identity == "batch")
    #expect(finding.location == stale.location)
    let others = Estate(
      governance: sample.governance, facts: FactSet(), now: Sample.now, decisions: [stale], only: ["x"])
    #expect(
      !(await PolicyLibrary.compiled(for: sample.governance).check(others)).findings.contains {
        $0.policy == "stale-decision"
      })
  }
}
