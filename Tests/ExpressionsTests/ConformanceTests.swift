private import Glibc
import TestSupport
import Testing

/// The official tests, where they are present: run by the program that everyone can run.
struct ConformanceTests {
  static let root = #filePath.split(separator: "/").dropLast(3).map { "/\($0)" }.joined()

  static let files: [String] = {
    let shared = getenv("MUSTER_SHARED").map { String(cString: $0) } ?? "\(root)/../shared"
    return (try? runProgram("ls", ["\(shared)/cel"]))?.output.split(separator: "\n")
      .filter { $0.hasSuffix(".json") }.map { "\(shared)/cel/\($0)" } ?? []
  }()

  @Test(.enabled(if: !files.isEmpty, "the shared conformance tests are not here: set MUSTER_SHARED"), arguments: files)
  func passesOfficialTests(file: String) throws {
    let result = try runProgram("\(Self.root)/.build/debug/cel-conformance", [file])
    #expect(result.status == 0, "\(result.output)")
    #expect(result.output.contains(" 0 failed"))
  }
}
