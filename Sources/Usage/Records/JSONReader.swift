/// What the records of one kind of log say. One a reader.
protocol JSONMapping: MadeAnywhere {
  associatedtype Field: JSONField
  /// The keys under which an object may hold the list of records: joined by `/` where it stands in objects inside of that, with a `*` behind
  /// them where lists in the list are part of it.
  static var lists: [String] { get }
  /// What may stand before the places of the fields, for records that others wrap: `properties/log/@json/`. Places that begin with
  /// `/` are always counted from the outside.
  static var envelopes: [String] { get }
  /// The list whose elements are events of their own, in a record that bundles several; each counts as a record. A record without that
  /// list is one.
  static var parts: Field? { get }
  init()
  /// Tells what the record says; `event` comes cleared, and its `record` is set.
  mutating func normalise(_ record: JSONRecord<Field>, into event: inout LogEvent, _ kit: inout EventKit) -> Fate
}

extension JSONMapping {
  static var lists: [String] { [] }
  static var envelopes: [String] { [""] }
  static var parts: Field? { nil }
}

extension LogFormat {
  /// A kind of log whose records are JSON objects, in lines, in a list, or in a list under one of the mapping's keys.
  init<Mapping: JSONMapping>(_ name: String, json mapping: Mapping.Type) {
    self.init(name: name, mark: LogFormat.object) {
      let places = Mapping.places
      let owners = Dictionary(places.map { ($0.place, $0.field) }) { first, _ in first }
      precondition(places.allSatisfy { owners[$0.place] == $0.field }, "each place is of one field")
      return FieldReader<Mapping, JSONScan>(
        JSONScan(places, fields: Mapping.Field.allCases.count, lists: Mapping.lists))
    }
  }

  /// The same records as rows of a table whose columns are called as the fields at the top of a record.
  init<Mapping: JSONMapping>(_ name: String, csv mapping: Mapping.Type) {
    self.init(name: name, isTable: true) {
      let columns = Mapping.places.filter { !$0.place.contains("/") }
      return FieldReader<Mapping, CSVScan>(
        CSVScan(
          columns: columns.map(\.place), owners: columns.map(\.field), fields: Mapping.Field.allCases.count,
          separator: UInt8(ascii: ",")))
    }
  }
}

extension JSONMapping {
  /// Where the fields stand, in all envelopes.
  fileprivate static var places: [JSONScan.Place] {
    let cases = Array(Field.allCases)
    precondition(cases.enumerated().allSatisfy { $0.offset == $0.element.number }, "fields count from 0")
    return cases.flatMap { field in
      field.rawValue.split(separator: "|").flatMap { place in
        let isOuter = place.hasPrefix("/")
        let isHeld = place.hasPrefix("//")
        let all = isHeld ? [String(place)] : isOuter ? [String(place.dropFirst())] : envelopes.map { $0 + place }
        return all.map { JSONScan.Place(place: $0, field: field.number, need: field.need) }
      }
    }
  }
}

/// Finds records and asks the mapping what they say.
private final class FieldReader<Mapping: JSONMapping, Scan: RowScan>: LogReader {
  private typealias Field = Mapping.Field
  private let records: Scan
  /// Whether records bundle events. Kept here, for code that serves all mappings asks a mapping slowly.
  private let isBundling = Mapping.parts != nil
  // A reader belongs to one thread and calls nobody who could call it: no use of these can overlap another.
  @exclusivity(unchecked) private var mapping = Mapping()
  @exclusivity(unchecked) private var kit = EventKit()
  /// Where records bundle events: row and element of each.
  private var parts: [(row: Int, part: Int)] = []
  private var partFaults: [RecordFault] = []

  init(_ records: Scan) { self.records = records }

  func restart() { records.restart() }

  func scan(_ window: UnsafeMutablePointer<UInt8>, count: Int, isLast: Bool) -> Int {
    kit.restart()
    let consumed = records.scan(window, count: count, isLast: isLast)
    if let list = Mapping.parts { split(by: list) }
    return consumed
  }

  private func split(by list: Field) {
    parts.removeAll(keepingCapacity: true)
    partFaults = records.faults
    var fault = 0
    for row in 0...records.recordCount {
      while fault < partFaults.count && partFaults[fault].recordsBefore == row {
        partFaults[fault].recordsBefore = parts.count
        fault += 1
      }
      if row == records.recordCount { break }
      _ = records.load(row)
      let count = records.items.count { $0.field == list.number }
      for part in 0..<max(1, count) { parts.append((row, part)) }
    }
  }

  func passOver() { records.passOver() }

  func begin(of record: Int) -> Int? { records.begin(of: isBundling ? parts[record].row : record) }

  var recordCount: Int { isBundling ? parts.count : records.recordCount }
  var callCount: Int { kit.callCount }
  var faults: [RecordFault] { isBundling ? partFaults : records.faults }

  func normalise(_ record: Int, into event: inout LogEvent) -> Fate {
    let (row, part) = isBundling ? parts[record] : (record, 0)
    let bytes = records.load(row)
    event.clear()
    event.record = bytes
    let fields = JSONRecord<Field>(bytes: bytes, part: part, values: records.values, items: records.items)
    return mapping.normalise(fields, into: &event, &kit)
  }
}
