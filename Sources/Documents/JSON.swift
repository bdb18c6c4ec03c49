package import Base
private import CSimdjson

extension Document {
  /// Reads one JSON value (RFC 8259). No document where the text is not wholly JSON; of equal keys the last counts, as for
  /// the readers of AWS's own tools, with a warning.
  package static func json(
    _ bytes: [UInt8], path: String, limits: Limits = .exports
  ) -> (document: Document?, diagnostics: [Diagnostic]) {
    var reading = JSONReading(bytes, path: path, limits: limits)
    let mark = TextIndex.lengthOfMark(bytes)
    guard reading.fits, let records = reading.readWhole(from: mark) else { return (nil, reading.problems.all()) }
    let arena = Arena(
      path: path, bytes: bytes, format: .json, limits: limits, records: records, roots: [0],
      index: reading.problems.index)
    return (Document(arena: arena), reading.problems.all())
  }

  /// Reads JSON Lines: one value a line, in `roots`; blank lines are skipped. A line that is not JSON gives a diagnostic that
  /// names it and is counted in `unreadableLines`; the others are read. No document where the file is too large.
  package static func jsonLines(
    _ bytes: [UInt8], path: String, limits: Limits = .exports
  ) -> (document: Document?, diagnostics: [Diagnostic]) {
    var reading = JSONReading(bytes, path: path, limits: limits)
    guard reading.fits else { return (nil, reading.problems.all()) }
    reading.readLines()
    let arena = Arena(
      path: path, bytes: bytes, format: .jsonLines, limits: limits, records: reading.records, roots: reading.roots,
      unreadableLines: reading.unreadable, index: reading.problems.index)
    return (Document(arena: arena), reading.problems.all())
  }
}

/// One run of the JSON reader over a buffer.
private struct JSONReading {
  let bytes: [UInt8]
  let limits: Limits
  var problems: Problems
  var records: [Record] = []
  var roots: [UInt32] = []
  var unreadable = 0

  init(_ bytes: [UInt8], path: String, limits: Limits) {
    self.bytes = bytes
    self.limits = limits.clamped
    problems = Problems(path: path, bytes: bytes, kind: .unreadable)
  }

  var fits: Bool {
    mutating get {
      if bytes.count <= limits.bytes { return true }
      return !problems.refusesBytes(0..<bytes.count, limits: limits)
    }
  }

  mutating func readWhole(from start: Int) -> [Record]? {
    let reader = JSONTokens()
    return bytes.withUnsafeBufferPointer { bytes in
      let text = UnsafeBufferPointer(rebasing: bytes[start...])
      guard let tokens = reader.index(text) else {
        reportWhereItBreaks(text, base: start, reader)
        return nil
      }
      var walk = JSONTokens.Walk()
      let records = [Record](unsafeUninitializedCapacity: tokens) { buffer, count in
        walk = reader.walk(text, base: start, first: 0, limits: limits, into: buffer)
        count = max(0, walk.count)
      }
      return accept(walk) ? records : nil
    }
  }

  mutating func readLines() {
    let reader = JSONTokens()
    bytes.withUnsafeBufferPointer { bytes in
      var scratch: [Record] = []
      var start = TextIndex.lengthOfMark(self.bytes)
      while start < bytes.count {
        let end = endOfLine(bytes, from: start)
        let line = UnsafeBufferPointer(rebasing: bytes[start..<end])
        if !line.allSatisfy({ $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }) {
          readLine(line, base: start, reader, &scratch)
        }
        start = end + 1
      }
    }
  }

  private mutating func readLine(
    _ line: UnsafeBufferPointer<UInt8>, base: Int, _ reader: borrowing JSONTokens, _ scratch: inout [Record]
  ) {
    guard let tokens = reader.index(line) else {
      unreadable += 1
      return reportWhereItBreaks(line, base: base, reader)
    }
    if scratch.count < tokens {
      scratch = Array(repeating: Record(.null, start: 0, end: 0, next: 0), count: max(tokens, 2 * scratch.count))
    }
    let first = records.count
    var room = limits
    room.nodes -= first
    let walk = scratch.withUnsafeMutableBufferPointer {
      reader.walk(line, base: base, first: first, limits: room, into: $0)
    }
    guard accept(walk) else { return unreadable += 1 }
    roots.append(UInt32(first))
    records.append(contentsOf: scratch[..<walk.count])
  }

  private mutating func accept(_ walk: JSONTokens.Walk) -> Bool {
    for duplicate in walk.duplicates { report(duplicate) }
    problems.addUnlisted(walk.duplicateCount - walk.duplicates.count)
    if walk.count < 0 { report(walk.problem) }
    return walk.count >= 0
  }

  /// The first stage says only that something is wrong: look again, byte by byte.
  private mutating func reportWhereItBreaks(
    _ text: UnsafeBufferPointer<UInt8>, base: Int, _ reader: borrowing JSONTokens
  ) {
    let problem = reader.locate(text, base: base, limits: limits)
    let bad = firstInvalidUTF8(text, 0..<text.count).map { $0 + base }
    if let bad, problem.code == muster_json_ok || bad <= Int(problem.offset) || isInString(problem) {
      problems.addBadUTF8(at: bad)
    } else {
      report(problem)
    }
  }

