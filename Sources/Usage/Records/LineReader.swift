private import Glibc

/// What the lines of one kind of log say. One a reader.
protocol LineMapping: MadeAnywhere {
  init()
  /// Tells what the line says; `event` comes cleared, and its `record` is set.
  mutating func normalise(_ line: RawText, into event: inout LogEvent, _ kit: inout EventKit) -> Fate
}

extension LogFormat {
  /// A kind of log with one record a line. Empty lines and lines that begin with `#` are no records.
  init<Mapping: LineMapping>(_ name: String, lines mapping: Mapping.Type) {
    self.init(name: name) { LineReader<Mapping>() }
  }
}

/// Reads a text line by line.
private final class LineReader<Mapping: LineMapping>: LogReader {
  // A reader belongs to one thread and calls nobody who could call it: no use of these can overlap another.
  @exclusivity(unchecked) private var lines = LineScan()
  @exclusivity(unchecked) private var mapping = Mapping()
  @exclusivity(unchecked) private var kit = EventKit()

  func restart() { lines.restart() }

  func scan(_ window: UnsafeMutablePointer<UInt8>, count: Int, isLast: Bool) -> Int {
    kit.restart()
    return lines.scan(window, count: count, isLast: isLast)
  }

  func passOver() { lines.passOver() }

  var recordCount: Int { lines.count }
  var callCount: Int { kit.callCount }
  var faults: [RecordFault] { [] }

  func normalise(_ record: Int, into event: inout LogEvent) -> Fate {
    event.clear()
    event.record = lines[record]
    return mapping.normalise(event.record, into: &event, &kit)
  }
}

/// The lines of windows of a text, without their ends.
struct LineScan {
  private var lines: [RawText] = []
  private var isPassingOver = false

  var count: Int { lines.count }
  subscript(number: Int) -> RawText { lines[number] }

  mutating func restart() {
    lines = []
    isPassingOver = false
  }

  mutating func passOver() { isPassingOver = true }

  /// As `LogReader.scan`.
  mutating func scan(_ window: UnsafeMutablePointer<UInt8>, count: Int, isLast: Bool) -> Int {
    lines.removeAll(keepingCapacity: true)
    let text = UnsafeRawPointer(window)
    var from = 0
    while from < count {
      guard let feed = memchr(text + from, 0x0A, count - from) else { break }
      let end = UnsafeRawPointer(feed) - text
      add(RawText(start: text + from, count: end - from))
      from = end + 1
    }
    if isLast && from < count {
      add(RawText(start: text + from, count: count - from))
      return count
    }
    // A line that is given up may go on and on.
    return isPassingOver ? count : from
  }

  private mutating func add(_ line: RawText) {
    if isPassingOver {
      isPassingOver = false
      return
    }
    let bare = line.count > 0 && line[line.count - 1] == 0x0D ? line.prefix(line.count - 1) : line
    if bare.isEmpty || bare[0] == UInt8(ascii: "#") { return }
    lines.append(bare)
  }
}
