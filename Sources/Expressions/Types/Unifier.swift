/// What the checker knows of its type variables. Assignability, generality and joining follow the reference checker of
/// cel-go, so that deduced types agree with it.
struct Unifier {
  private var bindings: [CELType?] = []
  /// What bindings were before the assignment that is being tried.
  private var trail: [(number: Int, before: CELType?)] = []

  /// A type to be found out.
  mutating func fresh() -> CELType {
    bindings.append(nil)
    return .variable(Int32(bindings.count - 1))
  }

  /// A signature's types with its parameters replaced by fresh variables.
  mutating func instantiate(_ types: [CELType]) -> [CELType] {
    var fresh: [String: CELType] = [:]
    return types.map { replaceParameters($0, &fresh) }
  }

  private mutating func replaceParameters(_ type: CELType, _ known: inout [String: CELType]) -> CELType {
    if case .parameter(let name) = type {
      if let variable = known[name] { return variable }
      let variable = fresh()
      known[name] = variable
      return variable
    }
    if type.parts.isEmpty { return type }
    var parts = type.parts.map { replaceParameters($0, &known) }[...]
    return type.mapParts { _ in parts.popFirst() ?? .dyn }
  }

  /// The type with what is known filled in; with `final`, what is not known becomes `dyn`.
  func resolve(_ type: CELType, final: Bool = false) -> CELType {
    if case .variable(let number) = type {
      if let bound = bindings[Int(number)] { return resolve(bound, final: final) }
      return final ? .dyn : type
    }
    return type.parts.isEmpty ? type : type.mapParts { resolve($0, final: final) }
  }

  /// Whether a value of one type may stand where all of the other are wanted; remembers what that says of variables.
  mutating func assign(_ types: [CELType], to wanted: [CELType]) -> Bool {
    guard types.count == wanted.count else { return false }
    defer { trail.removeAll(keepingCapacity: true) }
    for (type, want) in zip(types, wanted) where !fits(type, want) {
      for (number, before) in trail.reversed() { bindings[number] = before }
      return false
    }
    return true
  }

  private mutating func bind(_ number: Int32, _ type: CELType) {
    trail.append((Int(number), bindings[Int(number)]))
    bindings[Int(number)] = type
  }

  mutating func assign(_ type: CELType, to wanted: CELType) -> Bool { assign([type], to: [wanted]) }

  /// The common type of two elements of a literal; `dyn` where they have none.
  mutating func join(_ a: CELType, _ b: CELType) -> CELType {
    assign(a, to: b) ? mostGeneral(a, b) : .dyn
  }

  private mutating func fits(_ a: CELType, _ b: CELType) -> Bool {
    if case .variable(let number) = b {
      let (valid, wasBound) = substitute(a, for: number)
      if valid { return true }
      if wasBound { return false }
    }
    if case .variable(let number) = a { return substitute(b, for: number).valid }
    if a == .dyn || b == .dyn { return true }
    if a == .null { return isNullable(b) }
    if b == .null { return isNullable(a) }
    switch (a, b) {
    case (.list, .list), (.map, .map), (.optional, .optional): return fitParts(a, b)
    case (.opaque(let first, _), .opaque(let second, _)): return first == second && fitParts(a, b)
    default: return a == b
    }
  }

  private mutating func fitParts(_ a: CELType, _ b: CELType) -> Bool {
    let (first, second) = (a.parts, b.parts)
    guard first.count == second.count else { return false }
    for (one, two) in zip(first, second) where !fits(one, two) { return false }
    return true
  }

  /// Null may stand for what a protocol buffer can leave out.
  private func isNullable(_ type: CELType) -> Bool {
    switch type {
    case .null, .optional, .opaque, .object, .timestamp, .duration: true
    default: false
    }
  }

  private mutating func substitute(_ type: CELType, for number: Int32) -> (valid: Bool, wasBound: Bool) {
    let variable = CELType.variable(number)
    if type == variable { return (true, true) }
    guard let bound = bindings[Int(number)] else {
      guard !refers(type, to: variable) else { return (false, false) }
      bind(number, type)
      return (true, false)
    }
    if type == bound { return (true, true) }
    guard fits(type, bound) else { return (false, true) }
    let general = mostGeneral(type, bound)
    if !refers(general, to: variable) { bind(number, general) }
    return (true, true)
  }

  private func refers(_ type: CELType, to variable: CELType) -> Bool {
    if type == variable { return true }
    if case .variable(let number) = type {
      return bindings[Int(number)].map { refers($0, to: variable) } ?? false
    }
    return type.parts.contains { refers($0, to: variable) }
  }

  private func mostGeneral(_ a: CELType, _ b: CELType) -> CELType { isLessSpecific(a, b) ? a : b }

  private func isLessSpecific(_ a: CELType, _ b: CELType) -> Bool {
    if a == .dyn { return true }
    if case .variable = a { return true }
    if b == .dyn { return false }
    if case .variable = b { return false }
    // Null says less than what it may stand in for.
    if b == .null { return isNullable(a) }
    switch (a, b) {
    case (.list, .list), (.map, .map), (.optional, .optional), (.opaque, .opaque):
      return a.runtimeName == b.runtimeName && a.parts.count == b.parts.count
        && zip(a.parts, b.parts).allSatisfy { isLessSpecific($0, $1) }
    default: return a == b
    }
  }
}
