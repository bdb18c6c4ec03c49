/// Counts the events of one worker. Its tables are emptied into facts when they grow large: memory is bounded by what the facts
/// keep, whatever passes through.
struct Counting: EventConsumer, ~Copyable {
  /// Bytes of tables after which they are emptied.
  private static let budget = 48 << 20

  private var rollup = Rollup()
  private var part = UsagePart()
  private var format = ""
  private let distinct: DistinctEvents

  init(_ distinct: DistinctEvents) { self.distinct = distinct }

  mutating func begin(format: String) {
    if format != self.format { rollup.changeReader() }
    self.format = format
  }

  @inline(__always)
  mutating func consume(_ event: borrowing LogEvent, record: UInt64) -> Receipt {
    if event.time == LogEvent.noTime { return .unreadable("the record has no time that can be read") }
    let id = event.id.isEmpty ? event.record : event.id
    let isNew = distinct.insert(
      id: id.hash(seed: distinct.seed), content: content(of: event), time: event.time)
    if !isNew { return .duplicate }
    rollup.add(event)
    return .used
  }

  /// A hash of what the event says; only its upper bits are used.
  @inline(__always)
  private func content(of event: borrowing LogEvent) -> UInt64 {
    var hash = distinct.seed ^ UInt64(bitPattern: event.time)
    hash = event.identity.hash(seed: hash)
    hash = event.call.action.hash(seed: hash)
    hash = event.address.hash(seed: hash)
    hash = event.credential.hash(seed: hash)
    return event.status.hash(seed: hash)
  }

  mutating func endWindow() {
    if rollup.memory > Counting.budget { flush() }
  }

  private mutating func flush() {
    var full = Rollup()
    swap(&full, &rollup)
    part = .joined([part, full.drain()])
  }

  consuming func finish() -> UsagePart {
    flush()
    return part
  }
}
