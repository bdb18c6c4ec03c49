extension Syntax {
  /// The nodes directly below, in the order of the text.
  static func children(of kind: Kind) -> [ID] {
    switch kind {
    case .constant, .name, .message: []
    case .select(let operand, _, _), .has(let operand, _, _): [operand]
    case .call(_, let target, let arguments): target.map { [$0] + arguments } ?? arguments
    case .index(let operand, let key, _): [operand, key]
    case .and(let parts), .or(let parts): parts
    case .conditional(let condition, let yes, let no): [condition, yes, no]
    case .list(let elements): elements.map(\.value)
    case .map(let entries): entries.flatMap { [$0.key, $0.value] }
    case .fold(let fold): [fold.range] + (fold.condition.map { [$0] } ?? []) + [fold.body]
    case .bind(_, let value, let body): [value, body]
    case .optionalMap(let target, _, let body, _): [target, body]
    }
  }
}
