package import Base
import Model

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

/// As `readUsage`, as a part that can be stored and merged with others. `name` is how problems of the whole source call it; `digest` is what
/// the ledger names the files by.
package func rollUp(
  _ files: [String], format: String? = nil, name: String = "rollup", digest: InputDigest.Kind = .sha256,
  threads: Int = 1,
  progress: @escaping @Sendable (UsageProgress) -> Void = { _ in }
) -> (part: UsagePart, diagnostics: [Diagnostic]) {
  let (formats, problems) = LogFormat.named(format)
  if formats.isEmpty { return (UsagePart(), problems) }
  do throws(PartError) {
    let (parts, accounts) = try read(files, formats, digest: digest, threads: threads, progress: progress)
    return try joined(parts, accounts, tried: formats.map(\.name), name: name, threads: threads)
  } catch { return (UsagePart(), [Diagnostic(error)]) }
}

/// As `rollUp`, with the account of each file; none where the whole could not be counted. Where the events are is told to `index`. Of
/// files that have grown (`canContinue`), `before` has the accounts of what was read: only what follows is read, and the account is of both.
package func rollUpIndexed(
  _ files: [String], format: String? = nil, name: String = "rollup", threads: Int = 1, index: LogIndexing? = nil,
  before: [ExactText: FileAccount] = [:], progress: @escaping @Sendable (UsageProgress) -> Void = { _ in }
) -> (part: UsagePart, accounts: [FileAccount], diagnostics: [Diagnostic]) {
  let (formats, problems) = LogFormat.named(format)
  if formats.isEmpty { return (UsagePart(), [], problems) }
  do throws(PartError) {
    let (parts, accounts) = try read(
      files, formats, threads: threads, index: index, before: before, progress: progress)
    let (part, diagnostics) = try joined(parts, accounts, tried: formats.map(\.name), name: name, threads: threads)
    return (part, accounts, diagnostics)
  } catch { return (UsagePart(), [], [Diagnostic(error)]) }
}

/// Whether what follows the first bytes of a file can be read by itself.
package func canContinue(_ path: String, at offset: UInt64) -> Bool { FilePart.isCut(path, at: offset) }

/// The SHA-256 digest of a packed log's text of so many bytes; `nil` where it is not packed, has another length, or cannot be expanded.
package func textDigest(ofPacked path: String, count: UInt64) -> InputDigest? {
  do throws(FileError) {
    var input = try LogInput(.whole(path))
    var digest = SHA256Stream()
    let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
    defer { room.deallocate() }
    while input.textBytes <= count {
      let got = input.read(into: room)
      if got == 0 { break }
      digest.add(UnsafeRawBufferPointer(rebasing: room[..<got]))
    }
    if input.isPlain || input.fault != nil || input.textBytes != count { return nil }
    return .sha256(digest.digest())
  } catch { return nil }
}

/// The parts of a run, not yet joined, and the accounts of its files.
private func read(
  _ files: [String], _ formats: [LogFormat], digest: InputDigest.Kind = .sha256, threads: Int,
  index: LogIndexing? = nil,
  before: [ExactText: FileAccount] = [:], progress: @escaping @Sendable (UsageProgress) -> Void
) throws(PartError) -> (parts: [UsagePart], accounts: [FileAccount]) {
  let run = UsageRun(
    files.sortedByBytes(), formats: formats, digest: digest, index: index, before: before, progress: progress)
  var parts: [UsagePart] = []
  for outcome in onThreads(max(1, min(threads, run.units.count)), { _ in run.work() }) { parts += try outcome.get() }
  return (parts, run.takeAccounts())
}

/// What the parts of a run come to, with the ledger of its files, and what is wrong with these.
func joined(
  _ parts: consuming [UsagePart], _ accounts: consuming [FileAccount], tried: [String], name: String, threads: Int = 1
) throws(PartError) -> (part: UsagePart, diagnostics: [Diagnostic]) {
  var diagnostics = accounts.flatMap { $0.diagnostics(tried: tried) }
  var ledger = accounts.map { LedgerRow($0) }
  // Joining takes the most memory: what is not needed any more is free by then.
  accounts = []
  ledger.sort(by: LedgerRow.precedes)
  var part = try UsagePart.joined(parts, threads: threads)
  if part.conflicts > 0 {
    let message = "\(part.conflicts) events of source '\(name)' share an id with another event; each counts"
    diagnostics.append(Diagnostic(.warning, at: SourceLocation(path: name), message))
  }
  part.ledger = ledger
  return (part, diagnostics)
}

extension Diagnostic {
  init(_ error: PartError) {
    self.init(.unreadable, at: SourceLocation(path: error.path), error.message)
  }
}
