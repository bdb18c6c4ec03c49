import Base
import Model
import Synchronization

/// Slices for several threads.
final class SliceQueue: Sendable {
  private let slices: [LogSlice]
  private let next = Atomic<Int>(0)
  private let done: Mutex<UsageProgress>
  private let progress: @Sendable (UsageProgress) -> Void

  init(_ slices: [LogSlice], _ progress: @escaping @Sendable (UsageProgress) -> Void) {
    self.slices = slices
    self.progress = progress
    let total = slices.reduce(UInt64(0)) { $0 + $1.bytes }
    done = Mutex(UsageProgress(bytes: 0, totalBytes: total, files: 0, totalFiles: slices.count))
  }

  func say(bytes: UInt64, files: Int) {
    let now = done.withLock { state in
      state.bytes += bytes
      state.files += files
      return state
    }
    progress(now)
  }

  func pop() -> LogSlice? {
    let number = next.wrappingAdd(1, ordering: .relaxed).oldValue
    return number < slices.count ? slices[number] : nil
  }
}

extension LogSlice {
  /// Bytes of its records; of a file that is read whole, the file's.
  fileprivate var bytes: UInt64 {
    places?.reduce(0) { $0 + UInt64($1.length) } ?? UInt64(FileSystem.status(path)?.size ?? 0)
  }
}

/// Reads chosen records: their bytes are put together, one a line, and read as a log of their own.
struct SliceReader: ~Copyable {
  private let filter: EventFilter
  private let take: (LoggedEvent) -> Void
  private var readers: [String: any LogReader] = [:]
  private var window: UnsafeMutableRawBufferPointer
  private var count = 0
  private var batch: [LogSlice.Place] = []
  private var event = LogEvent()
  private(set) var outcome = SliceReading(diagnostics: [], bytes: 0, events: 0)

  init(_ filter: EventFilter, _ take: @escaping (LoggedEvent) -> Void) {
    self.filter = filter
    self.take = take
    window = .allocate(byteCount: 1 << 20, alignment: 64)
  }

  deinit { window.deallocate() }

  mutating func read(_ slice: LogSlice, progress: (UInt64) -> Void) {
    guard let places = slice.places else { return readWhole(slice, progress) }
    do throws(FileError) {
      // A part, not the whole: no digest is needed.
      var input = try LogInput(FilePart(path: slice.path, start: 0, end: .max))
      var text = SliceText()
      let isWhole = read(places, of: slice, &input, &text, progress)
      outcome.bytes += input.storedBytes
      if !isWhole { readWhole(slice, only: Set(places.map(\.record))) { _ in } }
    } catch {
      outcome.diagnostics.append(Diagnostic(.unreadable, at: SourceLocation(path: slice.path), error.description))
    }
  }

  /// Whether every record was found to be one.
  private mutating func read(
    _ places: [LogSlice.Place], of slice: LogSlice, _ input: inout LogInput, _ text: inout SliceText,
    _ progress: (UInt64) -> Void
  ) -> Bool {
    guard let reader = reader(slice.format) else { return false }
    (count, batch) = (0, [])
    for (index, place) in places.enumerated() {
      let length = Int(place.length)
      if count + length + 65 > window.count / 2 && count > 0 {
        let given = count - batch.count
        if !give(reader, slice) { return false }
        progress(UInt64(given))
      }
      makeRoom(length)
      let near = index + 1 < places.count ? places[index + 1].offset : nil
      let room = UnsafeMutableRawBufferPointer(rebasing: window[count..<(count + length)])
      if !text.copy(place, to: room, from: &input, next: near) { return false }
      window[count + length] = 0x0A
      count += length + 1
      batch.append(place)
    }
    let given = count - batch.count
    let isWhole = batch.isEmpty || give(reader, slice)
    progress(UInt64(given))
    return isWhole
  }

