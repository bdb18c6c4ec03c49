/// Where rows of a truth table are not followed, and why.
struct KnownDifference {
  /// Folder and file.
  let file: String
  let lines: Set<Int>
  /// `event` where the record is no event of its own.
  let field: String
  /// The table took the value from beside the record: it does not count as a row where the truth is set.
  let isAbsent: Bool
  let why: String

  static func of(_ field: String, _ file: String, _ line: Int) -> KnownDifference? {
    all.first { $0.field == field && $0.file == file && $0.lines.contains(line) }
  }

  /// The record does not hold it.
  private static func absent(_ file: String, _ lines: Set<Int>, _ field: String, _ why: String) -> KnownDifference {
    KnownDifference(file: file, lines: lines, field: field, isAbsent: true, why: why)
  }

  /// The record holds it, and it is read otherwise.
  private static func judged(_ file: String, _ lines: Set<Int>, _ field: String, _ why: String) -> KnownDifference {
    KnownDifference(file: file, lines: lines, field: field, isAbsent: false, why: why)
  }

  /// One block a kind of log.
  static let all: [KnownDifference] = [
    // CloudTrail
    absent("panther/events/aws-cloudtrail.jsonl", [75], "time", "the table took the time from beside the record")
  ]
}
