private import CRE2
private import Glibc

/// Searching in text, by bytes and by code points.
enum StringSearch {
  @Sendable static func contains(_ text: String, _ part: String) -> Bool {
    with(text, part) { text, part in
      guard let start = text.baseAddress, let wanted = part.baseAddress, part.count > 0 else { return part.count == 0 }
      return muster_find(start, text.count, wanted, part.count) >= 0
    }
  }

  @Sendable static func starts(_ text: String, _ part: String) -> Bool {
    with(text, part) { text, part in
      text.count >= part.count && isSame(text.baseAddress, part.baseAddress, part.count)
    }
  }

  @Sendable static func ends(_ text: String, _ part: String) -> Bool {
    with(text, part) { text, part in
      text.count >= part.count
        && isSame(text.baseAddress.map { $0 + (text.count - part.count) }, part.baseAddress, part.count)
    }
  }

  private static func isSame(_ a: UnsafePointer<UInt8>?, _ b: UnsafePointer<UInt8>?, _ count: Int) -> Bool {
    guard count > 0, let a, let b else { return count == 0 }
    return memcmp(a, b, count) == 0
  }

  @inline(__always)
  private static func with(
    _ a: String, _ b: String, _ body: (UnsafeBufferPointer<UInt8>, UnsafeBufferPointer<UInt8>) -> Bool
  ) -> Bool {
    let fast = a.utf8.withContiguousStorageIfAvailable { first in
      b.utf8.withContiguousStorageIfAvailable { second in body(first, second) }
    }
    if let found = fast ?? nil { return found }
    return Array(a.utf8).withUnsafeBufferPointer { first in
      Array(b.utf8).withUnsafeBufferPointer { second in body(first, second) }
    }
  }

  /// The place of the first occurrence. Linear (Knuth, Morris, Pratt): texts are strangers'.
  static func find<T: Equatable>(_ part: ArraySlice<T>, in text: ArraySlice<T>) -> Int? {
    if part.isEmpty { return text.startIndex }
    if part.count > text.count { return nil }
    let part = Array(part)
    let borders = borders(part)
    var matched = 0
    for at in text.indices {
      while matched > 0, text[at] != part[matched] { matched = borders[matched - 1] }
      if text[at] == part[matched] { matched += 1 }
      if matched == part.count { return at - matched + 1 }
    }
    return nil
  }

  private static func borders<T: Equatable>(_ part: [T]) -> [Int] {
    var borders = [Int](repeating: 0, count: part.count)
    var length = 0
    for at in part.indices.dropFirst() {
      while length > 0, part[at] != part[length] { length = borders[length - 1] }
      if part[at] == part[length] { length += 1 }
      borders[at] = length
    }
    return borders
  }

  /// The place of the last occurrence that begins at `latest` or before.
  static func findLast(_ part: [Unicode.Scalar], in text: [Unicode.Scalar], latest: Int) -> Int? {
    if part.count > text.count { return nil }
    // Backwards is forwards in the mirror.
    let end = min(latest + part.count, text.count)
    let mirrored = Array(text[0..<end].reversed())
    return find(Array(part.reversed())[...], in: mirrored[...]).map { end - $0 - part.count }
  }

  /// Without Unicode white space at the ends (property White_Space).
  @Sendable static func trim(_ text: String) -> String {
    var scalars = Substring(text).unicodeScalars
    while let first = scalars.first, first.properties.isWhitespace { scalars.removeFirst() }
    while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
    return String(scalars)
  }

  static func split(_ text: String, _ separator: String, limit: Int) -> [String] {
    if limit == 0 { return [] }
    if limit == 1 { return [text] }
    if separator.isEmpty {
      let scalars = Array(text.unicodeScalars)
      let whole = limit < 0 ? scalars.count : min(limit - 1, scalars.count)
      var parts = scalars.prefix(whole).map { String($0) }
      if whole < scalars.count { parts.append(String(String.UnicodeScalarView(scalars[whole...]))) }
      return parts
    }
    return cut(Array(text.utf8), Array(separator.utf8), limit).map { String(decoding: $0, as: UTF8.self) }
  }

  private static func cut(_ bytes: [UInt8], _ separator: [UInt8], _ limit: Int) -> [ArraySlice<UInt8>] {
    var parts: [ArraySlice<UInt8>] = []
    var rest = bytes[...]
    while limit < 0 || parts.count < limit - 1, let at = find(separator[...], in: rest) {
      parts.append(rest[rest.startIndex..<at])
      rest = rest[(at + separator.count)...]
    }
    return parts + [rest]
  }

  /// At most `limit` occurrences replaced, all when negative; `nil` when the result would be too long.
  static func replace(_ text: String, _ old: String, _ new: String, limit: Int) -> String? {
    if limit == 0 { return text }
    let parts = old.isEmpty ? gaps(text, limit) : split(text, old, limit: limit < 0 ? -1 : limit + 1)
    let total = text.utf8.count + parts.count * new.utf8.count
    return total > Limits.bytes ? nil : parts.joined(separator: new)
  }

  /// An empty text stands before, between and after all code points.
  private static func gaps(_ text: String, _ limit: Int) -> [String] {
    let scalars = Array(text.unicodeScalars)
    let count = limit < 0 ? scalars.count + 1 : min(limit, scalars.count + 1)
    var parts = [""] + scalars.prefix(max(0, count - 1)).map { String($0) }
    parts.append(String(String.UnicodeScalarView(scalars[max(0, count - 1)...])))
    return parts
  }
}

extension String.UnicodeScalarView {
  init(_ scalars: some Sequence<Unicode.Scalar>) {
    self.init()
    append(contentsOf: scalars)
  }
}
