import Testing

@testable import Expressions

/// What the linter says of conditions over a few values of each type, and the values to try them with.
private enum Small {
  static let thing = ObjectType(
    "Thing",
    fields: [
      .init("name", .string, "", optional: true), .init("count", .int, "", optional: true),
      .init("kind", .string, "", values: ["role", "user"]),
    ])
  static let environment = Environment(
    types: [thing],
    variables: [
      .init("i", .int), .init("j", .int), .init("s", .string), .init("b", .bool), .init("c", .bool), .init("d", .dyn),
      .init("f", .double), .init("u", .uint), .init("l", .list(.int)), .init("t", .object("Thing")),
    ]
  ).adding(constant: "params.limit", .int(2), .int)

  final class Thing: HostObject {
    let values: [Value]
    init(_ values: [Value]) { self.values = values }
    var type: ObjectType { Small.thing }
    func field(_ index: Int) -> Value { values[index] }
  }

  static func values(_ type: CELType) -> [Value] {
    switch type {
    case .int: [.int(-1), .int(0), .int(1), .int(2), .int(3), .int(4), .unknown("?")]
    case .uint: [.uint(0), .uint(1), .uint(3)]
    case .string: [.string(""), .string("x"), .string("y"), .string("z")]
    case .bool: [.bool(true), .bool(false), .unknown("?")]
    case .double: [.double(0), .double(1.5), .double(2), .double(.nan)]
    case .dyn: [.int(1), .double(2.5), .string("x"), .null, .bool(true), .list([]), .double(.nan), .failure("!")]
    case .list: [.list([]), .list([.int(1)]), .list([.int(1), .int(3)])]
    default:
      [
        .object(Thing([.absent, .absent, .string("role")])), .object(Thing([.string("x"), .int(2), .string("user")])),
        .object(Thing([.absent, .int(3), .string("user")])), .object(Thing([.unknown("?"), .int(0), .string("role")])),
      ]
    }
  }
}

struct ReasoningTests {
  @Test(arguments: [
    ("i > 3 && i > 1", ["10: this adds nothing: `i > 3` already says so (leave it out)"]),
    ("i > 1 && i > 3", ["1: this adds nothing: `i > 3` already says so (leave it out)"]),
    ("s == 'x' || s in ['x', 'y']", ["1: this adds nothing: `s in ['x', 'y']` already covers it (leave it out)"]),
    ("s == 'x' && s == 'y'", ["13: this is never true together with `s == 'x'`"]),
    ("s != 'x' || s != 'y'", ["13: this or `s != 'x'` is always true"]),
    ("b && !b", ["6: this is never true together with `b`"]), ("b || !b", ["6: this or `b` is always true"]),
    ("b && c && b", ["11: this condition stands here twice (leave one out)"]),
    ("i > 3 && i < 4", ["10: this is never true together with `i > 3`"]), ("f > 3.0 && f < 4.0", []),
    ("f < 3.0 || f >= 3.0", []), ("i < 3 || i >= 3", ["10: this or `i < 3` is always true"]),
    ("i < j && j < i", ["10: this is never true together with `i < j`"]),
    ("i <= j && i != j && i < j", ["1: this adds nothing: `i < j` already says so", "11: this adds nothing"]),
    ("size(l) >= 0", ["1: this is always true (a size is 0 or more)"]),
    ("l.size() > 1 && size( l ) > 0", ["17: this adds nothing: `l.size() > 1` already says so"]),
    (
      "s == 'x' ? 1 > i : s == 'y' ? b : s == 'x' ? c : b",
      ["35: this is never true here: an earlier test has taken `s == 'x'`"]
    ),
    ("b ? (b && c) : c", ["6: this is always true here: it only counts where `b` is true"]),
    ("b || (!b && c)", ["7: this is always true here: it only counts where `b` is not true"]),
    ("l.exists(x, x > 3) && l.exists(y, y > 3)", ["23: this adds nothing: `l.exists(x, x > 3)` already says so"]),
    ("l.exists(x, x > 3 && x < 2)", ["22: this is never true together with `x > 3`"]),
    ("i > 3 && l.exists(x, x > 3 && i > 2)", ["31: this is always true here: `i > 3` already says so"]),
    ("has(t.name) && t.name == 'x'", []), ("!has(t.name) && t.name == 'x'", ["17: this is never true together with"]),
    ("!has(t.name) || t.name == 'x'", []), ("d != null && d > 3", []),
    ("t.kind != 'role' && t.kind != 'user'", ["21:"]),
    ("t.kind == 'role' || t.kind == 'user'", ["21: this or `t.kind == 'role'` is always true"]),
    ("i > params.limit && i > 3", []),
    ("i > params.limit && i > params.limit", ["21: this condition stands here twice"]),
    ("params.limit > 5 || b", []), ("u >= 0u", ["1: this is always true (`u` is a whole number from 0 to"]),
    ("!(i > 3 || i <= 3)", ["12: this or `i > 3` is always true"]),
    ("b == true && b", ["14: this adds nothing: `b == true` already"]),
    ("i in [1, 2] && i in [2, 3] && i == 2", ["1: this adds nothing: `i == 2`", "16: this adds nothing: `i == 2`"]),
    ("[i > 3 && i > 1].exists(x, x)", ["11: this adds nothing"]),
    ("(b && c) || (b && !c)", ["19: this adds nothing to the other parts of `&&`, where they count"]),
    ("s.startsWith('é') && s.startsWith('e\u{301}')", []), ("type(d) == int && d > 3", []),
  ])
  func findsIdleParts(text: String, expected: [String]) throws {
    let found = try Small.environment.compile(text, expecting: .bool).warnings().map { $0.description.dropFirst(2) }
    #expect(found.count == expected.count && zip(found, expected).allSatisfy { $0.hasPrefix($1) }, "\(found)")
  }

