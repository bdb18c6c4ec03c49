import Base
import Documents
import TestSupport
import Testing

/// The official tests, where they are present: run by the program that everyone can run.
struct ConformanceTests {
  static let files: [String] = {
    guard let shared = PackageFolder.shared, let all = try? FileSystem.files(at: "\(shared)/cel") else { return [] }
    return all.filter { $0.hasSuffix(".json") }.sorted()
  }()

  /// The expressions of all files.
  static func expressions() throws -> [String] {
    try files.flatMap { file in
      let (document, _) = Document.json(try FileSystem.read(file), path: file)
      return (document?.root["tests"]?.elements ?? []).compactMap { $0["expr"]?.text }
    }
  }

  private func run(_ file: String) throws -> (status: Int32, output: String) {
    let program = try #require(PackageFolder.program("cel-conformance"), "build it first")
    let result = try runProgram(program, [file])
    return (result.status, result.output)
  }

  @Test(.enabled(if: !files.isEmpty, "the shared conformance tests are not here: set MUSTER_SHARED"), arguments: files)
  func passesOfficialTests(file: String) throws {
    let result = try run(file)
    #expect(result.status == 0, "\(result.output)")
    #expect(result.output.contains(" 0 failed"))
  }

  @Test func tellsEachOutcomeApart() throws {
    let folder = try TemporaryFolder()
    let file = "\(folder.path)/tests.json"
    let tests = [
      #"{"id": "a", "expr": "1 + 1", "expect": {"value": {"int": "2"}}, "of": {"the": "future"}}"#,
      #"{"id": "b", "expr": "1 + 1", "expect": {"value": {"int": "3"}}}"#, #"{"id": "c", "expr": "1 == 1"}"#,
      #"{"id": "d", "expr": "1 / 0", "expect": {"error": "divide by zero"}}"#,
      #"{"id": "e", "expr": "1 / 1", "expect": {"error": "divide by zero"}}"#,
      #"{"id": "f", "expr": "x", "expect": {"unknown": [1]}}"#,
      #"{"id": "g", "expr": "1", "expect": {"value": {"any": 1}}}"#,
      #"{"id": "h", "expr": "x", "bindings": {"x": {"message": 1}}}"#, #"{"id": "i", "expr": "1", "proto": "proto3"}"#,
      #"{"id": "j", "expr": "1", "check_only": true, "expect": {"deduced_type": "uint"}}"#, #"{"id": "k"}"#,
    ]
    try FileSystem.write(Array("{\"tests\": [\(tests.joined(separator: ","))]}".utf8), to: file)
    let result = try run(file)
    #expect(result.status == 1)
    #expect(
      result.output == """
        FAIL b
          expression: 1 + 1
          expected:   3
          actual:     2 (int)
        FAIL e
          expression: 1 / 1
          expected:   an error
          actual:     1 (int)
        SKIP f: its expectation is of a kind that is not known here
        SKIP g: its expected value is of a kind that is not known here
        SKIP h: its binding `x` is of a kind that is not known here
        SKIP i: it needs protocol buffers (proto3)
        FAIL j
          expression: 1
          expected:   type uint
          actual:     type int
        SKIP k: it has no expression
        3 passed, 3 failed, 5 skipped

        """)
  }
}
