extension Checker {
  mutating func index(_ id: Syntax.ID, _ operand: Syntax.ID, _ key: Syntax.ID, isOptional: Bool) -> CELType {
    let operandType = visit(operand)
    let type = unifier.resolve(operandType)
    let keyType = visit(key)
    let (inner, isWrapped) = (type.withoutOptional, type.withoutOptional != type)
    var result = CELType.dyn
    switch inner {
    case .list(let element):
      if !unifier.assign(keyType, to: .int) { wrongKey(key, keyType, "a list is indexed by an int") }
      result = element
    case .map(let wanted, let value):
      if !unifier.assign(keyType, to: wanted), !(keyType.isNumber && wanted.isNumber) {
        wrongKey(key, keyType, "the keys of this map are \(unifier.resolve(wanted, final: true))")
      }
      result = value
    case .dyn: result = .dyn
    case .variable: _ = unifier.assign(.dyn, to: inner)
    default: report("\(inner.withArticle) has no `[…]`", at: id)
    }
    return isOptional || isWrapped ? .optional(result) : result
  }

  private mutating func wrongKey(_ key: Syntax.ID, _ type: CELType, _ message: String) {
    report("\(message), this is \(unifier.resolve(type, final: true).withArticle)", at: key, whole: true)
  }

  mutating func conditional(_ id: Syntax.ID, _ yes: Syntax.ID, _ no: Syntax.ID) -> CELType {
    let (first, second) = (visit(yes), visit(no))
    let common = unifier.fresh()
    if unifier.assign([first, second], to: [common, common]) { return unifier.resolve(common) }
    let (a, b) = (unifier.resolve(first, final: true), unifier.resolve(second, final: true))
    report(
      "the two sides of the conditional differ: \(a) and \(b)", hint: "`dyn(…)` around one of them allows both", at: id)
    return .dyn
  }

  mutating func list(_ elements: [Syntax.Element]) -> CELType {
    var element: CELType?
    for part in elements {
      let type = elementType(part.value, isOptional: part.isOptional)
      element = element.map { unifier.join($0, type) } ?? type
    }
    return .list(element ?? unifier.fresh())
  }

  private mutating func elementType(_ id: Syntax.ID, isOptional: Bool) -> CELType {
    let type = visit(id)
    guard isOptional else { return type }
    let inner = unifier.fresh()
    if !unifier.assign(type, to: .optional(inner)) {
      report("`?` wants an optional, this is \(unifier.resolve(type, final: true).withArticle)", at: id, whole: true)
      return .dyn
    }
    return unifier.resolve(inner)
  }

  mutating func map(_ entries: [Syntax.Entry]) -> CELType {
    var (key, value): (CELType?, CELType?)
    for entry in entries {
      let keyType = visit(entry.key)
      switch unifier.resolve(keyType) {
      case .bool, .int, .uint, .string, .dyn, .variable: break
      case let other:
        report(
          "\(other.withArticle) cannot be a key: use a string, an int, a uint or a bool", at: entry.key, whole: true)
      }
      let valueType = elementType(entry.value, isOptional: entry.isOptional)
      key = key.map { unifier.join($0, keyType) } ?? keyType
      value = value.map { unifier.join($0, valueType) } ?? valueType
    }
    return .map(key ?? unifier.fresh(), value ?? unifier.fresh())
  }

  // MARK: Macros

  mutating func fold(_ id: Syntax.ID, _ fold: Syntax.Fold) -> CELType {
    let rangeType = visit(fold.range)
    let range = unifier.resolve(rangeType)
    var (first, second, isMap) = (CELType.dyn, CELType.dyn, false)
    switch range {
    case .list(let element): (first, second) = fold.second == nil ? (element, .dyn) : (.int, element)
    case .map(let key, let value): (first, second, isMap) = (key, value, true)
    case .dyn: break
    case .variable: _ = unifier.assign(.dyn, to: range)
    default:
      report(
        "`\(fold.kind.rawValue)` walks a list or a map, this is \(range.withArticle)",
        hint: range.withoutOptional == range ? "" : "give a default with `.orValue([])`", at: fold.range, whole: true)
    }
    var variables = [(fold.variable, first)]
    if let name = fold.second { variables.append((name, second)) }
    _ = open(variables, id)
    defer { close(variables.count) }
    if let condition = fold.condition { expectBool(condition) }
    return foldType(fold, first: first, isMap: isMap, range: range)
  }

  private mutating func foldType(_ fold: Syntax.Fold, first: CELType, isMap: Bool, range: CELType) -> CELType {
    switch fold.kind {
    case .all, .exists, .existsOne:
      expectBool(fold.body)
      return .bool
    case .filter:
      expectBool(fold.body)
      return .list(first)
    case .map, .transformList: return .list(visit(fold.body))
    case .sortBy:
      _ = visit(fold.body)
      return .list(first)
    case .transformMap:
      let value = visit(fold.body)
      if case .list = range { return .map(.int, value) }
      return .map(isMap ? first : .dyn, value)
    case .transformMapEntry:
      let entry = visit(fold.body)
      let (key, value) = (unifier.fresh(), unifier.fresh())
      if !unifier.assign(entry, to: .map(key, value)) {
        report("`transformMapEntry` wants a map such as `{key: value}`", at: fold.body, whole: true)
      }
      return .map(unifier.resolve(key), unifier.resolve(value))
    }
  }

  mutating func optionalMap(_ id: Syntax.ID, _ target: Syntax.ID, _ name: String, _ body: Syntax.ID, isFlat: Bool)
    -> CELType
  {
    let inner = unifier.fresh()
    let type = visit(target)
    if !unifier.assign(type, to: .optional(inner)) {
      report(
        "`\(isFlat ? "optFlatMap" : "optMap")` is for optionals, this is \(unifier.resolve(type, final: true).withArticle)",
        hint: "`optional.of(…)` makes one", at: target, whole: true)
    }
    _ = open([(name, unifier.resolve(inner))], id)
    defer { close(1) }
    let result = visit(body)
    guard isFlat else { return .optional(result) }
    let flat = unifier.fresh()
    if !unifier.assign(result, to: .optional(flat)) {
      report("`optFlatMap` wants an optional as its result", hint: "`optMap` takes any value", at: body, whole: true)
    }
    return .optional(unifier.resolve(flat))
  }
}
