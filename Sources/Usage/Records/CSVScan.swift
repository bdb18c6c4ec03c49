private import Glibc

/// Rows of a table as text (RFC 4180): the first one names the columns; a field in quotes may hold separators, line feeds and doubled
/// quotes. A row with another number of fields than the first cannot be read; one without any text is none. Of a row that a lost
/// quote joins with those behind it only the first line is given up.
final class CSVScan: RowScan {
  private let columns: [String]
  /// The field of each of `columns`.
  private let owners: [Int]
  private let fieldCount: Int
  private let separator: UInt8
  /// For each column of the table, the field that it fills plus one.
  private var fields: [Int] = []
  private var isHeaderRead = false
  private var isPassingOver = false
  private var rows: [(begin: Int, end: Int)] = []
  private(set) var faults: [RecordFault] = []
  private var window: UnsafeRawPointer?
  private var scratch = Scratch()
  let values: UnsafeMutablePointer<RawText>
  let items = UnsafeBufferPointer<JSONItem>(start: nil, count: 0)

  /// Each column fills a field of its own.
  convenience init(columns: [String], separator: UInt8) {
    self.init(columns: columns, owners: Array(columns.indices), fields: columns.count, separator: separator)
  }

  /// Each column fills its field of `owners`, of so many fields.
  init(columns: [String], owners: [Int], fields: Int, separator: UInt8) {
    precondition(owners.count == columns.count && owners.allSatisfy { $0 < fields }, "each column has a field")
    self.columns = columns
    self.owners = owners
    self.separator = separator
    fieldCount = fields
    values = .allocate(capacity: max(1, fieldCount))
    values.initialize(repeating: .none, count: max(1, fieldCount))
  }

  deinit { values.deallocate() }

  func restart() {
    (fields, isHeaderRead, isPassingOver) = ([], false, false)
  }

  func passOver() { isPassingOver = true }

  var recordCount: Int { rows.count }

  func begin(of record: Int) -> Int? { rows[record].begin }

  func scan(_ window: UnsafeMutablePointer<UInt8>, count: Int, isLast: Bool) -> Int {
    self.window = UnsafeRawPointer(window)
    scratch.reset()
    rows.removeAll(keepingCapacity: true)
    faults = []
    let text = RawText(start: UnsafeRawPointer(window), count: count)
    var from = 0
    if isPassingOver {
      guard let feed = text.firstIndex(of: 0x0A) else { return count }
      isPassingOver = false
      from = feed + 1
    }
    while from < count {
      let end = rowEnd(text, from: from)
      if end == nil && !isLast { return from }
      let isClosed = end != nil || !isInsideQuotes(text, from: from)
      if let feed = brokenLine(text.prefix(end ?? count), from: from, isClosed: isClosed) {
        refuse(from, "a quote is missing, or one too many")
        from = feed + 1
      } else {
        take(text, from, end ?? count, isClosed: isClosed)
        from = end.map { $0 + 1 } ?? count
      }
    }
    return count
  }

  /// The end of the first line of a row that only a lost quote makes longer than that: the lines behind it are rows of their own.
  private func brokenLine(_ text: RawText, from start: Int, isClosed: Bool) -> Int? {
    guard isHeaderRead, let feed = text.dropFirst(start).firstIndex(of: 0x0A) else { return nil }
    return isClosed && isSound(text.dropFirst(start)) ? nil : start + feed
  }

  /// Whether quotes stand only around fields, and doubled inside of those.
  private func isSound(_ row: RawText) -> Bool {
    let quote = UInt8(ascii: "\"")
    var (isInside, mayOpen, mayGoOn) = (false, true, true)
    var at = 0
    while at < row.count {
      let byte = row[at]
      if isInside {
        if byte == quote && at + 1 < row.count && row[at + 1] == quote {
          at += 1
        } else if byte == quote {
          (isInside, mayOpen, mayGoOn) = (false, false, false)
        }
      } else if byte == separator {
        (mayOpen, mayGoOn) = (true, true)
      } else if byte == quote {
        if !mayOpen { return false }
        isInside = true
      } else if byte != UInt8(ascii: " ") && byte != 0x0D {
        if !mayGoOn { return false }
        mayOpen = false
      }
      at += 1
    }
    return !isInside
  }

  /// The line feed that ends the row.
  private func rowEnd(_ text: RawText, from start: Int) -> Int? {
    var at = start
    var isInside = false
    while let feed = text.dropFirst(at).firstIndex(of: 0x0A) {
      let end = at + feed
      if isInsideQuotes(text.prefix(end), from: at) { isInside.toggle() }
      if !isInside { return end }
      at = end + 1
    }
    return nil
  }

  private func isInsideQuotes(_ text: RawText, from start: Int) -> Bool {
    var quotes = 0
    for at in start..<text.count where text[at] == UInt8(ascii: "\"") { quotes += 1 }
    return quotes % 2 == 1
  }

  private func take(_ text: RawText, _ begin: Int, _ feed: Int, isClosed: Bool) {
    let end = feed > begin && text[feed - 1] == 0x0D ? feed - 1 : feed
    if end == begin { return }
    if !isClosed { return refuse(begin, "a quote is not closed before the input ends", isCutShort: true) }
    let row = text.prefix(end).dropFirst(begin)
    // Spreadsheets end tables with rows of nothing.
    if row.bytes.allSatisfy({ $0 == separator }) { return }
    if !isHeaderRead {
      isHeaderRead = true
      readHeader(row)
    } else if count(row) == fields.count {
      rows.append((begin, end))
    } else {
      refuse(begin, "the row has more or fewer fields than the first one")
    }
  }

  private func refuse(_ begin: Int, _ reason: StaticString, isCutShort: Bool = false) {
    faults.append(
      RecordFault(begin: begin, place: begin, reason: reason, recordsBefore: rows.count, isCutShort: isCutShort))
  }

  private func readHeader(_ row: RawText) {
    var known = Set<Int>()
    each(row) { name in
      let number = columns.firstIndex(of: name.string).map { owners[$0] }
      fields.append(number.map { known.insert($0).inserted ? $0 + 1 : 0 } ?? 0)
    }
  }

  private func count(_ row: RawText) -> Int {
    var count = 0
    each(row, isUnquoting: false) { _ in count += 1 }
    return count
  }

  private func each(_ row: RawText, isUnquoting: Bool = true, _ body: (RawText) -> Void) {
    var at = 0
    while true {
      var end = at
      var isQuoted = false
      while end < row.count && (isQuoted || row[end] != separator) {
        if row[end] == UInt8(ascii: "\"") { isQuoted.toggle() }
        end += 1
      }
      let field = row.prefix(end).dropFirst(at)
      body(isUnquoting && field.count > 1 && field[0] == UInt8(ascii: "\"") ? scratch.unquoted(field) : field)
      if end >= row.count { return }
      at = end + 1
    }
  }

  func load(_ record: Int) -> RawText {
    let (begin, end) = rows[record]
    let row = RawText(start: window?.advanced(by: begin), count: end - begin)
    for field in 0..<fieldCount { values[field] = .none }
    var column = 0
    each(row) { value in
      if fields[column] > 0 { values[fields[column] - 1] = value }
      column += 1
    }
    return row
  }
}
