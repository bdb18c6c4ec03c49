import Base

/// A call before it is known whether it is a macro.
struct MacroCall {
  let name: String
  let mark: SourceRange
  let target: Syntax.ID?
  let arguments: [Syntax.ID]
  let start: Int
}

extension Parser {
  /// The node of a macro, `nil` where the call is none (CEL specification, "Macros"; two-variable forms, `cel.bind` and the
  /// optional macros as cel-go's extensions have them).
  mutating func expand(_ call: MacroCall) throws(SyntaxError) -> Syntax.ID? {
    guard let target = call.target else { return call.name == "has" ? try has(call) : nil }
    if case .name("cel") = syntax[target].kind { return try celMacro(call) }
    let count = call.arguments.count
    switch (call.name, count) {
    case ("all", 2): return try fold(.all, call, target)
    case ("exists", 2): return try fold(.exists, call, target)
    case ("exists_one", 2), ("existsOne", 2): return try fold(.existsOne, call, target)
    case ("filter", 2): return try fold(.filter, call, target)
    case ("map", 2), ("map", 3): return try fold(.map, call, target, hasCondition: count == 3)
    case ("sortBy", 2): return try fold(.sortBy, call, target)
    case ("all", 3): return try fold(.all, call, target, variables: 2)
    case ("exists", 3): return try fold(.exists, call, target, variables: 2)
    case ("exists_one", 3), ("existsOne", 3): return try fold(.existsOne, call, target, variables: 2)
    case ("transformList", 3), ("transformList", 4):
      return try fold(.transformList, call, target, variables: 2, hasCondition: count == 4)
    case ("transformMap", 3), ("transformMap", 4):
      return try fold(.transformMap, call, target, variables: 2, hasCondition: count == 4)
    case ("transformMapEntry", 3), ("transformMapEntry", 4):
      return try fold(.transformMapEntry, call, target, variables: 2, hasCondition: count == 4)
    case ("optMap", 2), ("optFlatMap", 2):
      let name = try variable(call, 0)
      return try add(
        .optionalMap(target, name, call.arguments[1], isFlat: call.name == "optFlatMap"), from: call.start,
        mark: call.mark)
    default: return nil
    }
  }

  private mutating func has(_ call: MacroCall) throws(SyntaxError) -> Syntax.ID? {
    guard call.arguments.count == 1 else { return nil }
    let argument = syntax[call.arguments[0]]
    switch argument.kind {
    case .select(let operand, let field, let isOptional):
      return try add(.has(operand, field, isOptional: isOptional), from: call.start, mark: argument.mark)
    case .index(let operand, let key, _):
      let (whole, part) = (source.text(syntax[operand].range), source.text(syntax[key].range))
      var hint = "write `\(part) in \(whole)`"
      if case .constant(.string(let name)) = syntax[key].kind, name.isFieldName {
        hint += " or `has(\(whole).\(name))`"
      }
      syntax.problems.append(
        SyntaxError("has() takes a field such as `x.field`, not an index", hint: hint, at: argument.range))
      return try add(.constant(.bool(true)), from: call.start, mark: call.mark)
    default:
      throw SyntaxError("has() takes a field such as `x.field`", at: argument.range)
    }
  }

  private mutating func fold(
    _ kind: Syntax.Fold.Kind, _ call: MacroCall, _ target: Syntax.ID, variables: Int = 1, hasCondition: Bool = false
  ) throws(SyntaxError) -> Syntax.ID {
    let first = try variable(call, 0)
    let second = variables == 2 ? try variable(call, 1) : nil
    if first == second {
      throw SyntaxError("the two variables have the same name", at: syntax[call.arguments[1]].range)
    }
    let condition = hasCondition ? call.arguments[variables] : nil
    guard let body = call.arguments.last else { throw unexpected("in the macro") }
    let fold = Syntax.Fold(
      kind: kind, range: target, variable: first, second: second, condition: condition, body: body)
    return try add(.fold(fold), from: call.start, mark: call.mark)
  }

  /// The name that an argument declares.
  private func variable(_ call: MacroCall, _ number: Int) throws(SyntaxError) -> String {
    let node = syntax[call.arguments[number]]
    if case .name(let name) = node.kind, !name.hasPrefix(".") { return name }
    throw SyntaxError(
      "\(call.name)() declares a variable here: it must be a simple name", hint: "as in `list.\(call.name)(x, …)`",
      at: node.range)
  }

  private mutating func celMacro(_ call: MacroCall) throws(SyntaxError) -> Syntax.ID? {
    switch (call.name, call.arguments.count) {
    case ("bind", 3):
      let name = try variable(call, 0)
      return try add(.bind(name, call.arguments[1], call.arguments[2]), from: call.start, mark: call.mark)
    case ("block", 2): return try block(call)
    case ("index", 1), ("iterVar", 2), ("accuVar", 2):
      var name = "@\(call.name)"
      for argument in call.arguments {
        guard case .constant(.int(let number)) = syntax[argument].kind, number >= 0 else { return nil }
        name += ":\(number)"
      }
      return try add(.name(name), from: call.start, mark: call.mark)
    default: return nil
    }
  }

  /// `cel.block([a, b], body)`, what an optimiser writes for common parts: binds inside each other.
  private mutating func block(_ call: MacroCall) throws(SyntaxError) -> Syntax.ID? {
    guard case .list(let elements) = syntax[call.arguments[0]].kind else { return nil }
    var body = call.arguments[1]
    for (number, element) in elements.enumerated().reversed() {
      body = try add(.bind("@index:\(number)", element.value, body), from: call.start, mark: call.mark)
    }
    return body
  }
}

extension String {
  /// Whether it can follow a dot as it is.
  fileprivate var isFieldName: Bool {
    guard let first = utf8.first, !(0x30...0x39).contains(first), !["in", "true", "false", "null"].contains(self) else {
      return false
    }
    return utf8.allSatisfy { $0 == 0x5F || ($0 | 0x20) &- 0x61 < 26 || $0 &- 0x30 < 10 }
  }
}
