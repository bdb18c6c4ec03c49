import Base
import Model
import Testing

@testable import Policies

/// What is said of policies in files of these texts, compiled or not.
private func problems(_ texts: [String], linted: Bool = false) -> [Diagnostic] {
  let files = texts.enumerated().map { SourceFile(path: "policies/\($0).yaml", bytes: Array($1.utf8)) }
  let read = Policy.load(builtIn: false, files)
  var compiler = PolicyCompiler()
  let compiled = read.policies.compactMap { compiler.compile($0) }
  let found = read.diagnostics + compiler.diagnostics
  return (linted ? found + compiled.flatMap(\.conditionProblems) + repeatedPolicies(compiled) : found).sorted()
}

private let head = "title: T\nseverity: low\nsubject: identity\nremedy: R\n"

struct PolicyErrorTests {
  @Test(
    arguments: [
      "require: identity.handle == 'ö日' && identity.nope", "require: 'identity.handle == ''a'' || identity.nope'",
      "require: \"identity.handle == \\\"caf\\u00e9\\t\\\" && identity.nope\"",
      "require: \"identity.enabled \\\n  && \\\n  identity.nope\"",
      "require: identity.enabled\n  && true == identity.x\n  && identity.nope",
      "require: |\n  identity.enabled\n\n    && identity.handle == 'é'\t&& identity.nope\n",
      "require: |-\n  identity.nope",
      "require: |+\n  identity.enabled &&\n  identity.nope\n\n",
      "require: |3\n     identity.enabled &&\n   identity.nope\n",
      "require: |2-\n   (identity.enabled &&\n  identity.nope)",
      "require: >\n  identity.enabled\n  && 'é' == identity.handle\n\n\n  && identity.nope\n",
      "require: >-\n  identity.enabled &&\n    identity.declared &&\n    identity.used &&\n  identity.nope",
      "require: >1+\n  identity.enabled\n  && identity.nope\n\n",
      "require: 'identity.enabled\n  &&\n\n  identity.nope'",
      "message: \"{{ö}} {identity.handle} {'{'} {identity.nope}\"",
      "message: >-\n  é {identity.handle} }}\n  {identity.nope}",
      "variables: { a: 'identity.enabled && identity.nope' }",
      "when: [identity.nope]", "unknown:\n  - { when: identity.nope, because: x }", "evidence:\n  - identity.nope",
    ], [false, true])
  func pointsAtThePlaceInTheFile(key: String, isCRLF: Bool) throws {
    var text = head + "policy: p\n" + key + "\n"
    for (name, value) in [("require", "\"false\""), ("message", "m")] where !key.hasPrefix(name) {
      text += "\(name): \(value)\n"
    }
    if isCRLF { text = text.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\r\n") }
    let found = problems([text])
    guard let problem = found.first(where: { $0.message == "`Identity` has no field `nope`" }) else {
      // A list where one expression should be is a problem of its own.
      #expect(key.contains("[") || key.contains("- identity"), "\(found)")
      return
    }
    let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
    let rest = lines[problem.location.line - 1].dropFirst(problem.location.column - 1)
    #expect(String(String.UnicodeScalarView(rest)).hasPrefix("nope"), "\(problem)\n\(text)")
  }

  @Test(arguments: [
    ("identity.ownr == 1", "`Identity` has no field `ownr` (did you mean `owner`?)", 10),
    ("identity.handle.startWith('a')", "there is no function `startWith` (did you mean `startsWith`?)", 17),
    (
      "identity.handle.startsWith(1)",
      "`startsWith` does not take (int) on a string (it is `string.startsWith(string)`)", 17
    ),
    ("identity.handle", "this is a string, it must be a bool (compare it: `identity.handle != ''`)", 1),
    (
      "has(identity.tags['a b'])",
      "has() takes a field such as `x.field`, not an index (write `'a b' in identity.tags`)", 5
    ),
    ("identity.isMachine == 'x'", "a bool never equals a string", 20),
    ("identity.kind in ['a', 3]", "a string never equals an int", 24),
    ("1 in identity.tags", "an int is never a key", 3),
    ("1 in ['a']", "an int is never in a list(string)", 3),
    ("identity.kind in []", "this can never be true (the list is", 1),
    ("size(identity.grants) < 0", "this can never be true (a size is 0 or more)", 1),
    ("identity.enabled && 1 == 2", "this can never be true", 21),
    ("false && identity.enabled", "this is always false (the", 1),
    ("identity.enabled || true", "this is always true (the other parts of `||` are never reached)", 21),
    ("true ? identity.enabled : identity.used", "this is never reached: the test before it is always true", 27),
    ("identity.handle.matches('(')", "this always fails: the regular expression is refused", 25),
  ])
  func refusesWhatCannotBeMeant(condition: String, expected: String, column: Int) {
    let found = problems([head + "policy: p\nmessage: m\nrequire: |\n \(condition)\n"])
    let all = found.filter { $0.message != "this can never be true" || expected.hasPrefix("this can never") }
    #expect(all.allSatisfy { $0.kind == .invalid } && !all.isEmpty)
    #expect(
      all.contains { $0.description.hasPrefix("policies/0.yaml:8:\(column + 1): error: \(expected)") }, "\(found)")
  }

