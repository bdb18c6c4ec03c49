extension LogFormat {
  /// A table as text in whose column of that name records of another kind of log stand, one a row.
  init(_ name: String, column: String, of inner: LogFormat) {
    self.init(name: name, mark: inner.mark, isTable: true) { ColumnReader(column: column, inner.makeReader()) }
  }
}

/// Reads the records in a column of a table.
private final class ColumnReader: LogReader {
  private let rows: CSVScan
  private let inner: any LogReader
  /// The text of the row that was read last, with the room behind it that readers of JSON need.
  private var window = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 4096)

  init(column: String, _ inner: any LogReader) {
    rows = CSVScan(columns: [column], separator: UInt8(ascii: ","))
    self.inner = inner
  }

  deinit { window.deallocate() }

  func restart() { rows.restart() }
  func passOver() { rows.passOver() }

  var recordCount: Int { rows.recordCount }
  var faults: [RecordFault] { rows.faults }
  var callCount: Int { inner.callCount }
  /// All rows are read in one room.
  var isShortLived: Bool { true }

  func scan(_ window: UnsafeMutablePointer<UInt8>, count: Int, isLast: Bool) -> Int {
    rows.scan(window, count: count, isLast: isLast)
  }

  func normalise(_ record: Int, into event: inout LogEvent) -> Fate {
    let row = rows.load(record)
    let text = rows.values[0]
    if text.isEmpty {
      event.clear()
      event.record = row
      return .foreign
    }
    if window.count < text.count + 64 {
      window.deallocate()
      window = .allocate(capacity: 2 * (text.count + 64))
    }
    _ = window.update(fromContentsOf: text.bytes)
    inner.restart()
    guard let start = window.baseAddress else { return .foreign }
    _ = inner.scan(start, count: text.count, isLast: true)
    let isOne = inner.recordCount == 1 && inner.faults.isEmpty
    let fate = isOne ? inner.normalise(0, into: &event) : .unreadable("the column holds no record")
    if !isOne { event.clear() }
    event.record = row
    return fate
  }
}
