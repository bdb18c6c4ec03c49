import Expressions
private import Glibc
import Testing

/// SplitMix64: the same texts in every run.
struct FuzzRandom: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// With `MUSTER_FUZZ_SECONDS` each test goes on with further texts until that time, shared among its eight seeds, is over.
struct FuzzTests {
  private let end = ContinuousClock.now.advanced(
    by: .seconds((getenv("MUSTER_FUZZ_SECONDS").flatMap { Double(String(cString: $0)) } ?? 0) / 8))

  /// Whatever the bytes: an error or a program, and a value of the program.
  @Test(arguments: 0..<8) func survivesRandomBytes(seed: UInt64) {
    var random = FuzzRandom(state: seed)
    let evaluation = Evaluation(testEnvironment)
    evaluation[0] = .object(TestIdentity("x"))
    evaluation.costLimit = 20_000
    repeat {
      for _ in 0..<500 {
        let bytes = (0..<Int.random(in: 0..<60, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
        run(String(decoding: bytes, as: UTF8.self), evaluation)
      }
    } while ContinuousClock.now < end
  }

  @Test(arguments: 0..<8) func survivesRandomTokens(seed: UInt64) {
    let tokens = [
      "identity", ".", "handle", "uses", "(", ")", "[", "]", "{", "}", ",", ":", "?", "1", "2.5", "3u", "'a'", "b'x'",
      "==",
      "&&", "||", "!", "-", "+", "*", "/", "%", "<", "in", "x", "map", "exists", "all", "filter", "has", "null", "true",
      "9223372036854775807", "size", "optional.of", "now", "duration('1h')", "matches", "format", "[1,2,3].map(x,x)",
      "'%d'.format([1])", "replace", "split", "`", "'''", "\\", "cel.bind(", "-9223372036854775808", "type", "dyn(",
      ".?", "[?",
    ]
    var random = FuzzRandom(state: seed &+ 1000)
    let evaluation = Evaluation(testEnvironment)
    evaluation[0] = .object(TestIdentity("x"))
    evaluation.costLimit = 20_000
    repeat {
      for _ in 0..<1500 {
        let count = Int.random(in: 1..<14, using: &random)
        run((0..<count).map { _ in tokens.randomElement(using: &random) ?? "" }.joined(), evaluation)
      }
    } while ContinuousClock.now < end
  }

  private func run(_ text: String, _ evaluation: Evaluation) {
    if let program = try? testEnvironment.compile(text) { _ = program.evaluate(evaluation) }
    if let program = try? testEnvironment.compileUnchecked(text) { _ = program.explain(evaluation) }
    if let template = try? testEnvironment.compileTemplate(text) { _ = template.render(evaluation) }
  }
}

/// Expressions that go to the limits, and official ones with a few bytes changed.
struct LimitTests {
  private let evaluation: Evaluation

  init() {
    evaluation = Evaluation(testEnvironment)
    evaluation[0] = .object(TestIdentity("x"))
    evaluation.costLimit = 20_000
  }

  private func survives(_ text: String) -> Bool {
    if let program = try? testEnvironment.compile(text) {
      _ = program.evaluate(evaluation)
      _ = program.warnings
    }
    if let program = try? testEnvironment.compileUnchecked(text) { _ = program.explain(evaluation) }
    return true
  }

  /// Each is far deeper or longer than a stack, and an error with a place or a value.
  @Test(arguments: [1, 100, 199, 200, 201, 399, 400, 401, 10_000, 30_000])
  func survivesDepth(depth: Int) {
    func times(_ text: String) -> String { String(repeating: text, count: depth) }
    let texts = [
      times("(") + "1" + times(")"), times("[") + times("]"), times("{1:") + "1" + times("}"), times("-") + "1",
      times("!") + "true", times("-(") + "1" + times(")"), "1" + times(" + 1"), "true" + times(" && true"),
      "true" + times(" || false && true"), "true ? 1 : " + times("true ? 1 : ") + "2",
      times("true ? ") + "1" + times(" : 2"), "dyn({})" + times(".a"), "dyn({})" + times(".?a"),
      "dyn([])" + times("[0]"),
      "[1]" + times(".map(x, x)"), times("[1].map(x, ") + "1" + times(")"), times("f("), times("a."),
      times("dyn(") + "1" + times(")"),
      "'a'" + times(".replace('a', 'b')"), times("cel.bind(x, 1, ") + "x" + times(")"),
      times("optional.of(") + "1" + times(")"),
      times("'"), times("\""), times("`"), times("\\"), "'" + times("\\x41") + "'", times("9"), "0x" + times("f"),
      times("1.") + "0", "1e" + times("9"), "1." + times("0") + "1", times("a"), "{" + times("'k': 1,") + "}",
      times("//\n") + "1",
      "[" + times("[],") + "]", "[" + times("f(),") + "]", "[" + times("x,") + "]", "[" + times("1,") + "]",
      "has(" + times("has(") + "a.b" + times(")") + ")", "a" + times("{}"),
      times("(a).b(") + times(")"),
    ]
    for text in texts { #expect(survives(text)) }
  }

  /// Work that grows without bound ends at the limit, and soon.
  @Test(arguments: [
    "lists.range(1000).map(a, lists.range(1000).map(b, lists.range(1000).map(c, a * b * c)))",
    "lists.range(300).all(a, lists.range(300).all(b, lists.range(300).all(c, a + b + c >= 0)))",
    "cel.bind(a, 'xxxxxxxxxx', cel.bind(b, a + a + a + a + a, cel.bind(c, b + b + b + b + b + b, c + c + c))) + lists.range(9999).map(i, 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa').join()",
    "lists.range(9000).map(x, string(x)).join().replace('1', lists.range(9000).map(x, string(x)).join()).size() > 0",
    "lists.range(4000).exists(x, lists.range(4000).filter(y, y == x).size() > 1)",
    "lists.range(20000).map(x, lists.range(20000)).flatten().size() > 0", "lists.range(99999999999).size() > 0",
    "'%s'.format([lists.range(20000).map(x, lists.range(20000))]).size() > 0",
    "lists.range(20000).map(x, 'a').join('a').matches('(a*)*(a*)*(a*)*b')",
  ])
  func stopsAtTheLimit(text: String) throws {
    let value = try testEnvironment.compileUnchecked(text).evaluate(evaluation)
    #expect(value.isFailure, "\(text.prefix(60))")
    #expect(value.displayText.utf8.count < 70_000)
  }

  /// Sets of what is no key of a map take as long as sets of what is one; a comparison of each with each would not end.
  @Test(arguments: [
    "[x]", "double(x) + 0.5", "{'k': x}", "duration(string(x) + 's')", "0.0 / 0.0", "[0.0 / 0.0]", "optional.of(x)",
  ])
  func makesSetsOfAnything(element: String) throws {
    let list = "lists.range(30000).map(x, \(element))"
    evaluation.costLimit = 10_000_000
    for text in ["\(list).distinct().size()", "sets.equivalent(\(list), \(list))", "sets.intersects(\(list), [-1])"] {
      #expect(!(try testEnvironment.compileUnchecked(text).evaluate(evaluation)).isFailure)
    }
  }

  @Test(
    .enabled(if: !ConformanceTests.files.isEmpty, "the shared conformance tests are not here: set MUSTER_SHARED"),
    arguments: 0..<4)
  func survivesChangedOfficialExpressions(seed: UInt64) throws {
    let texts = try ConformanceTests.expressions().map { Array($0.utf8) }
    var random = FuzzRandom(state: seed &+ 9000)
    let alphabet = Array("()[]{}.,:?'\"`\\+-*/%&|!<>=0123456789eExXuUbBrRn @\n\u{7F}é".utf8)
    for _ in 0..<2500 {
      guard var bytes = texts.randomElement(using: &random), bytes.count < 2000 else { continue }
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let at = Int.random(in: 0...bytes.count, using: &random)
        switch Int.random(in: 0..<5, using: &random) {
        case 0 where at < bytes.count: bytes.remove(at: at)
        case 1: bytes.insert(alphabet.randomElement(using: &random) ?? 0, at: at)
        case 2 where at < bytes.count: bytes[at] = alphabet.randomElement(using: &random) ?? 0
        case 3 where at < bytes.count: bytes.insert(contentsOf: bytes[at..<min(at + 8, bytes.count)], at: at)
        default:
          let other = texts.randomElement(using: &random) ?? []
          let from = Int.random(in: 0...other.count, using: &random)
          bytes.replaceSubrange(at..., with: other[from...])
        }
      }
      #expect(survives(String(decoding: bytes, as: UTF8.self)))
    }
  }
}
