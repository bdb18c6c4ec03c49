/// What the parser knows and no table of functions has.
struct MacroDocumentation: Sendable {
  let name: String
  let kind: CallDocumentation.Kind
  let group: String
  let summary: String
  let signature: String
  let example: String
  /// Of which types it is called: `list`, `map`, `optional`; empty where it stands alone.
  let targets: Set<String>

  init(
    _ name: String, _ summary: String, _ signature: String, _ example: String, on targets: Set<String> = [],
    kind: CallDocumentation.Kind = .macro
  ) {
    self.name = name
    self.kind = kind
    group = kind == .macro ? "macros" : "operators"
    self.summary = summary
    self.signature = signature
    self.example = example
    self.targets = targets
  }
}

extension CallDocumentation {
  private static let both: Set<String> = ["list", "map"]

  static let macros: [MacroDocumentation] = [
    MacroDocumentation(
      "has", "Whether a field that may be absent is there", "has(x.field) → bool", "has({'owner': 'ana'}.owner)"),
    MacroDocumentation(
      "all", "Whether the condition holds for every element, or every key of a map", "list.all(x, condition) → bool",
      "[1, 2, 3].all(n, n > 0)", on: both),
    MacroDocumentation(
      "exists", "Whether the condition holds for at least one element or key", "list.exists(x, condition) → bool",
      "['dev', 'prod'].exists(e, e == 'prod')", on: both),
    MacroDocumentation(
      "exists_one", "Whether the condition holds for exactly one element or key; also written existsOne",
      "list.exists_one(x, condition) → bool", "[1, 2, 3].exists_one(n, n > 2)", on: both),
    MacroDocumentation(
      "filter", "The elements, or keys of a map, for which the condition holds", "list.filter(x, condition) → list",
      "[1, 2, 3].filter(n, n > 1)", on: both),
    MacroDocumentation(
      "map", "The value for each element or key; with three arguments only of those for which the condition holds",
      "list.map(x, value) → list, list.map(x, condition, value) → list", "[1, 2, 3].map(n, n * n)", on: both),
    MacroDocumentation(
      "sortBy", "The elements in the order of what is computed of each", "list.sortBy(x, key) → list",
      "['ccc', 'a', 'bb'].sortBy(s, size(s))", on: ["list"]),
    MacroDocumentation(
      "transformList", "The value for each index and element, or key and value; a condition may stand before it",
      "list.transformList(i, x, value) → list", "['a', 'b'].transformList(i, s, string(i) + s)", on: both),
    MacroDocumentation(
      "transformMap", "The same keys with other values; a condition may stand before the value",
      "map.transformMap(k, v, value) → map", "{'a': 1}.transformMap(k, v, v + 1)", on: both),
    MacroDocumentation(
      "transformMapEntry", "Another map, from an entry for each key and value",
      "map.transformMapEntry(k, v, {key: value}) → map", "{'a': 1}.transformMapEntry(k, v, {v: k})", on: both),
    MacroDocumentation(
      "optMap", "What is computed of its value, none where it has none", "optional.optMap(x, value) → optional",
      "optional.of(2).optMap(n, n * 2).orValue(0)", on: ["optional"]),
    MacroDocumentation(
      "optFlatMap", "The optional that is computed of its value, none where it has none",
      "optional.optFlatMap(x, optional) → optional", "optional.of([7]).optFlatMap(l, l[?0]).orValue(0)",
      on: ["optional"]),
    MacroDocumentation(
      "cel.bind", "The result, in which the name stands for the value", "cel.bind(x, value, result)",
      "cel.bind(n, 2 + 3, n * n)"),
    MacroDocumentation(
      "&&", "Whether both hold; an unknown or failing side does not matter where the other is false",
      "bool && bool → bool", "1 < 2 && 2 < 3", kind: .operator),
    MacroDocumentation(
      "||", "Whether one holds; an unknown or failing side does not matter where the other is true",
      "bool || bool → bool", "1 > 2 || 2 < 3", kind: .operator),
    MacroDocumentation(
      "? :", "The first value where the condition holds, else the second", "bool ? A : A → A", "1 < 2 ? 'yes' : 'no'",
      kind: .operator),
    MacroDocumentation(
      ".?", "A field as an optional: none where it is absent", "x.?field → optional", "{'a': 1}.?b.orValue(0)",
      kind: .operator),
    MacroDocumentation(
      "[ ]", "An element by its place from 0, or a value by its key; `[?…]` gives an optional",
      "list[int] → A, map[A] → B",
      "['a', 'b'][1]", kind: .operator),
  ]
}
