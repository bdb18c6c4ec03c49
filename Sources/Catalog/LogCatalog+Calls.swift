import Base
import Usage

/// Calls that are named alike.
struct CallKey: Hashable {
  let permission: ExactText
  let action: ExactText
  let namesOperation: Bool

  init(_ call: LogSegment.CallEvents) {
    (permission, action) = (ExactText(call.permission), ExactText(call.action))
    namesOperation = call.namesOperation
  }
}

/// The events of a call in a segment.
struct CallRow {
  let call: Int64
  let segment: Int64
  let events: [UInt8]
}

extension LogCatalog {
  /// The call's number.
  mutating func call(_ key: CallKey) throws(CatalogError) -> Int64 {
    if let known = calls[key] { return known }
    let insert = try database.prepare(
      "INSERT OR IGNORE INTO call(permission, action, namesOperation) VALUES(?1, ?2, ?3)")
    let select = try database.prepare(
      "SELECT id FROM call WHERE permission = ?1 AND action = ?2 AND namesOperation = ?3")
    insert.bind(key)
    try insert.run()
    select.bind(key)
    let number = try select.step() ? select.integer(0) : 0
    // A bounded memory, as of names.
    if calls.count > 100_000 { calls = [:] }
    calls[key] = number
    return number
  }

  /// In the order of the table: neighbours share its pages.
  borrowing func write(_ rows: [CallRow]) throws(CatalogError) {
    let insert = try database.prepare("INSERT INTO call_events VALUES(?1, ?2, ?3)")
    for row in rows.sorted(by: { ($0.call, $0.segment) < ($1.call, $1.segment) }) {
      insert.bind(1, row.call)
      insert.bind(2, row.segment)
      insert.bind(3, blob: row.events[...])
      try insert.run()
    }
  }

  /// The events whose call may match.
  borrowing func events(
    calling action: Glob, _ period: ClosedRange<Int64>
  ) throws(CatalogError) -> [Int64: Set<UInt32>] {
    let select = try database.prepare(
      """
      SELECT e.segment, e.events FROM call_events e JOIN segment s ON s.id = e.segment
      WHERE e.call = ?1 AND s.last >= ?2 AND s.first <= ?3
      """)
    var chosen: [Int64: Set<UInt32>] = [:]
    for call in try calls(matching: action) {
      select.bind(1, call)
      select.bind(2, period.lowerBound)
      select.bind(3, period.upperBound)
      while try select.step() { chosen[select.integer(0), default: []].formUnion(unpackNumbers(select.blob(1))) }
      select.reset()
    }
    return chosen
  }

  /// Calls of which one may match, as `EventFilter` compares them: permission, action, or operation.
  private borrowing func calls(matching pattern: Glob) throws(CatalogError) -> [Int64] {
    let select = try database.prepare("SELECT id, permission, action, namesOperation FROM call")
    var numbers: [Int64] = []
    while try select.step() {
      let action = select.text(2)
      let operation = action.utf8.firstIndex(of: UInt8(ascii: ":")).map { String(action[action.index(after: $0)...]) }
      let mayMatch =
        select.integer(3) == 0 || pattern.matches(select.text(1)) || pattern.matches(action)
        || pattern.matches(operation ?? action) || pattern.matches("")
      if mayMatch { numbers.append(select.integer(0)) }
    }
    return numbers
  }
}

extension Statement {
  fileprivate func bind(_ key: CallKey) {
    bind(1, key.permission.description)
    bind(2, key.action.description)
    bind(3, key.namesOperation ? 1 : 0)
  }
}
