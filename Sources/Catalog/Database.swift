import Base
private import CSQLite
private import Glibc

/// An open SQLite file, for one thread at a time.
struct Database: ~Copyable {
  private let handle: OpaquePointer
  private let idle: IdleStatements
  let path: String
  private static let isConfigured = muster_sqlite_count_no_memory() == SQLITE_OK

  /// Opens the file; makes it where there is none and `writes`. Where nobody may write beside it, it is opened all the same.
  init(_ path: String, writes: Bool) throws(CatalogError) {
    self.path = path
    idle = IdleStatements()
    // Where it cannot be configured any more, it works all the same.
    _ = Self.isConfigured
    var handle: OpaquePointer?
    let isShut = !writes && (access(String(FileSystem.folder(of: path)), W_OK) != 0 || access(path, W_OK) != 0)
    let flags =
      isShut
      ? SQLITE_OPEN_READONLY | SQLITE_OPEN_URI
      : writes ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READWRITE
    let name = isShut ? Self.shutName(of: path) : path
    let status = sqlite3_open_v2(name, &handle, flags | SQLITE_OPEN_NOMUTEX, nil)
    guard status == SQLITE_OK, let handle else {
      let error = Self.error(status, handle, path)
      sqlite3_close_v2(handle)
      throw error
    }
    self.handle = handle
    sqlite3_extended_result_codes(handle, 1)
    sqlite3_busy_timeout(handle, 10_000)
  }

  /// The file as a URI (SQLite, "Uniform Resource Identifiers"). Without a log of writes beside it nobody changes it: else SQLite would
  /// make one.
  private static func shutName(of path: String) -> String {
    let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-".utf8)
    let digits = Array("0123456789ABCDEF")
    let name = path.utf8.map {
      plain.contains($0) ? String(UnicodeScalar($0)) : "%\(digits[Int($0 >> 4)])\(digits[Int($0 & 15)])"
    }
    return "file:\(name.joined())" + (access(path + "-wal", F_OK) == 0 ? "" : "?immutable=1")
  }

  deinit {
    idle.clear()
    sqlite3_close_v2(handle)
  }

  /// Runs statements without values.
  borrowing func run(_ sql: String) throws(CatalogError) {
    let status = sqlite3_exec(handle, sql, nil, nil, nil)
    if status != SQLITE_OK { throw Self.error(status, handle, path) }
  }

  /// The statement, ready for its values; one that was prepared before is used again.
  borrowing func prepare(_ sql: String) throws(CatalogError) -> Statement {
    if let statement = idle.take(sql) { return Statement(statement, sql, path, idle) }
    var statement: OpaquePointer?
    let status = sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil)
    guard status == SQLITE_OK, let statement else { throw Self.error(status, handle, path) }
    return Statement(statement, sql, path, idle)
  }

  /// The first column of the first row; 0 where there is none.
  borrowing func integer(_ sql: String) throws(CatalogError) -> Int64 {
    let statement = try prepare(sql)
    return try statement.step() ? statement.integer(0) : 0
  }

  /// The first column of all rows.
  borrowing func texts(_ sql: String) throws(CatalogError) -> [String] {
    let statement = try prepare(sql)
    var texts: [String] = []
    while try statement.step() { texts.append(statement.text(0)) }
    return texts
  }

  fileprivate static func error(_ status: Int32, _ handle: OpaquePointer?, _ path: String) -> CatalogError {
    let detail =
      handle.flatMap { sqlite3_errmsg($0) }.map { String(cString: $0) } ?? String(cString: sqlite3_errstr(status))
    switch status & 0xFF {
    case SQLITE_NOTADB: return CatalogError(.foreign, path: path, detail: detail)
    case SQLITE_CORRUPT: return CatalogError(.corrupt, path: path, detail: detail)
    case SQLITE_BUSY, SQLITE_LOCKED: return CatalogError(.locked, path: path)
    default: return CatalogError(.failed, path: path, detail: detail)
    }
  }
}

/// Prepared statements that nobody uses at the moment, by their text. To prepare one costs more than to run it.
private final class IdleStatements {
  private var handles: [String: OpaquePointer] = [:]

  deinit { clear() }

  func take(_ sql: String) -> OpaquePointer? { handles.removeValue(forKey: sql) }

  func keep(_ handle: OpaquePointer, _ sql: String) {
    sqlite3_reset(handle)
    sqlite3_clear_bindings(handle)
    if handles.count > 60 { clear() }
    sqlite3_finalize(handles.updateValue(handle, forKey: sql))
  }

  func clear() {
    for handle in handles.values { sqlite3_finalize(handle) }
    handles = [:]
  }
}

/// A prepared statement: bind, step, reset. Places of values count from 1, columns from 0.
struct Statement: ~Copyable {
  private let handle: OpaquePointer
  private let sql: String
  private let path: String
  private let idle: IdleStatements

  fileprivate init(_ handle: OpaquePointer, _ sql: String, _ path: String, _ idle: IdleStatements) {
    self.handle = handle
    self.sql = sql
    self.path = path
    self.idle = idle
  }

  deinit { idle.keep(handle, sql) }

  func bind(_ place: Int32, _ value: Int64?) {
    if let value { sqlite3_bind_int64(handle, place, value) } else { sqlite3_bind_null(handle, place) }
  }

  func bind(_ place: Int32, _ text: String) {
    var text = text
    text.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) {
        _ = muster_bind_text(handle, place, $0.baseAddress ?? empty, Int32($0.count))
      }
    }
  }

  func bind(_ place: Int32, blob: ArraySlice<UInt8>) {
    blob.withUnsafeBytes {
      _ = muster_bind_blob(handle, place, $0.baseAddress ?? UnsafeRawPointer(empty), Int32($0.count))
    }
  }

  /// Whether there is a row.
  func step() throws(CatalogError) -> Bool {
    let status = sqlite3_step(handle)
    if status == SQLITE_ROW { return true }
    if status == SQLITE_DONE { return false }
    throw Database.error(status, sqlite3_db_handle(handle), path)
  }

  func reset() { sqlite3_reset(handle) }

  /// Runs it once and makes it ready for the next time.
  func run() throws(CatalogError) {
    defer { reset() }
    _ = try step()
  }

  func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }
  func isNull(_ column: Int32) -> Bool { sqlite3_column_type(handle, column) == SQLITE_NULL }

  func text(_ column: Int32) -> String {
    guard let start = sqlite3_column_text(handle, column) else { return "" }
    return String(
      decoding: UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column))), as: UTF8.self)
  }

  func blob(_ column: Int32) -> [UInt8] {
    guard let start = sqlite3_column_blob(handle, column) else { return [] }
    return Array(UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column))))
  }

  private var empty: UnsafePointer<CChar> {
    UnsafeRawPointer(StaticString("").utf8Start).assumingMemoryBound(to: CChar.self)
  }
}
