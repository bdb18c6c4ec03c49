/// Counts the events of one worker. Its tables are emptied into facts when they grow large: memory is bounded by what the facts
/// keep, whatever passes through.
struct Counting: EventConsumer, ~Copyable {
  /// Milliseconds from the epoch, 140,000 years: no sum or difference of times can overflow. `LogEvent.noTime` is beyond.
  private static let latest: UInt64 = 1 << 52

  private let tape: IndexTape
  /// Bytes of tables after which they are emptied.
  private let budget: Int
  private var rollup: Rollup
  /// What the tables were emptied into; each at least twice as large as the next, so that none is joined often.
  private var parts: [(part: UsagePart, size: Int)] = []
  private var failure: PartError?
  private var format = ""

  init(_ tape: IndexTape, budget: Int = 24 << 20) {
    self.tape = tape
    self.budget = budget
    rollup = Rollup(tape)
  }

  mutating func begin(format: String) {
    if format != self.format { rollup.changeReader() }
    self.format = format
  }

  @inline(__always)
  mutating func consume(_ event: borrowing LogEvent, record: UInt64) -> Receipt {
    if event.time.magnitude >= Counting.latest { return .unreadable("the record has no time that can be read") }
    rollup.add(event)
    return .used
  }

  mutating func endWindow() {
    rollup.settle()
    if rollup.memory > budget { flush() }
  }

  private mutating func flush() {
    do throws(PartError) {
      try drain()
      while parts.count > 1, parts[parts.count - 2].size < 2 * parts[parts.count - 1].size {
        let last = parts.removeLast()
        let sum = try UsagePart.joined([parts.removeLast().part, last.part], resolving: false)
        parts.append((sum, sum.size))
      }
      for (part, _) in parts { rollup.reduceResources(as: part) }
    } catch { failure = failure ?? error }
  }

  private mutating func drain() throws(PartError) {
    var full = Rollup(tape)
    swap(&full, &rollup)
    let part = try full.drain()
    parts.append((part, part.size))
  }

  /// The parts, not yet joined: all workers' are joined at once.
  consuming func finish() -> Result<[UsagePart], PartError> {
    do throws(PartError) { try drain() } catch { failure = failure ?? error }
    if let failure { return .failure(failure) }
    return .success(parts.map(\.part))
  }
}
