import Base

/// Takes the segments of files while they are read, from any of the threads.
package struct LogIndexing: Sendable {
  let take: @Sendable (LogSegment) -> Void

  /// Segments of one part of a file come in order; several files are read at once.
  package init(_ take: @escaping @Sendable (LogSegment) -> Void) { self.take = take }
}

/// Counts events and, where somebody wants it, says where they are.
struct IndexedCounting: EventConsumer, ~Copyable {
  private var counting: Counting
  private var segments: SegmentBuilder?
  private var check: StandAloneCheck

  init(_ counting: consuming Counting, _ formats: [LogFormat]) {
    self.counting = counting
    segments = nil
    check = StandAloneCheck(formats)
  }

  /// The events that follow are of that part of a file.
  mutating func begin(_ part: FilePart, _ index: LogIndexing?) {
    guard let index else { return }
    check.restart()
    if segments == nil { segments = SegmentBuilder(give: index.take) }
    segments?.begin(part)
  }

  mutating func end() { segments?.end() }

  mutating func begin(format: String) {
    counting.begin(format: format)
    check.begin(format: format)
  }

  @inline(__always)
  mutating func consume(_ event: borrowing LogEvent, record: UInt64) -> Receipt {
    if segments != nil && check.isWanted && !check.passes(event) { segments?.standsAlone = false }
    segments?.add(event, record: record)
    return counting.consume(event, record: record)
  }

  mutating func endWindow() {
    counting.endWindow()
    segments?.endWindow()
  }

  consuming func finish() -> Result<[UsagePart], PartError> {
    segments?.flush()
    return counting.finish()
  }
}
