private import CSimdjson

/// What the records of one kind of log say. One a reader.
protocol JSONMapping: Sendable {
  associatedtype Field: JSONField
  /// The keys under which an object may hold the list of records.
  static var lists: [String] { get }
  /// What may stand before the places of the fields, for records that others wrap: `properties/log/@json/`. Places that begin with
  /// `/` are always counted from the outside.
  static var envelopes: [String] { get }
  init()
  /// Tells what the record says; `event` comes cleared, and its `record` is set.
  mutating func normalise(_ record: JSONRecord<Field>, into event: inout LogEvent, _ kit: inout EventKit) -> Fate
}

extension JSONMapping {
  static var lists: [String] { [] }
  static var envelopes: [String] { [""] }
}

extension LogFormat {
  /// A kind of log whose records are JSON objects, in lines, in a list, or in a list under one of the mapping's keys.
  init<Mapping: JSONMapping>(_ name: String, json mapping: Mapping.Type) {
    self.init(name: name) { JSONReader<Mapping>() }
  }
}

/// Reads records of JSON through a table of the fields that matter.
private final class JSONReader<Mapping: JSONMapping>: LogReader {
  private typealias Field = Mapping.Field
  private let fields: OpaquePointer
  private let width: Int
  private var batch = muster_field_batch()
  private var window: UnsafePointer<UInt8>?
  private var mapping = Mapping()
  private var kit = EventKit()
  private let values: UnsafeMutablePointer<RawText>
  private var items: [JSONItem] = []

  init() {
    let cases = Array(Field.allCases)
    precondition(cases.enumerated().allSatisfy { $0.offset == $0.element.number }, "fields count from 0")
    width = cases.count
    values = .allocate(capacity: max(1, width))
    values.initialize(repeating: .none, count: max(1, width))
    fields = Self.open(cases)
  }

  deinit {
    muster_fields_close(fields)
    values.deallocate()
  }

  private static func open(_ cases: [Field]) -> OpaquePointer {
    var texts: [ContiguousArray<CChar>] = []
    var rows: [(text: Int, field: Int, need: muster_need)] = []
    for field in cases {
      for place in field.rawValue.split(separator: "|") {
        let isOuter = place.hasPrefix("/")
        for place in isOuter ? [String(place.dropFirst())] : Mapping.envelopes.map({ $0 + place }) {
          rows.append((texts.count, field.number, field.need.door))
          texts.append(place.utf8CString)
        }
      }
    }
    let lists = Mapping.lists.map(\.utf8CString)
    let opened = withPointers(texts) { texts in
      withPointers(lists) { lists in
        let places = rows.map { muster_place(place: texts[$0.text], field: UInt32($0.field), need: $0.need) }
        return muster_fields_open(places, places.count, UInt32(cases.count), lists, lists.count)
      }
    }
    guard let opened else { preconditionFailure("there is memory for a reader") }
    return opened
  }

  func restart() { muster_fields_restart(fields) }

  func scan(_ window: UnsafeMutablePointer<UInt8>, count: Int, isLast: Bool) -> Int {
    muster_fields_scan(fields, window, count, isLast, &batch)
    self.window = UnsafePointer(window)
    return batch.consumed
  }

  func passOver() { muster_fields_pass_over(fields) }

  var recordCount: Int { batch.row_count }
  var callCount: Int { kit.callCount }
  var faults: [RecordFault] { RecordFault.list(batch.bad, batch.bad_count) }

  @inline(__always)
  private func text(_ slice: muster_slice) -> RawText {
    if slice.offset == 0 { return .none }
    let inArena = slice.offset & 0x8000_0000 != 0
    let base = UnsafeRawPointer(inArena ? batch.arena : window)
    return RawText(start: base?.advanced(by: Int(slice.offset & 0x7FFF_FFFF)), count: Int(slice.length))
  }

  func normalise(_ record: Int, into event: inout LogEvent) -> Fate {
    guard let rows = batch.rows, let slices = batch.values else { return .foreign }
    precondition(record < batch.row_count, "a record of the window")
    let row = rows[record]
    let first = record * width
    for field in 0..<width { values[field] = text(slices[first + field]) }
    items.removeAll(keepingCapacity: true)
    if row.items > 0, let all = batch.items {
      for number in Int(row.first_item)..<Int(row.first_item + row.items) {
        items.append(
          JSONItem(field: Int(all[number].field), element: Int(all[number].element), text: text(all[number].text)))
      }
    }
    kit.restart()
    event.clear()
    event.record = text(muster_slice(offset: row.begin, length: row.end - row.begin))
    if event.record.isEmpty { event.record = RawText(start: UnsafeRawPointer(window), count: Int(row.end)) }
    return items.withUnsafeBufferPointer { items in
      mapping.normalise(JSONRecord(bytes: event.record, values: values, items: items), into: &event, &kit)
    }
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
