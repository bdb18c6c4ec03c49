/// An expression's tree: nodes in one array, children before parents.
struct Syntax: Sendable {
  typealias ID = Int32

  struct Node: Sendable {
    let kind: Kind
    /// The whole text of the node.
    let range: SourceRange
    /// What to point at: the operator, the field, the function's name.
    let mark: SourceRange
    /// 1 for a leaf.
    let depth: Int32
  }

  enum Kind: Sendable {
    case constant(Value)
    /// With a leading dot where the text has one.
    case name(String)
    case select(ID, String, isOptional: Bool)
    /// `has(operand.field)`
    case has(ID, String, isOptional: Bool)
    /// Operators go by the names of the specification: `_+_`.
    case call(String, target: ID?, arguments: [ID])
    case index(ID, ID, isOptional: Bool)
    case and([ID])
    case or([ID])
    case conditional(ID, ID, ID)
    case list([Element])
    case map([Entry])
    case message(String)
    case fold(Fold)
    /// `cel.bind(name, value, body)`
    case bind(String, ID, ID)
    /// `target.optMap(name, body)` and `optFlatMap`
    case optionalMap(ID, String, ID, isFlat: Bool)
  }

  struct Element: Sendable {
    let value: ID
    let isOptional: Bool
  }

  struct Entry: Sendable {
    let key: ID
    let value: ID
    let isOptional: Bool
  }

  /// A macro that walks a list or a map.
  struct Fold: Sendable {
    enum Kind: String, Sendable {
      case all, exists, existsOne, filter, map, transformList, transformMap, transformMapEntry, sortBy
    }

    let kind: Kind
    let range: ID
    let variable: String
    /// In the two-variable forms the value or element; `variable` is the key or index.
    let second: String?
    /// What decides whether an element takes part; for `all`, `exists`, `existsOne`, `filter` it is `body`.
    let condition: ID?
    let body: ID
  }

  var nodes: [Node] = []
  /// What is wrong and did not keep the rest from being read.
  var problems: [SyntaxError] = []
  var root: ID = 0

  subscript(id: ID) -> Node { nodes[Int(id)] }

  /// The dotted name that the node spells, as `a.b.c` or `.a`.
  func qualifiedName(_ id: ID) -> String? {
    switch self[id].kind {
    case .name(let name): name
    case .select(let operand, let field, isOptional: false): qualifiedName(operand).map { "\($0).\(field)" }
    default: nil
    }
  }
}
