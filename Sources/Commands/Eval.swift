import Base
import Documents
import Expressions
import Model
import Policies

extension CommandSpecification {
  static let eval = CommandSpecification(
    "eval", "one CEL expression, with the value of each part",
    details: """
      Without options the expression is over `now` alone. --identity binds `identity` to a declared or discovered one, as
      policies see it; --json binds `input` to a JSON file.
      """,
    arguments: [ArgumentSpecification("EXPR", "the expression")],
    options: [
      OptionSpecification("identity", value: "ID", "bind `identity`: a handle or a principal"),
      OptionSpecification("json", value: "FILE", "bind `input` to the file's content"),
      OptionSpecification("facts", value: "REV", "take the facts of that revision"),
      OptionSpecification("explain", "show the value of every part as a tree"),
    ],
    examples: [
      ("muster eval '1 + 2'", "prints 3"),
      ("muster eval --identity release-publisher 'identity.credentials.filter(c, c.isActive).size()'", "over facts"),
      ("muster eval --json event.json 'input.userIdentity.type == \"Root\"'", "over a file"),
    ]
  ) { invocation throws(CommandError) in
    var variables = [Environment.Variable("now", .timestamp, "the instant of the run")]
    var values: [Value] = [.instant(try invocation.now())]
    if let name = invocation.value("identity") {
      variables.append(Environment.Variable("identity", .object("Identity"), "the identity"))
      values.append(try await identityValue(name, invocation))
    }
    if let path = invocation.value("json") {
      variables.append(Environment.Variable("input", .dyn, "the file's content"))
      values.append(try jsonValue(path, invocation))
    }
    let environment = PolicyVocabulary.environment(variables)
    let program: Program
    do throws(ExpressionError) {
      program = try environment.compile(invocation.arguments[0])
    } catch {
      throw refusal(of: error, in: invocation.arguments[0])
    }
    let evaluation = Evaluation(environment)
    for (slot, value) in values.enumerated() { evaluation[slot] = value }
    if invocation.has("explain") {
      for line in program.explain(evaluation).lines { invocation.console.line("\(line)") }
      return .clean
    }
    let value = program.evaluate(evaluation)
    if case .error(let error) = value { throw CommandError(.usage, "the expression has no value: \(error.message)") }
    invocation.console.line("\(value.literalText)")
    return .clean
  }
}

/// The first problem of an expression, with the line and a caret under the place; further ones below it.
func refusal(of error: ExpressionError, in text: String, _ prefix: String = "") -> CommandError {
  let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
  let excerpts = error.problems.map { problem in
    let line = problem.line <= lines.count ? String(lines[problem.line - 1]) : ""
    let mark = String(repeating: " ", count: max(0, problem.column - 1)) + "^"
    return (message: problem.message, hint: problem.hint, place: line.isEmpty ? [] : [line, mark])
  }
  let further = excerpts.dropFirst().flatMap { [$0.message] + $0.place + ($0.hint.isEmpty ? [] : ["help: \($0.hint)"]) }
  return CommandError(
    .usage, prefix + (excerpts.first?.message ?? "it cannot be used"),
    hint: further.isEmpty ? excerpts.first?.hint ?? "" : "",
    excerpt: (excerpts.first?.place ?? [])
      + (further.isEmpty || excerpts[0].hint.isEmpty ? [] : ["help: \(excerpts[0].hint)"]) + further)
}

private func identityValue(_ name: String, _ invocation: Invocation) async throws(CommandError) -> Value {
  let workspace = try Workspace(invocation.world)
  let assessment = try await workspace.assessWorkTree(invocation)
  let estate = assessment.estate
  guard let joined = estate.identity(named: name) else {
    throw CommandError(
      .usage, "no identity '\(name)'", hint: suggestion(for: name, among: estate.identities.map(\.handle)))
  }
  return PolicyVocabulary.value(of: joined, in: estate)
}

private func jsonValue(_ path: String, _ invocation: Invocation) throws(CommandError) -> Value {
  let bytes: [UInt8]
  do throws(FileError) { bytes = try FileSystem.read(invocation.world.absolute(path)) } catch {
    throw CommandError(error)
  }
  let (document, diagnostics) = Document.json(bytes, path: path)
  if let problem = diagnostics.max(by: { $0.kind < $1.kind }), problem.kind != .warning {
    throw CommandError(.incomplete, problem.description)
  }
  return document.map { value(of: $0.root) } ?? .null
}

private func value(of node: Node) -> Value {
  switch node.kind {
  case .null: .null
  case .bool: .bool(node.bool ?? false)
  case .number: node.int.map { .int($0) } ?? .double(node.double ?? .nan)
  case .string: .string(node.text ?? "")
  case .sequence: .list(node.elements.map { value(of: $0) })
  case .mapping: .map(MapValue(node.members.map { ($0.key.text ?? "", value(of: $0.value)) }))
  }
}
