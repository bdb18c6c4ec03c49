/// Lists as Kubernetes has them: order, sum, least and greatest (`indexOf` and `lastIndexOf` are with those of text).
extension ListLibrary {
  private static let ordered: [CELType] = [.int, .uint, .double, .string, .bool, .bytes, .timestamp, .duration, .dyn]
  private static let summed: [CELType] = [.int, .uint, .double, .duration, .dyn]

  static let aggregates: [Function] = [
    Function(
      "isSorted", "Whether no element is less than the one before",
      ordered.map { Overload(member: true, [.list($0)], .bool) },
      .unary {
        guard case .list(let elements) = $0 else { return nil }
        for (before, after) in zip(elements, elements.dropFirst()) {
          guard case .some(.some(let order)) = Value.compare(before, after) else { return .failure(noOrder) }
          if order == .more { return .bool(false) }
        }
        return .bool(true)
      }),
    Function(
      "sum", "The elements added up, 0 for none", summed.map { Overload(member: true, [.list($0)], $0) },
      .unary {
        guard case .list(let elements) = $0,
          case .binary(let add) = StandardLibrary.functions["_+_"]?.body(arguments: 2)
        else { return nil }
        guard var total = elements.first else { return .int(0) }
        for element in elements.dropFirst() {
          guard element.isNumber || element.typeName == CELType.duration.runtimeName else { return nil }
          guard let next = add(total, element) else { return nil }
          if next.isFailure { return next }
          total = next
        }
        return total
      }),
    Function(
      "min", "The least element", ordered.map { Overload(member: true, [.list($0)], $0) },
      .unary { extreme($0, .less) }),
    Function(
      "max", "The greatest element", ordered.map { Overload(member: true, [.list($0)], $0) },
      .unary { extreme($0, .more) }),
  ]

  private static let noOrder = "the elements have no common order"

  @Sendable private static func extreme(_ list: Value, _ wanted: Value.Order) -> Value? {
    guard case .list(let elements) = list else { return nil }
    guard var best = elements.first else { return .failure("the list is empty") }
    for element in elements {
      guard case .some(.some(let order)) = Value.compare(element, best) else { return .failure(noOrder) }
      if order == wanted { best = element }
    }
    return best
  }
}
