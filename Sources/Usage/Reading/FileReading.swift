import Base

/// What becomes of an event.
enum Receipt { case used, duplicate, unreadable(StaticString) }

/// Who takes the events of a file.
protocol EventConsumer: ~Copyable {
  /// The events that follow are those of a file of that kind.
  mutating func begin(format: String)

  /// Takes an event; `record` is its 1-based number in the file.
  mutating func consume(_ event: borrowing LogEvent, record: UInt64) -> Receipt

  /// Events were given, whose texts now die.
  mutating func endWindow()
}

/// Reads files one after another: one a worker.
struct FileReading: ~Copyable {
  private let formats: [(format: LogFormat, reader: any LogReader)]
  private let digest: InputDigest.Kind?
  private var current = -1
  /// Whether any kind of log found a record, its own or not, in what was looked at to tell the kind.
  private var isRecordSeen = false
  private var window: Window
  private var event = LogEvent()

  /// Files are held for these kinds of log, of which there is at least one. Nothing depends on the size of the first window but memory and
  /// speed: a small one leaves room in the processor's cache for the tables of who counts.
  init(formats: [LogFormat], digest: InputDigest.Kind? = nil, windowSize: Int = 256 << 10) {
    self.digest = digest
    window = Window(capacity: windowSize)
    self.formats = formats.map { ($0, $0.makeReader()) }
  }

  /// The kinds of log that files are held for.
  var tried: [String] { formats.map(\.format.name) }

  /// Reads a part of a file from its first byte to its last.
  mutating func read<Consumer: EventConsumer & ~Copyable>(
    _ part: FilePart, into consumer: inout Consumer, progress: (UInt64) -> Void
  ) -> FileAccount {
    var account = FileAccount(path: part.path)
    do throws(FileError) {
      var input = try LogInput(part, digest: digest)
      readAll(&input, &account, &consumer, progress)
    } catch {
      account.isBroken = true
      account.unreadable = 1
      account.diagnose(error.description)
    }
    return account
  }

  /// Reads the next bytes of a stream as the file of that name: so many, or all. Whether as many came.
  mutating func read<Consumer: EventConsumer & ~Copyable>(
    _ stream: InputStream, count: UInt64?, as name: String, into consumer: inout Consumer
  ) -> (account: FileAccount, isWhole: Bool) {
    var account = FileAccount(path: name)
    var input = LogInput(stream, count: count, digest: digest)
    readAll(&input, &account, &consumer) { _ in }
    if stream.failure != 0 {
      account.isBroken = true
      account.diagnose(FileError(path: name, operation: "read", code: stream.failure).description)
    }
    return (account, count == nil || input.left == 0)
  }

  private mutating func readAll<Consumer: EventConsumer & ~Copyable>(
    _ input: inout LogInput, _ account: inout FileAccount, _ consumer: inout Consumer,
    _ progress: (UInt64) -> Void
  ) {
    readText(&input, &account, &consumer, progress)
    if let fault = input.fault {
      account.isBroken = true
      // What was cut off counts as one record where no record shows the cut.
      if account.unreadable == 0 { account.unreadable = 1 }
      account.diagnose("byte \(fault.offset) of the file: \(fault.reason)")
    }
    account.digest = input.finishDigest()
    account.storedBytes = input.storedBytes + input.unreadBytes
  }

