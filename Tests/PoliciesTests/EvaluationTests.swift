import Base
import Declarations
import Documents
import Model
import Testing

@testable import Policies

/// A small estate, made of YAML as people write it.
struct Sample {
  static let now = Instant(milliseconds: 1_795_176_000_000)  // 2026-11-20T12:00:00Z
  var governance: Governance
  var facts = FactSet()

  init(_ declarations: String, exceptions: String = "", parameters: [String: [String: Located<String>]] = [:]) {
    var loader = GovernanceLoader()
    func add(_ path: String, _ text: String, _ place: GovernanceLoader.Place) {
      loader.add(SourceFile(path: path, bytes: Array(text.utf8)), place)
    }
    add("muster.yaml", "muster: 1\nenvironments: { prod: [\"aws:111122223333\"] }\n", .configuration)
    add("identities/a.yaml", declarations, .declaration)
    if !exceptions.isEmpty { add("exceptions/e.yaml", exceptions, .exception) }
    governance = loader.finish().governance
    governance.configuration.policyParameters = parameters
  }

  func check(at now: Instant = Sample.now, workers: Int = 1) async -> CheckResult {
    let estate = Estate(governance: governance, facts: facts, now: now)
    return await PolicyLibrary.compiled(for: governance).check(estate, workers: workers)
  }
}

struct EvaluationTests {
  private let declared = """
    identity: batch
    principals: ["arn:aws:iam::111122223333:role/batch"]
    owner: person:ana
    purpose: Runs the nightly reconciliation.
    criticality: low
    environments: [prod]
    """

  @Test func neverTakesSilenceForAnAnswer() async {
    let result = await Sample(declared + "\nexpires: 2026-01-01\n").check()
    let ghost = result.findings.first { $0.policy == "ghost-declaration" }
    #expect(ghost?.verdict == .unknown)
    #expect(ghost?.message.contains("no inventory source covers aws:111122223333") == true)
    #expect(!result.findings.contains { $0.verdict == .fail && $0.policy == "idle" })
  }

  @Test func pointsAtTheKeyAndShowsItsLine() async {
    let sample = Sample(declared + "\nexpires: 2026-01-01\n")
    var facts = sample
    var fact = IdentityFact(
      principal: PrincipalKey("arn:aws:iam::111122223333:role/batch"), kind: .role, name: "batch", source: "aws")
    fact.isEnabled = true
    facts.facts.identities = [fact]
    let finding = await facts.check().findings.first { $0.policy == "expired-but-active" }
    #expect(finding?.location == SourceLocation(path: "identities/a.yaml", line: 7, column: 1))
    #expect(finding?.line == "expires: 2026-01-01")
    #expect(finding?.message == "batch expired on 2026-01-01 and is still enabled")
  }

  @Test func staysTheSameFindingWhenLinesMove() async throws {
    let first = await Sample(declared).check().findings.first { $0.policy == "no-expiry" }
    let second = await Sample("# moved\n\n" + declared).check().findings.first { $0.policy == "no-expiry" }
    #expect(try #require(first).fingerprint == #require(second).fingerprint)
    #expect(first?.location != second?.location)
  }

  @Test func givesTheSameFindingsWithAnyNumberOfWorkers() async {
    var text = ""
    for number in 0..<400 {
      text += "- identity: id-\(number)\n  principals: [\"arn:aws:iam::111122223333:role/r\(number)\"]\n"
    }
    var sample = Sample(text)
    sample.facts.identities = (0..<40).map { number in
      IdentityFact(
        principal: PrincipalKey("arn:aws:iam::111122223333:user/u\(number)"), kind: .user, name: "u\(number)",
        source: "aws")
    }
    let one = await sample.check(workers: 1)
    let two = await sample.check(workers: 2)
    #expect(one.findings == two.findings)
    #expect(one.passed == two.passed)
    #expect(one.findings.count > 400)
    #expect(Set(one.findings.map(\.location.path)).count == 2)
    #expect(zip(one.findings, one.findings.dropFirst()).allSatisfy(Finding.precedes))
  }

  @Test func refusesAParameterOfAnotherTypeOrName() async {
    let place = SourceLocation(path: "muster.yaml", line: 3, column: 5)
    let result = await Sample(
      declared,
      parameters: ["expired-but-active": ["grace": Located("soon", at: place), "grac": Located("1d", at: place)]]
    ).check()
    let texts = result.diagnostics.map(\.description).joined(separator: "\n")
    #expect(texts.contains("parameter `grace` of expired-but-active is a duration, found 'soon'"))
    #expect(texts.contains("did you mean `grace`?"))
  }
}

struct WaiverTests {
  private func sample(_ lines: String) -> Sample {
    Sample(
      "identity: batch\nowner: person:ana\n",
      exceptions: "exception: e\npolicy: no-expiry\nidentity: batch\n\(lines)")
  }
  private let whole = "reason: The vendor asks for it.\nowner: person:ana\napprover: person:chi\n"

  @Test func coversUntilItsLastDay() async throws {
    let sample = sample(whole + "expires: 2026-11-20\n")
    let held = await sample.check()
    #expect(held.excepted.map(\.policy) == ["no-expiry"])
    let lapsed = await sample.check(at: try #require(Instant("2026-11-21T00:00:00Z")))
    #expect(lapsed.excepted.isEmpty)
    #expect(lapsed.findings.contains { $0.policy == "no-expiry" })
    #expect(
      lapsed.findings.contains { $0.policy == "exception-lapsed" && $0.message.contains("expired on 2026-11-20") })
  }

  @Test(
    arguments: [
      ("reason: r\nowner: person:ana\napprover: person:chi\n", "has no expiry"),
      ("owner: person:ana\napprover: person:chi\nexpires: 2026-12-01\n", "has no reason"),
      ("reason: r\nowner: person:ana\napprover: person:ana\nexpires: 2026-12-01\n", "is approved by its own owner"),
      ("reason: r\nowner: person:ana\napprover: person:chi\nexpires: 2029-12-01\n", "ends later than exceptions may"),
    ])
  func saysWhyItDoesNotHold(lines: String, reason: String) async {
    let result = await sample(lines).check()
    #expect(result.findings.contains { $0.policy == "exception-lapsed" && $0.message.contains(reason) })
  }

  @Test func diesWhenTheScopeItCoveredWidens() async {
    let approved = scopeDigest([])
    var sample = sample(whole + "expires: 2026-12-01\nscope: \(approved)\n")
    #expect(await sample.check().excepted.count == 1)
    let place = SourceLocation(path: "identities/a.yaml")
    sample.governance.declarations[0].scope = [ScopeEntry(actions: [Located("s3:*", at: place)], resources: [])]
    let widened = await sample.check()
    #expect(widened.excepted.isEmpty)
    #expect(widened.findings.contains { $0.message.contains("was approved for another scope") })
  }
}

struct ComparisonTests {
  @Test func tellsNewWorseUnchangedAndFixedApart() async {
    let base = await Sample("identity: batch\nowner: person:ana\nexpires: 2027-01-01\n").check()
    let head = await Sample("identity: batch\nexpires: 2027-01-01\n").check().compared(to: base)
    func change(_ policy: String) -> Finding.Change? { head.findings.first { $0.policy == policy }?.change }
    #expect(change("owner-missing") == .new)
    #expect(change("purpose-missing") == .unchanged)
    #expect(head.fixed.map(\.policy) == ["owner-invalid"])
    #expect(head.counts(head.findings[0]) == (head.findings[0].change == .new && head.findings[0].verdict == .fail))
  }
}
