import Base
package import Usage

/// What became of a source's files since they were cataloged.
package struct LogSurvey: Sendable {
  /// One file and how it compares with what was read of it.
  package enum State: Sendable {
    /// As it was: not read again.
    case same
    /// As it was, but with another stamp.
    case touched
    /// Never read.
    case new
    /// Not what was read under this name, but the same bytes are known: the path they were read under.
    case copy(of: String)
    /// Longer, and its beginning is what was read under this name, or under one that holds other bytes now.
    case grown
    /// Other bytes in its place: their digest.
    case changed(String)
    /// Nothing is there any more.
    case vanished
    /// It is there and cannot be read.
    case unreadable(String)
  }

  package struct Row: Sendable {
    package var path: String
    package var state: State
    /// What the catalog knows of it; of a copy or of a rotated log, what it knows of the original.
    package var known: CatalogedFile?
    /// The digest of what was read elsewhere, where a new file holds just that, compressed.
    fileprivate var packed: InputDigest?
    /// As it is now.
    package var stamp: FileStamp?
  }

  /// What was read under a name that now holds what is known by another; its digest as it is.
  private struct Replaced {
    let row: Int
    let file: CatalogedFile
    let digest: String
  }

  /// Sorted by path.
  package private(set) var rows: [Row] = []
  private var replaced: [Replaced] = []

  /// Compares the files of a source with what the catalog knows of it. Files whose stamp is as it was are not opened, unless
  /// `verifying`; `progress` is told the bytes that were digested.
  package init(
    of paths: [String], known: [CatalogedFile], verifying: Bool, progress: (UInt64) -> Void = { _ in }
  ) {
    rows.reserveCapacity(paths.count)
    var rest = known.indices.sorted { utf8Precedes(known[$0].path, known[$1].path) }[...]
    for path in paths.sortedByBytes() {
      while let first = rest.first, utf8Precedes(known[first].path, path) {
        addMissing(known[first])
        rest.removeFirst()
      }
      let stamp = FileStamp(of: path)
      if let first = rest.first, utf8Order(known[first].path, path) == 0 {
        let state = Self.compare(known[first], stamp, verifying, progress)
        rows.append(Row(path: path, state: state, known: known[first], stamp: stamp))
        rest.removeFirst()
      } else {
        rows.append(Row(path: path, state: .new, stamp: stamp))
      }
    }
    for number in rest { addMissing(known[number]) }
    if rows.allSatisfy(\.isKept) { return }
    var digests = KnownDigests(known)
    let lost = LostContents(rows)
    for row in rows.indices { recognise(row, lost, &digests, progress) }
    tellRotated()
  }

  /// A file that is known and not listed. The source may have been narrowed: what still is there has not vanished.
  private mutating func addMissing(_ file: CatalogedFile) {
    if FileStamp.isGone(file.path) { rows.append(Row(path: file.path, state: .vanished, known: file, stamp: nil)) }
  }

  /// Logs are rotated: what is new under a name may be known by another, or begin like what was read by another.
  private mutating func recognise(
    _ number: Int, _ lost: LostContents, _ digests: inout KnownDigests, _ progress: (UInt64) -> Void
  ) {
    let row = rows[number]
    guard let stamp = row.stamp, stamp.size > 0 else { return }
    var known = row.known
    do throws(FileError) {
      var whole: String
      switch row.state {
      case .new:
        whole = digests.mayHold(UInt64(stamp.size)) ? try FileDigest(row.path, progress: progress).whole : ""
      case .changed(let digest): whole = digest
      default: return
      }
      if !whole.isEmpty, let original = digests.file(with: whole) {
        (rows[number].known, rows[number].state) = (original, .copy(of: original.path))
      } else if let beginning = Self.beginning(of: row, stamp, lost, progress) {
        (rows[number].known, rows[number].state) = (beginning, .grown)
      } else if let packed = Self.packed(row.path, lost) {
        (rows[number].known, rows[number].state, rows[number].packed) = (nil, .new, packed)
      } else {
        known = nil
      }
      if let known { replaced.append(Replaced(row: number, file: known, digest: whole)) }
    } catch { rows[number].state = .unreadable(error.description) }
  }

  /// What was read under a name and lives on under another was rotated; what is nowhere any more was changed, whatever stands in its
  /// place.
  private mutating func tellRotated() {
    var alive = Set(rows.compactMap(\.livingBytes))
    for one in replaced {
      guard let held = one.file.content.account.digest, !alive.contains(held) else { continue }
      (rows[one.row].known, rows[one.row].state) = (one.file, .changed(one.digest))
    }
    alive = Set(rows.compactMap(\.livingBytes))
    for index in rows.indices {
      guard case .changed = rows[index].state, let held = rows[index].known?.content.account.digest else { continue }
      if alive.contains(held) { (rows[index].known, rows[index].state) = (nil, .new) }
    }
  }

  /// So many contents are compared with a file: each guess costs a reading.
  private static let mostGuesses = 4

  /// Which of the contents that are no longer where they were the file goes on from.
  private static func beginning(
    of row: Row, _ stamp: FileStamp, _ lost: LostContents, _ progress: (UInt64) -> Void
  ) -> CatalogedFile? {
    let shorter = lost.before(row.path, stamp).filter { file in
      let size = file.content.account.storedBytes
      return file.path != row.path && size > 0 && size < UInt64(stamp.size)
    }
    return shorter.prefix(mostGuesses).first { file in
      let account = file.content.account
      return FileDigest.begins(row.path, with: account.sha256, count: account.storedBytes, progress: progress)
    }
  }

  /// Which of them a gzip file holds.
  private static func packed(_ path: String, _ lost: LostContents) -> InputDigest? {
    if lost.isEmpty { return nil }
    guard let length = FileDigest.lengthOfGzip(path) else { return nil }
    return lost.ofLength(length).prefix(mostGuesses).lazy.map(\.content.account).first { account in
      account.digest != nil && account.digest == textDigest(ofPacked: path, count: account.storedBytes)
    }?.digest
  }

  private static func compare(
    _ file: CatalogedFile, _ stamp: FileStamp?, _ verifying: Bool, _ progress: (UInt64) -> Void
  ) -> State {
    guard let stamp else { return FileStamp.isGone(file.path) ? .vanished : .unreadable("cannot be looked at") }
    if stamp == file.stamp && file.evidence == .none && !verifying { return .same }
    let account = file.content.account
    do throws(FileError) {
      let digest = try FileDigest(path: file.path, prefix: account.storedBytes, progress: progress)
      if digest.whole == account.sha256 { return stamp == file.stamp && file.evidence == .none ? .same : .touched }
      if digest.size > account.storedBytes && digest.prefix == account.sha256 { return .grown }
      return .changed(digest.whole)
    } catch { return .unreadable(error.description) }
  }
}

