package import Base
import Model
package import Usage

extension LogCatalog {
  /// Every file of a source, or of all; sorted by source and path.
  package borrowing func files(of source: String? = nil) throws(CatalogError) -> [CatalogedFile] {
    let faults = try faults()
    let select = try database.prepare(
      """
      SELECT s.name, f.path, f.size, f.modified, f.inode, f.device, f.evidence, f.found, c.id, c.sha256, c.bytes, c.format,
        c.used, c.duplicate, c.filtered, c.unreadable, c.strange, c.unattributed, c.faults, c.broken, c.first, c.last,
        f.changed
      FROM file f JOIN source s ON s.id = f.source JOIN content c ON c.id = f.content
      WHERE ?1 IS NULL OR s.name = ?1 ORDER BY s.name, f.path
      """)
    if let source { select.bind(1, source) } else { select.bind(1, nil) }
    var files: [CatalogedFile] = []
    while try select.step() {
      let stamp = FileStamp(
        size: select.integer(2), modified: select.integer(3), changed: select.integer(22), inode: select.integer(4),
        device: select.integer(5))
      var content = CatalogedContent(Self.account(select, opened(select.text(1))))
      content.number = select.integer(8)
      if !select.isNull(20), !select.isNull(21) { content.period = select.integer(20)...select.integer(21) }
      for fault in faults[content.number] ?? [] { fault.add(to: &content.account) }
      var file = CatalogedFile(source: select.text(0), path: opened(select.text(1)), stamp: stamp, content: content)
      file.evidence = CatalogedFile.Evidence(rawValue: select.integer(6)) ?? .none
      file.found = select.text(7)
      files.append(file)
    }
    return files
  }

  /// Whether no file is known.
  package borrowing func isEmpty() throws(CatalogError) -> Bool {
    try !database.prepare("SELECT 1 FROM file LIMIT 1").step()
  }

  /// Whether the source was read by those readers before; where not, what is known of it is forgotten.
  package mutating func begin(_ name: String, reader: String) throws(CatalogError) -> Bool {
    let number = try source(name)
    let select = try database.prepare("SELECT coalesce(reader, '') FROM source WHERE id = ?1")
    select.bind(1, number)
    if try select.step(), select.text(0) == reader { return true }
    select.reset()
    try forget(try files(of: name).map(\.path), source: name)
    let update = try database.prepare("UPDATE source SET reader = ?2 WHERE id = ?1")
    update.bind(1, number)
    update.bind(2, reader)
    try update.run()
    return false
  }

  private static func account(_ row: borrowing Statement, _ path: String) -> FileAccount {
    func count(_ column: Int32) -> UInt64 { UInt64(max(0, row.integer(column))) }
    var account = FileAccount(path: path)
    account.digest = InputDigest(hex: row.text(9))
    account.storedBytes = count(10)
    account.format = row.text(11).isEmpty ? nil : row.text(11)
    (account.used, account.duplicate, account.filtered) = (count(12), count(13), count(14))
    (account.unreadable, account.foreign, account.unattributed) = (count(15), count(16), count(17))
    account.faultCount = count(18)
    account.isBroken = row.integer(19) != 0
    return account
  }

  private struct StoredFault {
    let record: UInt64?
    let byte: UInt64
    let text: String
    let kind: String

    func add(to account: inout FileAccount) {
      if let record {
        account.faults.append(FileAccount.Fault(record: record, byte: byte, reason: text))
      } else {
        let kind = Diagnostic.Kind(rawValue: kind) ?? .unreadable
        account.remarks.append(Diagnostic(kind, at: SourceLocation(path: account.path), text))
      }
    }
  }

  private borrowing func faults() throws(CatalogError) -> [Int64: [StoredFault]] {
    let select = try database.prepare("SELECT content, record, byte, text, kind FROM fault ORDER BY content, number")
    var faults: [Int64: [StoredFault]] = [:]
    while try select.step() {
      let fault = StoredFault(
        record: select.isNull(1) ? nil : UInt64(max(0, select.integer(1))), byte: UInt64(max(0, select.integer(2))),
        text: select.text(3), kind: select.text(4))
      faults[select.integer(0), default: []].append(fault)
    }
    return faults
  }

  /// Records what was read of files, with the segments that were written for them before. A file without a digest could not be
  /// read and is left out: it is tried again the next time. `grown` has the contents that files were continued from.
  package mutating func record(
    _ accounts: [FileAccount], stamps: [ExactText: FileStamp], grown: [ExactText: Int64] = [:], source: String
  ) throws(CatalogError) {
    try transaction { (catalog) throws(CatalogError) in
      for account in accounts where account.digest != nil {
        guard let stamp = stamps[ExactText(account.path)] else { continue }
        let number = catalog.content(of: FileKey(source: source, path: account.path))
        if let before = grown[ExactText(account.path)] {
          try catalog.database.run("UPDATE piece SET content = \(number) WHERE content = \(before)")
        }
        try catalog.write(account, number, source: source)
        try catalog.point(account.path, to: number, stamp, source: source)
        catalog.open[FileKey(source: source, path: account.path)] = nil
      }
      try catalog.removeUnused()
    }
  }

