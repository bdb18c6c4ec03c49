import Base
import Expressions
import Testing

struct CheckerTests {
  @Test(arguments: [
    ("identity.ownr", "1:10: `Identity` has no field `ownr` (did you mean `owner`?)"),
    ("identty.handle", "1:1: there is no variable `identty` (did you mean `identity`?)"),
    ("identity.handle.startWith('x')", "1:17: there is no function `startWith` (did you mean `startsWith`?)"),
    ("math.absolute(1)", "1:6: `math` has no function `absolute` (known: "),
    ("identity.uses == '3'", "1:15: an int never equals a string"),
    ("identity.expires > '2026-01-01'", "1:18: `>` does not take a timestamp and a string (write `timestamp('…')`)"),
    ("identity.uses && true", "1:1: this is an int, not a bool (compare it: `identity.uses > 0`)"),
    (
      "has(identity['x'])",
      "1:5: has() takes a field such as `x.field`, not an index (write `'x' in identity` or `has(identity.x)`)"
    ),
    (
      "identity.?owner.team == 'x'",
      "1:22: an optional_type(string) never equals a string (give a default with `.orValue(…)`)"
    ),
    (
      "identity.handle.startsWith(1)",
      "1:17: `startsWith` does not take (int) on a string (it is `string.startsWith(string)`)"
    ),
    ("a b", "1:3: unexpected `b` after the expression"),
    ("identity.enabled and true", "1:18: unexpected `and` after the expression (write `&&`)"),
    ("'abc", "1:1: the string does not end"),
    ("1 +", "1:4: the expression ends where a value should be"),
    ("identity.enabled = true", "1:18: unexpected character `=` (write `==` to compare)"),
    ("[1, 2", "1:6: the expression ends where `,` or `]` should be"),
    (
      "'\\d+'",
      "1:2: unknown escape `\\d` (write `\\\\` for a backslash, or a raw string r'…' for a regular expression)"
    ),
    ("identity.environments.exists(e.x, true)", "1:30: exists() declares a variable here"),
    ("identity.environments.exists(e)", "1:23: `exists` is not called like this (write `list.exists(x, condition)`)"),
    ("identity.uses.exists(e, true)", "1:1: `exists` walks a list or a map, this is an int"),
    ("true ? 1 : 'x'", "1:6: the two sides of the conditional differ: int and string"),
    ("99999999999999999999", "1:1: the number does not fit in 64 bits"),
    ("Identity{handle: 'x'}", "1:1: there is no type `Identity` to make values of"),
    ("'a'\n  + 1", "2:3: `+` does not take a string and an int"),
    ("'äöü' + nix", "1:9: there is no variable `nix`"),
    ("", "1:1: the expression is empty"),
    ("identity.handle", "1:1: this is a string, it must be a bool (compare it: `identity.handle != ''`)"),
  ])
  func pointsAndTeaches(text: String, expected: String) {
    let error = #expect(throws: ExpressionError.self) { try testEnvironment.compile(text, expecting: .bool) }
    #expect(error?.description.hasPrefix(expected) == true, "\(error?.description ?? "")")
  }

  @Test func tellsAllProblemsAtOnce() {
    let error = #expect(throws: ExpressionError.self) { try testEnvironment.compile("identity.a && identity.b || c") }
    #expect(error?.problems.map(\.column) == [10, 24, 29])
  }

  @Test(arguments: [
    ("[tuple(1, 2u), tuple(dyn(1), dyn(2u))][0]", "tuple(dyn, dyn)"), ("{'abc': 123}", "map(string, int)"),
    ("[optional.of(1), optional.none()]", "list(optional_type(int))"), ("[1, 'x']", "list(dyn)"),
    ("identity.environments.map(e, e.size())", "list(int)"), ("identity.owner.team", "string"),
    ("identity.?owner.team", "optional_type(string)"), ("now - now", "duration"),
    ("{'a': 1}.transformMap(k, v, string(v))", "map(string, string)"), ("[] + [1]", "list(int)"),
    ("('foo' + 'bar').startsWith('foo')", "bool"), ("[[]].map(x, x)[0]", "list(dyn)"),
  ])
  func deducesTypes(text: String, expected: String) throws {
    let tuple = Function(
      "tuple", "", [.init([.parameter("T"), .parameter("U")], .opaque("tuple", [.parameter("T"), .parameter("U")]))])
    let environment = Environment(
      types: Array(testEnvironment.types.values), variables: testEnvironment.variables, functions: [tuple])
    #expect(try environment.compile(text).type.description == expected)
  }

