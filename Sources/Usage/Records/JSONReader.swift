/// What the records of one kind of log say. One a reader.
protocol JSONMapping: MadeAnywhere {
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

/// Reads records of JSON and asks the mapping what they say.
private final class JSONReader<Mapping: JSONMapping>: LogReader {
  private typealias Field = Mapping.Field
  private let records: JSONScan
  private var mapping = Mapping()
  private var kit = EventKit()

  init() {
    let cases = Array(Field.allCases)
    precondition(cases.enumerated().allSatisfy { $0.offset == $0.element.number }, "fields count from 0")
    let places = cases.flatMap { field in
      field.rawValue.split(separator: "|").flatMap { place in
        let isOuter = place.hasPrefix("/")
        let all = isOuter ? [String(place.dropFirst())] : Mapping.envelopes.map { $0 + place }
        return all.map { JSONScan.Place(place: $0, field: field.number, need: field.need) }
      }
    }
    records = JSONScan(places, fields: cases.count, lists: Mapping.lists)
  }

  func restart() { records.restart() }

  func scan(_ window: UnsafeMutablePointer<UInt8>, count: Int, isLast: Bool) -> Int {
    records.scan(window, count: count, isLast: isLast)
  }

  func passOver() { records.passOver() }

  var recordCount: Int { records.recordCount }
  var callCount: Int { kit.callCount }
  var faults: [RecordFault] { records.faults }

  func normalise(_ record: Int, into event: inout LogEvent) -> Fate {
    let bytes = records.load(record)
    kit.restart()
    event.clear()
    event.record = bytes
    return records.items.withUnsafeBufferPointer { items in
      mapping.normalise(JSONRecord(bytes: bytes, values: records.values, items: items), into: &event, &kit)
    }
  }
}
