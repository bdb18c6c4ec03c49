private import Glibc

/// The tables.
///
/// Times are milliseconds since the epoch. Texts that come again and again are numbers of `name`; credentials and sessions are known by
/// `catalogHash`. A segment's events are numbered; `piece` says which of them are in which content, and where. `identity_hours` and
/// `resource_days` hold postings, `call_events` packed numbers, as `LogSegment` describes them. Hashes are 64 bits, kept as SQLite's
/// signed integers.
enum CatalogSchema {
  static let version: Int64 = 6
  /// `Must` in ASCII: tells the file from any other of SQLite.
  static let applicationID: Int64 = 0x4D75_7374

  private static let tables =
    """
    CREATE TABLE source(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, reader TEXT);
    CREATE TABLE content(
      id INTEGER PRIMARY KEY, source INTEGER NOT NULL, sha256 TEXT NOT NULL, bytes INTEGER NOT NULL, format TEXT NOT NULL,
      used INTEGER NOT NULL, duplicate INTEGER NOT NULL, filtered INTEGER NOT NULL, unreadable INTEGER NOT NULL,
      strange INTEGER NOT NULL, unattributed INTEGER NOT NULL, faults INTEGER NOT NULL, broken INTEGER NOT NULL,
      first INTEGER, last INTEGER);
    CREATE TABLE file(
      source INTEGER NOT NULL, path TEXT NOT NULL, content INTEGER NOT NULL, size INTEGER NOT NULL, modified INTEGER NOT NULL,
      changed INTEGER NOT NULL, inode INTEGER NOT NULL, device INTEGER NOT NULL, evidence INTEGER NOT NULL, found TEXT NOT NULL,
      PRIMARY KEY(source, path)) WITHOUT ROWID;
    CREATE INDEX file_content ON file(content);
    CREATE TABLE fault(
      content INTEGER NOT NULL, number INTEGER NOT NULL, record INTEGER, byte INTEGER, text TEXT NOT NULL, kind TEXT NOT NULL,
      PRIMARY KEY(content, number)) WITHOUT ROWID;
    CREATE TABLE name(id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
    CREATE TABLE segment(id INTEGER PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL);
    CREATE TABLE piece(
      segment INTEGER NOT NULL, start INTEGER NOT NULL, events INTEGER NOT NULL, content INTEGER NOT NULL, part INTEGER NOT NULL,
      record INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, isAddressable INTEGER NOT NULL,
      places BLOB NOT NULL, PRIMARY KEY(segment, start)) WITHOUT ROWID;
    CREATE INDEX piece_content ON piece(content, part);
    CREATE TABLE identity_hours(
      identity INTEGER NOT NULL, segment INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, events BLOB NOT NULL,
      PRIMARY KEY(identity, segment)) WITHOUT ROWID;
    CREATE TABLE resource_days(
      resource INTEGER NOT NULL, segment INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, events BLOB NOT NULL,
      PRIMARY KEY(resource, segment)) WITHOUT ROWID;
    CREATE TABLE call(
      id INTEGER PRIMARY KEY, permission TEXT NOT NULL, action TEXT NOT NULL, namesOperation INTEGER NOT NULL,
      UNIQUE(permission, action, namesOperation));
    CREATE TABLE call_events(
      call INTEGER NOT NULL, segment INTEGER NOT NULL, events BLOB NOT NULL, PRIMARY KEY(call, segment)) WITHOUT ROWID;
    CREATE TABLE actor(
      hash INTEGER NOT NULL, identity INTEGER NOT NULL, credential TEXT NOT NULL, isTemporary INTEGER NOT NULL,
      session INTEGER NOT NULL, started INTEGER, first INTEGER NOT NULL, last INTEGER NOT NULL,
      PRIMARY KEY(identity, hash)) WITHOUT ROWID;
    CREATE INDEX actor_hash ON actor(hash);
    CREATE INDEX actor_session ON actor(session) WHERE session <> 0;
    CREATE TABLE mark(
      credential INTEGER NOT NULL, time INTEGER NOT NULL, segment INTEGER NOT NULL, event INTEGER NOT NULL, kind INTEGER NOT NULL,
      session INTEGER NOT NULL, actor INTEGER NOT NULL, identity INTEGER NOT NULL, shared INTEGER NOT NULL,
      PRIMARY KEY(credential, time, segment, event, kind)) WITHOUT ROWID;
    CREATE INDEX mark_session ON mark(session, time) WHERE session <> 0;
    CREATE INDEX mark_actor ON mark(actor);
    CREATE INDEX mark_shared ON mark(shared) WHERE shared <> 0;
    """

  /// Makes the tables in an empty file. Those of an older version are dropped, and what they said with them: it is read again. What is
  /// no catalog, or of a newer version, is refused.
  static func migrate(_ database: borrowing Database) throws(CatalogError) {
    if try database.integer("PRAGMA user_version") == version,
      try database.integer("PRAGMA application_id") == applicationID
    {
      return
    }
    try database.run("BEGIN IMMEDIATE")
    let found = try database.integer("PRAGMA user_version")
    let isEmpty = try database.integer("SELECT count(*) FROM sqlite_schema") == 0
    if !isEmpty, try database.integer("PRAGMA application_id") != applicationID {
      throw CatalogError(.foreign, path: database.path)
    }
    if found > version { throw CatalogError(.newer, path: database.path) }
    for table in try database.texts("SELECT name FROM sqlite_schema WHERE type = 'table'") {
      try database.run("DROP TABLE \(table)")
    }
    try database.run(tables)
    try database.run("PRAGMA application_id=\(applicationID); PRAGMA user_version=\(version); COMMIT")
  }

  /// Removes a catalog, damaged or not; what is none stays. SQLite, "Database File Format": the application's number is at byte 68.
  static func discard(_ path: String) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    if descriptor < 0 { return }
    var head = [UInt8](repeating: 0, count: 72)
    let count = pread(descriptor, &head, head.count, 0)
    close(descriptor)
    let mark = withUnsafeBytes(of: UInt32(truncatingIfNeeded: applicationID).bigEndian) { Array($0) }
    if count < head.count || !head.starts(with: Array("SQLite format 3\0".utf8)) || Array(head[68..<72]) != mark {
      return
    }
    for suffix in ["", "-wal", "-shm"] { unlink(path + suffix) }
  }
}
