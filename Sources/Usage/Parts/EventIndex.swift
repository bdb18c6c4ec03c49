/// The events of a part, by hour, sorted by fingerprint within: about a dozen bytes an event.
///
/// An index may consist of several segments, whose entries may be deliveries of the same events: `resolved` leaves each event in one of them.
struct EventIndex: Sendable {
  var combinations = Combinations()
  var segments: [IndexSegment] = []

  var isEmpty: Bool { segments.allSatisfy { $0.runs.isEmpty } }

  /// The hours that it knows.
  var hours: Set<Int32> { Set(segments.flatMap { $0.runs.map(\.hour) }) }

  /// Adds the segments of another index; `map` gives its texts new numbers.
  mutating func add(_ other: EventIndex, _ map: [UInt32]) {
    let offset = UInt32(combinations.count)
    combinations.append(other.combinations, map)
    let numbers = (0..<UInt32(other.combinations.count)).map { $0 + offset }
    for var segment in other.segments {
      segment.map = segment.map.map { old in old.map { numbers[Int($0)] } } ?? numbers
      segments.append(segment)
    }
  }

  /// The combinations' new numbers in all segments.
  mutating func renumber(_ map: [UInt32]) {
    for index in segments.indices {
      segments[index].map = segments[index].map.map { old in old.map { map[Int($0)] } } ?? map
    }
  }
}

/// Entries on a tape, each hour sorted.
struct IndexSegment: Sendable {
  var tape: IndexTape
  /// Sorted by hour.
  var runs: [HourRun] = []
  /// The combinations' numbers by the numbers on the tape; `nil` where they are the same.
  var map: [UInt32]?
  /// How errors call the part.
  var path = ""
}

/// The entries of an hour.
struct HourRun: Sendable {
  var hour: Int32
  /// Where on the tape, and how many bytes and entries.
  var place: Int
  var length: Int
  var count: Int
}

/// Writes sorted entries of an hour:
///
///     fingerprint, as distance from the one before   LEB128
///     content                                        2 bytes, the least first
///     combination × 2, + 1 with bytes                LEB128
///     bytes in, bytes out                            LEB128, only with bytes
struct EntryWriter {
  private(set) var out = PartWriter()
  private var last: UInt64 = 0
  private(set) var count = 0

  @inline(__always)
  mutating func add(_ entry: EventEntry) {
    out.number(entry.fingerprint &- last)
    last = entry.fingerprint
    out.byte(UInt8(truncatingIfNeeded: entry.content))
    out.byte(UInt8(truncatingIfNeeded: entry.content >> 8))
    let hasBytes = entry.bytesIn | entry.bytesOut != 0
    out.number(UInt64(entry.combination) << 1 | (hasBytes ? 1 : 0))
    if hasBytes {
      out.number(entry.bytesIn)
      out.number(entry.bytesOut)
    }
    count += 1
  }

  /// Begins another hour.
  mutating func restart() {
    last = 0
    count = 0
  }

  mutating func clear() { out.clear() }
}

/// Reads the entries of an hour from a tape, a piece at a time.
struct EntryCursor {
  private let segment: IndexSegment
  private let run: HourRun
  private let combinations: Int
  private var piece: [UInt8] = []
  private var at = 0
  private var taken = 0
  private(set) var left: Int
  private var last: UInt64 = 0
  private var waiting: EventEntry?

  /// The longest entry: three numbers of ten bytes, one of five, two bytes.
  private static let longest = 40

  init(_ segment: IndexSegment, _ run: HourRun, combinations: Int) {
    self.segment = segment
    self.run = run
    self.combinations = combinations
    left = run.count
  }

  /// Adds the entries whose fingerprint is at most `bound`.
  mutating func read(upTo bound: UInt64, into buffer: inout EntryBuffer) throws(PartError) {
    if let entry = waiting {
      if entry.fingerprint > bound { return }
      buffer.append(entry)
      waiting = nil
    }
    while left > 0 {
      if piece.count - at < Self.longest && taken < run.length { try refill() }
      left -= 1
      let entry = try next()
      if entry.fingerprint > bound {
        waiting = entry
        return
      }
      buffer.append(entry)
    }
    if waiting == nil && at != piece.count { throw broken() }
  }

  private mutating func refill() throws(PartError) {
    piece.removeFirst(at)
    at = 0
    let count = min(run.length - taken, 32 << 10)
    guard segment.tape.read(at: run.place + taken, count: count, into: &piece) else { throw broken() }
    taken += count
  }

  private func broken() -> PartError {
    PartError(.unreadable, segment.path, byte: run.place, "the index of events is broken")
  }

  @inline(__always)
  private mutating func next() throws(PartError) -> EventEntry {
    let (fingerprint, over) = last.addingReportingOverflow(try number())
    if over { throw broken() }
    last = fingerprint
    guard at + 2 <= piece.count else { throw broken() }
    let content = UInt16(piece[at]) | UInt16(piece[at + 1]) << 8
    at += 2
    let word = try number()
    guard word >> 1 < UInt64(segment.map?.count ?? combinations) else { throw broken() }
    let combination = segment.map.map { $0[Int(word >> 1)] } ?? UInt32(word >> 1)
    var entry = EventEntry(fingerprint: fingerprint, hour: run.hour, combination: combination, content: content)
    if word & 1 == 1 {
      entry.bytesIn = try number()
      entry.bytesOut = try number()
    }
    return entry
  }

  @inline(__always)
  private mutating func number() throws(PartError) -> UInt64 {
    var (value, shift) = (UInt64(0), UInt64(0))
    while at < piece.count {
      let byte = piece[at]
      at += 1
      value |= UInt64(byte & 0x7F) &<< shift
      if byte < 0x80 { return value }
      shift += 7
      if shift > 63 { throw broken() }
    }
    throw broken()
  }
}
