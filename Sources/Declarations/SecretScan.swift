package import Base
package import Model

/// A secret-shaped value in a file: place, kind and digest, never the value.
package struct FoundSecret: Sendable, Hashable {
  /// Where the value begins.
  package let location: SourceLocation
  /// `private key`, `GitHub token`, `password`, …
  package let kind: String
  /// First 12 hexadecimal digits of the value's SHA-256.
  package let digest: String
  /// The value's bytes in the file.
  package let range: Range<Int>
}

/// Finds secret-shaped values in a file, in the order of their places. Ids (`AKIA…`), ARNs, digests, UUIDs, public keys and
/// signatures are none.
package func scanForSecrets(_ file: SourceFile) -> [FoundSecret] {
  file.bytes.withUnsafeBufferPointer { text in
    var scanner = SecretScanner(text)
    var found: [FoundSecret] = []
    var (line, lineStart) = (1, 0)
    for hit in scanner.run() {
      for i in lineStart..<hit.range.lowerBound where text[i] == 0x0A { (line, lineStart) = (line + 1, i + 1) }
      let column = text[lineStart..<hit.range.lowerBound].count { $0 & 0xC0 != 0x80 } + 1
      let digest = SHA256Digest(of: UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(text)[hit.range])).hex
      found.append(
        FoundSecret(
          location: SourceLocation(path: file.path, line: line, column: column), kind: hit.kind,
          digest: String(digest.prefix(12)), range: hit.range))
    }
    return found
  }
}

/// The file's bytes with every character of a secret as `x`: lines and columns stay and YAML stays YAML, so that findings can show the line.
package func redactingSecrets(_ file: SourceFile) -> [UInt8] {
  let found = scanForSecrets(file)
  guard !found.isEmpty else { return file.bytes }
  var out: [UInt8] = []
  out.reserveCapacity(file.bytes.count)
  var at = 0
  for secret in found {
    out += file.bytes[at..<secret.range.lowerBound]
    for byte in file.bytes[secret.range] where byte & 0xC0 != 0x80 {
      out.append(byte == 0x0A ? byte : UInt8(ascii: "x"))
    }
    at = secret.range.upperBound
  }
  return out + file.bytes[at...]
}

/// One pass over a text, word by word.
private struct SecretScanner {
  struct Hit {
    var range: Range<Int>
    var kind: String
    /// Recognised by its own form, not by the name before it.
    var isCertain: Bool
  }

  private static var word: UInt8 { 1 }
  private static var base64: UInt8 { 2 }
  /// What each byte may be a part of.
  private static let classes: [UInt8] = (UInt8.min...UInt8.max).map { byte in
    if isAlphanumeric(byte) { return word | base64 }
    return "_-".utf8.contains(byte) ? word : "+/".utf8.contains(byte) ? base64 : 0
  }

  private let text: UnsafeBufferPointer<UInt8>
  private let classes = SecretScanner.classes
  private let tokenStarts = SecretPattern.starts
  private var hits: [Hit] = []
  /// Runs of forty characters of base64, which AWS's secret keys are, and so is much else.
  private var forties: [Range<Int>] = []
  /// Ids of AWS keys.
  private var ids: [Int] = []

  init(_ text: UnsafeBufferPointer<UInt8>) { self.text = text }

  /// Hits in order that do not overlap.
  mutating func run() -> [Hit] {
    var at = 0
    while at < text.count {
      if isBase64(text[at]), at == 0 || !isBase64(text[at - 1]) { noteForty(at) }
      if isWordByte(text[at]) {
        at = text[at] == UInt8(ascii: "-") && starts(at, "-----BEGIN ") ? block(at) : word(at)
      } else {
        if text[at] == UInt8(ascii: ":"), starts(at, "://") { address(at + 3) }
        at += 1
      }
    }
    judgeForties()
    return merged()
  }

  private func merged() -> [Hit] {
    let sorted = hits.sorted {
      ($0.isCertain ? 0 : 1, $0.range.lowerBound) < ($1.isCertain ? 0 : 1, $1.range.lowerBound)
    }
    var kept: [Hit] = []
    for hit in sorted where !kept.contains(where: { $0.range.overlaps(hit.range) }) { kept.append(hit) }
    return kept.sorted { $0.range.lowerBound < $1.range.lowerBound }
  }

  /// A word: a token by itself, an id, or a key with its value; gives where to go on.
  private mutating func word(_ start: Int) -> Int {
    if start + 1 < text.count, tokenStarts[Int(text[start]) << 8 | Int(text[start + 1])] {
      for pattern in SecretPattern.byFirstByte[Int(text[start])] {
        guard let length = pattern.length(in: text, at: start) else { continue }
        hits.append(Hit(range: start..<start + length, kind: pattern.kind, isCertain: true))
        return start + length
      }
    }
    var end = start
    while end < text.count, isWordByte(text[end]) { end += 1 }
    if end - start == 20, starts(start, "AKIA") || starts(start, "ASIA") { ids.append(start) }
    var next = end
    if next < text.count, isQuote(text[next]) { next += 1 }
    while next < text.count, text[next] == 0x20 { next += 1 }
    if next < text.count, text[next] == UInt8(ascii: ":") || text[next] == UInt8(ascii: "=") {
      assignment(start..<end, next)
    }
    return end
  }

