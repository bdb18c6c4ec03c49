package import Base
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
  let (part, diagnostics) = rollUp(
    files, format: source.format, name: source.name, threads: threads, progress: progress)
  return UsageResult(
    facts: part.facts, lifecycles: part.lifecycles, coverage: part.coverage(of: source), diagnostics: diagnostics)
}

/// As `readUsage`, as a part that can be stored and merged with others. `name` is how problems of the whole source call it.
package func rollUp(
  _ files: [String], format: String? = nil, name: String = "rollup", threads: Int = 1,
  progress: @escaping @Sendable (UsageProgress) -> Void = { _ in }
) -> (part: UsagePart, diagnostics: [Diagnostic]) {
  let (part, _, diagnostics) = rollUpIndexed(files, format: format, name: name, threads: threads, progress: progress)
  return (part, diagnostics)
}

/// As `rollUp`, with the account of each file. Where the events are is told to `index`. Of files that have grown (`canContinue`),
/// `before` has the accounts of what was read: only what follows is read, and the account is of both.
package func rollUpIndexed(
  _ files: [String], format: String? = nil, name: String = "rollup", threads: Int = 1, index: LogIndexing? = nil,
  before: [String: FileAccount] = [:], progress: @escaping @Sendable (UsageProgress) -> Void = { _ in }
) -> (part: UsagePart, accounts: [FileAccount], diagnostics: [Diagnostic]) {
  let (formats, problems) = LogFormat.named(format)
  if formats.isEmpty { return (UsagePart(), [], problems) }
  let run = UsageRun(
    Set(files).sorted(by: precedes), formats: formats, index: index, before: before, progress: progress)
  let outcomes = onThreads(max(1, min(threads, run.units.count))) { _ in run.work() }
  let accounts = outcomes.flatMap(\.accounts)
  var parts: [UsagePart] = []
  do throws(PartError) {
    for outcome in outcomes { parts += try outcome.parts.get() }
  } catch { return (UsagePart(), [], [Diagnostic(error)]) }
  let all = run.joined(accounts)
  let (part, diagnostics) = joined(.success(parts), all, tried: run.tried, name: name)
  return (part, all, diagnostics)
}

/// Whether what follows the first bytes of a file can be read by itself.
package func canContinue(_ path: String, at offset: UInt64) -> Bool { FilePart.isCut(path, at: offset) }

/// The parts of a run with the accounts of its files.
func joined(
  _ parts: Result<[UsagePart], PartError>, _ accounts: [FileAccount], tried: [String], name: String
) -> (part: UsagePart, diagnostics: [Diagnostic]) {
  do throws(PartError) {
    var part = try UsagePart.joined(try parts.get())
    var diagnostics = accounts.flatMap { $0.diagnostics(tried: tried) }
    if part.conflicts > 0 {
      let message = "\(part.conflicts) events of source '\(name)' share an id with another event; each counts"
      diagnostics.append(Diagnostic(.warning, at: SourceLocation(path: name), message))
    }
    part.ledger = accounts.map { LedgerRow($0) }.sorted(by: LedgerRow.precedes)
    return (part, diagnostics)
  } catch { return (UsagePart(), [Diagnostic(error)]) }
}

extension Diagnostic {
  fileprivate init(_ error: PartError) {
    self.init(.unreadable, at: SourceLocation(path: error.path), error.message)
  }
}

/// The work of a run, given out to workers piece by piece.
private final class UsageRun: Sendable {
  enum Unit: Sendable {
    case read(FilePart)
    /// The digest of a file that is read in parts.
    case digest(String)
  }

  let units: [Unit]
  private let formats: [LogFormat]
  /// The kinds of log that files are held for.
  var tried: [String] { formats.map(\.name) }
  private let index: LogIndexing?
  private let before: [String: FileAccount]
  private let next = Atomic<Int>(0)
  private let tape = IndexTape()
  private let done: Mutex<UsageProgress>
  private let progress: @Sendable (UsageProgress) -> Void

  init(
    _ files: [String], formats: [LogFormat], index: LogIndexing?, before: [String: FileAccount],
    progress: @escaping @Sendable (UsageProgress) -> Void
  ) {
    self.index = index
    self.before = before
    units = files.flatMap { file -> [Unit] in
      let parts = FilePart.parts(of: file, from: before[file]?.storedBytes ?? 0)
      return parts.map { .read($0) } + (parts.allSatisfy(\.isWhole) ? [] : [.digest(file)])
    }
    self.formats = formats
    self.progress = progress
    let total = files.reduce(UInt64(0)) { $0 + UInt64(FileSystem.status($1)?.size ?? 0) }
    done = Mutex(UsageProgress(bytes: 0, totalBytes: total, files: 0, totalFiles: files.count))
  }

  /// The account of a unit, by the unit's number.
  struct UnitAccount: Sendable {
    let unit: Int
    let account: FileAccount
  }

  /// Works until nothing is left.
  func work() -> (parts: Result<[UsagePart], PartError>, accounts: [UnitAccount]) {
    var reading = FileReading(formats: formats)
    var counting = IndexedCounting(Counting(tape), formats)
    var accounts: [UnitAccount] = []
    while true {
      let number = next.wrappingAdd(1, ordering: .relaxed).oldValue
      if number >= units.count { return (counting.finish(), accounts) }
      switch units[number] {
      case .read(let part): accounts.append(UnitAccount(unit: number, account: read(part, &reading, &counting)))
      case .digest(let path): accounts.append(UnitAccount(unit: number, account: digest(path)))
      }
    }
  }

  private func read(_ part: FilePart, _ reading: inout FileReading, _ counting: inout IndexedCounting) -> FileAccount {
    counting.begin(part, index)
    var unsaid: UInt64 = 0
    let account = reading.read(part, into: &counting) { bytes in
      unsaid += bytes
      if unsaid < 1 << 20 { return }
      say(bytes: unsaid, files: 0)
      unsaid = 0
    }
    counting.end()
    say(bytes: unsaid, files: part.end == nil ? 1 : 0)
    return account
  }

  private func digest(_ path: String) -> FileAccount {
    var account = FileAccount(path: path)
    do throws(FileError) {
      var input = try LogInput(.whole(path))
      account.sha256 = input.sha256()
    } catch {
      account.isBroken = true
      account.diagnose(error.description)
    }
    return account
  }

  private func say(bytes: UInt64, files: Int) {
    let now = done.withLock { state in
      state.bytes += bytes
      state.files += files
      return state
    }
    progress(now)
  }

  /// The accounts of whole files, in the order of the files.
  func joined(_ accounts: [UnitAccount]) -> [FileAccount] {
    var joined: [FileAccount] = []
    joined.reserveCapacity(accounts.count)
    for index in accounts.indices.sorted(by: { accounts[$0].unit < accounts[$1].unit }) {
      let (unit, account) = (units[accounts[index].unit], accounts[index].account)
      if case .read(let part) = unit, part.start > 0, joined.last?.path != part.path, let known = before[part.path] {
        joined.append(known)
      }
      switch unit {
      case .read(let part) where part.start > 0: joined[joined.count - 1].append(account, at: part.start)
      case .read: joined.append(account)
      case .digest:
        joined[joined.count - 1].append(account, at: 0)
        joined[joined.count - 1].sha256 = account.sha256
      }
    }
    return joined
  }
}