  private mutating func readText<Consumer: EventConsumer & ~Copyable>(
    _ input: inout LogInput, _ account: inout FileAccount, _ consumer: inout Consumer, _ progress: (UInt64) -> Void
  ) {
    window.clear()
    var (isFirst, offset, reported) = (true, UInt64(0), UInt64(0))
    while true {
      let isLast = window.fill(from: &input)
      if isFirst {
        offset += skipByteOrderMark()
        let isChosen = choose(isLast: isLast, &consumer)
        if !isChosen, window.isFull, window.count < (isRecordSeen ? Self.mostToRecognise : Window.limit) {
          window.grow()
          continue
        }
        if !isChosen, window.isAtLimit, !isRecordSeen {
          let isBlank = UnsafeBufferPointer(start: window.start, count: window.count).allSatisfy { $0 <= 0x20 }
          if !isBlank { account.refuse(record: account.records + 1, byte: offset, Self.tooLong) }
          offset += passOverLine(of: &input)
          continue
        }
        account.format = formats[current].format.name
        isFirst = false
      }
      let reader = formats[current].reader
      let consumed = reader.scan(window.start, count: window.count, isLast: isLast)
      give(reader, from: offset, &account, &consumer, isBroken: input.fault != nil)
      progress(input.storedBytes - reported)
      reported = input.storedBytes
      if isLast { return }
      if consumed == 0 { makeRoom(reader, from: offset, &account) }
      window.drop(consumed)
      offset += UInt64(consumed)
    }
  }

  /// A record does not fit: a larger window, or none.
  private mutating func makeRoom(_ reader: any LogReader, from offset: UInt64, _ account: inout FileAccount) {
    if !window.isFull { return }
    if !window.isAtLimit { return window.grow() }
    account.refuse(record: account.records + 1, byte: offset, Self.tooLong)
    reader.passOver()
  }

  private static let tooLong: StaticString = "the record is longer than 64 MiB"

  /// Drops the line that begins the window, and gives its length.
  private mutating func passOverLine(of input: inout LogInput) -> UInt64 {
    var dropped = UInt64(0)
    while true {
      let text = UnsafeBufferPointer(start: window.start, count: window.count)
      let feed = text.firstIndex(of: 0x0A)
      let length = feed.map { $0 + 1 } ?? text.count
      dropped += UInt64(length)
      window.drop(length)
      if feed != nil || window.fill(from: &input) && window.count == 0 { return dropped }
    }
  }

  private mutating func skipByteOrderMark() -> UInt64 {
    let head = UnsafeBufferPointer(start: window.start, count: min(3, window.count))
    if !head.elementsEqual([0xEF, 0xBB, 0xBF]) { return 0 }
    window.drop(3)
    return 3
  }

  /// No more of a file is looked at to tell what it is once a record of it was read, and so much at first.
  private static let mostToRecognise = 8 << 20
  private static let leastToRecognise = 4 << 10

  /// What the kinds of log say of the first window, from nothing to certainty.
  private enum Knowledge: Int {
    case noRecord, foreign, unreadable
    /// The whole of it is a list of records of the kind that has none: the answer to a question about a quiet day.
    case empty
    case aside, known
  }

  /// The first kind of log that knows a record of the beginning, however little of it tells; else the first that holds a record of the
  /// first window for a broken one of its own; else the first of all. `false` where more of the file may tell.
  private mutating func choose<Consumer: EventConsumer & ~Copyable>(isLast: Bool, _ consumer: inout Consumer) -> Bool {
    var (choice, best) = (0, Knowledge.foreign)
    if formats.count > 1 {
      // Most files tell what they are by their first records: only where those do not is each kind asked for more.
      var length = min(window.count, Self.leastToRecognise)
      while true {
        (choice, best) = mostKnowing(of: length, isLast: isLast && length == window.count)
        if best == .known || length == window.count { break }
        length = min(window.count, 8 * length)
      }
    }
    formats[choice].reader.restart()
    consumer.begin(format: formats[choice].format.name)
    current = choice
    return best == .known || isLast
  }

  private mutating func mostKnowing(of length: Int, isLast: Bool) -> (choice: Int, knowledge: Knowledge) {
    var (choice, best) = (0, Knowledge.foreign)
    isRecordSeen = false
    var marks: [UInt8: Bool] = [:]
    for index in formats.indices where best != .known {
      if let mark = formats[index].format.mark {
        // Text without an object is no log of JSON: most kinds of log need not look for one.
        let isThere = marks[mark] ?? window.contains(mark, before: length)
        marks[mark] = isThere
        if !isThere { continue }
      }
      let (format, reader) = formats[index]
      var knowledge = knowledge(of: reader, length, isLast: isLast)
      let isJSON = format.mark == LogFormat.object && !format.isTable
      if isLast, isJSON, reader.recordCount == 0, reader.faults.isEmpty { knowledge = .empty }
      if knowledge != .noRecord { isRecordSeen = true }
      if knowledge.rawValue > best.rawValue { (choice, best) = (index, knowledge) }
    }
    return (choice, best)
  }

