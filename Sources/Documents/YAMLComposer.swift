import Base

/// Turns libyaml's events into records and refuses what libyaml lets pass.
struct YAMLComposer {
  private let bytes: [UInt8]
  private let range: Range<Int>
  private let limits: Limits
  private(set) var problems: Problems
  private(set) var records: [Record] = []
  private(set) var pool: [UInt8] = []
  private(set) var pooled: [Range<UInt32>] = []
  private var open: [Frame] = []
  /// Containers open inside a key that is none; nothing of it is kept. `nil` outside.
  private var refusedDepth: Int?
  private var refusesNextValue = false
  private var stopped = false

  /// An open container.
  private struct Frame {
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
    if let top = open.last, top.isMapping, top.expectsKey, refusedDepth == nil {
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

// MARK: - What is refused

extension YAMLComposer {
  private mutating func refuseProperties(of event: YAMLEvent) {
    if let anchor = event.anchor {
      problems.add(
        "anchors (`&\(anchor)`) are not allowed", at: event.start, hint: "write the value out where it is used")
    }
    if let tag = event.tag {
      let short = tag.hasPrefix("tag:yaml.org,2002:") ? "!!" + tag.dropFirst(18) : tag
      problems.add("tags (`\(short)`) are not allowed", at: event.start, hint: "the reader knows each key's type")
    }
  }

  private mutating func checkKey(_ event: YAMLEvent, _ events: borrowing YAMLEvents, isEmpty: Bool) {
    if isEmpty {
      problems.add("a key is missing before `:`", at: event.start)
    } else if event.style == .plain, events.withScalar({ $0.elementsEqual("<<".utf8) }) {
      problems.add("merge keys (`<<`) are not allowed", at: event.start, hint: "write the keys out")
    }
  }

  /// Reports each key that its mapping has already, with the first one's line.
  private mutating func refuseDuplicateKeys(_ frame: Frame) {
    guard frame.count > 1 else { return }
    var keys: [Int] = []
    keys.reserveCapacity(frame.count)
    var index = frame.record + 1
    while index < records.count {
      keys.append(index)
      let value = records[index + 1]
      index = value.isContainer ? Int(value.next) : index + 2
    }
    for (first, second) in equalPairs(keys) {
      let name = withKey(second) { String(decoding: $0, as: UTF8.self) }
      let line = problems.place(Int(records[first].start)).line
      problems.add("duplicate key `\(name)`, first at line \(line)", at: Int(records[second].start))
    }
  }

  /// Keys that are in a mapping twice, with the first of their kind. By hashes: a file of declarations is mostly keys.
  private func equalPairs(_ keys: [Int]) -> [(first: Int, second: Int)] {
    var hashed: [(hash: UInt64, key: Int)] = []
    hashed.reserveCapacity(keys.count)
    for key in keys { hashed.append((withKey(key, hashOfBytes), key)) }
    // By the bytes where hashes meet, so that made-up collisions cost no more than honest keys.
    hashed.sort { a, b in
      if a.hash != b.hash { return a.hash < b.hash }
      if isKey(a.key, before: b.key) { return true }
      return !isKey(b.key, before: a.key) && a.key < b.key
    }
    var pairs: [(Int, Int)] = []
    var first = hashed[0]
    for next in hashed.dropFirst() {
      if next.hash == first.hash, isSameKey(first.key, next.key) {
        pairs.append((first.key, next.key))
      } else {
        first = next
      }
    }
    return pairs
  }

  private func isSameKey(_ a: Int, _ b: Int) -> Bool { withKey(a) { a in withKey(b) { equalBytes(a, $0) } } }
  private func isKey(_ a: Int, before b: Int) -> Bool { withKey(a) { a in withKey(b) { isBefore(a, $0) } } }

  private func withKey<T>(_ index: Int, _ body: (UnsafeBufferPointer<UInt8>) -> T) -> T {
    let record = records[index]
    if record.isDecoded {
      let range = pooled[Int(record.next)]
      return pool.withUnsafeBufferPointer { body(.init(rebasing: $0[Int(range.lowerBound)..<Int(range.upperBound)])) }
    }
    let quote = record.style == .double || record.style == .single ? 1 : 0
    return bytes.withUnsafeBufferPointer {
      body(.init(rebasing: $0[Int(record.start) + quote..<Int(record.end) - quote]))
    }
  }

  /// libyaml ends a block scalar where the next token may start. Ends it after its last line that is not blank, or, where its
  /// header says to keep blank lines, after those, in both cases before the line break.
  private func endOfBlockScalar(_ event: YAMLEvent) -> Int {
    let header = bytes[event.start..<event.end].prefix { $0 != 0x0A && $0 != 0x0D }
    let properties = header.prefix { $0 != UInt8(ascii: "#") }
    let keeps = properties.contains(UInt8(ascii: "+"))
    var end = event.end
    let first = header.endIndex
    while end > first {
      if end > first, bytes[end - 1] == 0x0A { end -= 1 }
      if end > first, bytes[end - 1] == 0x0D { end -= 1 }
      if keeps { return end }
      var line = end
      while line > first, bytes[line - 1] == 0x20 { line -= 1 }
      guard line > first, bytes[line - 1] == 0x0A || bytes[line - 1] == 0x0D else { return line == first ? first : end }
      end = line
    }
    return end
  }
}

// MARK: - Syntax errors

extension YAMLComposer {
  /// libyaml's error in words that say what to do.
  private mutating func addSyntaxError(_ failure: YAMLFailure) {
    let byte = failure.offset < range.upperBound ? bytes[failure.offset] : 0
    switch failure.problem {
    case "found unexpected end of stream" where failure.context.contains("quoted"):
      problems.add("the quote that opens here is not closed", at: failure.contextOffset ?? failure.offset)
    case "found unexpected document indicator" where failure.context.contains("quoted"):
      problems.add("the quote that opens here is not closed", at: failure.contextOffset ?? failure.offset)
    case "found character that cannot start any token":
      let hint = byte == 0x09 ? "indent with spaces, not with tabs" : "quote a text that starts like this"
      problems.add("\(shown(failure.offset)) cannot start a value", at: failure.offset, hint: hint)
    case "could not find expected ':'":
      let hint = "write `key: value`, or `- value` in a list; quote a text of several lines"
      problems.add("expected `:` after the key", at: failure.contextOffset ?? failure.offset, hint: hint)
    case "mapping values are not allowed in this context":
      problems.add(
        "a `:` cannot stand here", at: failure.offset, hint: "quote a text that holds `: `, or mend the indentation")
    case "did not find expected ',' or ']'", "did not find expected ',' or '}'":
      let line = failure.contextOffset.map { problems.place($0).line } ?? 0
      let closing = failure.problem.hasSuffix("']'") ? "]" : "}"
      problems.add("expected `,` or `\(closing)` for the bracket opened at line \(line)", at: failure.offset)
    case "did not find expected key", "did not find expected '-' indicator",
      "block sequence entries are not allowed in this context":
      problems.add(
        "\(failure.problem)", at: failure.offset,
        hint: "mend the indentation of this line; it must match its neighbours")
    case "control characters are not allowed":
      problems.add(
        "control character \(shown(failure.offset))", at: failure.offset, hint: "write it as an escape in double quotes"
      )
    default:
      let context = failure.context.isEmpty ? "" : " (\(failure.context))"
      let isTab = byte == 0x09 || failure.problem.contains("tab character")
      problems.add(
        failure.problem + context, at: failure.offset, hint: isTab ? "indent with spaces, not with tabs" : "")
    }
  }

  /// The character at the place, in words where it does not show.
  private func shown(_ offset: Int) -> String {
    guard offset < range.upperBound else { return "the end of the text" }
    let scalar = String(decoding: bytes[offset..<min(offset + 4, range.upperBound)], as: UTF8.self).unicodeScalars.first
    guard let scalar, scalar != "\t" else { return "a tab" }
    if scalar.value > 0x20 && !scalar.isUnprintable && scalar.value & 0xFFFE != 0xFFFE { return "`\(scalar)`" }
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}