  private mutating func write(_ account: FileAccount, _ number: Int64, source: String) throws(CatalogError) {
    for part in account.parts where part.records > 0 {
      let update = try database.prepare("UPDATE piece SET record = ?1 WHERE content = ?2 AND part = ?3")
      update.bind(1, Int64(part.records))
      update.bind(2, number)
      update.bind(3, Int64(part.start))
      try update.run()
    }
    let insert = try database.prepare(
      """
      INSERT OR REPLACE INTO content SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13,
        min(first), max(last) FROM piece WHERE content = ?1
      """)
    insert.bind(1, number)
    insert.bind(2, try self.source(source))
    insert.bind(3, account.sha256)
    insert.bind(4, Int64(account.storedBytes))
    insert.bind(5, account.format ?? "")
    let counts = [
      account.used, account.duplicate, account.filtered, account.unreadable, account.foreign, account.unattributed,
      account.faultCount,
    ]
    for (place, count) in counts.enumerated() { insert.bind(Int32(6 + place), Int64(clamping: count)) }
    insert.bind(13, account.isBroken ? 1 : 0)
    try insert.run()
    try writeFaults(account, number)
  }

  private borrowing func writeFaults(_ account: FileAccount, _ number: Int64) throws(CatalogError) {
    let delete = try database.prepare("DELETE FROM fault WHERE content = ?1")
    delete.bind(1, number)
    try delete.run()
    if account.faults.isEmpty && account.remarks.isEmpty { return }
    let insert = try database.prepare("INSERT INTO fault VALUES(?1, ?2, ?3, ?4, ?5, ?6)")
    func write(_ place: Int, _ record: Int64?, _ byte: Int64?, _ text: String, _ kind: String) throws(CatalogError) {
      insert.bind(1, number)
      insert.bind(2, Int64(place))
      insert.bind(3, record)
      insert.bind(4, byte)
      insert.bind(5, text)
      insert.bind(6, kind)
      try insert.run()
    }
    for (place, fault) in account.faults.enumerated() {
      try write(place, Int64(clamping: fault.record), Int64(clamping: fault.byte), fault.reason, "unreadable")
    }
    for (place, remark) in account.remarks.enumerated() {
      try write(account.faults.count + place, nil, nil, remark.message, remark.kind.rawValue)
    }
  }

  private mutating func point(
    _ path: String, to content: Int64, _ stamp: FileStamp, source: String
  ) throws(CatalogError) {
    let insert = try database.prepare("INSERT OR REPLACE INTO file VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0, '')")
    insert.bind(1, try self.source(source))
    insert.bind(2, kept(path))
    insert.bind(3, content)
    insert.bind(4, stamp.size)
    insert.bind(5, stamp.modified)
    insert.bind(6, stamp.changed)
    insert.bind(7, stamp.inode)
    insert.bind(8, stamp.device)
    try insert.run()
  }

  /// Records that files have known contents: the same as before, or the same as of another name.
  package mutating func record(
    _ files: [(path: String, content: Int64, stamp: FileStamp)], source: String
  ) throws(CatalogError) {
    if files.isEmpty { return }
    try transaction { (catalog) throws(CatalogError) in
      for file in files { try catalog.point(file.path, to: file.content, file.stamp, source: source) }
      try catalog.removeUnused()
    }
  }

  /// Marks what looks like tampering; the rest of what is known of the files stays.
  package mutating func record(
    _ evidence: [(path: String, evidence: CatalogedFile.Evidence, found: String)], source: String
  ) throws(CatalogError) {
    if evidence.isEmpty { return }
    try transaction { (catalog) throws(CatalogError) in
      let number = try catalog.source(source)
      let update = try catalog.database.prepare(
        "UPDATE file SET evidence = ?1, found = ?2 WHERE source = ?3 AND path = ?4")
      for one in evidence {
        update.bind(1, one.evidence.rawValue)
        update.bind(2, one.found)
        update.bind(3, number)
        update.bind(4, catalog.kept(one.path))
        try update.run()
      }
    }
  }

  /// Forgets files, and what no file holds any more.
  package mutating func forget(_ paths: [String], source: String) throws(CatalogError) {
    if paths.isEmpty { return }
    try transaction { (catalog) throws(CatalogError) in
      let number = try catalog.source(source)
      let delete = try catalog.database.prepare("DELETE FROM file WHERE source = ?1 AND path = ?2")
      for path in paths {
        delete.bind(1, number)
        delete.bind(2, catalog.kept(path))
        try delete.run()
      }
      try catalog.removeUnused()
    }
  }

  /// Forgets all of other sources than these; their names.
  package mutating func forgetSources(except names: Set<String>) throws(CatalogError) -> [String] {
    let gone = try database.texts("SELECT name FROM source").filter { !names.contains($0) }
    for name in gone {
      try forget(try files(of: name).map(\.path), source: name)
      let delete = try database.prepare("DELETE FROM source WHERE name = ?1")
      delete.bind(1, name)
      try delete.run()
      sources[name] = nil
    }
    return gone
  }

  /// Contents that no file has any more.
  private mutating func removeUnused() throws(CatalogError) {
    let unused = "NOT IN (SELECT content FROM file)"
    if try database.integer("SELECT EXISTS(SELECT 1 FROM content WHERE id \(unused))") == 0 { return }
    try database.removePieces("content IN (SELECT id FROM content WHERE id \(unused))")
    names = [:]
    try database.run(
      "DELETE FROM fault WHERE content \(unused); DELETE FROM content WHERE id \(unused)")
  }
}
