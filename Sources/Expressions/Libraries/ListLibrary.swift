/// Lists (the lists extension of cel-go; `sortBy` is a macro).
enum ListLibrary {
  static let functions: [Function] = [
    Function(
      "sort", "The elements in order", [Overload(member: true, [listOfA], listOfA)],
      .unary {
        guard case .list(let elements) = $0 else { return nil }
        return sorted(elements, by: elements) ?? .failure("the elements have no common order")
      }),
    Function(
      "distinct", "The elements without repeats", [Overload(member: true, [listOfA], listOfA)], .unary(distinct)),
    Function(
      "flatten", "The elements of the lists inside; the argument says how deep",
      [
        Overload(member: true, [.list(listOfA)], listOfA), Overload(member: true, [.list(.dyn)], .list(.dyn)),
        Overload(member: true, [.list(.dyn), .int], .list(.dyn)),
      ],
      .unary { flatten($0, .int(1)) }, .binary(flatten)),
    Function(
      "reverse", "The elements, the last first", [Overload(member: true, [listOfA], listOfA)],
      .unary {
        guard case .list(let elements) = $0 else { return nil }
        return .list(elements.reversed())
      }),
    Function(
      "slice", "The elements from a place up to another",
      [Overload(member: true, [listOfA, .int, .int], listOfA)], .ternary(slice)),
    Function(
      "first", "The first element, as an optional", [Overload(member: true, [listOfA], .optional(typeA))],
      .unary {
        guard case .list(let elements) = $0 else { return nil }
        return elements.first.map { .optional(of: $0) } ?? .emptyOptional
      }),
    Function(
      "last", "The last element, as an optional", [Overload(member: true, [listOfA], .optional(typeA))],
      .unary {
        guard case .list(let elements) = $0 else { return nil }
        return elements.last.map { .optional(of: $0) } ?? .emptyOptional
      }),
    Function(
      "lists.range", "The numbers from 0 up to the argument", [Overload([.int], .list(.int))],
      .unary {
        guard case .int(let count) = $0 else { return nil }
        if count > Limits.elements { return Limits.tooLong }
        return .list((0..<max(0, count)).map { .int($0) })
      }),
  ]

  static func place(_ index: Int?) -> Value { .int(Int64(index ?? -1)) }

  /// The elements in the order of their keys, equal keys as they stood; `nil` where two keys have no order.
  static func sorted(_ elements: [Value], by keys: [Value]) -> Value? {
    for key in keys {
      guard let first = keys.first, let order = Value.compare(first, key), order != nil else { return nil }
    }
    let order = keys.indices.sorted { a, b in
      switch Value.compare(keys[a], keys[b]) {
      case .some(.some(.less)): true
      case .some(.some(.same)): a < b
      default: false
      }
    }
    return .list(order.map { elements[$0] })
  }

  @Sendable private static func distinct(_ list: Value) -> Value? {
    guard case .list(let elements) = list else { return nil }
    var seen: Set<HashedValue> = []
    return .list(elements.filter { $0.holdsNaN || seen.insert(HashedValue($0)).inserted })
  }

  @Sendable private static func flatten(_ list: Value, _ depth: Value) -> Value? {
    guard case .list(let elements) = list, case .int(let depth) = depth else { return nil }
    if depth < 0 { return .failure("flatten: the depth is negative") }
    var out = elements
    for _ in 0..<min(depth, 256) {
      guard out.contains(where: \.isList) else { break }
      let count = out.reduce(0) { sum, element in
        if case .list(let inner) = element { return sum + inner.count }
        return sum + 1
      }
      if count > Limits.elements { return Limits.tooLong }
      out = out.flatMap { element in
        if case .list(let inner) = element { return inner }
        return [element]
      }
    }
    return .list(out)
  }

  @Sendable private static func slice(_ list: Value, _ start: Value, _ end: Value) -> Value? {
    guard case .list(let elements) = list, case .int(let start) = start, case .int(let end) = end else { return nil }
    guard start >= 0, start <= end, end <= elements.count else {
      return .failure("slice: \(start) to \(end) is not inside a list of \(elements.count)")
    }
    return .list(Array(elements[Int(start)..<Int(end)]))
  }
}

extension Value {
  fileprivate var isList: Bool {
    if case .list = self { return true }
    return false
  }
}
