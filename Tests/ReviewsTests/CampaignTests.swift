import Base
import Model
import Testing

@testable import Reviews

@Suite struct CampaignTests {
  @Test func opensOneItemAFinding() throws {
    let plan = try Acme().open()
    let item = try #require(plan.opened.first)
    #expect(
      plan.files.map(\.path) == [
        "reviews/2026-q4/\(item.id).md", "reviews/2026-q4/campaign.md", "reviews/2026-q4/population.txt",
      ])
    #expect(item.id.hasSuffix("-expired-but-active"))
    #expect(item.id.count == 6 + "-expired-but-active".count)
    let read = try #require(ReviewItem.read(item.source).item)
    #expect(ReviewItem.read(item.source).diagnostics.isEmpty)
    #expect(read.owner == OwnerReference("team:payments"))
    #expect(read.ownerResolved == .declared)
    #expect(read.backup == OwnerReference("team:platform"))
    #expect(read.status == .inReview)
    #expect(read.due == Day("2026-11-25"))
    #expect(read.evidence.window == (try #require(Day("2026-08-22")))...(try #require(Day("2026-11-20"))))
    #expect(read.decisions.isEmpty)
  }

  @Test func opensNothingASecondTime() throws {
    var acme = Acme()
    acme.findings.append(Acme.undeclared)
    acme.store(try acme.open().files)
    acme.now = instant("2026-11-23T10:00:00Z")
    let again = try acme.open()
    #expect(again.files.isEmpty)
    #expect(again.unchanged == 2)
  }

  @Test func givesTheSameBytesForTheSameInputs() throws {
    var acme = Acme()
    acme.findings.append(Acme.undeclared)
    var turned = acme
    turned.findings.reverse()
    turned.facts.identities.reverse()
    #expect(try acme.open().files == turned.open().files)
  }

  @Test func asksTheExceptionQueueAboutTheUnowned() throws {
    var acme = Acme()
    acme.findings = [Acme.undeclared]
    acme.template.unownedDue = Milliseconds(2 * 86_400_000)
    let item = try acme.openOne()
    #expect(item.status == .unowned)
    #expect(item.route == .exceptionQueue)
    #expect(item.owner == OwnerReference("team:security"))
    #expect(item.ownerResolved == .exceptionQueue)
    #expect(item.due == Day("2026-11-22"))
    #expect(item.identity == nil)
  }

  @Test func opensAnItemThatNobodyAnswersFor() throws {
    var acme = Acme()
    acme.findings = [Acme.undeclared]
    acme.template.exceptionQueue = nil
    let item = try acme.openOne()
    #expect(item.owner == nil)
    #expect(item.status == .unowned)
  }

  @Test func leavesOutWhatTheTemplateDoesNotTake() throws {
    var acme = Acme()
    var low = Acme.undeclared
    low.severity = .low
    var idle = Acme.expired
    idle.policy = "idle"
    acme.findings += [low, idle]
    acme.excepted = [Acme.undeclared]
    acme.excepted[0].exception = "batch"
    let plan = try acme.open { $0.policy != "idle" }
    #expect(plan.opened.count == 1)
    #expect(
      plan.excluded.map(\.reason) == [
        "below medium", "covered by exception batch", "left out by the campaign's filter",
      ])
    acme.template.policies = [located("idle")]
    #expect(try acme.open().opened.map(\.policy) == ["idle"])
  }

  @Test func asksNobodyAboutWhatCouldNotBeJudged() throws {
    var acme = Acme()
    acme.findings[0].verdict = .unknown
    let plan = try acme.open()
    #expect(plan.opened.isEmpty)
    #expect(plan.excluded.map(\.reason) == ["could not be judged"])
    acme.template.filter = located("finding.verdict == 'unknown'")
    let item = try #require(try acme.open().opened.first)
    #expect(item.text.contains("This could not be judged for certain"))
  }

  @Test func leavesAnItemAloneWhileItCannotBeJudged() throws {
    var acme = Acme()
    _ = try acme.openOne()
    let decided = try acme.decided(.disable)
    acme.findings[0].verdict = .unknown
    acme.facts.commit = String(repeating: "5c", count: 20)
    #expect(try acme.open().files.isEmpty)
    let plan = try reconcile(
      acme.reviews, with: acme.result, governance: acme.governance, facts: acme.facts, now: acme.now)
    #expect(plan.changes.isEmpty && plan.notes.count == 1)
    #expect(try acme.item() == decided)
  }

  @Test func groupsFindingsOfOnePolicyAndIdentity() throws {
    var acme = Acme()
    var other = Acme.expired
    other.fingerprint = SHA256Digest(of: "other").hex
    other.severity = .critical
    other.message = "another grant"
    acme.findings.append(other)
    let item = try acme.openOne()
    #expect(acme.reviews.items.count == 1)
    #expect(item.severity == .critical)
    #expect(item.text.contains("another grant"))
  }

  @Test func bringsAnItemUpToDateWhenTheEvidenceChanges() throws {
    var acme = Acme()
    let before = try acme.openOne()
    acme.facts.identities[1].grants[0].actions.append("iam:PassRole")
    acme.facts.commit = String(repeating: "5c", count: 20)
    let plan = try acme.open()
    #expect(plan.updated.count == 1 && plan.opened.isEmpty && plan.files.count == 1)
    acme.store(plan.files)
    let after = try acme.item()
    #expect(after.id == before.id)
    #expect(after.evidence.digest != before.evidence.digest)
    #expect(after.evidence.facts == acme.facts.commit)
    #expect(after.due == before.due)
    #expect(after.text.contains("iam:PassRole"))
    #expect(try acme.open().files.isEmpty)
  }

  @Test func asksAgainWhenTheEvidenceChangesAfterTheDecision() throws {
    var acme = Acme()
    _ = try acme.openOne()
    let decided = try acme.decided(.extend, until: "2027-03-31")
    #expect(decided.standing(at: acme.now) == .remediating)
    acme.facts.identities[1].grants[0].actions.append("iam:PassRole")
    acme.now = instant("2026-12-01T10:00:00Z")
    acme.store(try acme.open().files)
    let item = try acme.item()
    #expect(item.status == .inReview)
    #expect(
      item.decisions
        == decided.decisions.map { decision in
          var moved = decision
          moved.location = item.decisions[0].location
          return moved
        })
    #expect(item.standing(at: acme.now) == .inReview)
    #expect(item.currentDecision(at: acme.now) == nil)
    #expect(item.due > decided.due)
  }

  @Test func reopensWhatIsBackOneSeverityHigher() throws {
    var acme = Acme()
    _ = try acme.openOne()
    try acme.decided(.disable)
    acme.findings = []
    acme.facts.commit = String(repeating: "5c", count: 20)
    acme.store(
      try reconcile(acme.reviews, with: acme.result, governance: acme.governance, facts: acme.facts, now: acme.now)
        .files)
    #expect(try acme.item().status == .closed)
    acme.findings = [Acme.expired]
    acme.now = instant("2026-12-20T10:00:00Z")
    let plan = try acme.open()
    #expect(plan.regressed.count == 1)
    acme.store(plan.files)
    let item = try acme.item()
    #expect(item.status == .regressed)
    #expect(item.severity == .critical)
    #expect(item.standing(at: acme.now) == .regressed)
    #expect(item.decisions.count == 1)
    #expect(try acme.open().files.isEmpty)
  }

  @Test func keepsWhatPeopleWrote() throws {
    var acme = Acme()
    let item = try acme.openOne()
    let marked =
      item.text.replacing("severity: high", with: "severity: high   # agreed with chi")
      + "We spoke to the vendor about it.\n"
    acme.store([SourceFile(path: item.path, bytes: Array(marked.utf8))])
    acme.facts.identities[1].grants[0].actions.append("iam:PassRole")
    acme.store(try acme.open().files)
    let text = try acme.item().text
    #expect(text.contains("severity: high   # agreed with chi"))
    #expect(text.hasSuffix("We spoke to the vendor about it.\n"))
    #expect(text.contains("iam:PassRole"))
    #expect(!text.contains("Edited by hand"))
  }

  @Test func keepsAnEditedExplanationBelowTheNewOne() throws {
    var acme = Acme()
    let item = try acme.openOne()
    let marked = item.text.replacing("**Observed:**", with: "**Observed by me too:**")
    acme.store([SourceFile(path: item.path, bytes: Array(marked.utf8))])
    acme.facts.identities[1].grants[0].actions.append("iam:PassRole")
    acme.store(try acme.open().files)
    let text = try acme.item().text
    #expect(text.contains("**Observed:**"))
    #expect(text.contains("## Edited by hand, kept from before 2026-11-20"))
    #expect(text.contains("**Observed by me too:**"))
  }

  @Test func doesNotAskTwiceWhileAnotherCampaignAsks() throws {
    var acme = Acme()
    _ = try acme.openOne()
    acme.template.id = located("2027-q1")
    let plan = try acme.open()
    #expect(plan.opened.isEmpty)
    #expect(plan.excluded.map(\.reason) == ["open in campaign 2026-q4"])
    try acme.decided(.keep)
    #expect(try acme.open().opened.count == 1)
  }

  @Test(arguments: ["../evil", "a/b", "", ".git", "q4\n"]) func refusesACampaignNameThatIsNoFolder(name: String) throws
  {
    var acme = Acme()
    acme.template.id = located(name)
    #expect(throws: ReviewError.self) { try acme.open() }
  }

  @Test func keepsIdsApartThatCollide() {
    var groups: [FindingGroup] = []
    var taken: [String: ItemKey] = [:]
    // Whatever another subject holds already is not given away.
    let id = ItemID.make(policy: "idle", subject: "a", field: "")
    taken[id] = ItemKey(policy: "idle", subject: "b", field: "")
    var finding = Acme.expired
    (finding.policy, finding.principal, finding.field) = ("idle", PrincipalKey("a"), "")
    groups = FindingGroup.groups(of: [finding], taken: taken)
    #expect(groups.map(\.id) == [ItemID.make(policy: "idle", subject: "a", field: "", digits: 8)])
  }
}
