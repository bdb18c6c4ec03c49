import Base
import Model
import Testing

@testable import Policies

struct PolicyFuzzTests {
  /// Mutates the built-in policies for `MUSTER_FUZZ_SECONDS` (one second by default): nothing may crash, and each problem has a place
  /// in the file.
  @Test func survivesAnyBytes() {
    var random = SystemRandomNumberGenerator()
    let seeds = PolicyLibrary.files
    let clock = ContinuousClock()
    let end = clock.now + .seconds(fuzzSeconds)
    var runs = 0
    while clock.now < end {
      var bytes = seeds[Int.random(in: 0..<seeds.count, using: &random)].bytes
      for _ in 0..<Int.random(in: 1...12, using: &random) { mutate(&bytes, &random) }
      let file = SourceFile(path: "policies/x.yaml", bytes: bytes)
      let (policies, diagnostics) = Policy.load(builtIn: false, [file])
      var compiler = PolicyCompiler()
      for policy in policies { _ = compiler.compile(policy)?.runExamples(among: policies) }
      #expect((diagnostics + compiler.diagnostics).allSatisfy { $0.location.path == "policies/x.yaml" })
      runs += 1
    }
    #expect(runs > 0)
  }

  private func mutate(_ bytes: inout [UInt8], _ random: inout SystemRandomNumberGenerator) {
    guard !bytes.isEmpty else { return }
    let at = Int.random(in: 0..<bytes.count, using: &random)
    switch Int.random(in: 0..<4, using: &random) {
    case 0: bytes[at] = UInt8.random(in: 0...255, using: &random)
    case 1: bytes.remove(at: at)
    case 2: bytes.insert(contentsOf: Array("{}[]()'\":?!.,\n -".utf8.shuffled(using: &random).prefix(3)), at: at)
    default:
      let end = min(bytes.count, at + Int.random(in: 1...40, using: &random))
      bytes.insert(contentsOf: bytes[at..<end], at: Int.random(in: 0..<bytes.count, using: &random))
    }
  }
}