  @Test func boundsDepth() throws {
    for text in [
      String(repeating: "(", count: 100_000), String(repeating: "[", count: 5000), String(repeating: "!", count: 5000),
      String(repeating: "-", count: 5000) + "1", String(repeating: "a.", count: 5000) + "b",
      Array(repeating: "1", count: 5000).joined(separator: "+"), String(repeating: "true ? ", count: 5000),
      String(repeating: "{1:", count: 5000), String(repeating: "f(", count: 5000),
      String(repeating: "[0].map(x, ", count: 5000),
    ] {
      #expect(throws: ExpressionError.self) { try testEnvironment.compile(text) }
    }
    let flat = Array(repeating: "identity.enabled", count: 3000).joined(separator: " && ")
    #expect(try evaluate(flat).literalText == "true")
    let nested = String(repeating: "(1 + ", count: 190) + "1" + String(repeating: ")", count: 190)
    #expect(try evaluate(nested).literalText == "191")
    #expect(try evaluate(Array(repeating: "identity.uses", count: 390).joined(separator: "+")).literalText == "0")
    let folds = String(repeating: "[0].map(x, ", count: 150) + "1" + String(repeating: ")", count: 150)
    #expect(try evaluate("size(\(folds))").literalText == "1")
  }
}

struct LinterTests {
  @Test(arguments: [
    ("identity.enabled || 1 == 1", ["1:21: this is always true"]),
    (
      "'a'.matches('(') || identity.enabled",
      ["1:5: this always fails: the regular expression is refused: missing ): ("]
    ),
    ("age(now) > duration('3x')", ["1:12: this always fails: \"3x\" is not a duration"]),
    ("identity.uses == identity.uses", ["1:1: both sides of `==` are the same"]),
    (
      "identity.enabled && now < now && identity.enabled",
      ["1:21: both sides of `<` are the same: this is never true"]
    ),
    ("identity.environments.exists(e, true)", ["1:33: this is always true"]),
    ("params.strict || identity.enabled", []), ("!false ? identity.enabled : false", ["1:1: this is always true"]),
    ("params.zero != 1 / params.zero", ["1:18: this always fails: division by zero"]),
    ("math.abs(identity.uses) > math.abs(-3)", []), ("identity.uses > 1 + 2", []),
  ])
  func findsWhatCannotBeMeant(text: String, expected: [String]) throws {
    let environment = testEnvironment.adding(constant: "params.strict", .bool(true), .bool)
      .adding(constant: "params.zero", .int(0), .int)
    let found = try environment.compile(text, expecting: .bool).warnings().map(\.description)
    #expect(found.count == expected.count && zip(found, expected).allSatisfy { $0.hasPrefix($1) }, "\(found)")
  }

  @Test func knowsTheTextsOfAField() {
    let shape = ObjectType(
      "Thing",
      fields: [.init("kind", .string, "", values: ["role", "user"]), .init("tags", .list(.string), "", values: ["a"])])
    let environment = Environment(types: [shape], variables: [.init("thing", .object("Thing"))])
    for (text, expected) in [
      ("thing.kind == 'rol'", "1:15: `kind` is never \"rol\" (did you mean `role`?)"),
      ("thing.kind in ['role', 'usr']", "1:24: `kind` is never \"usr\" (did you mean `user`?)"),
      ("'b' in thing.tags", "1:1: `tags` is never \"b\" (did you mean `a`?)"),
    ] {
      let error = #expect(throws: ExpressionError.self) { try environment.compile(text) }
      #expect(error?.description == expected)
    }
    #expect(throws: Never.self) { try environment.compile("thing.kind != 'role' && thing.kind + 'x' == 'userx'") }
  }

  @Test func documentsFunctions() {
    let references = testEnvironment.functionReferences
    #expect(references.contains { $0.name == "startsWith" && $0.signatures == ["string.startsWith(string) -> bool"] })
    #expect(references.allSatisfy { !$0.summary.isEmpty && !$0.signatures.isEmpty })
  }

  @Test func addsOverloadsOfTheHostToStandardOnes() throws {
    let twice = Function(
      "size", "", [.init([.int], .int)], .unary { if case .int(let n) = $0 { .int(2 * n) } else { nil } })
    let environment = Environment(variables: [], functions: [twice])
    let evaluation = Evaluation(environment)
    #expect(try environment.compile("size(4) + size('abc') + [1].size()").evaluate(evaluation).literalText == "12")
  }
}
