import Base
import Documents
import Expressions

/// Counts outcomes and prints failures as they come.
struct Report {
  private var passed = 0
  private var failed = 0
  private var skipped: [String: Int] = [:]

  var hasFailures: Bool { failed > 0 }

  var summary: String {
    var line = "\(passed) passed, \(failed) failed"
    if !skipped.isEmpty {
      let reasons = skipped.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
      line += ", \(skipped.values.reduce(0, +)) skipped (\(reasons))"
    }
    return line
  }

  mutating func run(_ path: String) {
    do throws(FileError) {
      let (document, problems) = Document.json(try FileSystem.read(path), path: path)
      guard let tests = document?.root["tests"] else {
        print(problems.first?.description ?? "\(path): no `tests` in it")
        failed += 1
        return
      }
      for test in tests.elements { run(ConformanceTest(test)) }
    } catch {
      print(error)
      failed += 1
    }
  }

  private mutating func run(_ test: ConformanceTest) {
    switch test.run() {
    case .passed: passed += 1
    case .skipped(let reason): skipped[reason, default: 0] += 1
    case .failed(let expected, let actual):
      failed += 1
      print("FAIL \(test.id)\n  expression: \(test.expression)\n  expected:   \(expected)\n  actual:     \(actual)")
    }
  }
}