extension LogSurvey.Row {
  /// Whether the name holds what was read under it.
  package var isKept: Bool {
    switch state {
    case .same, .touched: true
    default: false
    }
  }

  /// The digest of the known bytes that the file holds, also compressed, or begins with. Files that were new together may hold the same bytes as
  /// contents of their own.
  package var livingBytes: InputDigest? {
    switch state {
    case .same, .touched, .copy, .grown: known?.content.account.digest
    case .new: packed
    case .changed, .vanished, .unreadable: nil
    }
  }
}

/// What was read under names and is there no longer, by what may tell where it is now. Old logs that were deleted are many, and so may
/// new ones be.
private struct LostContents {
  private struct Inode: Hashable { let device, number: Int64 }

  private var byInode: [Inode: [CatalogedFile]] = [:]
  /// Of files that hold other bytes now.
  private var byFolder: [Substring: [CatalogedFile]] = [:]
  private var byLength: [UInt32: [CatalogedFile]] = [:]

  init(_ rows: [LogSurvey.Row]) {
    for row in rows {
      guard let file = row.known else { continue }
      switch row.state {
      case .changed: byFolder[FileSystem.folder(of: file.path), default: []].append(file)
      case .vanished: break
      default: continue
      }
      byInode[Inode(device: file.stamp.device, number: file.stamp.inode), default: []].append(file)
      byLength[UInt32(truncatingIfNeeded: file.content.account.storedBytes), default: []].append(file)
    }
  }

  var isEmpty: Bool { byLength.isEmpty }

  /// What the file may have held: what was read of it under another name, or of one in its folder that was copied and truncated.
  func before(_ path: String, _ stamp: FileStamp) -> [CatalogedFile] {
    let renamed = byInode[Inode(device: stamp.device, number: stamp.inode)] ?? []
    return renamed + (byFolder[FileSystem.folder(of: path)] ?? [])
  }

  /// Those of as many bytes, modulo 2^32.
  func ofLength(_ length: UInt32) -> [CatalogedFile] { byLength[length] ?? [] }
}

/// Files by what they held: of most runs no new file has the size of a known one, and nothing is looked up.
private struct KnownDigests {
  private let files: [CatalogedFile]
  private let sizes: Set<UInt64>
  private var byDigest: [String: Int]?

  init(_ files: [CatalogedFile]) {
    self.files = files
    sizes = Set(files.map(\.content.account.storedBytes))
  }

  func mayHold(_ size: UInt64) -> Bool { sizes.contains(size) }

  mutating func file(with sha256: String) -> CatalogedFile? {
    let known =
      byDigest
      ?? Dictionary(files.enumerated().map { ($1.content.account.sha256, $0) }, uniquingKeysWith: { first, _ in first })
    byDigest = known
    return known[sha256].map { files[$0] }
  }
}
