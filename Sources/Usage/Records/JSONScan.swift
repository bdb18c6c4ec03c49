private import CSimdjson

/// Records of JSON through a table of places: one row of texts a record.
final class JSONScan {
  /// Where a field stands, as `JSONField` has it, without alternatives.
  struct Place {
    let place: String
    let field: Int
    let need: JSONNeed
  }

  private let scan: OpaquePointer
  private let width: Int
  private var batch = muster_field_batch()
  private var window: UnsafePointer<UInt8>?
  /// The fields of the record that was loaded last.
  let values: UnsafeMutablePointer<RawText>
  private var room = UnsafeMutableBufferPointer<JSONItem>.allocate(capacity: 64)
  @exclusivity(unchecked) private(set) var items = UnsafeBufferPointer<JSONItem>(start: nil, count: 0)

  /// `lists` are the keys under which an object may hold the list of records.
  init(_ places: [Place], fields: Int, lists: [String]) {
    width = fields
    values = .allocate(capacity: max(1, width))
    values.initialize(repeating: .none, count: max(1, width))
    let opened = withPointers(places.map(\.place.utf8CString)) { texts in
      withPointers(lists.map(\.utf8CString)) { lists in
        let rows = zip(places, texts).map { place, text in
          muster_place(place: text, field: UInt32(place.field), need: place.need.door)
        }
        return muster_fields_open(rows, rows.count, UInt32(fields), lists, lists.count)
      }
    }
    guard let opened else { preconditionFailure("there is memory for a reader") }
    scan = opened
  }

  deinit {
    muster_fields_close(scan)
    values.deallocate()
    room.deallocate()
  }

  func restart() { muster_fields_restart(scan) }

  func scan(_ window: UnsafeMutablePointer<UInt8>, count: Int, isLast: Bool) -> Int {
    muster_fields_scan(scan, window, count, isLast, &batch)
    self.window = UnsafePointer(window)
    return batch.consumed
  }

  func passOver() { muster_fields_pass_over(scan) }

  var recordCount: Int { batch.row_count }
  var faults: [RecordFault] { RecordFault.list(batch.bad, batch.bad_count) }

  @inline(__always)
  private func text(_ slice: muster_slice) -> RawText {
    if slice.offset == 0 { return .none }
    let inArena = slice.offset & 0x8000_0000 != 0
    let base = UnsafeRawPointer(inArena ? batch.arena : window)
    return RawText(start: base?.advanced(by: Int(slice.offset & 0x7FFF_FFFF)), count: Int(slice.length))
  }

  /// Where the record begins in the window; `nil` for one that was mended elsewhere.
  func begin(of record: Int) -> Int? {
    guard let rows = batch.rows, record < batch.row_count else { return nil }
    return Int(rows[record].origin)
  }

  /// Fills `values` and `items`; the record as it stands in the log.
  func load(_ record: Int) -> RawText {
    guard let rows = batch.rows, record < batch.row_count else { preconditionFailure("a record of the window") }
    let row = rows[record]
    values.update(repeating: .none, count: width)
    if row.values > 0, let all = batch.values {
      for number in Int(row.first_value)..<Int(row.first_value + row.values) {
        values[Int(all[number].field)] = text(all[number].text)
      }
    }
    load(UnsafeBufferPointer(start: batch.items?.advanced(by: Int(row.first_item)), count: Int(row.items)))
    // Offset 0 of the window is a place as well.
    if row.begin == 0 { return RawText(start: UnsafeRawPointer(window), count: Int(row.end)) }
    return text(muster_slice(offset: row.begin, length: row.end - row.begin))
  }

  private func load(_ all: UnsafeBufferPointer<muster_item>) {
    if all.count > room.count {
      room.deallocate()
      room = .allocate(capacity: 2 * all.count)
    }
    for (number, item) in all.enumerated() {
      let text = text(item.text)
      room[number] = JSONItem(
        field: Int(item.field), element: Int(item.element), outer: Int(item.outer), text: text)
      if values[Int(item.field)].start == nil { values[Int(item.field)] = text }
    }
    items = UnsafeBufferPointer(rebasing: room[..<all.count])
  }
}

extension JSONNeed {
  fileprivate var door: muster_need {
    switch self {
    case .text: muster_need_text
    case .scalar: muster_need_scalar
    case .caller: muster_need_caller
    case .any: muster_need_any
    }
  }
}

/// Lends the texts as C strings.
private func withPointers<Result>(
  _ texts: [ContiguousArray<CChar>], _ body: ([UnsafePointer<CChar>?]) -> Result
) -> Result {
  var bytes: [CChar] = []
  let starts = texts.map { text in
    defer { bytes += text }
    return bytes.count
  }
  return bytes.withUnsafeBufferPointer { buffer in body(starts.map { buffer.baseAddress?.advanced(by: $0) }) }
}
