import Base

/// Turns libyaml's events into records and refuses what libyaml lets pass.
struct YAMLComposer {
  let bytes: [UInt8]
  let range: Range<Int>
  private let limits: Limits
  var problems: Problems
  var records: [Record] = []
  var pool: [UInt8] = []
  var pooled: [Range<UInt32>] = []
  private var open: [Frame] = []
  /// Containers open inside a key that is none; nothing of it is kept. `nil` outside.
  private var refusedDepth: Int?
  private var refusesNextValue = false
  private var stopped = false

  /// An open container.
  struct Frame {
    var record: Int
    var isMapping: Bool
    var expectsKey: Bool
    var count = 0
    /// Where the last child ends: libyaml ends a block only at the next token, behind comments and blank lines.
    var lastEnd: Int
  }

  init(_ bytes: [UInt8], in range: Range<Int>, path: String, limits: Limits) {
    self.bytes = bytes
    self.range = range
    self.limits = limits.clamped
    problems = Problems(path: path, bytes: bytes, kind: .invalid)
  }

  /// Whether the records are a whole tree.
  mutating func run() -> Bool {
    if problems.refusesBytes(range, limits: limits) { return false }
    records.reserveCapacity(min(range.count / 6, limits.nodes))
    let bytes = bytes
    let isWhole = bytes.withUnsafeBufferPointer {
      compose(YAMLEvents(.init(rebasing: $0[range]), base: range.lowerBound))
    }
    if records.isEmpty { records.append(Record(.null, start: range.lowerBound, end: range.lowerBound, next: 1)) }
    return isWhole
  }

  private mutating func compose(_ events: consuming YAMLEvents) -> Bool {
    var documents = 0
    while let event = events.next() {
      switch event.kind {
      case .streamEnd: return !stopped
      case .documentStart:
        documents += 1
        if documents > 1 {
          problems.add("a second YAML document starts here", at: event.start, hint: "keep one document in a file")
          return true
        }
      case .scalar: scalar(event, events)
      case .sequence, .mapping: start(event)
      case .end: end(event)
      case .alias: alias(event)
      case .other: break
      }
      if stopped { return false }
    }
    addSyntaxError(events.failure)
    return false
  }

  private mutating func scalar(_ event: YAMLEvent, _ events: borrowing YAMLEvents) {
    refuseProperties(of: event)
    let isEmpty = event.style == .plain && events.withScalar(\.isEmpty)
    guard let isKey = takesNode(event) else { return }
    if isKey { checkKey(event, events, isEmpty: isEmpty) }
    let end = event.style == .literal || event.style == .folded ? endOfBlockScalar(event) : event.end
    let start = isEmpty ? min(event.start, end) : event.start
    var record = Record(
      isEmpty ? .null : .string, start: start, end: isEmpty ? start : end, next: 0, style: event.style, isKey: isKey)
    if !isEmpty { events.withScalar { store($0, of: &record) } }
    append(record, end: Int(record.end), isKey: isKey)
  }

  /// Keeps the text in the pool unless it stands in the source letter by letter.
  private mutating func store(_ text: UnsafeBufferPointer<UInt8>, of record: inout Record) {
    let quote = record.style == .double || record.style == .single ? 1 : 0
    let (from, to) = (Int(record.start) + quote, Int(record.end) - quote)
    let stands =
      to - from == text.count && bytes.withUnsafeBufferPointer { equalBytes(.init(rebasing: $0[from..<to]), text) }
    if stands { return }
    record.markDecoded()
    record.next = UInt32(pooled.count)
    pooled.append(UInt32(pool.count)..<UInt32(pool.count + text.count))
    pool.append(contentsOf: text)
  }

  private mutating func start(_ event: YAMLEvent) {
    refuseProperties(of: event)
    if open.count + (refusedDepth ?? 0) >= limits.depth {
      problems.add("more than \(limits.depth) levels of lists and mappings", at: event.start)
      stopped = true
      return
    }
    if let top = open.last, top.isMapping, top.expectsKey, refusedDepth == nil, !refusesNextValue {
      problems.add("a key must be one text", at: event.start, hint: "quote a text that starts with `[` or `{`")
      refusedDepth = 1
      refusesNextValue = true
      return
    }
    guard takesNode(event) != nil else { return }
    let record = records.count
    let isMapping = event.kind == .mapping
    append(
      Record(
        isMapping ? .mapping : .sequence, start: event.start, end: event.end, next: record + 1, style: event.style),
      end: event.end, isKey: false)
    open.append(Frame(record: record, isMapping: isMapping, expectsKey: isMapping, lastEnd: event.end))
  }

  private mutating func end(_ event: YAMLEvent) {
    if let depth = refusedDepth {
      refusedDepth = depth == 1 ? nil : depth - 1
      return
    }
    guard let frame = open.popLast() else { return }
    let isFlow = records[frame.record].style == .flow && event.end > event.start
    let end = isFlow ? event.end : frame.lastEnd
    records[frame.record].close(end: end, next: records.count, count: frame.count)
    if !open.isEmpty { open[open.count - 1].lastEnd = end }
    if frame.isMapping { refuseDuplicateKeys(frame) }
  }

  private mutating func alias(_ event: YAMLEvent) {
    problems.add("aliases (`*name`) are not allowed", at: event.start, hint: "write the value out")
    guard let isKey = takesNode(event) else { return }
    append(
      Record(.null, start: event.start, end: event.end, next: 0, style: .refused, isKey: isKey), end: event.end,
      isKey: isKey)
  }

  /// Whether the node of the event is a key; `nil` when it belongs to something refused and is dropped.
  private mutating func takesNode(_ event: YAMLEvent) -> Bool? {
    if let depth = refusedDepth {
      if event.kind == .sequence || event.kind == .mapping { refusedDepth = depth + 1 }
      return nil
    }
    if refusesNextValue {
      refusesNextValue = false
      if event.kind == .sequence || event.kind == .mapping { refusedDepth = 1 }
      return nil
    }
    return open.last.map { $0.isMapping && $0.expectsKey } ?? false
  }

  private mutating func append(_ record: Record, end: Int, isKey: Bool) {
    if records.count >= limits.nodes {
      problems.add("more than \(limits.nodes) values", at: Int(record.start))
      stopped = true
      return
    }
    records.append(record)
    guard !open.isEmpty else { return }
    let top = open.count - 1
    open[top].lastEnd = end
    if open[top].isMapping {
      open[top].expectsKey = !isKey
      if isKey { open[top].count += 1 }
    } else {
      open[top].count += 1
    }
  }
}
