import Base

extension Compiler {
  /// The arguments include a target, which may turn out to be the beginning of the function's name.
  func call(_ id: Syntax.ID, _ name: String, _ parts: [Syntax.ID]) -> any Code {
    let node = syntax[id]
    guard case .function(let function, let isMember) = references[Int(id)] else {
      return Broken("there is no function `\(name)`", node.mark)
    }
    var ids = parts
    if !isMember, case .call(_, target: .some, _) = node.kind { ids.removeFirst() }
    let arguments = ids.map { code($0) }
    if function.isStandard, let code = special(node, function.name, ids, arguments) { return folded(code, ids) }
    let site = CallSite(name: function.name, range: node.mark, cost: function.unitCost)
    switch function.body(arguments: arguments.count) {
    case .unary(let body): return folded(UnaryCall(arguments[0], site, body), ids)
    case .binary(let body):
      let call = BinaryCall(arguments[0], arguments[1], site, body)
      if function.isStandard, let code = Arithmetic(function.name, call) { return folded(code, ids) }
      return folded(call, ids)
    case .pattern(let make): return folded(PatternCall(arguments[0], arguments[1], site, make), ids)
    case .ternary(let body): return folded(Call(arguments, site) { body($0[0], $0[1], $0[2]) }, ids)
    case .any(let body): return folded(Call(arguments, site, body), ids)
    case nil: return Call(arguments, site) { _ in nil }
    }
  }

  /// Operators and functions that have code of their own.
  private func special(_ node: Syntax.Node, _ name: String, _ ids: [Syntax.ID], _ arguments: [any Code]) -> (any Code)?
  {
    if arguments.count == 1, name == "!_" { return Not(arguments[0]) }
    if arguments.count == 1, name == "hasValue", let optional = arguments[0] as? any OptionalCode {
      return OptionalTest(optional)
    }
    if arguments.count == 1, name == "age" { return age(arguments[0], node.mark) }
    guard arguments.count == 2 else { return nil }
    let (a, b) = (arguments[0], arguments[1])
    if let test = textTest(node, name, a, b) { return test }
    if let relation = Comparison.Relation(name) {
      let comparison = Comparison(a, b, relation, node.mark)
      return ScalarTest(comparison) as (any Code)? ?? comparison
    }
    switch name {
    case "@in":
      if let texts = (b as? Constant)?.texts { return TextMembership(a, texts) }
      return Membership(a, b, node.mark)
    case "glob", "globAny":
      guard let texts = (b as? Constant)?.texts else {
        return DynamicGlobs(a, b, CallSite(name: name, range: node.mark, cost: 1))
      }
      return ConstantGlobs(a, texts.map { Glob($0) }, name, node.mark)
    case "matches": return matches(a, b, node.mark)
    case "or": return OptionalElse(a, b, isOptional: true, node.mark)
    case "orValue":
      if let optional = a as? any OptionalCode { return ContentElse(optional, b) }
      return OptionalElse(a, b, isOptional: false, node.mark)
    default: return nil
    }
  }

  private func textTest(_ node: Syntax.Node, _ name: String, _ a: any Code, _ b: any Code) -> (any Code)? {
    let kinds: [String: TextTest.Kind] = [
      "_==_": .same, "_!=_": .different, "startsWith": .starts, "endsWith": .ends, "contains": .contains,
    ]
    guard let kind = kinds[name] else { return nil }
    let site = CallSite(name: name, range: node.mark, cost: 1)
    if let text = (b as? Constant)?.text {
      let test = TextTest(a, text, kind, site)
      return JoinedTextTest(a, text, test) as (any Code)? ?? test
    }
    guard kind == .same || kind == .different, let text = (a as? Constant)?.text else { return nil }
    return TextTest(b, text, kind, site)
  }

  /// `age(t)` is `now - t`.
  private func age(_ time: any Code, _ range: SourceRange) -> any Code {
    guard case .slot(let number, _) = environment.meaning("now"),
      case .binary(let body) = StandardLibrary.functions["_-_"]?.body(arguments: 2)
    else { return Broken("`age` needs a variable `now`", range) }
    let call = BinaryCall(Slot(number, "now", range), time, CallSite(name: "age", range: range, cost: 1), body)
    return Arithmetic("_-_", call) as (any Code)? ?? call
  }

  private func matches(_ text: any Code, _ pattern: any Code, _ range: SourceRange) -> (any Code)? {
    guard let constant = pattern as? Constant, case .string(let source) = constant.constant,
      let expression = try? RegularExpression(source)
    else { return nil }
    return ConstantMatch(text, expression, range)
  }

  /// How many nodes the tree has.
  private func weight(_ id: Syntax.ID) -> Int {
    Syntax.children(of: syntax[id].kind).reduce(1) { $0 + weight($1) }
  }

  func fold(_ id: Syntax.ID, _ fold: Syntax.Fold) -> any Code {
    let node = syntax[id]
    let first = Int(locals[Int(id)])
    let walk = Walk(
      code(fold.range), first: first, second: fold.second == nil ? nil : first + 1, fold.kind.rawValue, node.mark,
      step: 1 + (weight(fold.body) + (fold.condition.map(weight) ?? 0)) / 4)
    let condition = fold.condition.map { code($0) }
    let body = code(fold.body)
    switch fold.kind {
    case .all: return Quantifier(walk, body, decisive: .no)
    case .exists: return Quantifier(walk, body, decisive: .yes)
    case .existsOne: return ExistsOne(walk, body)
    case .filter: return Transform(walk, body, body, .filtered, node.mark)
    case .map, .transformList: return Transform(walk, condition, body, .list, node.mark)
    case .transformMap: return Transform(walk, condition, body, .map, node.mark)
    case .transformMapEntry: return Transform(walk, condition, body, .entries, node.mark)
    case .sortBy: return Transform(walk, nil, body, .sorted, node.mark)
    }
  }
}
