import Base

extension YAMLComposer {
  mutating func refuseProperties(of event: YAMLEvent) {
    if let anchor = event.anchor {
      problems.add(
        "anchors (`&\(anchor)`) are not allowed", at: event.start, hint: "write the value out where it is used")
    }
    if let tag = event.tag {
      let short = tag.hasPrefix("tag:yaml.org,2002:") ? "!!" + tag.dropFirst(18) : tag
      problems.add("tags (`\(short)`) are not allowed", at: event.start, hint: "the reader knows each key's type")
    }
  }

  mutating func checkKey(_ event: YAMLEvent, _ events: borrowing YAMLEvents, isEmpty: Bool) {
    if isEmpty {
      problems.add("a key is missing before `:`", at: event.start)
    } else if event.style == .plain, events.withScalar({ $0.elementsEqual("<<".utf8) }) {
      problems.add("merge keys (`<<`) are not allowed", at: event.start, hint: "write the keys out")
    }
  }

  /// Reports each key that its mapping has already, with the first one's line.
  mutating func refuseDuplicateKeys(_ frame: Frame) {
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
  func endOfBlockScalar(_ event: YAMLEvent) -> Int {
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
