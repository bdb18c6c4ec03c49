extension LogFormat {
  /// Kinds of log that share one stream, record by record: the first that knows a record reads it. All find the records in the same
  /// way.
  init(_ name: String, family: [LogFormat]) {
    self.init(name: name, mark: LogFormat.object) {
      FamilyReader(family.map { $0.makeReader() })
    }
  }
}

/// Reads a stream as several kinds of log at once.
private final class FamilyReader: LogReader {
  private struct Row {
    /// Where the record begins.
    let begin: Int
    /// The member's number, and the record's in its window.
    var candidates: [(member: Int, record: Int)]
  }

  private let members: [any LogReader]
  /// Members that found other records than the first one: they are not asked again in this stream.
  private var isLost: [Bool]
  private var rows: [Row] = []
  private(set) var faults: [RecordFault] = []

  init(_ members: [any LogReader]) {
    self.members = members
    isLost = members.map { _ in false }
  }

  func restart() {
    for member in members { member.restart() }
    isLost = members.map { _ in false }
  }

  func passOver() { for member in members { member.passOver() } }

  var recordCount: Int { rows.count }
  func begin(of record: Int) -> Int? { rows[record].begin }
  var callCount: Int { (members.map(\.callCount).max() ?? 0) * members.count }

  func scan(_ window: UnsafeMutablePointer<UInt8>, count: Int, isLast: Bool) -> Int {
    var consumed = 0
    var byBegin: [Int: [(member: Int, record: Int)]] = [:]
    for (number, member) in members.enumerated() where !isLost[number] {
      let step = member.scan(window, count: count, isLast: isLast)
      if number == 0 { consumed = step }
      isLost[number] = step != consumed
      if isLost[number] { continue }
      for record in 0..<member.recordCount {
        if let begin = member.begin(of: record) { byBegin[begin, default: []].append((number, record)) }
      }
    }
    rows = byBegin.map { Row(begin: $0.key, candidates: $0.value) }.sorted { $0.begin < $1.begin }
    // What one member cannot read, another may.
    faults = members[0].faults.filter { byBegin[$0.begin] == nil }.map { fault in
      var fault = fault
      fault.recordsBefore = rows.count { $0.begin < fault.begin }
      return fault
    }
    return consumed
  }

  func normalise(_ record: Int, into event: inout LogEvent) -> Fate {
    var last = Fate.foreign
    for (member, record) in rows[record].candidates {
      let fate = members[member].normalise(record, into: &event)
      if case .foreign = fate { continue }
      // Each member numbers calls in its own way.
      event.call.number = event.call.number * members.count + member
      last = fate
      break
    }
    return last
  }
}
