import Base
import Documents

/// A record that is an object of JSON or a row of CSV: a value for each name, whatever the case of its letters.
struct ExportRow {
  private let values: [String: (text: String, node: Node?)]
  let place: Place

  init(_ object: Node) {
    var values: [String: (text: String, node: Node?)] = [:]
    for (key, value) in object.members {
      guard let name = key.text?.lowercased() else { continue }
      values[name] = (value.text ?? (value.kind == .null ? "" : value.canonicalJSON()), value)
    }
    self.values = values
    place = .node(object)
  }

  init(_ fields: [CSVTable.Field], names: [String]) {
    var values: [String: (text: String, node: Node?)] = [:]
    for (name, field) in zip(names, fields) { values[name.lowercased()] = (field.text, nil) }
    self.values = values
    place = fields.first.map { .at($0.location) } ?? .path("")
  }

  /// The first of the names that has a value; words by which tables say that there is none do not count.
  subscript(_ names: String...) -> String? {
    for name in names {
      guard let text = values[name]?.text, !text.isEmpty, !["null", "NULL", "\\N"].contains(text) else { continue }
      return text
    }
    return nil
  }

  func has(_ name: String) -> Bool { values[name] != nil }

  func isTrue(_ name: String) -> Bool { ["true", "yes", "y", "1"].contains(values[name]?.text.lowercased()) }
}

extension InventoryContent {
  /// The names of the first line of a CSV text, in lower case; empty for anything else.
  var csvNames: [String] {
    guard let text else { return [] }
    let head = text.prefix(4096).prefix { $0 != 0x0A }
    return CSVTable(Array(head), path: path).rows.first.map { $0.map { $0.text.lowercased() } } ?? []
  }
}

extension InventoryReading {
  /// The rows of the content: one object, or the lines of a CSV text. What is wrong with a line is said and counted.
  mutating func rows(_ content: InventoryContent) -> [ExportRow] {
    if let object = content.object { return [ExportRow(object)] }
    let table = CSVTable(content.text ?? [], path: content.path, separator: content.separator)
    var rows: [ExportRow] = []
    guard let head = table.rows.first else { return [] }
    let names = head.map { $0.text }
    for fields in table.rows.dropFirst() {
      if fields.count == names.count {
        rows.append(ExportRow(fields, names: names))
      } else {
        refuse(
          .at(fields[0].location), "the row has \(fields.count) fields, the head \(names.count)",
          hint: "the file may be cut off")
      }
    }
    if let problem = table.problem { refuse(.at(problem.location), problem.message, hint: "the file may be cut off") }
    return rows
  }

  /// As `readTime`, of a row.
  mutating func readTime(_ text: String?, _ row: ExportRow) -> Instant? {
    guard let text else { return nil }
    if let instant = readServiceInstant(text) { return instant }
    diagnose(
      .unreadable, row.place, "`\(text.escapedOnOneLine)` is not a time",
      hint: "expected RFC 3339, such as 2026-11-20T06:00:00Z")
    return nil
  }
}
