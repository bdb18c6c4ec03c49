/// A compiled pattern with `*` and `?`; linear time in text × pattern, no backtracking blow-up.
package struct Glob: Hashable, Sendable, CustomStringConvertible {
  /// What `*` and `?` may not cross.
  package enum Dialect: Sendable {
    /// `*` matches any run of characters: IAM actions and resources, environment names, principals.
    case text
    /// `*` and `?` stay inside a path component, `**` crosses `/`: files.
    case path
  }

  package let description: String
  private let pattern: [UInt8]
  private let dialect: Dialect
  private let isLiteral: Bool
  private let ignoresCase: Bool

  /// With `ignoringCase`, ASCII letters match both ways, as IAM actions do.
  package init(_ text: some StringProtocol, _ dialect: Dialect = .text, ignoringCase: Bool = false) {
    description = String(text)
    let bytes = ignoringCase ? Array(text.utf8.map(Glob.lower)) : Array(text.utf8)
    pattern = bytes
    self.dialect = dialect
    ignoresCase = ignoringCase
    isLiteral = !bytes.contains { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") }
  }

  /// Whether the pattern has no wildcard.
  package var hasNoWildcard: Bool { isLiteral }

  /// Whether the whole text matches.
  package func matches(_ text: some StringProtocol) -> Bool {
    var copy = String(text)
    return copy.withUTF8 { matches(bytes: $0) }
  }

  /// Whether the whole text, given as UTF-8, matches.
  package func matches(bytes text: UnsafeBufferPointer<UInt8>) -> Bool {
    pattern.withUnsafeBufferPointer { pattern in
      dialect == .path ? Glob.path(pattern[...], text[...]) : flat(pattern, text)
    }
  }

  private func flat(_ pattern: UnsafeBufferPointer<UInt8>, _ text: UnsafeBufferPointer<UInt8>) -> Bool {
    var (p, t) = (0, 0)
    var star: (pattern: Int, text: Int)?
    while t < text.count {
      let byte = ignoresCase ? Glob.lower(text[t]) : text[t]
      if p < pattern.count, pattern[p] == UInt8(ascii: "*") {
        star = (p, t)
        p += 1
      } else if p < pattern.count, pattern[p] == UInt8(ascii: "?") || pattern[p] == byte {
        p += 1
        t += pattern[p - 1] == UInt8(ascii: "?") ? Glob.scalarLength(text, t) : 1
      } else if let resume = star {
        p = resume.pattern + 1
        t = resume.text + 1
        star = (resume.pattern, t)
      } else {
        return false
      }
    }
    while p < pattern.count, pattern[p] == UInt8(ascii: "*") { p += 1 }
    return p == pattern.count
  }

  private static func path(_ pattern: Slice<UnsafeBufferPointer<UInt8>>, _ text: Slice<UnsafeBufferPointer<UInt8>>)
    -> Bool
  {
    // Components against components: reachable[j] says whether the first i pattern parts can cover the first j text parts.
    let slash = UInt8(ascii: "/")
    let parts = pattern.split(separator: slash, omittingEmptySubsequences: false)
    let names = text.split(separator: slash, omittingEmptySubsequences: false)
    var reachable = [Bool](repeating: false, count: names.count + 1)
    reachable[0] = true
    for part in parts {
      var next = [Bool](repeating: false, count: names.count + 1)
      if part.elementsEqual([UInt8(ascii: "*"), UInt8(ascii: "*")]) {
        var open = false
        for j in 0...names.count {
          open = open || reachable[j]
          next[j] = open
        }
      } else {
        let glob = Glob(String(decoding: part, as: UTF8.self))
        for j in 0..<names.count where reachable[j] {
          next[j + 1] = glob.matches(String(decoding: names[j], as: UTF8.self))
        }
      }
      reachable = next
    }
    return reachable[names.count]
  }

  private static func scalarLength(_ text: UnsafeBufferPointer<UInt8>, _ at: Int) -> Int {
    let lead = text[at]
    let length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
    return min(length, text.count - at)
  }

  private static func lower(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }
}
