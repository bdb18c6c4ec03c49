import Base
import Catalog
import Model
import Usage

/// What is to be done about the files of a source, as a survey finds them.
struct SourcePlan {
  /// New, grown, or known to the part alone.
  private(set) var toRead: [String] = []
  /// Of these: taken before they are read, so that a later change is seen.
  private(set) var stamps: [ExactText: FileStamp] = [:]
  /// Names of contents that are known.
  private(set) var pointers: [(path: String, content: Int64, stamp: FileStamp)] = []
  /// Of grown files that can be continued, what was read of them.
  private(set) var continued: [ExactText: CatalogedContent] = [:]
  private(set) var evidence: [(path: String, evidence: CatalogedFile.Evidence, found: String)] = []
  /// Names that are gone, of contents that live on under others.
  private(set) var moved: [String] = []
  /// Rows of what is not read again.
  private(set) var ledger: [LedgerRow] = []
  private(set) var diagnostics: [Diagnostic] = []
  /// `vanished` and `changed` files.
  private(set) var statuses: [ExactText: String] = [:]
  /// Whether files that were counted are there and no longer meant: counts cannot be taken back.
  private(set) var mustRebuild = false

  private var counts: [String: Int] = [:]
  /// How many names a content has; known where a file has grown.
  private var shared: [Int64: Int] = [:]
  private let root: String
  /// So many files more are read to see whether they go on from what was counted.
  private var guesses = 64
  /// Names that hold what was read under them, where a file is a copy.
  private var unmoved: Set<ExactText> = []

  init(
    _ files: [String], isWhole: Bool, known: [CatalogedFile], stored: UsagePart?, root: String, verifies: Bool,
    progress: (UInt64) -> Void
  ) {
    self.root = root
    let survey = LogSurvey(of: files, known: known, verifying: verifies, progress: progress)
    ledger.reserveCapacity(survey.rows.count)
    let listed = Set(files.map { ExactText($0) })
    let alive = Set(survey.rows.compactMap(\.livingBytes))
    let copies = survey.rows.compactMap(\.copied)
    if survey.rows.contains(where: \.isGrown) {
      shared = Dictionary((known.map(\.content.number) + copies).map { ($0, 1) }, uniquingKeysWith: +)
    }
    if !copies.isEmpty { unmoved = Set(survey.rows.filter(\.isKept).map { ExactText($0.path) }) }
    for row in survey.rows { take(row, alive) }
    let missing = known.filter { !listed.contains(ExactText($0.path)) }
    let cataloged = Set(missing.map { ExactText($0.path) })
    // A run that was killed may have taken up a file's new name already.
    for var row in stored?.ledger ?? [] {
      row.name = row.name.hasPrefix("/") ? row.name : "\(root)/\(row.name)"
      let isPresent = row.digest.map(alive.contains) ?? false
      if isPresent || listed.contains(ExactText(row.name)) || cataloged.contains(ExactText(row.name)) { continue }
      // The catalog was lost; what the file gave is still counted.
      if !FileStamp.isGone(row.name) {
        if isWhole { mustRebuild = true } else { ledger.append(row) }
      } else if row.digest != nil, !goesOn(row) {
        ledger.append(row)
        vanish(row.name, row.size)
      }
    }
    for file in missing where !FileStamp.isGone(file.path) {
      // What lies in a folder that could not be listed is meant as before.
      if isWhole && FileStamp(of: file.path) != nil {
        mustRebuild = true
      } else {
        keep(file, file.path, "as they were")
      }
    }
  }

  /// Whether one of the files that are read anew begins with what was counted: a killed run may have taken up its new name. Where the whole
  /// catalog was lost, not every file is compared with every other.
  private mutating func goesOn(_ row: LedgerRow) -> Bool {
    guard let digest = row.digest?.sha256 else { return false }
    let folder = FileSystem.folder(of: row.name)
    for path in toRead where guesses > 0 && FileSystem.folder(of: path) == folder {
      guard let stamp = stamps[ExactText(path)], stamp.size >= Int64(clamping: row.size) else { continue }
      guesses -= 1
      if FileDigest.begins(path, with: digest, count: row.size, progress: { _ in }) { return true }
    }
    return false
  }

