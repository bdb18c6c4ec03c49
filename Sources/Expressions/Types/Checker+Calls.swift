import Base

extension Checker {
  mutating func call(_ id: Syntax.ID, _ name: String, _ target: Syntax.ID?, _ arguments: [Syntax.ID]) -> CELType {
    guard let target else { return global(id, name, arguments) }
    // `math.abs(x)` is a call of the function `math.abs`, unless `math` is a local.
    if let prefix = syntax.qualifiedName(target), !scope.contains(where: { $0.name == prefix }),
      let function = environment.function("\(prefix).\(name)"), function.overloads.contains(where: { !$0.isMember })
    {
      return overload(id, function, isMember: false, arguments)
    }
    guard let function = environment.functions[name] else {
      if !isFunctionNamespace(target) { _ = visit(target) }
      for argument in arguments { _ = visit(argument) }
      unknownFunction(id, name, target)
      return .dyn
    }
    return overload(id, function, isMember: true, [target] + arguments)
  }

  private mutating func global(_ id: Syntax.ID, _ name: String, _ arguments: [Syntax.ID]) -> CELType {
    if let function = environment.function(name) {
      return overload(id, function, isMember: false, arguments)
    }
    for argument in arguments { _ = visit(argument) }
    unknownFunction(id, name, nil)
    return .dyn
  }

  /// Whether the node only is the beginning of functions' names (`math` of `math.abs`).
  private func isFunctionNamespace(_ id: Syntax.ID) -> Bool {
    guard let prefix = syntax.qualifiedName(id), environment.meaning(prefix) == nil,
      !scope.contains(where: { $0.name == prefix })
    else { return false }
    return !functions(below: prefix).isEmpty
  }

  private func functions(below prefix: String) -> [String] {
    environment.functions.keys.filter { $0.hasPrefix(prefix + ".") }
  }

  private mutating func unknownFunction(_ id: Syntax.ID, _ name: String, _ target: Syntax.ID?) {
    guard wantsProblems else { return }
    if let target, isFunctionNamespace(target), let prefix = syntax.qualifiedName(target) {
      let known = functions(below: prefix).map { String($0.dropFirst(prefix.count + 1)) }
      return report("`\(prefix)` has no function `\(name)`", hint: suggestion(for: name, among: known), at: id)
    }
    if let hint = Checker.macroHints[name] {
      return report("`\(name)` is not called like this", hint: hint, at: id)
    }
    let isMember = target != nil
    var known = environment.functions.values.filter { function in
      function.overloads.contains { $0.isMember == isMember } && !function.name.isOperatorName
    }.map(\.name)
    known += isMember ? Checker.macroHints.keys.filter { $0 != "has" } : ["has"]
    report("there is no function `\(name)`", hint: suggestion(for: name, among: known), at: id)
  }

  private static let macroHints = [
    "has": "write `has(x.field)`", "all": "write `list.all(x, condition)`",
    "exists": "write `list.exists(x, condition)`", "exists_one": "write `list.exists_one(x, condition)`",
    "filter": "write `list.filter(x, condition)`", "map": "write `list.map(x, value)`",
    "existsOne": "write `list.existsOne(x, condition)`",
    "transformList": "write `list.transformList(index, x, value)`",
    "transformMap": "write `map.transformMap(key, value, newValue)`",
    "optMap": "write `optional.optMap(x, value)`", "optFlatMap": "write `optional.optFlatMap(x, optional)`",
  ]

  /// The type of a call: every signature that fits takes part; where they differ the type is `dyn`.
  mutating func overload(_ id: Syntax.ID, _ function: Function, isMember: Bool, _ arguments: [Syntax.ID]) -> CELType {
    references[Int(id)] = .function(function, isMember: isMember)
    let types = arguments.map { visit($0) }
    var result: CELType?
    for overload in function.overloads where overload.isMember == isMember {
      guard overload.parameters.count == types.count else { continue }
      let parts = unifier.instantiate([overload.result] + overload.parameters)
      guard unifier.assign(types, to: Array(parts.dropFirst())) else { continue }
      let type = unifier.resolve(parts[0])
      result = result == nil || result == type ? type : .dyn
    }
    if let result {
      checkTexts(id, function.name, arguments)
      if function.name == "@in" { checkElements(arguments) }
      return result
    }
    noOverload(id, function, isMember: isMember, types.map { unifier.resolve($0, final: true) })
    return .dyn
  }

  private mutating func noOverload(_ id: Syntax.ID, _ function: Function, isMember: Bool, _ types: [CELType]) {
    guard isStrict else { return }
    if function.name.isOperatorName { return wrongOperands(id, function.name, types) }
    let fitting = function.overloads.filter { $0.isMember == isMember }
    if fitting.isEmpty, let other = function.overloads.first {
      let shown = other.shown(function.name)
      return report("`\(function.name)` is not called like this", hint: "write `\(shown)`", at: id)
    }
    let given = isMember ? Array(types.dropFirst()) : types
    let list = given.map(\.description).joined(separator: ", ")
    let on = isMember ? " on \(types[0].withArticle)" : ""
    let known = fitting.prefix(4).map { "`\($0.shown(function.name))`" }.joined(separator: " or ")
    report("`\(function.name)` does not take (\(list))\(on)", hint: "it is \(known)", at: id)
  }

  private mutating func wrongOperands(_ id: Syntax.ID, _ name: String, _ types: [CELType]) {
    let shown = name.operatorText
    guard types.count == 2 else {
      return report("`\(shown)` does not take \(types[0].withArticle)", at: id)
    }
    let (a, b) = (types[0], types[1])
    var hint = ""
    if a.isNumber, b.isNumber { hint = "convert one of them: `\(a)(…)`" }
    if a == .timestamp, b == .string { hint = "write `timestamp('…')`" }
    if a == .duration, b == .string { hint = "write `duration('…h')` or `span('…d')`" }
    if case .optional = a { hint = "give a default with `.orValue(…)`" }
    if b == .null { hint = "use `has(…)` to ask whether a field is there" }
    var message = "`\(shown)` does not take \(a.withArticle) and \(b.withArticle)"
    if shown == "==" || shown == "!=" { message = "\(a.withArticle) never equals \(b.withArticle)" }
    if shown == "in", case .list = b { message = "\(a.withArticle) is never in \(b.withArticle)" }
    if shown == "in", case .map(let key, _) = b {
      message = "\(a.withArticle) is never a key of a map whose keys are of type \(key)"
    }
    report(message, hint: hint, at: id)
  }
}

extension String {
  var isOperatorName: Bool { hasPrefix("_") || hasPrefix("@") || hasSuffix("_") }

  /// `==` of `_==_`.
  var operatorText: String {
    self == "@in" ? "in" : split(separator: "_").joined()
  }
}

extension Function.Overload {
  /// How it is written: `string.startsWith(string)`.
  func shown(_ name: String) -> String {
    let types = parameters.map(\.description)
    if !isMember { return "\(name)(\(types.joined(separator: ", ")))" }
    return "\(types[0]).\(name)(\(types.dropFirst().joined(separator: ", ")))"
  }
}
