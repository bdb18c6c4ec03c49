import Base
import Documents
import Expressions
import Model
import Policies
import Reports

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
      OptionSpecification("json", value: "FILE", "bind `input` to the file's content; - is standard input"),
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
      throw refusal(of: error, in: invocation.arguments[0], width: invocation.world.width)
    }
    let evaluation = Evaluation(environment)
    for (slot, value) in values.enumerated() { evaluation[slot] = value }
    if invocation.has("explain") {
      for line in program.explain(evaluation).lines { invocation.console.line("\(line)") }
      return .clean
    }
    let value = program.evaluate(evaluation)
    if case .error(let error) = value {
      let place = error.range.map { lines(program.source.text, $0, invocation.world.width) } ?? []
      throw CommandError(.usage, "the expression has no value: \(error.message)", excerpt: place)
    }
    invocation.console.line("\(value.literalText)")
    return .clean
  }
}

/// The first problem of an expression, with the line and a caret under the place; further ones below it.
func refusal(of error: ExpressionError, in text: String, _ prefix: String = "", width: Int = 100) -> CommandError {
  let excerpts = error.problems.map { problem in
    (message: problem.message, hint: problem.hint, place: lines(text, problem.range, width))
  }
  let further = excerpts.dropFirst().flatMap { [$0.message] + $0.place + ($0.hint.isEmpty ? [] : ["help: \($0.hint)"]) }
  return CommandError(
    .usage, prefix + (excerpts.first?.message ?? "it cannot be used"),
    hint: further.isEmpty ? excerpts.first?.hint ?? "" : "",
    excerpt: (excerpts.first?.place ?? [])
      + (further.isEmpty || excerpts[0].hint.isEmpty ? [] : ["help: \(excerpts[0].hint)"]) + further)
}

/// The line of the text on which the range starts, with carets under it.
private func lines(_ text: String, _ range: SourceRange, _ width: Int) -> [String] {
  let bytes = Array(text.utf8)
  let start = min(max(0, range.start), bytes.count)
  let lineStart = bytes[..<start].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
  let lineEnd = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
  func count(_ part: ArraySlice<UInt8>) -> Int { String(decoding: part, as: UTF8.self).unicodeScalars.count }
  let line = String(decoding: bytes[lineStart..<lineEnd], as: UTF8.self)
  if line.isEmpty { return [] }
  let marked = count(bytes[start..<max(start, min(range.end, lineEnd))])
  return excerpt(of: line, column: count(bytes[lineStart..<start]) + 1, marked: marked, width: max(40, width - 4))
}

private func identityValue(_ name: String, _ invocation: Invocation) async throws(CommandError) -> Value {
  let workspace = try Workspace(invocation.world)
  let assessment = try await workspace.assessWorkTree(invocation)
  let estate = assessment.estate
  guard let joined = estate.identity(named: name) else {
    let known = Set(estate.identities.flatMap { [$0.handle] + ($0.principal.map { [$0.description] } ?? []) })
    throw CommandError(
      .usage, "no identity '\(name)'",
      hint: known.isEmpty
        ? "nothing is declared in identities/, and there are no facts yet: run `muster sync`"
        : suggestion(for: name, among: Array(known)))
  }
  return PolicyVocabulary.value(of: joined, in: estate)
}

private func jsonValue(_ path: String, _ invocation: Invocation) throws(CommandError) -> Value {
  let bytes: [UInt8]
  do throws(FileError) {
    bytes = try FileSystem.read(path == "-" ? "/dev/stdin" : invocation.world.absolute(path))
  } catch {
    throw CommandError(error)
  }
  let name = path == "-" ? "standard input" : path
  let (document, diagnostics) = Document.json(bytes, path: name)
  if let problem = diagnostics.max(by: { $0.kind < $1.kind }), problem.kind != .warning {
    throw CommandError(
      .incomplete, "\(problem.location): \(problem.message)", hint: problem.hint,
      excerpt: lines(of: bytes, at: problem.location, invocation.world))
  }
  guard let root = document?.root else { return .null }
  if let number = endlessNumber(root) {
    throw CommandError(
      .incomplete, "\(number.location): the number \(number.text ?? "") is larger than any that can be computed with",
      excerpt: lines(of: bytes, at: number.location, invocation.world))
  }
  return value(of: root)
}

private func lines(of bytes: [UInt8], at place: SourceLocation, _ world: World) -> [String] {
  let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
  guard place.line > 0, place.line <= lines.count else { return [] }
  let line = String(decoding: lines[place.line - 1], as: UTF8.self)
  return excerpt(of: line, column: place.column, marked: 1, width: max(40, world.width - 4))
}

/// The first number beyond what a double holds.
private func endlessNumber(_ root: Node) -> Node? {
  var pending = [root]
  while let node = pending.popLast() {
    if node.kind == .number, node.double == nil { return node }
    pending += node.elements.reversed() + node.members.map(\.value).reversed()
  }
  return nil
}

private func value(of node: Node) -> Value {
  switch node.kind {
  case .null: .null
  case .bool: .bool(node.bool ?? false)
  // A whole number stays one as long as 64 bits hold it.
  case .number:
    node.int.map { .int($0) } ?? node.text.flatMap { UInt64($0) }.map { .uint($0) } ?? .double(node.double ?? .nan)
  case .string: .string(node.text ?? "")
  case .sequence: .list(node.elements.map { value(of: $0) })
  case .mapping: .map(MapValue(node.members.map { ($0.key.text ?? "", value(of: $0.value)) }))
  }
}
