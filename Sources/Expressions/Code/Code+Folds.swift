/// What the macros share: walking a list or a map with one or two variables.
final class Walk: Sendable {
  let range: Operand
  /// Numbers of the locals.
  let first: Int
  let second: Int?
  let place: SourceRange
  let name: String

  /// What a round costs: by the size of the body.
  let step: Int

  init(_ range: any Code, first: Int, second: Int?, _ name: String, _ place: SourceRange, step: Int) {
    (self.range, self.first, self.second) = (Operand(range), first, second)
    (self.name, self.place, self.step) = (name, place, step)
  }

  /// Calls the body for each element until it gives false; what is returned is the failure, if any. The locals are lent what
  /// the collection holds.
  @inline(__always)
  func run(_ evaluation: Evaluation, _ body: () -> Bool) -> Value? {
    let stopped: Value?
    if let memory = range.memory(evaluation) {
      let collection = memory.move()
      stopped = over(collection, evaluation, body)
      memory.initialize(to: collection)
    } else {
      stopped = over(range.code.value(evaluation), evaluation, body)
    }
    return stopped ?? (evaluation.isExhausted ? evaluation.exhaustion : nil)
  }

  @inline(__always)
  private func over(_ collection: Value, _ evaluation: Evaluation, _ body: () -> Bool) -> Value? {
    switch collection {
    case .list(let elements): over(elements, evaluation, body)
    case .map(let map): over(map, evaluation, body)
    default: other(collection)
    }
  }

  @inline(__always)
  private func over(_ elements: [Value], _ evaluation: Evaluation, _ body: () -> Bool) -> Value? {
    if elements.isEmpty { return nil }
    let one = evaluation.locals + (second ?? first)
    one.pointee = .absent
    defer { one.endBorrowing() }
    return elements.withUnsafeBufferPointer { elements in
      guard var element = elements.baseAddress else { return nil }
      for at in 0..<elements.count {
        guard evaluation.charge(step) else { return evaluation.exhaustion }
        if second != nil { evaluation.locals[first] = .int(Int64(at)) }
        one.borrow(element)
        if !body() { break }
        element += 1
      }
      return nil
    }
  }

  private func over(_ map: MapValue, _ evaluation: Evaluation, _ body: () -> Bool) -> Value? {
    for entry in map.entries {
      guard evaluation.charge(step) else { return evaluation.exhaustion }
      evaluation.locals[first] = entry.key
      if let second { evaluation.locals[second] = entry.value }
      if !body() { break }
    }
    return nil
  }

  private func other(_ value: Value) -> Value {
    value.isFailure
      ? .joinedFailure(value, value) : .failed("\(name) walks a list or a map, not \(value.typeName)", place)
  }
}

/// `all` and `exists`
final class Quantifier: Condition {
  let walk: Walk
  let body: any Code
  /// The truth that decides: `no` for `all`.
  let decisive: Truth

  init(_ walk: Walk, _ body: any Code, decisive: Truth) {
    (self.walk, self.body, self.decisive) = (walk, body, decisive)
  }

  func truth(_ evaluation: Evaluation) -> Truth {
    var failed: Value?
    var isDecided = false
    let stopped = walk.run(evaluation) {
      switch body.truth(evaluation) {
      case decisive: isDecided = true
      case .failed: failed = failed.map { .joinedFailure($0, evaluation.failure) } ?? evaluation.failure
      default: break
      }
      return !isDecided
    }
    if let stopped { return evaluation.fail(stopped) }
    if isDecided { return decisive }
    return failed.map(evaluation.fail) ?? (decisive == .no ? .yes : .no)
  }
}

/// `exists_one`
final class ExistsOne: Condition {
  let walk: Walk
  let body: any Code
  init(_ walk: Walk, _ body: any Code) { (self.walk, self.body) = (walk, body) }

  func truth(_ evaluation: Evaluation) -> Truth {
    var failed: Value?
    var count = 0
    let stopped = walk.run(evaluation) {
      switch body.truth(evaluation) {
      case .yes: count += 1
      case .no: break
      case .failed: failed = failed.map { .joinedFailure($0, evaluation.failure) } ?? evaluation.failure
      }
      return true
    }
    if let failure = stopped ?? failed { return evaluation.fail(failure) }
    return Truth(count == 1)
  }
}

/// `filter`, `map` and the other macros that make a list or a map.
final class Transform: Code {
  enum Product: Sendable {
    /// The elements for which the body is true.
    case filtered
    /// The body's values.
    case list
    /// The keys with the body's values.
    case map
    /// The entries of the maps that the body gives.
    case entries
    /// The elements in the order of the body's values.
    case sorted
  }

  let walk: Walk
  let condition: (any Code)?
  let body: any Code
  let product: Product
  let place: SourceRange

  init(_ walk: Walk, _ condition: (any Code)?, _ body: any Code, _ product: Product, _ place: SourceRange) {
    (self.walk, self.condition, self.body, self.product, self.place) = (walk, condition, body, product, place)
  }

  func value(_ evaluation: Evaluation) -> Value {
    var failed: Value?
    var values: [Value] = []
    var pairs: [(key: Value, value: Value)] = []
    let stopped = walk.run(evaluation) {
      if let condition {
        switch condition.truth(evaluation) {
        case .yes: break
        case .no: return true
        case .failed:
          failed = failed.map { .joinedFailure($0, evaluation.failure) } ?? evaluation.failure
          return true
        }
      }
      let value = product == .filtered ? evaluation.locals[walk.first] : body.value(evaluation)
      if value.isFailure {
        failed = failed.map { .joinedFailure($0, value) } ?? value
      } else if case .entries = product {
        if case .map(let map) = value {
          guard evaluation.charge(map.entries.count) else { return false }
          pairs += map.entries
        } else {
          failed = failed ?? .failed("transformMapEntry wants a map, not \(value.typeName)", place)
        }
      } else if product == .map || product == .sorted {
        pairs.append((evaluation.locals[walk.first], value))
      } else {
        values.append(value)
      }
      return true
    }
    if let failure = stopped ?? failed { return failure }
    switch product {
    case .filtered, .list: return .list(values)
    case .map, .entries: return MapValue(pairs).map { .map($0) } ?? .failed("a key is repeated", place)
    case .sorted: return sorted(pairs, evaluation)
    }
  }

  private func sorted(_ pairs: [(key: Value, value: Value)], _ evaluation: Evaluation) -> Value {
    guard pairs.allSatisfy({ evaluation.charge(4 * (1 + $0.value.weight)) }) else { return evaluation.exhaustion }
    return ListLibrary.sorted(pairs.map(\.key), by: pairs.map(\.value))
      ?? .failed("the keys of sortBy have no common order", place)
  }
}

/// `cel.bind(name, value, body)`: the value is computed once, and a failure of it shows only where it is used.
final class Bind: Code {
  let (number, bound, body): (Int, any Code, any Code)
  init(_ number: Int, _ bound: any Code, _ body: any Code) {
    (self.number, self.bound, self.body) = (number, bound, body)
  }

  func value(_ evaluation: Evaluation) -> Value {
    evaluation.locals[number] = bound.value(evaluation)
    return body.value(evaluation)
  }
}
