import Base
import Model
import Synchronization

/// Reads all log files of one source and counts what each identity did, in bounded memory.
///
/// The result does not depend on the order of the files, on how events are split over them, or on `threads`. An event that comes twice
/// (by its id, within its hour) counts once. `progress` is called from any of the threads, about once a megabyte.
package func readUsage(
  _ source: UsageSource, files: [String], threads: Int = 1,
  progress: @escaping @Sendable (UsageProgress) -> Void = { _ in }
) -> UsageResult {
  if let problem = unknownFormat(source.format) {
    let coverage = SourceCoverage(name: source.name, kind: .usage)
    return UsageResult(facts: [], lifecycles: [], coverage: coverage, diagnostics: [problem])
  }
  let run = UsageRun(files: Set(files).sorted(by: precedes), format: source.format, progress: progress)
  let outcomes = onThreads(max(1, min(threads, run.files.count))) { _ in run.work() }
  var part = UsagePart()
  var accounts: [FileAccount] = []
  for outcome in outcomes {
    part.merge(outcome.part)
    accounts += outcome.accounts
  }
  accounts.sort { precedes($0.path, $1.path) }
  return run.result(source, part, accounts)
}

/// Says that a forced format is none; `nil` where it is one, or none is forced.
func unknownFormat(_ format: String?) -> Diagnostic? {
  guard let format, !usageFormats.contains(format) else { return nil }
  return Diagnostic(
    .invalid, at: SourceLocation(path: "muster.yaml"), "`\(format)` is not a format of usage sources",
    hint: suggestion(for: format, among: usageFormats))
}

/// The files of a run, given out to workers one by one.
private final class UsageRun: Sendable {
  let files: [String]
  private let format: String?
  private let next = Atomic<Int>(0)
  private let distinct = DistinctEvents()
  private let done: Mutex<UsageProgress>
  private let progress: @Sendable (UsageProgress) -> Void

  init(files: [String], format: String?, progress: @escaping @Sendable (UsageProgress) -> Void) {
    self.files = files
    self.format = format
    self.progress = progress
    let total = files.reduce(UInt64(0)) { $0 + UInt64(FileSystem.status($1)?.size ?? 0) }
    done = Mutex(UsageProgress(bytes: 0, totalBytes: total, files: 0, totalFiles: files.count))
  }

  /// Reads files until none is left.
  func work() -> (part: UsagePart, accounts: [FileAccount]) {
    var reading = FileReading(format: format)
    var counting = Counting(distinct)
    var accounts: [FileAccount] = []
    while true {
      let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
      if index >= files.count { break }
      var unsaid: UInt64 = 0
      let account = reading.read(files[index], into: &counting) { bytes in
        unsaid += bytes
        if unsaid < 1 << 20 { return }
        say(bytes: unsaid, files: 0)
        unsaid = 0
      }
      accounts.append(account)
      say(bytes: unsaid, files: 1)
    }
    return (counting.finish(), accounts)
  }

  private func say(bytes: UInt64, files: Int) {
    let now = done.withLock { state in
      state.bytes += bytes
      state.files += files
      return state
    }
    progress(now)
  }

  func result(_ source: UsageSource, _ part: UsagePart, _ accounts: [FileAccount]) -> UsageResult {
    var diagnostics = accounts.flatMap(\.diagnostics)
    if distinct.conflicts > 0 {
      let message =
        "\(distinct.conflicts) events of source '\(source.name)' share an id with another event; each counts"
      diagnostics.append(Diagnostic(.warning, at: SourceLocation(path: source.name), message))
    }
    return UsageResult(
      facts: part.facts, lifecycles: part.lifecycles, coverage: coverage(of: source, part, accounts),
      diagnostics: diagnostics.sorted())
  }
}

/// Counts the events of one worker. Its tables are emptied into facts when they grow large: memory is bounded by what the facts
/// keep, whatever passes through.
private struct Counting: EventConsumer, ~Copyable {
  /// Bytes of tables after which they are emptied.
  private static let budget = 48 << 20

  private var rollup = Rollup()
  private var part = UsagePart()
  private var format = ""
  private let distinct: DistinctEvents

  init(_ distinct: DistinctEvents) { self.distinct = distinct }

  mutating func begin(format: String) {
    if format != self.format { rollup.changeReader() }
    self.format = format
  }

  @inline(__always)
  mutating func consume(_ event: borrowing LogEvent, record: UInt64) -> Receipt {
    if event.time == LogEvent.noTime { return .unreadable("the record has no time that can be read") }
    let id = event.id.isEmpty ? event.record : event.id
    let isNew = distinct.insert(
      id: id.hash(seed: distinct.seed), content: content(of: event), time: event.time)
    if !isNew { return .duplicate }
    rollup.add(event)
    return .used
  }

  /// A hash of what the event says; only its upper bits are used.
  @inline(__always)
  private func content(of event: borrowing LogEvent) -> UInt64 {
    var hash = distinct.seed ^ UInt64(bitPattern: event.time)
    hash = event.identity.hash(seed: hash)
    hash = event.call.action.hash(seed: hash)
    hash = event.address.hash(seed: hash)
    hash = event.credential.hash(seed: hash)
    return event.status.hash(seed: hash)
  }

  mutating func endWindow() {
    if rollup.memory > Counting.budget { flush() }
  }

  private mutating func flush() {
    var full = Rollup()
    swap(&full, &rollup)
    part.merge(full.drain())
  }

  consuming func finish() -> UsagePart {
    flush()
    return part
  }
}
