import Base
import Documents
import Expressions

/// Counts outcomes, and prints each test that fails or is skipped.
struct Report {
  private var passed = 0
  private var failed = 0
  private var skipped = 0

  var hasFailures: Bool { failed > 0 }

  var summary: String {
    "\(passed) passed, \(failed) failed" + (skipped > 0 ? ", \(skipped) skipped" : "")
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
    case .skipped(let reason):
      skipped += 1
      print("SKIP \(test.id): \(reason)")
    case .failed(let expected, let actual):
      failed += 1
      print("FAIL \(test.id)\n  expression: \(test.expression)\n  expected:   \(expected)\n  actual:     \(actual)")
    }
  }
}
