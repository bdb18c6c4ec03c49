import Base
import Documents
import TestSupport
import Testing

@testable import Expressions

/// A tree as text that tells all but places: what printing and reading again must keep.
extension Syntax {
  func shape(_ id: ID) -> String {
    let children = Syntax.children(of: self[id].kind).map(shape).joined(separator: " ")
    return "(\(head(id)) \(children))"
  }

  private func head(_ id: ID) -> String {
    switch self[id].kind {
    case .constant(.double(let value)): "double \(value.bitPattern)"
    case .constant(.string(let text)): "string \(Array(text.utf8))"
    case .constant(.bytes(let bytes)): "bytes \(bytes)"
    case .constant(let value): "\(value.typeName) \(value.literalText)"
    case .name(let name): "name \(name)"
    case .select(_, let field, let isOptional): "select \(field) \(isOptional)"
    case .has(_, let field, let isOptional): "has \(field) \(isOptional)"
    case .call(let name, let target, _): "call \(name) \(target != nil)"
    case .index(_, _, let isOptional): "index \(isOptional)"
    case .and: "and"
    case .or: "or"
    case .conditional: "conditional"
    case .list(let elements): "list \(elements.map(\.isOptional))"
    case .map(let entries): "map \(entries.map(\.isOptional))"
    case .message(let name): "message \(name)"
    case .fold(let fold): "\(fold.kind) \(fold.variable) \(fold.second ?? "") \(fold.condition != nil)"
    case .bind(let name, _, _): "bind \(name)"
    case .optionalMap(_, let name, _, let isFlat): "optionalMap \(name) \(isFlat)"
    }
  }
}

/// Makes random trees, also such as nobody would write.
private struct TreeGenerator {
  var random: FuzzRandom
  var syntax = Syntax()

  private mutating func pick(_ count: Int) -> Int { Int.random(in: 0..<count, using: &random) }
  private mutating func flip() -> Bool { pick(2) == 0 }

  private mutating func add(_ kind: Syntax.Kind) -> Syntax.ID {
    let none = SourceRange(0, 0)
    syntax.nodes.append(Syntax.Node(kind: kind, range: none, mark: none, depth: 1))
    return Syntax.ID(syntax.nodes.count - 1)
  }

  private mutating func name() -> String { ["a", "b1", "_c", "type", "optional"][pick(5)] }
  private mutating func field() -> String {
    ["a", "in", "true", "null", "x-y", "a.b", "p/q", "1", "s t", "for", "has"][pick(11)]
  }

  private mutating func constant() -> Value {
    switch pick(8) {
    case 0: .int([0, 1, -1, 42, .min, .max][pick(6)])
    case 1: .uint([0, 7, .max][pick(3)])
    case 2: .double([0, -0.0, 1.5, -2, 1e300, .leastNonzeroMagnitude, -1e21, 0.1][pick(8)])
    case 3: .bool(flip())
    case 4: .null
    case 5: .bytes((0..<pick(6)).map { _ in UInt8.random(in: 0...255, using: &random) })
    default:
      .string(
        (0..<pick(6)).map { _ in ["a", "'", "\"", "\\", "\n", "\r", "\t", "\u{0}", "\u{7F}", "é", "😀", "`"][pick(12)] }
          .joined())
    }
  }

  mutating func tree(_ depth: Int) -> Syntax.ID {
    if depth <= 0 { return flip() ? add(.constant(constant())) : add(.name((pick(5) == 0 ? "." : "") + name())) }
    let next = depth - 1
    switch pick(17) {
    case 0: return add(.select(tree(next), field(), isOptional: flip()))
    case 1: return add(.has(tree(next), field(), isOptional: flip()))
    case 2:
      let operators = ["_+_", "_-_", "_*_", "_/_", "_%_", "_<_", "_<=_", "_>_", "_>=_", "_==_", "_!=_", "@in"]
      let name = operators[pick(operators.count)]
      return add(.call(name, target: nil, arguments: [tree(next), tree(next)]))
    case 3, 4: return add(.call(flip() ? "!_" : "-_", target: nil, arguments: [tree(next)]))
    case 5: return add(.call((flip() ? "." : "") + "f", target: nil, arguments: trees(pick(3), next)))
    case 6: return add(.call("g", target: tree(next), arguments: trees(pick(3), next)))
    case 7: return add(.index(tree(next), tree(next), isOptional: flip()))
    case 8: return add(.and(trees(2 + pick(2), next)))
    case 9: return add(.or(trees(2 + pick(2), next)))
    case 10: return add(.conditional(tree(next), tree(next), tree(next)))
    case 11: return add(.list(trees(pick(4), next).map { .init(value: $0, isOptional: flip()) }))
    case 12:
      return add(.map(trees(pick(3), next).map { .init(key: $0, value: tree(next), isOptional: flip()) }))
    case 13: return add(.message("a.B"))
    case 14: return fold(next)
    case 15: return bind(next)
    default: return add(.optionalMap(tree(next), name(), tree(next), isFlat: flip()))
    }
  }

