import Base
import Expressions

/// What every party did with every condition.
struct ExpressionTable {
  struct Row {
    let condition: ExpressionCondition
    /// A `0` or a `1` for each subject.
    let answers: [UInt8]
    let muster, byHand: ExpressionResult
    var rust, python: Result<ExpressionResult, BenchmarkError>?
    /// Who had other answers than Muster.
    var others: [String] = []
  }

  private(set) var rows: [Row] = []
  /// cel-python is given fewer subjects: it takes a thousand times as long as the others.
  let pythonCount: Int

  init(_ subjects: [ExpressionSubject], runs: Int) throws(BenchmarkError) {
    pythonCount = max(10, subjects.count / 100)
    var subjects = subjects
    let objects = subjects.map(\.object)
    for condition in ExpressionCondition.all {
      var answers = [UInt8](repeating: 0, count: objects.count)
      let byHand = try ExpressionTable.byHand(condition, &subjects, runs, &answers)
      let muster = try objects.withUnsafeBufferPointer { (objects) throws(BenchmarkError) in
        try ExpressionTable.muster(condition, objects, runs, &answers)
      }
      rows.append(Row(condition: condition, answers: answers, muster: muster, byHand: byHand))
      if muster.hash != byHand.hash { rows[rows.count - 1].others.append("Swift by hand") }
    }
  }

  private static func muster(
    _ condition: ExpressionCondition, _ objects: UnsafeBufferPointer<Value>, _ runs: Int,
    _ answers: inout [UInt8]
  ) throws(BenchmarkError) -> ExpressionResult {
    let program: Expressions.Program
    do {
      program = try LentObject.environment.compile(condition.text, expecting: .bool)
    } catch {
      throw BenchmarkError(message: "\(condition.text): \(error)")
    }
    let evaluation = Evaluation(LentObject.environment)
    evaluation[1] = .moment(ExpressionSubject.now)
    return try best(runs, &answers) { (subjects, answers) throws(BenchmarkError) in
      guard let objects = objects.baseAddress else { return }
      for at in subjects {
        switch program.test(evaluation, 0, lent: objects + at) {
        case .yes: answers[at] = UInt8(ascii: "1")
        case .no: answers[at] = UInt8(ascii: "0")
        case .unknown, .error: throw BenchmarkError(message: "no answer to \(condition.text)")
        }
      }
    }
  }

  private static func byHand(
    _ condition: ExpressionCondition, _ subjects: inout [ExpressionSubject], _ runs: Int,
    _ answers: inout [UInt8]
  ) throws(BenchmarkError) -> ExpressionResult {
    let test = condition.byHand
    return try best(runs, &answers) { range, answers in
      for at in range {
        answers[at] = test(&subjects[at], ExpressionSubject.now) ? UInt8(ascii: "1") : UInt8(ascii: "0")
      }
    }
  }

  /// Portion by portion, so that the subjects lie in the processor's cache, as they do when many policies look at each; for
  /// each portion the best of some runs, which is what the machine does when nobody else uses it.
  private static func best(
    _ runs: Int, _ answers: inout [UInt8], _ work: (Range<Int>, inout [UInt8]) throws(BenchmarkError) -> Void
  ) throws(BenchmarkError) -> ExpressionResult {
    var total = 0.0
    for start in stride(from: 0, to: answers.count, by: ExpressionSubject.portion) {
      let subjects = start..<min(start + ExpressionSubject.portion, answers.count)
      var seconds = Double.infinity
      for _ in 0..<runs {
        let measured = try Measurement.of { () throws(BenchmarkError) in
          for _ in 0..<ExpressionSubject.passes { try work(subjects, &answers) }
        }
        seconds = min(seconds, measured.processor)
      }
      total += seconds / Double(ExpressionSubject.passes)
    }
    return ExpressionResult(seconds: total / Double(answers.count), hash: SHA256Digest(of: answers).hex)
  }
}

extension ExpressionTable {
  /// `false` where they are not installed.
  mutating func measurePeers(_ subjects: [ExpressionSubject], runs: Int) throws(BenchmarkError) -> Bool {
    guard let python = Program.peers else { return false }
    let scratch = try ScratchFolder()
    try ExpressionPeer.write(subjects, to: scratch)
    let rust = ExpressionPeer(name: "the Rust core", module: "cel", count: subjects.count)
    let other = ExpressionPeer(name: "cel-python", module: "celpy", count: pythonCount)
    try measure(rust, \.rust, python, scratch, runs)
    try measure(other, \.python, python, scratch, runs)
    return true
  }

  private mutating func measure(
    _ peer: ExpressionPeer, _ column: WritableKeyPath<Row, Result<ExpressionResult, BenchmarkError>?>,
    _ python: Program, _ scratch: ScratchFolder, _ runs: Int
  ) throws(BenchmarkError) {
    let results = try peer.run(python, scratch, runs: runs)
    guard results.count == rows.count else { throw BenchmarkError(message: "\(peer.name) did not answer") }
    for (at, result) in results.enumerated() {
      rows[at][keyPath: column] = result
      let own = SHA256Digest(of: Array(rows[at].answers.prefix(peer.count))).hex
      if case .success(let found) = result, found.hash != own { rows[at].others.append(peer.name) }
    }
  }
}

extension ExpressionTable.Row {
  /// How many times as fast as the Rust core.
  var overRust: Double? {
    guard case .success(let found) = rust else { return nil }
    return found.seconds / muster.seconds
  }

  /// How many times as long as by hand.
  var overHand: Double { muster.seconds / byHand.seconds }

  /// In the columns of `ExpressionTable.header`.
  var text: String {
    let agreement = others.isEmpty ? "" : "   NOT AS \(others.joined(separator: ", "))"
    let numbers = [muster.perSecond, byHand.perSecond, rust.perSecond, python.perSecond].map { $0.padded(12) }
    let ratios = [overRust.map { shown($0) } ?? "-", shown(overHand)].map { $0.padded(8) }
    let mark = condition.portable == nil ? " " : "~"
    return (numbers + ratios).joined() + "  \(muster.hash.prefix(16))  \(mark) \(condition.text)\(agreement)"
  }
}

extension ExpressionTable {
  static let header =
    ["Muster/s", "by hand/s", "Rust core/s", "cel-python/s"].map { $0.padded(12) }.joined()
    + ["x Rust", "x hand"].map { $0.padded(8) }.joined() + "  SHA-256             condition"

  /// The worst of all.
  var summary: String {
    let rust = rows.compactMap(\.overRust).min().map { "at least \(shown($0)) x the Rust core, " } ?? ""
    return "\(rust)at most \(shown(rows.map(\.overHand).max() ?? 0)) x the time by hand"
  }
}

extension ExpressionResult {
  fileprivate var perSecond: String { String(Int(1 / seconds)) }
}

extension Result<ExpressionResult, BenchmarkError>? {
  fileprivate var perSecond: String {
    switch self {
    case .success(let result): result.perSecond
    case .failure: "cannot"
    case nil: "-"
    }
  }
}

extension String {
  /// With spaces before it.
  fileprivate func padded(_ width: Int) -> String { String(repeating: " ", count: max(1, width - count)) + self }
}
