/// Lists as sets (the sets extension of cel-go).
enum SetLibrary {
  static let functions: [Function] = [
    relation("sets.contains", "Whether the first has all elements of the second") { contains($0, $1) },
    relation("sets.equivalent", "Whether both have the same elements") { contains($0, $1) && contains($1, $0) },
    relation("sets.intersects", "Whether they have an element in common") { a, b in
      let (keys, rest) = lookup(a)
      return b.contains { isIn($0, keys, rest) }
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
    let (keys, rest) = lookup(whole)
    return part.allSatisfy { isIn($0, keys, rest) }
  }

  /// What can be a key is looked up by hash; only the rest is compared one by one.
  private static func lookup(_ elements: [Value]) -> (Set<MapValue.Key>, [Value]) {
    var (keys, rest): (Set<MapValue.Key>, [Value]) = ([], [])
    for element in elements {
      if let key = MapValue.key(element) { keys.insert(key) } else { rest.append(element) }
    }
    return (keys, rest)
  }

  private static func isIn(_ element: Value, _ keys: Set<MapValue.Key>, _ rest: [Value]) -> Bool {
    MapValue.key(element).map(keys.contains) ?? rest.contains { $0.isEqual(to: element) }
  }
}
