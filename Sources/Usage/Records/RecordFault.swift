private import CSimdjson

/// A record that cannot be read.
struct RecordFault {
  /// Offsets in the window: of the record, and of what is wrong.
  var begin: Int
  var place: Int
  /// What is wrong, without a full stop.
  var reason: StaticString
  /// Readable records of the window that stand before it.
  var recordsBefore: Int
  /// Whether the input ends inside of it.
  var isCutShort: Bool
}

extension RecordFault {
  /// What is wrong with a text that should hold JSON.
  static let noInnerJSON: StaticString = "a field that holds JSON as a text holds none that can be read"

  /// What a scan of JSON gave: `bad` points to so many of the door's faults.
  static func list(_ bad: UnsafeRawPointer?, _ count: Int) -> [RecordFault] {
    guard let bad, count > 0 else { return [] }
    let faults = UnsafeBufferPointer(start: bad.assumingMemoryBound(to: muster_bad_record.self), count: count)
    return faults.map { fault in
      RecordFault(
        begin: Int(fault.begin), place: Int(fault.place), reason: reason(fault.reason),
        recordsBefore: Int(fault.records_before), isCutShort: fault.reason == muster_bad_cut_short)
    }
  }

  private static func reason(_ reason: muster_bad_reason) -> StaticString {
    switch reason {
    case muster_bad_cut_short: "the input ends inside the record"
    case muster_bad_open: "the next record begins before this one ends"
    case muster_bad_not_object: "the record is no object"
    case muster_bad_type: "a field that says who did what is no text"
    case muster_bad_duplicate: "a field stands twice"
    case muster_bad_text: "a field that says who did what is no Unicode text"
    case muster_bad_records: "'Records' is no list"
    case muster_bad_separator: "a comma too many, or none"
    case muster_bad_nested: noInnerJSON
    default: "this is not JSON"
    }
  }
}