  private mutating func trees(_ count: Int, _ depth: Int) -> [Syntax.ID] { (0..<count).map { _ in tree(depth) } }

  private mutating func fold(_ depth: Int) -> Syntax.ID {
    let one: [Syntax.Fold.Kind] = [.all, .exists, .existsOne, .filter, .map, .sortBy]
    let two: [Syntax.Fold.Kind] = [.all, .exists, .existsOne, .transformList, .transformMap, .transformMapEntry]
    let isTwo = flip()
    let kind = isTwo ? two[pick(6)] : one[pick(6)]
    let mayFilter = kind == .map || [.transformList, .transformMap, .transformMapEntry].contains(kind)
    return add(
      .fold(
        .init(
          kind: kind, range: tree(depth), variable: flip() ? "x" : "@iterVar:0:1", second: isTwo ? "y" : nil,
          condition: mayFilter && flip() ? tree(depth) : nil, body: tree(depth))))
  }

  private mutating func bind(_ depth: Int) -> Syntax.ID {
    if flip() { return add(.bind(name(), tree(depth), tree(depth))) }
    let values = trees(1 + pick(3), depth)
    var body = flip() ? add(.name("@index:0")) : tree(depth)
    for (number, value) in values.enumerated().reversed() { body = add(.bind("@index:\(number)", value, body)) }
    return body
  }
}

struct PrintingTests {
  @Test(arguments: 0..<8) func readsRandomTreesBack(seed: UInt64) throws {
    var generator = TreeGenerator(random: FuzzRandom(state: seed &+ 4000))
    for round in 0..<120 {
      generator.syntax = Syntax()
      let root = generator.tree(round % 5)
      let text = generator.syntax.text(root)
      let read = try Parser.parse(Source(text))
      try #require(read.shape(read.root) == generator.syntax.shape(root), "\(text)")
    }
  }

  /// The text of the tree of an expression, after a look that it is the same tree.
  private func printed(_ text: String, macros: Bool = true) throws -> String? {
    let options = ParseOptions(hasMacros: macros)
    guard let first = try? Parser.parse(Source(text), options: options) else { return nil }
    let printed = first.text(first.root)
    let second = try Parser.parse(Source(printed), options: options)
    #expect(first.shape(first.root) == second.shape(second.root), "\(text)\n\(printed)")
    #expect(second.text(second.root) == printed)
    return printed
  }

  @Test(arguments: [
    ("a   &&\n // why\n ( b )", "a && b"), ("((a || b)) && c", "(a || b) && c"), ("a - (b - c)", "a - (b - c)"),
    ("(a - b) - c", "a - b - c"), ("-(5)", "-(5)"), ("- 5", "-5"), ("-(5).f()", "-(5.f())"), ("!(a in b)", "!(a in b)"),
    ("\"it's\\x41\"", "'it\\'sA'"), ("r'\\d'", "'\\\\d'"), ("0x1F + 1u + 1e2", "31 + 1u + 100.0"),
    ("(a ? b : c) ? d : (e ? f : g)", "(a ? b : c) ? d : e ? f : g"), ("b'\\x00a'", "b'\\x00a'"),
    ("x.`a-b`.`plain`", "x.`a-b`.plain"), ("[1,].exists_one(x,x>0)", "[1].existsOne(x, x > 0)"),
    ("cel.block([1, cel.index(0)], cel.index(1))", "cel.block([1, cel.index(0)], cel.index(1))"),
    ("(1).f(( 2 ))", "1.f(2)"),
  ])
  func printsTheShortForm(text: String, expected: String) throws { #expect(try printed(text) == expected) }

  @Test(.enabled(if: !ConformanceTests.files.isEmpty, "the shared conformance tests are not here: set MUSTER_SHARED"))
  func readsOfficialExpressionsBack() throws {
    var count = 0
    for text in try ConformanceTests.expressions() where try printed(text) != nil {
      _ = try printed(text, macros: false)
      count += 1
    }
    #expect(count > 1200)
  }

  /// Every text in `policies/` that reads as more than a name: conditions, and titles that happen to.
  @Test func readsPoliciesBack() throws {
    var count = 0
    for file in try PackageFolder.files(below: "policies", suffix: ".yaml") {
      let (document, _) = Document.yaml(try FileSystem.read(PackageFolder.path(file)), path: file)
      for text in try #require(document).root.texts where text.contains(".") {
        if try printed(text) != nil { count += 1 }
      }
    }
    #expect(count > 60, "\(count)")
  }
}

extension Node {
  /// Every text in it.
  fileprivate var texts: [String] {
    switch kind {
    case .sequence: elements.flatMap(\.texts)
    case .mapping: members.flatMap { $0.value.texts }
    default: text.map { [$0] } ?? []
    }
  }
}
