/// `[a, b, ?c]`
final class ListLiteral: Code {
  let elements: [(code: any Code, isOptional: Bool, range: SourceRange)]
  init(_ elements: [(code: any Code, isOptional: Bool, range: SourceRange)]) { self.elements = elements }

  func value(_ evaluation: Evaluation) -> Value {
    var values: [Value] = []
    values.reserveCapacity(elements.count)
    var failed: Value?
    for element in elements {
      switch element.code.value(evaluation).unwrapped(if: element.isOptional, element.range) {
      case .absent: continue
      case let value where value.isFailure: failed = failed.map { .joinedFailure($0, value) } ?? value
      case let value: values.append(value)
      }
    }
    guard evaluation.charge(values.count) else { return evaluation.exhaustion }
    return failed ?? .list(values)
  }
}

/// `{a: b, ?c: d}`
final class MapLiteral: Code {
  let entries: [(key: any Code, value: any Code, isOptional: Bool, range: SourceRange)]
  init(_ entries: [(key: any Code, value: any Code, isOptional: Bool, range: SourceRange)]) { self.entries = entries }

  func value(_ evaluation: Evaluation) -> Value {
    var pairs: [(key: Value, value: Value)] = []
    pairs.reserveCapacity(entries.count)
    var failed: Value?
    for entry in entries {
      let key = entry.key.value(evaluation)
      let value = entry.value.value(evaluation).unwrapped(if: entry.isOptional, entry.range)
      if case .absent = value { continue }
      if key.isFailure || value.isFailure {
        let joined = Value.joinedFailure(key, value)
        failed = failed.map { .joinedFailure($0, joined) } ?? joined
      }
      pairs.append((key, value))
    }
    if let failed { return failed }
    guard evaluation.charge(pairs.count) else { return evaluation.exhaustion }
    return MapValue(pairs).map { .map($0) } ?? badKey(pairs)
  }

  private func badKey(_ pairs: [(key: Value, value: Value)]) -> Value {
    var seen: Set<MapValue.Key> = []
    for (pair, entry) in zip(pairs, entries) {
      guard let key = MapValue.key(pair.key), !pair.key.isDouble else {
        return .failed("\(pair.key.typeName) cannot be a key", entry.range)
      }
      if !seen.insert(key).inserted { return .failed("repeated key: \(pair.key.displayText)", entry.range) }
    }
    return .failure("repeated key")
  }
}

extension Value {
  var isDouble: Bool {
    if case .double = self { return true }
    return false
  }

  /// For `?` in literals: the value inside an optional, `absent` for none.
  fileprivate func unwrapped(if isOptional: Bool, _ range: SourceRange) -> Value {
    guard isOptional else {
      if case .absent = self { return .failed("no value", range) }
      return self
    }
    switch self {
    case .optional(let optional): return optional.value ?? .absent
    case .error, .unknown: return self
    default: return .failed("`?` wants an optional, not \(typeName)", range)
    }
  }
}
