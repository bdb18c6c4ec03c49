import Documents
import Expressions

/// One test of a file.
struct ConformanceTest {
  enum Outcome {
    case passed
    case failed(expected: String, actual: String)
    case skipped(String)
  }

  private let node: Node

  init(_ node: Node) { self.node = node }

  var id: String { node["id"]?.text ?? "?" }
  var expression: String { node["expr"]?.text ?? "" }

  private func flag(_ name: String) -> Bool { node[name]?.bool ?? false }

  /// Tests whose expectation is not that of the suite: the textproto has `\?`, which is a question mark there; in the JSON
  /// it became two bytes.
  private static let wronglyConverted: Set<String> = [
    "parse/bytes_literals/triple_single_quoted_unescaped_punctuation",
    "parse/bytes_literals/triple_double_quoted_unescaped_punctuation",
  ]

  func run() -> Outcome {
    if let reason = obstacle { return .skipped(reason) }
    do throws(ExpressionError) {
      let environment = environment()
      let program = try compile(environment)
      if let type = node["expect"]?["deduced_type"]?.text {
        let wanted = TypeText.type(type)
        if program.type != wanted { return .failed(expected: "type \(wanted)", actual: "type \(program.type)") }
      }
      return flag("check_only") ? .passed : evaluate(program, environment)
    } catch {
      return expectsError ? .passed : .failed(expected: expected, actual: error.description)
    }
  }

  /// Why the test cannot be run or judged here.
  private var obstacle: String? {
    if expression.isEmpty { return "it has no expression" }
    if Self.wronglyConverted.contains(id) { return "its expectation was wrongly converted (`\\?` in bytes)" }
    if let proto = node["proto"]?.text, proto != "none" { return "it needs protocol buffers (\(proto))" }
    for (key, value) in node["bindings"]?.members ?? [] where TaggedValue.value(value) == nil {
      return "its binding `\(key.text ?? "")` is of a kind that is not known here"
    }
    guard let expect = node["expect"] else { return nil }
    let known = ["value", "error", "any_error", "deduced_type"]
    if !expect.members.contains(where: { known.contains($0.key.text ?? "") }) {
      return "its expectation is of a kind that is not known here"
    }
    return wanted == nil ? "its expected value is of a kind that is not known here" : nil
  }

  private func compile(_ environment: Environment) throws(ExpressionError) -> Program {
    let hasMacros = !flag("disable_macros")
    if flag("disable_check") { return try environment.compileUnchecked(expression, macros: hasMacros) }
    return hasMacros ? try environment.compile(expression) : try environment.compileWithoutMacros(expression)
  }

  private func environment() -> Environment {
    var variables: [Environment.Variable] = []
    var functions: [Function] = []
    for declaration in node["type_env"]?.elements ?? [] {
      let name = declaration["name"]?.text ?? ""
      if let type = declaration["ident"]?.text { variables.append(.init(name, TypeText.type(type))) }
      if let overloads = declaration["overloads"]?.elements {
        functions.append(Function(name, "", overloads.map(overload)))
      }
    }
    for (key, _) in node["bindings"]?.members ?? [] where !variables.contains(where: { $0.name == key.text }) {
      variables.append(.init(key.text ?? "", .dyn))
    }
    return Environment(variables: variables, container: node["container"]?.text ?? "", functions: functions)
  }

  private func overload(_ node: Node) -> Function.Overload {
    Function.Overload(
      member: node["instance"]?.bool ?? false,
      (node["params"]?.elements ?? []).map { TypeText.type($0.text ?? "") },
      TypeText.type(node["result"]?.text ?? ""))
  }

  // MARK: Evaluation

  private var expectsError: Bool { node["expect"]?["error"] != nil || node["expect"]?["any_error"] != nil }

  private var expected: String {
    if expectsError { return "an error" }
    return wanted?.literalText ?? "a value"
  }

  private var wanted: Value? {
    guard let expect = node["expect"]?["value"] else { return .bool(true) }
    return TaggedValue.value(expect)
  }

  private func evaluate(_ program: Program, _ environment: Environment) -> Outcome {
    let evaluation = Evaluation(environment)
    for (key, value) in node["bindings"]?.members ?? [] {
      if let slot = environment.slot(key.text ?? ""), let bound = TaggedValue.value(value) { evaluation[slot] = bound }
    }
    let value = program.evaluate(evaluation)
    if case .error = value, expectsError { return .passed }
    guard !expectsError, let wanted, TaggedValue.isSame(value, wanted) else {
      return .failed(expected: expected, actual: "\(value.literalText) (\(value.typeName))")
    }
    return .passed
  }
}
