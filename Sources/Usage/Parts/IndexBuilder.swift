/// Collects the index of events while they are counted: entries in memory, now and then sorted onto a tape.
struct IndexBuilder: ~Copyable {
  /// Entries that are sorted together.
  private static let batch = 1 << 15

  private let tape: IndexTape
  private var buffer = EntryBuffer(capacity: IndexBuilder.batch)
  private var segment: IndexSegment
  private var failure: PartError?

  init(_ tape: IndexTape) {
    self.tape = tape
    segment = IndexSegment(tape: tape)
  }

  @inline(__always)
  mutating func add(_ entry: EventEntry) {
    buffer.append(entry)
    if buffer.count == IndexBuilder.batch { flush() }
  }

  private mutating func flush() {
    var writer = EntryWriter()
    var start = 0
    do throws(PartError) {
      var runs: [HourRun] = []
      var starts: [Int] = []
      for (hour, end) in buffer.sortByHour() {
        buffer.sort(start..<end)
        starts.append(writer.out.bytes.count)
        writer.restart()
        for index in start..<end { writer.add(buffer[index]) }
        runs.append(
          HourRun(hour: hour, place: 0, length: writer.out.bytes.count - (starts.last ?? 0), count: end - start))
        start = end
      }
      let place = try tape.append(writer.out.bytes)
      for (index, offset) in starts.enumerated() { runs[index].place = place + offset }
      segment.runs += runs
    } catch { failure = failure ?? error }
    buffer.clear()
  }

  /// All entries; an hour may have several runs.
  consuming func finish() throws(PartError) -> IndexSegment {
    flush()
    if let failure { throw failure }
    return segment
  }
}

/// A hash of what an event says: tells deliveries of one event from events that share an id. The same in every run, whatever was counted
/// before.
struct ContentHash {
  private(set) var hash: UInt64

  /// Begins with nothing.
  init() { hash = 0 }

  /// Begins with what every event has.
  @inline(__always)
  init(_ event: borrowing LogEvent) {
    hash = folded(UInt64(bitPattern: event.time) ^ 0x8EBC_6AF0_9C88_C6E3, event.isFailed ? 0xE703_7ED1_A0B4_28DB : 1)
    if event.isFailed { add(event.status) }
    for index in 0..<event.resourceCount { add(event.resources[index]) }
    if let bytes = event.bytesIn { add(bytes) }
    if let bytes = event.bytesOut { add(~bytes) }
  }

  @inline(__always)
  mutating func add(_ text: RawText) { hash = text.hash(seed: hash) }

  @inline(__always)
  mutating func add(_ word: UInt64) { hash = folded(hash ^ 0xA076_1D64_78BD_642F, word ^ 0x589C_C3E5_1D30_8F7B) }

  var value: UInt16 { UInt16(truncatingIfNeeded: hash >> 24) }
}