  private mutating func knowledge(of reader: any LogReader, _ length: Int, isLast: Bool) -> Knowledge {
    reader.restart()
    _ = window.lend(length) { reader.scan($0, count: length, isLast: isLast) }
    var best = Knowledge.noRecord
    for record in 0..<min(reader.recordCount, 20) {
      switch reader.normalise(record, into: &event) {
      case .event, .filtered: return .known
      case .aside: best = .aside
      case .unreadable: if best != .aside { best = .unreadable }
      case .foreign: if best == .noRecord { best = .foreign }
      }
    }
    return best
  }

  private mutating func give<Consumer: EventConsumer & ~Copyable>(
    _ reader: any LogReader, from offset: UInt64, _ account: inout FileAccount, _ consumer: inout Consumer,
    isBroken: Bool
  ) {
    // Asked once: each question to an unknown reader costs.
    let (faults, count, isShortLived) = (reader.faults, reader.recordCount, reader.isShortLived)
    var next = 0
    var number = account.records
    for record in 0...count {
      while next < faults.count && faults[next].recordsBefore == record {
        number += 1
        refuse(faults[next], number, offset, &account, isBroken)
        next += 1
      }
      if record == count { break }
      number += 1
      take(reader, record, number, offset, &account, &consumer)
      if isShortLived { consumer.endWindow() }
    }
    consumer.endWindow()
  }

  private func refuse(
    _ fault: RecordFault, _ number: UInt64, _ offset: UInt64, _ account: inout FileAccount, _ isBroken: Bool
  ) {
    // Where the input itself broke off, that is said once, for the input.
    if isBroken && fault.isCutShort {
      account.unreadable += 1
    } else {
      account.refuse(record: number, byte: offset + UInt64(fault.place), fault.reason)
    }
  }

  @inline(__always)
  private mutating func take<Consumer: EventConsumer & ~Copyable>(
    _ reader: any LogReader, _ record: Int, _ number: UInt64, _ offset: UInt64, _ account: inout FileAccount,
    _ consumer: inout Consumer
  ) {
    switch reader.normalise(record, into: &event) {
    case .event:
      event.offset = self.offset(of: event.record, offset)
      switch consumer.consume(event, record: number) {
      case .used:
        account.used += 1
        if event.identity.isEmpty { account.unattributed += 1 }
      case .duplicate: account.duplicate += 1
      case .unreadable(let reason):
        account.refuse(record: number, byte: place(of: event.record, record, reader, offset), reason)
      }
    case .filtered, .aside: account.filtered += 1
    case .unreadable(let reason):
      account.refuse(record: number, byte: place(of: event.record, record, reader, offset), reason)
    case .foreign:
      account.foreign += 1
      let place = place(of: event.record, record, reader, offset)
      account.refuse(record: number, byte: place, "the record is of no log that is known")
    }
  }

  /// The byte of the text where a record of the window begins; of one that stands elsewhere, where its reader says, else where the window
  /// begins.
  private func place(of text: RawText, _ record: Int, _ reader: any LogReader, _ offset: UInt64) -> UInt64 {
    self.offset(of: text, offset) ?? offset + UInt64(reader.begin(of: record) ?? 0)
  }

  @inline(__always)
  private func offset(of record: RawText, _ offset: UInt64) -> UInt64? {
    guard let start = record.start else { return nil }
    let distance = start - UnsafeRawPointer(window.start)
    return distance >= 0 && distance < window.count ? offset + UInt64(distance) : nil
  }
}
