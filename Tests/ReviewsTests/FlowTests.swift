import Base
import Model
import Testing

@testable import Reviews

@Suite struct ReconciliationTests {
  private func reconciled(_ acme: Acme) throws -> ReconciliationPlan {
    try reconcile(acme.reviews, with: acme.result, governance: acme.governance, facts: acme.facts, now: acme.now)
  }

  @Test(arguments: [
    (Decision.Kind.keep, ReviewStatus.decided), (.disable, .remediating), (.revoke, .remediating),
    (.rotate, .remediating),
    (.reduce, .remediating), (.falsePositive, .decided), (.dontKnow, .escalated),
  ]) func writesDownWhereADecisionLeads(kind: Decision.Kind, status: ReviewStatus) throws {
    var acme = Acme()
    _ = try acme.openOne()
    try acme.decided(kind)
    let plan = try reconciled(acme)
    #expect(plan.changes.map(\.to) == [status])
    acme.store(plan.files)
    #expect(try acme.item().status == status)
    #expect(try reconciled(acme).changes.isEmpty)
  }

  @Test func closesOnlyWhenLaterFactsShowTheChange() throws {
    var acme = Acme()
    let item = try acme.openOne()
    try acme.decided(.disable)
    acme.findings = []
    acme.store(try reconciled(acme).files)
    #expect(try acme.item().status == .awaitingVerification, "claimed is not done")
    acme.facts.commit = String(repeating: "5c", count: 20)
    acme.store(try reconciled(acme).files)
    let closed = try acme.item()
    #expect(closed.status == .closed)
    #expect(closed.history.map(\.kind) == [.routed, .remediated, .verified, .closed])
    #expect(closed.history[2].facts == acme.facts.commit)
    #expect(item.evidence == closed.evidence)
    #expect(try reconciled(acme).changes.isEmpty)
  }

  @Test func resolvesByItselfWhatNobodyDecided() throws {
    var acme = Acme()
    _ = try acme.openOne()
    acme.findings = []
    #expect(try reconciled(acme).changes.isEmpty)
    acme.facts.commit = String(repeating: "5c", count: 20)
    #expect(try reconciled(acme).changes.map(\.to) == [.autoResolved])
  }

  @Test(arguments: 0...4) func doesNotBelieveFactsThatCannotKnow(flaw: Int) throws {
    var acme = Acme()
    _ = try acme.openOne()
    try acme.decided(.disable)
    acme.findings = []
    acme.facts.commit = String(repeating: "5c", count: 20)
    switch flaw {
    case 0: acme.facts.sources.removeAll { $0.kind == .inventory }
    case 1: acme.facts.sources[0].collected = instant("2026-10-01T00:00:00Z")
    case 2: acme.facts.sources[1].last = instant("2026-11-01T00:00:00Z")
    case 3:
      acme.facts.sources[0].inputs = [InputFile(path: "x", sha256: "", bytes: 1, records: 0, status: "unreadable")]
    default: acme.policies = ["idle"]
    }
    let plan = try reconciled(acme)
    #expect(plan.changes.allSatisfy { $0.to == .awaitingVerification })
    #expect(plan.notes.count == 1)
  }

  @Test func takesBackWhatShowsAgain() throws {
    var acme = Acme()
    _ = try acme.openOne()
    try acme.decided(.disable)
    acme.findings = []
    acme.store(try reconciled(acme).files)
    acme.findings = [Acme.expired]
    acme.store(try reconciled(acme).files)
    #expect(try acme.item().status == .remediating)
  }

  @Test func deferredByAnExceptionComesBackWithoutIt() throws {
    var acme = Acme()
    _ = try acme.openOne()
    acme.excepted = acme.findings
    acme.excepted[0].exception = "batch-key"
    acme.findings = []
    acme.store(try reconciled(acme).files)
    let item = try acme.item()
    #expect(item.status == .deferred)
    #expect(item.history.last?.note == "exception batch-key")
    acme.findings = [Acme.expired]
    acme.excepted = []
    acme.store(try reconciled(acme).files)
    #expect(try acme.item().status == .inReview)
  }

  @Test func saysThatADecisionIsStaleWhenTheEvidenceChanged() throws {
    var acme = Acme()
    _ = try acme.openOne()
    try acme.decided(.keep)
    acme.facts.identities[1].grants[0].actions.append("iam:PassRole")
    let plan = try reconciled(acme)
    #expect(plan.changes.map(\.to) == [.staleDecision])
    #expect(plan.notes.count == 1)
  }
}

