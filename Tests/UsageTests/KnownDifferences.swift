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

  private static let activity = "panther/events/azure-monitoractivity.jsonl"
  private static let teleport = "panther/events/gravitational-teleportaudit.jsonl"
  private static let okta = "panther/events/okta-systemlog.jsonl"

  /// One block a kind of log.
  static let all: [KnownDifference] = [
    // Google Cloud
    absent(
      "panther/events/gcp-auditlog.jsonl", [8], "outcome",
      "the entry has no status, which the table takes for success; all its checks were refused"),
    judged(
      "panther/events/gcp-auditlog.jsonl", [1, 3, 4, 5, 7, 9, 10, 11, 12, 13, 14, 15], "source_ip",
      "the table does not know the key `callerIP`"),
    // Entra
    absent(
      "panther/events/azure-audit.jsonl", [4, 12, 14], "outcome",
      "`resultType` is the word `Success`; the table takes all but the number 0 for failure"),
    // Azure
    absent(activity, [215, 216], "time", "the table took the time from beside the record"),
    judged(
      activity, [215, 216], "action", "AKS wraps an event of Kubernetes, which is told, as the table of AKS does"),
    judged(activity, [215, 216], "target", "as its action"),
    judged(activity, [215, 216], "source_ip", "as its action"),
    judged(activity, [216], "actor", "as its action"),
    judged(activity, [119, 120, 121], "actor", "the user whose role allowed the call, which the table passes over"),
    // Teleport
    judged(teleport, [10, 11], "actor", "whom the certificate was made for, which the table passes over"),
    judged(teleport, [17], "source_ip", "the table does not know the key `addr_remote`"),
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
