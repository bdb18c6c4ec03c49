import Base
import Usage

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
    /// Never read under this name, but the same bytes are known: the path they were read under.
    case copy(of: String)
    /// Longer, and its beginning is what it was.
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
    /// What the catalog knows of it; of a copy, what it knows of the original.
    package var known: CatalogedFile?
    /// As it is now.
    package var stamp: FileStamp?
  }

  /// Sorted by path.
  package var rows: [Row]

  /// Compares the files of a source with what the catalog knows of it. Files whose stamp is as it was are not opened, unless
  /// `verifying`; `progress` is told the bytes that were digested.
  package init(
    of paths: [String], known: [CatalogedFile], verifying: Bool, progress: (UInt64) -> Void = { _ in }
  ) {
    var byPath: [String: Int] = [:]
    for (number, file) in known.enumerated() { byPath[file.path] = number }
    var digests = KnownDigests(known)
    var rows: [Row] = []
    let present = Set(paths)
    for path in present {
      let stamp = FileStamp(of: path)
      if let number = byPath[path] {
        let state = Self.compare(known[number], stamp, verifying, progress)
        rows.append(Row(path: path, state: state, known: known[number], stamp: stamp))
      } else {
        rows.append(Self.unknown(path, stamp, &digests, progress))
      }
    }
    for file in known where !present.contains(file.path) {
      // The source may have been narrowed: what still is there has not vanished.
      let stamp = FileStamp(of: file.path)
      if stamp == nil { rows.append(Row(path: file.path, state: .vanished, known: file, stamp: nil)) }
    }
    rows.arrange { $0.path }
    self.rows = rows
  }

  private static func unknown(
    _ path: String, _ stamp: FileStamp?, _ digests: inout KnownDigests, _ progress: (UInt64) -> Void
  ) -> Row {
    var row = Row(path: path, state: .new, known: nil, stamp: stamp)
    guard let stamp, stamp.size > 0, digests.mayHold(UInt64(stamp.size)) else { return row }
    do throws(FileError) {
      if let original = digests.file(with: try FileDigest(path, progress: progress).whole) {
        row.state = .copy(of: original.path)
        row.known = original
      }
    } catch { row.state = .unreadable(error.description) }
    return row
  }

  private static func compare(
    _ file: CatalogedFile, _ stamp: FileStamp?, _ verifying: Bool, _ progress: (UInt64) -> Void
  ) -> State {
    guard let stamp else { return .vanished }
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
