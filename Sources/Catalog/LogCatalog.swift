import Base
private import Glibc

/// The catalog of log files: one SQLite file, for one thread at a time.
package struct LogCatalog: ~Copyable {
  let database: Database
  /// Paths below it are kept relative to it: a repository may be moved with its logs.
  let root: String
  /// Numbers of names that were looked up.
  var names: [ExactText: Int64] = [:]
  var sources: [String: Int64] = [:]
  /// Numbers of calls that were looked up.
  var calls: [CallKey: Int64] = [:]
  var nextSegment: Int64 = 1
  var nextContent: Int64 = 1
  /// Who acted, to be written with others.
  var actors: [KeptActor] = []
  /// Contents that are being read, by source and path.
  var open: [FileKey: Int64] = [:]

  /// A file of a source.
  struct FileKey: Hashable {
    var source: ExactText
    var path: ExactText

    init(source: String, path: String) { (self.source, self.path) = (ExactText(source), ExactText(path)) }
  }

  /// Where the catalog of a repository lies: linked work trees share it.
  package static func path(in commonDirectory: String) -> String { "\(commonDirectory)/muster/catalog.sqlite" }

  /// Opens the catalog to be written, and makes it where there is none. What a killed run left half done is removed.
  package init(writing path: String, root: String) throws(CatalogError) {
    let database = try Database(path, writes: true)
    try database.run(
      """
      PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-32768; PRAGMA wal_autocheckpoint=16384;
      PRAGMA temp_store=MEMORY
      """)
    try CatalogSchema.migrate(database)
    // Pieces of files that were not read to their end.
    try database.removePieces("content NOT IN (SELECT id FROM content)")
    nextSegment = try database.integer("SELECT max(id) FROM segment") + 1
    nextContent = try database.integer("SELECT max(id) FROM content") + 1
    self.database = database
    self.root = root
  }

  static func makeFolder(of path: String) throws(CatalogError) {
    guard let slash = path.lastIndex(of: "/") else { return }
    do throws(FileError) { try FileSystem.makeFolder(String(path[..<slash])) } catch {
      throw CatalogError(.failed, path: path, detail: error.description)
    }
  }

  /// Opens the catalog to be asked; an error where there is none.
  package init(reading path: String, root: String) throws(CatalogError) {
    if FileSystem.kind(path) == nil { throw CatalogError(.missing, path: path) }
    let database = try Database(path, writes: false)
    if try database.integer("PRAGMA application_id") != CatalogSchema.applicationID {
      throw CatalogError(.foreign, path: path)
    }
    try CatalogSchema.migrate(database)
    self.database = database
    self.root = root
  }
}

extension LogCatalog {
  /// The path as it is kept.
  func kept(_ path: String) -> String { path.hasPrefix(root + "/") ? String(path.dropFirst(root.count + 1)) : path }

  /// The path as files are opened.
  func opened(_ path: String) -> String { path.hasPrefix("/") ? path : "\(root)/\(path)" }
}

extension Database {
  /// Removes the pieces that the condition names, and what points to nothing then. The numbers of their events stay in lists of segments
  /// that have other pieces, and are passed over.
  borrowing func removePieces(_ condition: String) throws(CatalogError) {
    if try integer("SELECT EXISTS(SELECT 1 FROM piece WHERE \(condition))") == 0 { return }
    try run(
      """
      SAVEPOINT removing;
      DELETE FROM piece WHERE \(condition);
      DELETE FROM mark WHERE event >= coalesce((SELECT start + events FROM piece
        WHERE piece.segment = mark.segment AND start <= mark.event ORDER BY start DESC LIMIT 1), 0)
      """)
    let emptied = "id NOT IN (SELECT segment FROM piece)"
    if try integer("SELECT EXISTS(SELECT 1 FROM segment WHERE \(emptied))") != 0 {
      try run("DELETE FROM segment WHERE \(emptied)")
      for table in ["identity_hours", "resource_days", "call_events"] {
        try run("DELETE FROM \(table) WHERE segment NOT IN (SELECT id FROM segment)")
      }
      // Who acted in what is left is not known of each credential.
      try run(
        """
        DELETE FROM actor WHERE identity NOT IN (SELECT identity FROM identity_hours);
        DELETE FROM name WHERE id NOT IN (SELECT identity FROM identity_hours UNION SELECT resource FROM resource_days
          UNION SELECT identity FROM actor UNION SELECT identity FROM mark)
        """)
    }
    try run("RELEASE removing")
  }
}

/// What tells, without reading it, that a file is probably as it was.
package struct FileStamp: Hashable, Sendable {
  package var size: Int64
  /// Nanoseconds since the epoch.
  package var modified: Int64
  /// When the system last changed the file or what it says of it, in nanoseconds since the epoch: a person can set the other time back.
  package var changed: Int64
  package var inode: Int64
  package var device: Int64

  /// Of a regular file, links followed; `nil` where there is none that can be looked at.
  package init?(of path: String) {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    size = Int64(status.st_size)
    modified = Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
    changed = Int64(status.st_ctim.tv_sec) * 1_000_000_000 + Int64(status.st_ctim.tv_nsec)
    inode = Int64(bitPattern: UInt64(status.st_ino))
    device = Int64(bitPattern: UInt64(status.st_dev))
  }

  /// Whether there is no file under the name: nothing, or a folder or a device. What cannot be looked at may be there.
  package static func isGone(_ path: String) -> Bool {
    var status = stat()
    if stat(path, &status) == 0 { return status.st_mode & S_IFMT != S_IFREG }
    return errno == ENOENT || errno == ENOTDIR
  }

  init(size: Int64, modified: Int64, changed: Int64, inode: Int64, device: Int64) {
    self.size = size
    self.modified = modified
    self.changed = changed
    self.inode = inode
    self.device = device
  }
}
