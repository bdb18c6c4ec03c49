import Base

extension Checker {
  mutating func name(_ id: Syntax.ID, _ name: String) -> CELType {
    if let local = local(name) {
      references[Int(id)] = .local(local.number)
      return local.type
    }
    if let type = global(id, name) { return type }
    guard wantsProblems else { return .dyn }
    let known = Set(scope.map(\.name)).union(environment.variableNames)
    report(
      "there is no variable `\(name)`",
      hint: name.hasPrefix("@") ? "" : suggestion(for: name, among: Array(known)), at: id)
    return .dyn
  }

  private func local(_ name: String) -> Local? { scope.last { $0.name == name } }

  private mutating func global(_ id: Syntax.ID, _ name: String) -> CELType? {
    guard let meaning = environment.meaning(name) else { return nil }
    references[Int(id)] = .meaning(meaning)
    switch meaning {
    case .slot(_, let type), .constant(_, let type), .lazy(_, let type): return type
    }
  }

  mutating func select(_ id: Syntax.ID, _ operand: Syntax.ID, _ field: String, isOptional: Bool) -> CELType {
    // The longest dotted name that is declared wins, unless its first part is a local.
    if !isOptional, let name = syntax.qualifiedName(id) {
      let first = name.prefix { $0 != "." }
      if first.isEmpty || local(String(first)) == nil, let type = global(id, name) { return type }
      if isNamespace(name, operand) { return unknownMember(id, operand, field) }
    }
    let type = visit(operand)
    let result = fieldType(type, field, id, isTest: false)
    guard isOptional else { return result }
    if case .optional = result { return result }
    return .optional(result)
  }

  /// Whether the operand only is the beginning of declared names (`variables` of `variables.ended`).
  private func isNamespace(_ name: String, _ operand: Syntax.ID) -> Bool {
    guard let prefix = syntax.qualifiedName(operand), environment.meaning(prefix) == nil else { return false }
    return !names(below: prefix).isEmpty && local(String(prefix.prefix { $0 != "." })) == nil
  }

  private func names(below prefix: String) -> [String] {
    environment.variableNames.filter { $0.hasPrefix(prefix + ".") }
      .map { String($0.dropFirst(prefix.count + 1)) }
  }

  private mutating func unknownMember(_ id: Syntax.ID, _ operand: Syntax.ID, _ field: String) -> CELType {
    let prefix = syntax.qualifiedName(operand) ?? ""
    let known = names(below: prefix)
    // `a.b` of a declared `a.b.c`: not wrong yet.
    if known.contains(where: { $0.hasPrefix(field + ".") }) { return .dyn }
    report("`\(prefix)` has no `\(field)`", hint: suggestion(for: field, among: known), at: id)
    return .dyn
  }

  /// The type of a field of a value of that type.
  mutating func fieldType(_ type: CELType, _ field: String, _ id: Syntax.ID, isTest: Bool) -> CELType {
    switch unifier.resolve(type) {
    case .map(_, let value): return value
    case .optional(let inner): return .optional(fieldType(inner, field, id, isTest: isTest).withoutOptional)
    case .dyn: return .dyn
    case .variable:
      _ = unifier.assign(.dyn, to: type)
      return .dyn
    case .object(let name): return memberType(name, field, id)
    case let other:
      report(
        "\(other.withArticle) has no fields, so no `\(field)`",
        hint: environment.function(field) != nil ? "a function is called with `()`: `.\(field)()`" : "", at: id)
      return .dyn
    }
  }

  private mutating func memberType(_ name: String, _ field: String, _ id: Syntax.ID) -> CELType {
    guard let type = environment.types[name] else { return .dyn }
    if let number = type.index(of: field) { return type.fields[number].type }
    report("`\(name)` has no field `\(field)`", hint: suggestion(for: field, among: type.fields.map(\.name)), at: id)
    return .dyn
  }
}

extension CELType {
  var withoutOptional: CELType {
    if case .optional(let inner) = self { return inner }
    return self
  }
}
