package import Base
import Declarations
import Documents
import Model

/// What an example said, and what the policy says.
package struct ExampleResult: Sendable {
  package let policy: String
  package let example: PolicyExample
  /// `pass`, `fail`, `unknown`, `skip`.
  package let verdict: PolicyExample.Expectation
  /// The finding's message, or why there is none.
  package let message: String
  /// What is wrong with the example itself.
  package let diagnostics: [Diagnostic]

  package var isAsExpected: Bool { verdict == example.expect && diagnostics.isEmpty }
}

extension CompiledPolicy {
  /// Runs the policy's examples, in the order of the file.
  package func runExamples(among policies: [Policy]) -> [ExampleResult] {
    policy.examples.map { run($0, policies) }
  }

  private func run(_ example: PolicyExample, _ policies: [Policy]) -> ExampleResult {
    let given = ExampleReader(example.given)
    var (governance, problems) = ExampleEstate.governance(given)
    governance.secrets = given.files.flatMap { ExampleEstate.secrets(in: $0) }
    let facts = ExampleEstate.facts(given)
    let (base, old) = ExampleEstate.base(given, governance)
    let estate = Estate(
      governance: governance, facts: facts, now: given.now, reviewed: given.reviewed, decisions: given.decisions,
      since: base)
    var evaluator = Evaluator(self, estate)
    var waivers = Waivers(estate, policies: policies)
    if policy.subject == .exception {
      // What an exception covers is told by the other policies, as in a whole check.
      var compiler = PolicyCompiler()
      for other in policies where other.subject != .exception {
        guard let compiled = compiler.compile(other) else { continue }
        var judge = Evaluator(compiled, estate)
        judge.judgeAll(of: other.subject, in: estate, waivers: waivers, policies: [])
        for finding in judge.findings where finding.verdict == .fail { _ = waivers.exception(for: finding) }
      }
    }
    let known = Set(policies.flatMap { [$0.id, $0.code] })
    evaluator.judgeAll(of: policy.subject, in: estate, waivers: waivers, policies: known)
    let worst = evaluator.findings.max { $0.verdict < $1.verdict }
    let verdict: PolicyExample.Expectation =
      switch worst?.verdict {
      case .fail: .fail
      case .unknown: .unknown
      case .pass, nil: evaluator.passed > 0 ? .pass : .skip
      }
    return ExampleResult(
      policy: policy.id, example: example, verdict: verdict, message: worst?.message ?? "",
      diagnostics: given.diagnostics + problems + old + evaluator.diagnostics)
  }
}

/// Makes an estate of what an example gives.
enum ExampleEstate {
  static func governance(_ given: ExampleReader) -> (Governance, [Diagnostic]) {
    var governance = Governance(configuration: Configuration(location: SourceLocation(path: "muster.yaml", line: 1)))
    governance.configuration.environments = given.environments
    governance.configuration.disabledPolicies = given.switchedOff
    var problems = add(given.declared, given.exceptions, to: &governance)
    if let owners = given.owners {
      let read = decodeOwners(owners)
      governance.owners = read.owners
      problems += read.diagnostics
    }
    return (governance, problems)
  }

  private static func add(_ declared: [Node], _ exceptions: [Node], to governance: inout Governance) -> [Diagnostic] {
    var problems: [Diagnostic] = []
    for node in declared {
      let read = decodeDeclarations(node)
      governance.declarations += read.declarations
      problems += read.diagnostics
    }
    for node in exceptions {
      let read = decodeExceptions(node)
      governance.exceptions += read.exceptions
      problems += read.diagnostics
    }
    return problems
  }

  /// The version before, where the example gives one.
  static func base(_ given: ExampleReader, _ head: Governance) -> (Governance?, [Diagnostic]) {
    guard let base = given.base else { return (nil, []) }
    var governance = head
    (governance.declarations, governance.exceptions, governance.configuration.disabledPolicies) = ([], [], [])
    let problems = add(base.declared, base.exceptions, to: &governance)
    return (governance, problems)
  }

  /// Without `sources`, one inventory and one usage source that cover everything up to now.
  static func facts(_ given: ExampleReader) -> FactSet {
    var facts = FactSet()
    facts.identities = given.granted
    facts.usage = given.used
    facts.lifecycles = given.lifecycles
    facts.signals = given.signals
    facts.people = given.people
    if let sources = given.sources {
      facts.sources = sources
    } else {
      var inventory = SourceCoverage(name: "inventory", kind: .inventory)
      inventory.covers = ["*"]
      inventory.collected = given.now
      var usage = SourceCoverage(name: "usage", kind: .usage)
      usage.covers = ["*"]
      usage.first = given.now.advanced(by: Milliseconds(-365 * 86_400_000))
      usage.last = given.now
      facts.sources = [inventory, usage]
    }
    return facts
  }

  static func secrets(in file: SourceFile) -> [SecretMatch] {
    scanForSecrets(file).map { SecretMatch(location: $0.location, kind: $0.kind, digest: $0.digest) }
  }
}