  @Test(arguments: [
    ("size(l) < 0", "1: this can never be true (a size is 0 or more)"),
    ("b && -1 == l.size()", "6: this can never be true (a size is 0 or more)"),
    ("u < 0u", "1: this can never be true (`u` is a whole number from 0 to"),
    ("i > 9223372036854775807", "1: this can never be true"),
    ("s in []", "1: this can never be true (the list is empty)"),
    ("i < i", "1: this can never be true (both sides of `<` are the same)"),
    ("'a' == 'b' || b", "1: this can never be"),
    ("b && false", "6: this is always false (the other parts of `&&` are never reached)"),
    ("true || b", "1: this is always true (the other parts of `||` are never reached)"),
    ("1 < 2 ? b : c", "13: this is never reached: the test before it is always true"),
    ("s.matches('(')", "11: this always fails: the regular expression is refused"),
    ("l.exists(x, size([x]) < 0)", "13: this can never be true"),
  ])
  func refusesWhatCanNeverBe(text: String, expected: String) throws {
    #expect(throws: Never.self) { try Small.environment.compile(text) }
    let error = #expect(throws: ExpressionError.self) { try Small.environment.refusingMistakes().compile(text) }
    let found = try #require(error).problems.map { $0.description.dropFirst(2) }
    #expect(found.count == 1 && found[0].hasPrefix(expected), "\(found)")
  }

  @Test(arguments: [
    "params.limit > 5", "params.limit == 0 ? b : c", "f != f", "i > params.limit", "false", "b || false", "b && true",
    "size(l) > params.limit", "i >= -9223372036854775808", "t.kind == 'role'", "b == false", "'' <= s",
  ])
  func leavesAloneWhatMayBe(text: String) throws {
    #expect(throws: Never.self) { try Small.environment.refusingMistakes().compile(text) }
  }

  /// None of these may take longer than the rest of the tests.
  @Test func boundsItsWork() throws {
    let tests = (0..<90).reduce("b") { text, _ in "(\(text)) ? i > 1 : c" }
    let parts = (0..<800).map { "i != \($0)" }.joined(separator: " && ")
    let sums = (0..<20).map { "(i > \($0) || j > \($0) || c)" }.joined(separator: " && ")
    let list = (0..<1500).map { "'\($0)'" }.joined(separator: ", ")
    for text in [tests, parts, sums, "s in [\(list)] && s in [\(list)]", "[\(list)].exists(x, x == s)"] {
      let program = try Small.environment.refusingMistakes().compile(text)
      _ = program.warnings()
    }
    var environment = Small.environment.refusingMistakes()
    for number in 1...60 {
      let last = number == 1 ? "b" : "variables.v\(number - 1)"
      environment = try environment.adding(lazy: "variables.v\(number)", "\(last) || !\(last) && c")
    }
    let program = try environment.compile("variables.v60 && variables.v59")
    _ = program.warnings()
    let lines = program.explain(Evaluation(environment)).lines
    #expect(lines.count < 1000)
  }