  private mutating func take(_ row: LogSurvey.Row, _ alive: Set<InputDigest>) {
    switch row.state {
    case .same: keep(row, "as they were")
    case .touched: point(row, "as they were")
    case .new: read(row, "new")
    case .copy(let original):
      let isCopy = unmoved.contains(ExactText(original))
      point(row, isCopy ? "delivered before under another name" : "moved")
      if !isCopy { return }
      diagnostics.append(
        Diagnostic(
          .warning, at: SourceLocation(path: row.path),
          "the same bytes as '\(shown(original, root))': its events count once"))
    case .grown: grow(row)
    case .changed(let digest): change(row, digest)
    case .vanished:
      guard let known = row.known else { return }
      if let held = known.content.account.digest, alive.contains(held) {
        // Counted where it is now.
        moved.append(row.path)
      } else {
        ledger.append(LedgerRow(known.content.account))
        evidence.append((row.path, .vanished, ""))
        vanish(row.path, known.content.account.storedBytes)
        diagnostics += known.content.account.diagnostics
      }
    case .unreadable(let reason): refuse(row, reason)
    }
  }

  /// What was read of a file that cannot be read now still counts, and is not forgotten.
  private mutating func refuse(_ row: LogSurvey.Row, _ reason: String) {
    guard let known = row.known else { return read(row, "unreadable") }
    ledger.append(LedgerRow(known.content.account.renamed(row.path)))
    statuses[ExactText(row.path)] = "unreadable"
    counts["unreadable", default: 0] += 1
    let message = "the log file cannot be read any more, and what was read of it still counts: \(reason)"
    diagnostics.append(Diagnostic(.unreadable, at: SourceLocation(path: row.path), message))
  }

  private mutating func keep(_ row: LogSurvey.Row, _ word: String) {
    if let known = row.known { keep(known, row.path, word) }
  }

  private mutating func keep(_ known: CatalogedFile, _ path: String, _ word: String) {
    let account = known.content.account.renamed(path)
    ledger.append(LedgerRow(account))
    diagnostics += account.diagnostics
    counts[word, default: 0] += 1
  }

  private mutating func point(_ row: LogSurvey.Row, _ word: String) {
    if let known = row.known, let stamp = row.stamp { pointers.append((row.path, known.content.number, stamp)) }
    keep(row, word)
  }

  private mutating func read(_ row: LogSurvey.Row, _ word: String) {
    toRead.append(row.path)
    stamps[ExactText(row.path)] = row.stamp
    counts[word, default: 0] += 1
  }

  private mutating func grow(_ row: LogSurvey.Row) {
    read(row, "grown")
    // A content that another name holds too must stay what it is.
    guard let content = row.known?.content, !content.account.isBroken, shared[content.number] == 1,
      canContinue(row.path, at: content.account.storedBytes)
    else { return }
    continued[ExactText(row.path)] = content.renamed(row.path)
  }

  private mutating func change(_ row: LogSurvey.Row, _ digest: String) {
    guard let known = row.known else { return }
    let account = known.content.account
    ledger.append(LedgerRow(account))
    evidence.append((row.path, .changed, digest))
    statuses[ExactText(row.path)] = "changed"
    counts["changed", default: 0] += 1
    diagnostics.append(
      Diagnostic(
        .unreadable, at: SourceLocation(path: row.path),
        "the log file was changed after it was read: was \(account.storedBytes) bytes with SHA-256 \(account.sha256.prefix(16))…, is \(row.stamp?.size ?? 0) bytes with \(digest.prefix(16))…; what was read counts, the new bytes do not",
        hint: "find out who changed it; `muster sync --rebuild` reads all logs anew"))
  }

  private mutating func vanish(_ path: String, _ bytes: UInt64) {
    statuses[ExactText(path)] = "vanished"
    counts["vanished", default: 0] += 1
    diagnostics.append(
      Diagnostic(
        .warning, at: SourceLocation(path: path),
        "the log file is gone; the \(bytes) bytes that were read of it still count",
        hint: "if it was meant to go, `muster sync --rebuild` forgets what it gave"))
  }

  /// `46 files as they were, 3 new`.
  var summary: String {
    let order = [
      "as they were", "new", "grown", "delivered before under another name", "moved", "changed", "vanished",
      "unreadable",
    ]
    return order.compactMap { word in counts[word].map { "\($0) \(word)" } }.joined(separator: ", ")
  }
}

extension LogSurvey.Row {
  /// The content that a new name holds too.
  fileprivate var copied: Int64? {
    if case .copy = state { return known?.content.number }
    return nil
  }

  fileprivate var isGrown: Bool {
    if case .grown = state { return true }
    return false
  }
}

extension CatalogedContent {
  /// The same under another name.
  fileprivate func renamed(_ path: String) -> CatalogedContent {
    var content = self
    content.account = account.renamed(path)
    return content
  }
}

extension FileAccount {
  fileprivate func renamed(_ path: String) -> FileAccount {
    var account = self
    account.path = path
    for index in account.remarks.indices { account.remarks[index].location.path = path }
    return account
  }
}
