import Base
import Synchronization

/// The work of reading many files, given out to workers piece by piece.
final class UsageRun: Sendable {
  /// What a worker does at a time; files by their number, which is small for there may be many.
  enum Unit: Sendable {
    case whole(Int32)
    case part(Int32, number: Int32)
    /// The digest of a file that is read in parts.
    case digest(Int32)
  }

  /// What came of a unit that is not a whole file.
  private struct Piece: Sendable {
    let unit: Int
    let account: FileAccount
  }

  private struct Outcome: Sendable {
    /// By the numbers of the files.
    var accounts: [FileAccount]
    var pieces: [Piece] = []
  }

  let units: [Unit]
  private let files: [String]
  /// The parts of files that are not read whole.
  private let parts: [Int32: [FilePart]]
  private let formats: [LogFormat]
  private let digest: InputDigest.Kind
  private let index: LogIndexing?
  private let next = Atomic<Int>(0)
  private let tape = IndexTape()
  private let outcome: Mutex<Outcome>
  private let done: Mutex<UsageProgress>
  private let progress: @Sendable (UsageProgress) -> Void

  /// `files` are in the order of their accounts, each once; of some, `before` has what was read of them.
  init(
    _ files: [String], formats: [LogFormat], digest: InputDigest.Kind, index: LogIndexing?,
    before: [ExactText: FileAccount],
    progress: @escaping @Sendable (UsageProgress) -> Void
  ) {
    self.files = files
    self.index = index
    self.formats = formats
    self.digest = digest
    self.progress = progress
    var units: [Unit] = []
    units.reserveCapacity(files.count)
    var parts: [Int32: [FilePart]] = [:]
    var accounts: [FileAccount] = []
    accounts.reserveCapacity(files.count)
    var total: UInt64 = 0
    for (number, file) in files.enumerated() {
      let number = Int32(number)
      let length = UInt64(FileSystem.status(file)?.size ?? 0)
      let cut = FilePart.parts(of: file, length: length, from: before[ExactText(file)]?.storedBytes ?? 0)
      if cut.allSatisfy(\.isWhole) {
        units.append(.whole(number))
        accounts.append(FileAccount(path: file))
      } else {
        parts[number] = cut
        units += cut.indices.map { .part(number, number: Int32($0)) } + [.digest(number)]
        accounts.append(before[ExactText(file)] ?? FileAccount(path: file))
      }
      total += length
    }
    self.units = units
    self.parts = parts
    outcome = Mutex(Outcome(accounts: accounts))
    done = Mutex(UsageProgress(bytes: 0, totalBytes: total, files: 0, totalFiles: files.count))
  }

  /// Works until nothing is left.
  func work() -> Result<[UsagePart], PartError> {
    var reading = FileReading(formats: formats, digest: digest)
    var counting = IndexedCounting(Counting(tape), formats)
    while true {
      let number = next.wrappingAdd(1, ordering: .relaxed).oldValue
      if number >= units.count { return counting.finish() }
      switch units[number] {
      case .whole(let file):
        let account = read(.whole(files[Int(file)]), &reading, &counting)
        outcome.withLock { $0.accounts[Int(file)] = account }
      case .part(let file, let part):
        guard let part = parts[file]?[Int(part)] else { preconditionFailure("a part that was cut") }
        add(read(part, &reading, &counting), of: number)
      case .digest(let file): add(digest(files[Int(file)]), of: number)
      }
    }
  }

  private func add(_ account: FileAccount, of unit: Int) {
    outcome.withLock { $0.pieces.append(Piece(unit: unit, account: account)) }
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
      var input = try LogInput(.whole(path), digest: digest)
      account.digest = input.finishDigest()
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

  /// The accounts of the files, in their order, after all work is done; the run has them no longer.
  func takeAccounts() -> [FileAccount] {
    var taken = Outcome(accounts: [])
    outcome.withLock { swap(&taken, &$0) }
    for piece in taken.pieces.sorted(by: { $0.unit < $1.unit }) {
      switch units[piece.unit] {
      case .whole: continue
      case .part(let file, let part):
        taken.accounts[Int(file)].append(piece.account, at: parts[file]?[Int(part)].start ?? 0)
      case .digest(let file):
        taken.accounts[Int(file)].append(piece.account, at: 0)
        taken.accounts[Int(file)].digest = piece.account.digest
      }
    }
    return taken.accounts
  }
}
