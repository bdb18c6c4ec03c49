private import CSimdjson
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
private struct LineScan {
  private(set) var count = 0
  private var window: UnsafeRawPointer?
  /// Only the first `count` are the window's.
  private var lines = [muster_line](repeating: muster_line(), count: 256)
  private var isPassingOver = false

  subscript(number: Int) -> RawText {
    precondition(number < count, "a line of this window")
    let line = lines[number]
    return RawText(start: window?.advanced(by: Int(line.start)), count: Int(line.length))
  }

  mutating func restart() {
    count = 0
    isPassingOver = false
  }

  mutating func passOver() { isPassingOver = true }

  /// As `LogReader.scan`.
  mutating func scan(_ window: UnsafeMutablePointer<UInt8>, count length: Int, isLast: Bool) -> Int {
    count = 0
    self.window = UnsafeRawPointer(window)
    var start = 0
    if isPassingOver {
      // A line that is given up may go on and on.
      guard let feed = memchr(window, 0x0A, length) else { return length }
      start = UnsafeRawPointer(feed) - UnsafeRawPointer(window) + 1
      isPassingOver = false
    }
    var next = start
    count = muster_window_lines(window, length, isLast, &lines, lines.count, &next)
    if count > lines.count {
      lines = Array(repeating: muster_line(), count: count)
      next = start
      count = muster_window_lines(window, length, isLast, &lines, lines.count, &next)
    }
    return next
  }
}