  /// Whatever it says of a random condition is tried with all values: never a false alarm.
  @Test(arguments: 0..<8) func isRightWithAllValues(seed: UInt64) throws {
    var random = FuzzRandom(state: seed &* 77)
    var findings = 0
    for _ in 0..<250 {
      let text = condition(Int.random(in: 1...4, using: &random), &random)
      let program = try Small.environment.compile(text, expecting: .bool)
      let outcomes = try outcomes(text)
      var reasoner = Reasoner()
      if reasoner.exclude([program.formula]) { #expect(!outcomes.contains(true), "never true: \(text)") }
      if reasoner.imply([], program.formula) { #expect(!outcomes.contains(false), "always true: \(text)") }
      for finding in program.warnings() where !finding.message.contains("always fails") {
        findings += 1
        try check(finding, in: text, outcomes)
      }
    }
    #expect(findings > 50)
  }

  /// The part may be replaced by what it is said to be: where both have an answer, it is the same.
  private func check(_ finding: Problem, in text: String, _ outcomes: [Bool?]) throws {
    let isOr = finding.message.contains("already covers it") || finding.message.contains("of `||`")
    let isFalse = isOr || finding.message.contains("never true") || finding.message.contains("always false")
    let isTwice = finding.message.contains("twice") || finding.message.contains("both sides")
    let bytes = Array(text.utf8)
    func replaced(by word: String) throws -> [Bool?] {
      let (start, end) = (finding.range.start, finding.range.end)
      let other = String(decoding: bytes[..<start] + Array(word.utf8) + bytes[end...], as: UTF8.self)
      return try self.outcomes(other, variablesOf: text)
    }
    let choices =
      try isTwice ? [replaced(by: "true"), replaced(by: "false")] : [replaced(by: isFalse ? "false" : "true")]
    let isRight = choices.contains { zip($0, outcomes).allSatisfy { $0 == nil || $1 == nil || $0 == $1 } }
    #expect(isRight, "\(text)\n\(finding)")
  }

  /// The answers with all values of the variables that the whole text names; with some of them where there are very many.
  private func outcomes(_ text: String, variablesOf whole: String? = nil) throws -> [Bool?] {
    let program = try Small.environment.compile(text, expecting: .bool)
    let evaluation = Evaluation(Small.environment)
    let names = Set((whole ?? text).split { !$0.isLetter })
    let domains = Small.environment.variables.map { variable in
      let values = Small.values(variable.type)
      return names.contains(Substring(variable.name)) ? values : Array(values.prefix(1))
    }
    let count = domains.reduce(1) { $0 * $1.count }
    // 1,009 is prime: no variable stays the same.
    return stride(from: 0, to: count, by: count > 5000 ? 1009 : 1).map { number in
      var rest = number
      for (slot, domain) in domains.enumerated() {
        evaluation[slot] = domain[rest % domain.count]
        rest /= domain.count
      }
      switch program.test(evaluation) {
      case .yes: return true
      case .no: return false
      case .unknown, .error: return nil
      }
    }
  }

  private func condition(_ depth: Int, _ random: inout FuzzRandom) -> String {
    guard depth > 0 else { return atom(&random) }
    let parts = (0..<Int.random(in: 2...3, using: &random)).map { _ in
      condition(Int.random(in: 0..<depth, using: &random), &random)
    }
    switch Int.random(in: 0..<6, using: &random) {
    case 0, 1: return "(" + parts.joined(separator: " && ") + ")"
    case 2, 3: return "(" + parts.joined(separator: " || ") + ")"
    case 4: return "!\(parts[0])"
    default: return "(\(parts[0]) ? \(parts[1]) : \(parts.count > 2 ? parts[2] : "b"))"
    }
  }

  /// Few variables and values, so that atoms meet.
  private func atom(_ random: inout FuzzRandom) -> String {
    func pick(_ choices: [String]) -> String { choices.randomElement(using: &random) ?? "" }
    let order = pick(["==", "!=", "<", "<=", ">", ">="])
    switch Int.random(in: 0..<12, using: &random) {
    case 0...2: return "(i \(order) \(pick(["0", "1", "2", "3"])))"
    case 3: return "(\(pick(["i", "1"])) \(order) j)"
    case 4: return "(s \(pick(["==", "!="])) \(pick(["'x'", "'y'"])))"
    case 5: return "(s in \(pick(["['x']", "['x', 'y']", "['y', 'z']"])))"
    case 6: return pick(["b", "c", "(b == true)", "(c != b)"])
    case 7: return "(f \(order) \(pick(["1.5", "2.0"])))"
    case 8: return pick(["(d == null)", "(d != 1)", "(d > 2)", "(d <= 1.0)", "(d == 'x')", "(d in [1, 'x'])"])
    case 9: return "(u \(order) \(pick(["0u", "1u"])))"
    case 10: return pick(["(size(l) > 0)", "(l.size() == 1)", "l.exists(x, x > 1)", "l.all(y, y > i)", "(1 in l)"])
    default: return pick(["has(t.name)", "(t.name == 'x')", "(t.count > 1)", "has(t.count)", "(t.kind == 'role')"])
    }
  }
}