@Suite struct EvidenceDigestTests {
  private func digest(_ change: (inout Acme) -> Void) throws -> String {
    var acme = Acme()
    change(&acme)
    return try #require(try acme.open().opened.first).evidence.digest
  }

  @Test func changesWithWhatAnOwnerDecidesOn() throws {
    let base = try digest { _ in }
    let changes: [(inout Acme) -> Void] = [
      { $0.findings[0].severity = .critical }, { $0.findings[0].fingerprint = "other" },
      { $0.findings[0].evidence[0].value = "600 GiB" }, { $0.governance.declarations[0].purpose?.value += "x" },
      { $0.governance.declarations[0].expires = nil }, { $0.governance.declarations[0].scope = [] },
      { $0.facts.identities[1].grants[0].actions.append("x:Y") }, { $0.facts.identities[1].trusts = [] },
      { $0.facts.identities[1].isEnabled = false }, { $0.facts.identities[1].tags = [Tag(key: "a", value: "b")] },
      { $0.facts.usage[0].actions[0].action = "s3:PutObject" }, { $0.facts.usage = [] },
      { $0.facts.usage[0].last = instant("2026-09-01T00:00:00Z") }, { $0.template.id = located("2027-q1") },
    ]
    var digests: Set<String> = [base]
    for change in changes { digests.insert(try digest(change)) }
    #expect(digests.count == changes.count + 1)
  }

  @Test func staysWhileTheSameGoesOn() throws {
    let base = try digest { _ in }
    let changes: [(inout Acme) -> Void] = [
      { $0.facts.usage[0].events += 1 }, { $0.facts.usage[0].last = instant("2026-11-20T05:00:00Z") },
      { $0.facts.usage[0].actions[0].count += 1 },
      { $0.facts.identities[1].lastUsed = instant("2026-11-20T00:00:00Z") },
      { $0.findings[0].evidence[1].value = "2026-11-20T09:00:00Z" }, { $0.facts.commit = "abc" },
      { $0.facts.sources[1].last = instant("2026-11-20T09:00:00Z") }, { $0.now = instant("2026-11-21T00:00:00Z") },
      { $0.findings[0].message = "reworded" }, { $0.governance.declarations[0].location.line = 9 },
    ]
    for change in changes { #expect(try digest(change) == base) }
  }

  @Test(arguments: [
    ("46 days since 2026-10-01", "47 days since 2026-10-02"), ("1,204 calls", "1,310 calls"), ("6.2GiB", "6.9GiB"),
    ("(2026-11-20T09:00:00Z)", "(2026-11-21T09:00:00Z)"),
  ]) func overlooksAmountsOfTheSameSize(a: String, b: String) {
    #expect(EvidenceDigest.steady(a) == EvidenceDigest.steady(b))
  }

  @Test(arguments: [
    ("arn:aws:iam::111122223333:role/a", "arn:aws:iam::111122223334:role/a"), ("6GiB", "60GiB"),
    ("10.0.0.1", "10.0.0.2"),
    ("9 days", "10 days"), ("AKIA1", "AKIA2"),
  ]) func seesOtherThings(a: String, b: String) {
    #expect(EvidenceDigest.steady(a) != EvidenceDigest.steady(b))
  }
}

@Suite struct ReminderTests {
  private func reminded(_ acme: Acme, at time: String) throws -> ReminderPlan {
    try remind(acme.reviews, governance: acme.governance, now: instant(time))
  }

  @Test(
    arguments: [
      ("2026-11-23T00:00:00Z", nil, nil), ("2026-11-24T00:00:00Z", 0, "team:payments"),
      ("2026-11-25T23:00:00Z", 0, "team:payments"),
      ("2026-11-26T00:00:00Z", 1, "team:platform"), ("2026-11-28T23:00:00Z", 1, "team:platform"),
      ("2026-11-29T00:00:00Z", 2, "person:eli"), ("2026-12-02T00:00:00Z", 3, "team:security"),
      ("2027-06-01T00:00:00Z", 3, "team:security"),
    ] as [(String, Int?, String?)]) func goesOneStepUpAfterEachStepOfTime(time: String, level: Int?, to: String?) throws
  {
    var acme = Acme()
    _ = try acme.openOne()
    let plan = try reminded(acme, at: time)
    #expect(plan.reminders.first?.level == level)
    #expect(plan.reminders.first?.to == to.flatMap { OwnerReference($0) })
    #expect(plan.files.count == (level == nil ? 0 : 1))
    #expect(plan.reminders.first?.isOverdue == level.map { $0 > 0 })
  }

