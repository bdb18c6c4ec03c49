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