  private mutating func makeRoom(_ length: Int) {
    if count + length + 65 <= window.count { return }
    let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: (count + length + 65) * 2, alignment: 64)
    larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: window[..<count]))
    window.deallocate()
    window = larger
  }

  private mutating func reader(_ format: String) -> (any LogReader)? {
    if let known = readers[format] { return known }
    let reader = LogFormat.named(format).formats.first?.makeReader()
    readers[format] = reader
    return reader
  }

  /// Gives the events of the batch; `false` where its records are not what they were.
  private mutating func give(_ reader: any LogReader, _ slice: LogSlice) -> Bool {
    guard let base = window.baseAddress else { return false }
    reader.restart()
    _ = reader.scan(base.assumingMemoryBound(to: UInt8.self), count: count, isLast: true)
    var isWhole = reader.faults.isEmpty && reader.recordCount == batch.count
    for (number, place) in batch.enumerated() where isWhole {
      if case .event = reader.normalise(number, into: &event) {
        if !filter.takes(event) { continue }
        outcome.events += 1
        take(LoggedEvent(event, file: slice.path, record: place.record, offset: place.offset))
      } else {
        isWhole = false
      }
    }
    (count, batch) = (0, [])
    return isWhole
  }

  private mutating func readWhole(
    _ slice: LogSlice, only records: Set<UInt64>? = nil, _ progress: (UInt64) -> Void
  ) {
    let (formats, problems) = LogFormat.named(slice.format.isEmpty ? nil : slice.format)
    if formats.isEmpty { return outcome.diagnostics += problems }
    var reading = FileReading(formats: formats)
    var taking = TakingEvents(filter, file: slice.path, only: records, take)
    let account = reading.read(FilePart(path: slice.path, start: 0, end: .max), into: &taking, progress: progress)
    outcome.bytes += account.storedBytes
    outcome.events += taking.count
    if account.used + account.duplicate + account.filtered == 0 {
      outcome.diagnostics += account.diagnostics(tried: reading.tried)
    }
  }
}

/// Takes the events of a whole file.
private struct TakingEvents: EventConsumer {
  private let filter: EventFilter
  private let file: String
  private let records: Set<UInt64>?
  private let take: (LoggedEvent) -> Void
  private(set) var count: UInt64 = 0

  init(_ filter: EventFilter, file: String, only records: Set<UInt64>?, _ take: @escaping (LoggedEvent) -> Void) {
    self.filter = filter
    self.file = file
    self.records = records
    self.take = take
  }

  mutating func begin(format: String) {}
  mutating func endWindow() {}

  mutating func consume(_ event: borrowing LogEvent, record: UInt64) -> Receipt {
    if records.map({ $0.contains(record) }) ?? true, filter.takes(event) {
      count += 1
      take(LoggedEvent(event, file: file, record: record, offset: event.offset))
    }
    return .used
  }
}

/// The text of a file around the records that are wanted.
struct SliceText: ~Copyable {
  private var buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 64)
  private var start: UInt64 = 0
  private var count = 0

  init() {}

  deinit { buffer.deallocate() }

  /// Copies a record; `false` where the text ends before it. Records come in the order of the file.
  mutating func copy(
    _ place: LogSlice.Place, to room: UnsafeMutableRawBufferPointer, from input: inout LogInput, next: UInt64?
  ) -> Bool {
    var done = 0
    while done < room.count {
      let at = place.offset + UInt64(done)
      if at < start { return false }
      if at >= start + UInt64(count) {
        if !fill(at, wanted: room.count - done, next, &input) { return false }
        continue
      }
      let from = Int(at - start)
      let length = min(count - from, room.count - done)
      UnsafeMutableRawBufferPointer(rebasing: room[done..<(done + length)])
        .copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[from..<(from + length)]))
      done += length
    }
    return true
  }

  /// Reads on, to the byte: by a jump where the file is plain.
  private mutating func fill(_ at: UInt64, wanted: Int, _ next: UInt64?, _ input: inout LogInput) -> Bool {
    var position = start + UInt64(count)
    if at > position, input.jump(to: at) { position = at }
    // A lone record of a plain file is read alone; neighbours are read together.
    let isNear = next.map { $0 < at + UInt64(64 << 10) } ?? false
    let isFirst = input.textBytes == 0
    let isLone = isFirst || (input.isPlain && !isNear)
    let size = isLone ? min(buffer.count, max(4096, wanted)) : buffer.count
    count = input.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<size]))
    start = position
    return count > 0
  }
}
