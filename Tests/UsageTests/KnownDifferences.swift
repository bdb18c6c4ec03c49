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

  private static let okta = "panther/events/okta-systemlog.jsonl"

  /// One block a kind of log.
  static let all: [KnownDifference] = [
    // Okta
    absent(okta, Set(23...26), "time", "the table took the time from beside the record"),
    absent(okta, [7, 8, 10, 11], "target", "the target's name is the word `unknown`: its id is told"),
    // Google Workspace
    absent(
      "panther/events/gsuite-activityevent.jsonl", Set(151...154), "time",
      "the table took the time from beside the record"),
    // MongoDB Atlas
    absent(
      "panther/events/mongodb-organizationevent.jsonl", [5, 6], "source_ip",
      "the table does not know keys in lower case"),
    // Snowflake
    absent(
      "panther/events/snowflake-queryhistory.jsonl", [1, 2, 5, 6, 7, 8, 9, 10], "time",
      "the table took the time from beside the record"),
    // CloudTrail
    absent("panther/events/aws-cloudtrail.jsonl", [75], "time", "the table took the time from beside the record"),
  ]
}
