/// Lists as sets (the sets extension of cel-go).
enum SetLibrary {
  static let functions: [Function] = [
    relation("sets.contains", "Whether the first has all elements of the second") { contains($0, $1) },
    relation("sets.equivalent", "Whether both have the same elements") { contains($0, $1) && contains($1, $0) },
    relation("sets.intersects", "Whether they have an element in common") { a, b in
      let first = set(a)
      return b.contains { first.contains(HashedValue($0)) }
    },
  ]

  private static func relation(
    _ name: String, _ summary: String, _ body: @escaping @Sendable ([Value], [Value]) -> Bool
  )
    -> Function
  {
    Function(
      name, summary, [Overload([listOfA, listOfA], .bool)],
      .binary {
        if case .list(let a) = $0, case .list(let b) = $1 { return .bool(body(a, b)) }
        return nil
      })
  }

  private static func contains(_ whole: [Value], _ part: [Value]) -> Bool {
    let whole = set(whole)
    return part.allSatisfy { whole.contains(HashedValue($0)) }
  }

  private static func set(_ elements: [Value]) -> Set<HashedValue> {
    Set(elements.lazy.filter { !$0.holdsNaN }.map { HashedValue($0) })
  }
}
