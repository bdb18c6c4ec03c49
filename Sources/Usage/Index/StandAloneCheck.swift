/// Reads the first records of each file again by themselves: where that does not give the same event, as in a table whose first line
/// names the columns, the file's records cannot be read one by one.
struct StandAloneCheck: ~Copyable {
  private static let records = 3

  private let formats: [LogFormat]
  private var readers: [String: any LogReader] = [:]
  private var format = ""
  private var left = 0
  private var room = UnsafeMutableRawBufferPointer.allocate(byteCount: 16_384, alignment: 64)
  private var again = LogEvent()

  init(_ formats: [LogFormat]) { self.formats = formats }

  deinit { room.deallocate() }

  /// Whether the next event is to be checked.
  var isWanted: Bool { left > 0 }

  /// Another file begins.
  mutating func restart() { left = Self.records }

  mutating func begin(format: String) { self.format = format }

  mutating func passes(_ event: borrowing LogEvent) -> Bool {
    left -= 1
    guard event.offset != nil, let start = event.record.start, let reader = reader() else { return false }
    let count = event.record.count
    if room.count < count + 65 {
      room.deallocate()
      room = .allocate(byteCount: (count + 65) * 2, alignment: 64)
    }
    guard let base = room.baseAddress else { return false }
    base.copyMemory(from: start, byteCount: count)
    room[count] = 0x0A
    reader.restart()
    _ = reader.scan(base.assumingMemoryBound(to: UInt8.self), count: count + 1, isLast: true)
    guard reader.recordCount == 1, reader.faults.isEmpty, case .event = reader.normalise(0, into: &again) else {
      return false
    }
    return again.time == event.time && again.id == event.id && again.identity == event.identity
      && again.credential == event.credential && again.session == event.session
      && again.call.permission == event.call.permission && again.resourceCount == event.resourceCount
      && again.place == event.place
  }

  private mutating func reader() -> (any LogReader)? {
    if let known = readers[format] { return known }
    let reader = formats.first { $0.name == format }?.makeReader()
    readers[format] = reader
    return reader
  }
}