  @Test func writesEachStepOnce() throws {
    var acme = Acme()
    _ = try acme.openOne()
    acme.store(try reminded(acme, at: "2026-11-26T08:00:00Z").files)
    let again = try reminded(acme, at: "2026-11-27T08:00:00Z")
    #expect(again.files.isEmpty && again.reminders.map(\.wasSent) == [true])
    let item = try acme.item()
    #expect(item.status == .escalated)
    #expect(item.history.last?.level == 1)
    #expect(item.due == Day("2026-11-25"), "escalation does not move the deadline")
  }

  @Test func leavesDecidedItemsAlone() throws {
    var acme = Acme()
    _ = try acme.openOne()
    try acme.decided(.keep)
    #expect(try reminded(acme, at: "2027-06-01T00:00:00Z").reminders.isEmpty)
  }

  @Test func passesOverAnOwnerWhoLeftAndWhoDoesNotKnow() throws {
    var acme = Acme()
    _ = try acme.openOne()
    acme.governance.owners.people["ana"]?.left = Day("2026-11-20")
    #expect(try reminded(acme, at: "2026-11-21T08:00:00Z").reminders.map(\.to) == [OwnerReference("team:platform")])
    acme = Acme()
    _ = try acme.openOne()
    try acme.decided(.dontKnow)
    #expect(try reminded(acme, at: "2026-11-21T08:00:00Z").reminders.map(\.level) == [1])
  }

  @Test func writesToTheTeamsChannel() throws {
    var acme = Acme()
    _ = try acme.openOne()
    #expect(try reminded(acme, at: "2026-11-25T08:00:00Z").reminders.map(\.contact) == ["#payments"])
    #expect(try reminded(acme, at: "2026-11-30T08:00:00Z").reminders.map(\.contact) == ["eli@acme.example"])
  }
}

@Suite struct ClosingTests {
  private func report(_ acme: Acme) throws -> ClosingReport {
    try closeCampaign("2026-q4", in: acme.reviews, result: acme.result, now: acme.now)
  }

  @Test func closesWhenAllIsDecided() throws {
    var acme = Acme()
    let item = try acme.openOne()
    let open = try report(acme)
    #expect(!open.mayClose && open.file == nil)
    #expect(open.obstacles.map(\.location.path) == [item.path])
    try acme.decided(.keep)
    let closing = try report(acme)
    #expect(closing.obstacles.isEmpty)
    acme.store([try #require(closing.file)])
    #expect(acme.reviews.campaigns.map(\.status) == [.closed])
    #expect(acme.reviews.diagnostics.isEmpty)
    #expect(throws: ReviewError.self, "a closed campaign takes no new items") { try acme.open() }
  }

  @Test func needsTheWholeFrozenPopulation() throws {
    var acme = Acme()
    acme.findings.append(Acme.undeclared)
    acme.store(try acme.open().files)
    let gone = try #require(acme.reviews.items.first { $0.identity == nil })
    acme.remove(gone.path)
    try acme.decided(.keep)
    #expect(try report(acme).obstacles.map(\.message) == ["the item \(gone.id) of the frozen population is gone"])
  }

  @Test func needsThePopulationAsItWasFrozen() throws {
    var acme = Acme()
    _ = try acme.openOne()
    try acme.decided(.keep)
    let path = "reviews/2026-q4/population.txt"
    acme.store([SourceFile(path: path, bytes: [])])
    #expect(try report(acme).obstacles.map(\.message) == ["the population is not the one that was frozen"])
    acme.remove(path)
    #expect(try report(acme).obstacles.map(\.message) == ["the population is missing"])
  }

  @Test func countsAnItemThatCannotBeReadAsOpen() throws {
    var acme = Acme()
    let item = try acme.openOne()
    try acme.decided(.keep)
    acme.store([SourceFile(path: item.path, bytes: Array("---\nitem: [\n---\n".utf8))])
    #expect(try !report(acme).mayClose)
  }

  @Test func listsWhatWaitsFirst() throws {
    var acme = Acme()
    acme.findings.append(Acme.undeclared)
    acme.store(try acme.open().files)
    let owners = acme.governance.owners
    var filter = ReviewFilter()
    #expect(acme.reviews.rows(owners: owners, now: acme.now).count == 2)
    filter.owner = OwnerReference("person:ana")
    #expect(acme.reviews.rows(filter, owners: owners, now: acme.now).map(\.subject) == ["release-publisher"])
    filter = ReviewFilter()
    filter.onlyOverdue = true
    #expect(acme.reviews.rows(filter, owners: owners, now: acme.now).isEmpty)
    #expect(acme.reviews.rows(filter, owners: owners, now: instant("2027-01-01T00:00:00Z")).count == 2)
  }
}
