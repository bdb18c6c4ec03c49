import Base
import Model

/// The report for people, in the manner of a compiler: what is wrong, the line that says it, the evidence under it, what to do.
struct TextReport {
  let result: CheckResult
  let options: ReportOptions
  let pen: Pen
  var lines: SourceLines
  private(set) var out: [UInt8] = []

  static func write(_ result: CheckResult, _ options: ReportOptions) -> [UInt8] {
    var report = TextReport(result: result, options: options)
    report.findings()
    report.others()
    report.diagnostics()
    if options.showsSummary { report.summary() }
    return report.out
  }

  private init(result: CheckResult, options: ReportOptions) {
    self.result = result
    self.options = options
    pen = Pen(isColoured: options.colour)
    lines = SourceLines(options.source)
  }

  /// Every line goes through here: one that begins with `::` would be a command in the log of a GitHub job.
  mutating func print(_ line: String = "") {
    out += (line.drop { $0 == " " }.hasPrefix("::") ? "\\" + line : line).utf8
    out.append(0x0A)
  }

  /// Files in order; inside a file the first findings of a policy whole, the others of the same kind as a list under them.
  private mutating func findings() {
    let listed = result.listed(options)
    let few = 3
    let unknown = listed.filter { $0.verdict == .unknown }
    var rest = (unknown.count > few ? listed.filter { $0.verdict != .unknown } : listed)[...]
    defer { if unknown.count > few { self.unknown(unknown) } }
    while let path = rest.first?.location.path {
      let group = rest.prefix { $0.location.path == path }
      rest = rest.dropFirst(group.count)
      file(group)
    }
  }

  private mutating func file(_ group: ArraySlice<Finding>) {
    let whole = 3
    var counts: [String: Int] = [:]
    for finding in group { counts[finding.policy, default: 0] += 1 }
    var shown: [String: Int] = [:]
    var remaining: [Finding] = []
    for finding in group {
      shown[finding.policy, default: 0] += 1
      if shown[finding.policy, default: 0] > whole && counts[finding.policy, default: 0] > whole + 2 {
        remaining.append(finding)
      } else {
        block(finding)
      }
    }
    for policy in Set(remaining.map(\.policy)).sorted() { list(remaining.filter { $0.policy == policy }) }
  }

  /// The others of one policy in one file, a line each.
  private mutating func list(_ findings: [Finding]) {
    guard let first = findings.first else { return }
    print(
      "\(pen("\(findings.count) more", Pen.ink(of: first))) of \(PlainText.line(first.code)) in \(PlainText.place(first.file)):"
    )
    for finding in findings {
      let mark = finding.mark.map { ", \($0)" } ?? ""
      print("  \(finding.location.line): \(finding.word)\(mark): \(PlainText.line(finding.message, limit: 300))")
    }
    print()
  }

  /// What was wrong at the base only, and what exceptions cover, where the options ask for it.
  private mutating func others() {
    for finding in result.fixed {
      print("\(pen("fixed", .green))[\(PlainText.line(finding.code))]: \(PlainText.line(finding.message, limit: 300))")
    }
    if !result.fixed.isEmpty { print() }
    guard options.showsExcepted, !result.excepted.isEmpty else { return }
    for finding in result.excepted {
      let exception = PlainText.line(finding.exception ?? "")
      let head = "\(pen("excepted", .cyan))[\(PlainText.line(finding.code))]"
      print("\(head): \(PlainText.line(finding.message, limit: 300)) (by \(exception))")
    }
    print()
  }

  /// What could not be read or is malformed.
  private mutating func diagnostics() {
    for diagnostic in result.diagnostics {
      let (word, ink): (String, Pen.Ink) = diagnostic.kind == .warning ? ("warning", .boldYellow) : ("error", .boldRed)
      print("\(pen(word, ink)): \(pen(PlainText.line(diagnostic.message), .bold))")
      let text = lines.line(at: diagnostic.location)
      let shown = text.map { snippet($0, at: diagnostic.location, marked: 1, gutter: margin(diagnostic.location)) }
      let gutter = margin(diagnostic.location)
      place(diagnostic.location, arrow: "-->", gutter: gutter)
      if let shown { draw(shown, ink: ink, gutter: gutter, label: "") }
      note(Note("help", PlainText.line(diagnostic.hint)), gutter: gutter)
      print()
    }
  }
}

extension Finding {
  /// The place of the file alone.
  var file: SourceLocation { SourceLocation(path: location.path) }
}