  private mutating func assignment(_ key: Range<Int>, _ sign: Int) {
    guard let kind = SecretValues.kind(ofKey: text[key]) else { return }
    var start = sign + 1
    while start < text.count, text[start] == 0x20 || text[start] == UInt8(ascii: "=") { start += 1 }
    guard start < text.count else { return }
    // `a:b` is a mapping only where white space or a quote follows the colon.
    let isTight = text[sign] == UInt8(ascii: ":") && start == sign + 1
    var end = start
    if isQuote(text[start]) {
      let quote = text[start]
      start += 1
      end = start
      while end < text.count, text[end] != quote, text[end] != 0x0A { end += 1 }
      if text[start..<end].contains(0x20) { return }
    } else {
      if isTight { return }
      while end < text.count, text[end] > 0x20, !",}]\"'".utf8.contains(text[end]) { end += 1 }
      // More words behind it: a sentence.
      var rest = end
      while rest < text.count, text[rest] == 0x20 { rest += 1 }
      if rest > end, rest < text.count, isAlphanumeric(text[rest]) { return }
    }
    if SecretValues.isSecret(text[start..<end], kind: kind) {
      hits.append(Hit(range: start..<end, kind: kind, isCertain: false))
    }
  }

  /// A block between `-----BEGIN …-----` and its end: a private key, or something that no part of is to be looked at.
  private mutating func block(_ start: Int) -> Int {
    let head = endOfMarker(start + 11)
    var close = head
    while close < text.count, !(text[close] == UInt8(ascii: "-") && starts(close, "-----END ")) { close += 1 }
    let end = close < text.count ? endOfMarker(close + 9) : head
    if contains(text[start..<head], "PRIVATE KEY") {
      hits.append(Hit(range: start..<end, kind: "private key", isCertain: true))
    }
    return end
  }

  /// The end of the dashes that close a marker, else of its line.
  private func endOfMarker(_ start: Int) -> Int {
    var at = start
    while at < text.count, text[at] != 0x0A {
      if text[at] == UInt8(ascii: "-"), starts(at, "-----") { return at + 5 }
      at += 1
    }
    return at
  }

  /// `user:password@` after `://`.
  private mutating func address(_ start: Int) {
    var (at, colon) = (start, nil as Int?)
    while at < text.count, text[at] > 0x20, !"/\"'<>".utf8.contains(text[at]) {
      if text[at] == UInt8(ascii: ":"), colon == nil { colon = at }
      if text[at] == UInt8(ascii: "@") { break }
      at += 1
    }
    guard at < text.count, text[at] == UInt8(ascii: "@"), let colon, at - colon > 3 else { return }
    let value = text[(colon + 1)..<at]
    if !"$%{<*".utf8.contains(text[colon + 1]), !value.allSatisfy({ $0 | 0x20 == UInt8(ascii: "x") || $0 == 0x2A }) {
      hits.append(Hit(range: colon + 1..<at, kind: "password in an address", isCertain: true))
    }
  }
}

// MARK: - AWS

extension SecretScanner {
  private mutating func noteForty(_ start: Int) {
    // Most runs are short: the last character tells without walking there.
    guard start + 40 <= text.count, isBase64(text[start + 39]) else { return }
    var end = start
    while end < text.count, end - start <= 40, isBase64(text[end]) { end += 1 }
    guard end - start == 40, end == text.count || !(isWordByte(text[end]) || text[end] == UInt8(ascii: "=")) else {
      return
    }
    let value = text[start..<end]
    let hasUpper = value.contains { $0 &- 0x41 < 26 }
    let hasLower = value.contains { $0 &- 0x61 < 26 }
    if hasUpper, hasLower, value.contains(where: { $0 &- 0x30 < 10 }) { forties.append(start..<end) }
  }

  /// Forty characters are a secret key where the id of one stands within three lines, or where the line calls them one.
  private mutating func judgeForties() {
    for forty in forties {
      let (from, to) = (line(forty.lowerBound, 3, backwards: true), line(forty.upperBound, 3, backwards: false))
      let isPaired = ids.contains { (from..<to).contains($0) }
      let start = line(forty.lowerBound, 0, backwards: true)
      if isPaired || isCalledSecret(text[start..<forty.lowerBound]) {
        hits.append(Hit(range: forty, kind: "AWS secret access key", isCertain: true))
      }
    }
  }

  private func isCalledSecret(_ before: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    let lower = String(decoding: before, as: UTF8.self).lowercased()
    return lower.contains("secret") && !lower.contains("sha1")
  }

  /// The start of the line so many lines before, or the end of the one so many after.
  private func line(_ offset: Int, _ lines: Int, backwards: Bool) -> Int {
    var (at, left) = (offset, lines)
    while backwards ? at > 0 : at < text.count {
      if text[backwards ? at - 1 : at] == 0x0A {
        if left == 0 { break }
        left -= 1
      }
      at += backwards ? -1 : 1
    }
    return at
  }
}

// MARK: - Bytes

extension SecretScanner {
  private func isWordByte(_ byte: UInt8) -> Bool { classes[Int(byte)] & SecretScanner.word != 0 }
  private func isBase64(_ byte: UInt8) -> Bool { classes[Int(byte)] & SecretScanner.base64 != 0 }
  private func isQuote(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") }

  private func starts(_ at: Int, _ prefix: StaticString) -> Bool {
    guard at + prefix.utf8CodeUnitCount <= text.count else { return false }
    return prefix.withUTF8Buffer { prefix in
      for i in 0..<prefix.count where text[at + i] != prefix[i] { return false }
      return true
    }
  }

  private func contains(_ part: Slice<UnsafeBufferPointer<UInt8>>, _ words: StaticString) -> Bool {
    part.indices.contains { starts($0, words) && $0 + words.utf8CodeUnitCount <= part.endIndex }
  }
}