  private func isInString(_ problem: muster_json_problem) -> Bool { problem.code == muster_json_ends_in_string }

  private mutating func report(_ problem: muster_json_problem) {
    let other = problems.place(Int(problem.other))
    let (message, hint) = problem.words(in: bytes, other: other, limits: limits)
    problems.add(
      message, at: Int(problem.offset), hint: hint,
      kind: problem.code == muster_json_duplicate_key ? .warning : nil)
  }
}

/// The C reader: born with the first text, freed with the reading.
private struct JSONTokens: ~Copyable {
  struct Walk {
    /// Number of records, or -1 with the problem.
    var count = -1
    var problem = muster_json_problem()
    var duplicates: [muster_json_problem] = []
    var duplicateCount = 0
  }

  private let handle: OpaquePointer?

  init() { handle = muster_json_open() }
  deinit { muster_json_close(handle) }

  func index(_ text: UnsafeBufferPointer<UInt8>) -> Int? {
    guard let handle, let start = text.baseAddress, !text.isEmpty else { return nil }
    let tokens = muster_json_index(handle, start, text.count)
    return tokens < 0 ? nil : Int(tokens)
  }

  func walk(
    _ text: UnsafeBufferPointer<UInt8>, base: Int, first: Int, limits: Limits,
    into records: UnsafeMutableBufferPointer<Record>
  ) -> Walk {
    var walk = Walk()
    walk.duplicates = [muster_json_problem](unsafeUninitializedCapacity: Problems.most) { duplicates, listed in
      records.withMemoryRebound(to: muster_json_record.self) { records in
        let count = muster_json_walk(
          handle, text.baseAddress, text.count, UInt32(base), UInt32(first), limits.forJSON, records.baseAddress,
          duplicates.baseAddress, Problems.most, &walk.duplicateCount, &walk.problem)
        walk.count = Int(count)
      }
      listed = min(walk.duplicateCount, Problems.most)
    }
    return walk
  }

  func locate(_ text: UnsafeBufferPointer<UInt8>, base: Int, limits: Limits) -> muster_json_problem {
    muster_json_locate(handle, text.baseAddress, text.count, UInt32(base), limits.forJSON)
  }
}

extension Limits {
  fileprivate var forJSON: muster_json_limits {
    muster_json_limits(depth: UInt32(clamping: depth), nodes: UInt32(clamping: nodes))
  }
}

extension muster_json_problem {
  fileprivate func words(in bytes: [UInt8], other: SourceLocation, limits: Limits) -> (message: String, hint: String) {
    let opened = "opened at line \(other.line), column \(other.column)"
    switch code {
    case muster_json_empty: return ("the text is empty, expected JSON", "")
    case muster_json_expected_value: return ("expected a JSON value, found \(found(in: bytes))", "")
    case muster_json_expected_key: return ("expected a key in double quotes, found \(found(in: bytes))", "")
    case muster_json_expected_colon: return ("expected `:` after the key, found \(found(in: bytes))", "")
    case muster_json_expected_comma_or_brace:
      return ("expected `,` or `}` in the object \(opened), found \(found(in: bytes))", "")
    case muster_json_expected_comma_or_bracket:
      return ("expected `,` or `]` in the array \(opened), found \(found(in: bytes))", "")
    case muster_json_ends_in_object: return ("the text ends inside the object \(opened)", "the file may be cut off")
    case muster_json_ends_in_array: return ("the text ends inside the array \(opened)", "the file may be cut off")
    case muster_json_ends_in_string: return ("the string that starts here is not closed", "the file may be cut off")
    case muster_json_bad_escape:
      return ("unknown escape in a string", "JSON has \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX")
    case muster_json_control_character: return ("control character in a string", "write it as \\uXXXX")
    case muster_json_bad_number: return ("not a JSON number: \(found(in: bytes))", "")
    case muster_json_bad_literal:
      return ("not a JSON value: \(found(in: bytes))", "JSON has `true`, `false` and `null`")
    case muster_json_too_deep: return ("more than \(limits.depth) levels of objects and arrays", "")
    case muster_json_too_many_nodes: return ("more than \(limits.nodes) values", "")
    case muster_json_trailing: return ("expected the end of the text, found \(found(in: bytes))", "")
    case muster_json_duplicate_key:
      return (
        "the key stands twice in one object, first at line \(other.line), column \(other.column)", "the last counts"
      )
    default: return ("the text is not JSON", "")
    }
  }

  /// What stands at the place, short.
  private func found(in bytes: [UInt8]) -> String {
    let rest = bytes[min(Int(offset), bytes.count)...].prefix(24)
    let isWord = { (byte: UInt8) in byte >= 0x30 && byte != UInt8(ascii: ":") || "+-.".utf8.contains(byte) }
    let word = rest.prefix { isWord($0) && !"[]{}".utf8.contains($0) }
    return "`\(String(decoding: word.isEmpty ? rest.prefix(1) : word, as: UTF8.self))`"
  }
}