  @Test func letsParametersDecide() {
    let text =
      "policy: p\nmessage: m\nparams: { strict: true, n: 0, mode: a }\n"
      + "require: \"params.strict || params.n > 3 ? params.mode == 'b' && false == params.strict : identity.enabled\"\n"
    #expect(problems([head + text]) == [])
  }

  @Test func tellsAllErrorsOfAllPoliciesAtOnce() {
    let first =
      "policy: one\ncolour: red\nvariables: { v: identity.a }\nwhen: variables.v && identity.b\n"
      + "require: identity.c && has(identity.tags['x']) && size(identity.grants) < 0\nmessage: '{identity.d} {identity.e}'\n"
    let second = "policy: two\nrequire: identity.f\n"
    let found = problems([head + first, head + second]).map(\.message)
    for field in ["a", "b", "c", "d", "e", "f"] { #expect(found.contains("`Identity` has no field `\(field)`")) }
    #expect(found.contains("unknown key `colour` in policy") && found.contains("missing key `message` in policy"))
    #expect(found.contains("this can never be true") && found.contains { $0.hasPrefix("has() takes a field") })
    #expect(found.count == 10, "\(found)")
  }
}

struct PolicyLintTests {
  private func lint(_ lines: String...) -> [String] {
    problems([head + "policy: p\nmessage: m\n" + lines.joined(separator: "\n") + "\n"], linted: true)
      .map { "\($0.location.line - 6):\($0.location.column): \($0.message)\($0.hint.isEmpty ? "" : " (\($0.hint))")" }
  }

  @Test func readsEachConditionInTheLightOfTheOthers() {
    #expect(
      lint("needs: [declared]", "when: identity.declared && identity.used", "require: identity.enabled") == [
        "2:7: this is always true here: `needs` already says so"
      ])
    #expect(
      lint("match: { kinds: [role] }", "when: identity.kind == 'role'", "require: identity.enabled") == [
        "2:7: this is always true here: `match` already says so (leave `when` out)"
      ])
    #expect(lint("match: { kinds: ['r*'] }", "when: identity.kind == 'role'", "require: identity.enabled") == [])
    #expect(
      lint("when: identity.used && identity.enabled", "require: identity.enabled || identity.known") == [
        "2:10: this is always true here: `when` already says so (nothing can fail)"
      ])
    #expect(
      lint("when: identity.used", "unknown: { when: '!identity.used', because: b }", "require: identity.enabled") == [
        "2:19: this is never true here: `when` excludes it (leave the entry out)"
      ])
    #expect(
      lint("when: identity.used", "require: '!identity.used'") == [
        "2:11: this is never true here: `when` excludes it (everything that the policy is about fails)"
      ])
    #expect(
      lint("variables: { v: identity.used }", "when: variables.v", "require: identity.enabled && identity.used") == [
        "3:30: this is always true here: `when` already says so"
      ])
    #expect(
      lint("require: identity.enabled", "value: \"identity.enabled ? 'a' : 'b'\"") == [
        "2:9: this is never true here: a failing `require` excludes it"
      ])
  }

  @Test func knowsWhatIsWrittenOut() {
    #expect(lint("require: 'false'") == [])
    #expect(lint("when: identity.used", "require: 'false'") == [])
    #expect(lint("require: 'true'") == ["1:10: this is always true (nothing can fail)"])
    #expect(lint("when: 'false'", "require: 'false'") == ["1:7: this is always false (the policy is about nothing)"])
    #expect(lint("params: { on: true, n: 1 }", "when: params.on && params.n > 3", "require: identity.enabled") == [])
  }

  @Test func findsPoliciesThatAskTheSame() {
    func policy(_ id: String, _ lines: String) -> String { head + "policy: \(id)\nmessage: m\n\(lines)\n" }
    let one = policy("a", "params: { n: 1 }\nwhen: identity.used\nrequire: size(identity.grants) < params.n")
    for (lines, isSame) in [
      ("params: { n: 1 }\nwhen: identity.used\nrequire: '!(params.n <= identity.grants.size())'", true),
      (
        "params: { n: 1 }\nwhen: 'true == identity.used'\nrequire: '!identity.used || size(identity.grants) < params.n'",
        true
      ),
      ("params: { n: 2 }\nwhen: identity.used\nrequire: size(identity.grants) < params.n", false),
      (
        "params: { n: 1 }\nmatch: { kinds: [role] }\nwhen: identity.used\nrequire: size(identity.grants) < params.n",
        false
      ),
      ("params: { n: 1 }\nwhen: identity.enabled\nrequire: size(identity.grants) < params.n", false),
    ] {
      let found = problems([one, policy("b", lines)], linted: true).filter { $0.message.contains("fails in the same") }
      #expect(found.map(\.location.path) == (isSame ? ["policies/1.yaml"] : []), "\(lines)")
    }
  }

  @Test func saysNothingOfTheBuiltInPolicies() {
    let governance = Governance(configuration: Configuration(location: SourceLocation(path: "muster.yaml")))
    let set = PolicyLibrary.compiled(for: governance)
    #expect(set.policies.flatMap(\.conditionProblems) == [])
    #expect(repeatedPolicies(set.policies) == [])
  }
}
