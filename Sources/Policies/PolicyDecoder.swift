package import Base
import Documents
package import Model

extension Policy {
  /// Every key that a policy may have, in the order in which people write them.
  package static let keys = [
    "policy", "code", "title", "severity", "subject", "why", "match", "params", "needs", "when", "variables", "unknown",
    "require", "message", "at", "value", "evidence", "remedy", "controls", "examples",
  ]
  static let matchKeys = ["environments", "kinds", "platforms", "criticality", "identities"]

  /// Reads policy files; a bad one becomes diagnostics and the rest are read all the same. Two policies of one id are both
  /// named; a later file with the id of a built-in one takes its place.
  package static func load(builtIn: Bool, _ files: [SourceFile]) -> (policies: [Policy], diagnostics: [Diagnostic]) {
    var policies: [Policy] = []
    var diagnostics: [Diagnostic] = []
    for file in files {
      let read = Document.yaml(file.bytes, path: file.path)
      diagnostics += read.diagnostics
      guard let root = read.document?.root, read.diagnostics.allSatisfy({ $0.kind == .warning }) else { continue }
      var decoder = PolicyDecoder(root, builtIn: builtIn)
      let policy = decoder.decode()
      diagnostics += decoder.reader.diagnostics
      guard let policy, decoder.reader.diagnostics.isEmpty else {
        // What is wrong with its form does not hide what is wrong with its conditions.
        var compiler = PolicyCompiler()
        if let policy { _ = compiler.compile(policy) }
        diagnostics += compiler.diagnostics
        continue
      }
      if let twin = policies.first(where: { $0.id == policy.id }) {
        diagnostics.append(
          Diagnostic(
            .invalid, at: policy.location, "policy `\(policy.id)` is defined twice, also at \(twin.location)",
            hint: "ids are never reused; choose another"))
      } else {
        policies.append(policy)
      }
    }
    return (policies, diagnostics)
  }
}

/// Reads one policy.
private struct PolicyDecoder {
  var reader: MappingReader
  private let isBuiltIn: Bool

  init(_ root: Node, builtIn: Bool) {
    reader = MappingReader(root, kind: "policy", keys: Policy.keys)
    isBuiltIn = builtIn
  }

  /// The policy, with nothing in the place of keys that are missing; `nil` where it is not known what it is about.
  mutating func decode() -> Policy? {
    let id = reader.required("policy", .text)
    let title = reader.required("title", .text)
    let severity: Located<Severity>? = reader.required("severity", .choice)
    let subject: Located<Policy.Subject>? = reader.required("subject", .choice)
    let require = reader.required("require", .expression)
    let message = reader.required("message", .expression)
    let remedy = reader.required("remedy", .text)
    if let id, !id.value.allSatisfy({ $0.isLetter && $0.isLowercase || $0.isNumber || $0 == "-" }) {
      reader.add("policy ids are kebab-case, found '\(id.value)'", at: id.location, hint: "such as expired-but-active")
    }
    let partial = Parts(&reader)
    guard let subject else { return nil }
    let nothing = PolicyText(value: "", node: reader.node)
    let name = id?.value ?? ""
    return Policy(
      id: name, code: partial.code ?? name, title: title?.value ?? "", severity: severity?.value ?? .info,
      subject: subject.value, why: partial.why, match: partial.match, params: partial.params,
      variables: partial.variables, needs: partial.needs, when: partial.when, doubts: partial.doubts,
      require: require?.value ?? nothing, message: message?.value ?? nothing, at: partial.at, value: partial.value,
      evidence: partial.evidence, remedy: remedy?.value ?? "", controls: partial.controls, examples: partial.examples,
      location: reader.node["policy"]?.key?.location ?? reader.node.location, isBuiltIn: isBuiltIn)
  }
}

/// The keys that a policy may leave out.
private struct Parts {
  let code: String?
  let why: String
  let at: String
  let match: [String: [Glob]]
  let params: [(name: String, value: Located<String>)]
  let variables: [(name: String, expression: PolicyText)]
  let needs: Set<Policy.Need>
  let when: PolicyText?
  let doubts: [Policy.Doubt]
  let value: PolicyText?
  let evidence: [(label: String, expression: PolicyText)]
  let controls: [Control]
  let examples: [PolicyExample]

  init(_ reader: inout MappingReader) {
    code = reader.optional("code", .text)?.value
    why = reader.optional("why", .text)?.value.trimmed ?? ""
    at = reader.optional("at", .text)?.value ?? "identity"
    let globs = reader.optional(
      "match",
      .mapping("match", keys: Policy.matchKeys) { inner in
        var globs: [String: [Glob]] = [:]
        for key in Policy.matchKeys {
          if let list = inner.optional(key, .list(of: .text)) { globs[key] = list.value.map { Glob($0.value) } }
        }
        return globs
      })
    match = globs?.value ?? [:]
    params = (reader.optional("params", .entries(of: .text))?.value ?? []).map { ($0.name.value, $0.value) }
    variables = Parts.expressions("variables", &reader)
    needs = Set((reader.optional("needs", .list(of: Reading<Policy.Need>.choice))?.value ?? []).map(\.value))
    when = reader.optional("when", .expression)?.value
    let doubt = Reading<Policy.Doubt>.mapping("unknown entry", keys: ["when", "because"]) { inner in
      guard let when = inner.required("when", .expression), let because = inner.required("because", .expression)
      else { return nil }
      return Policy.Doubt(when: when.value, because: because.value)
    }
    doubts = (reader.optional("unknown", .list(of: doubt))?.value ?? []).map(\.value)
    value = reader.optional("value", .expression)?.value
    evidence = Parts.expressions("evidence", &reader).map { ($0.name, $0.expression) }
    let lists = reader.optional("controls", .entries(of: Reading<[Located<String>]>.list(of: .text)))?.value ?? []
    controls = lists.map { Control(framework: $0.name.value, ids: $0.value.value.map(\.value)) }
      .sorted { $0.framework < $1.framework }
    let example = Reading<PolicyExample>.mapping("example", keys: ["name", "given", "expect"]) { inner in
      guard let name = inner.required("name", .text), let given = inner.required("given", .node),
        let expect: Located<PolicyExample.Expectation> = inner.required("expect", .choice)
      else { return nil }
      return PolicyExample(name: name.value, expect: expect.value, location: name.location, given: given.value)
    }
    examples = (reader.optional("examples", .list(of: example))?.value ?? []).map(\.value)
  }

  private static func expressions(_ key: String, _ reader: inout MappingReader) -> [(
    name: String, expression: PolicyText
  )] {
    (reader.optional(key, .entries(of: .expression))?.value ?? []).map { ($0.name.value, $0.value.value) }
  }
}

extension String {
  /// One line, without white space at its ends.
  fileprivate var trimmed: String { split(whereSeparator: \.isWhitespace).joined(separator: " ") }
}
