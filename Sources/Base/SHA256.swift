private import CCrypto

/// A SHA-256 digest (FIPS 180-4). It holds its bytes itself: hundreds of thousands of files have one each.
package struct SHA256Digest: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// Eight bytes each, the first the most significant: digests sort as their bytes do.
  private let words: (first: UInt64, second: UInt64, third: UInt64, fourth: UInt64)

  private init(_ bytes: UnsafeBufferPointer<UInt8>) {
    func word(_ start: Int) -> UInt64 { bytes[start..<start + 8].reduce(0) { $0 << 8 | UInt64($1) } }
    words = (word(0), word(8), word(16), word(24))
  }

  /// The digest whose 32 bytes these are.
  init(bytes: [UInt8]) { self = bytes.withUnsafeBufferPointer { SHA256Digest($0) } }

  /// The digest of the bytes.
  package init(of data: UnsafeRawBufferPointer) {
    self = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 32) { digest in
      CCrypto.SHA256(data.baseAddress?.assumingMemoryBound(to: UInt8.self), data.count, digest.baseAddress)
      return SHA256Digest(UnsafeBufferPointer(digest))
    }
  }

  package init(of data: [UInt8]) { self = data.withUnsafeBytes { SHA256Digest(of: $0) } }

  /// The digest of the text's UTF-8.
  package init(of text: String) { self.init(of: Array(text.utf8)) }

  /// The digest that is written so: 64 lower-case hexadecimal digits. `nil` for anything else.
  package init?(hex text: String) {
    guard text.utf8.count == 64 else { return nil }
    let digits = text.utf8.map { $0 &- 0x30 < 10 ? $0 &- 0x30 : $0 &- 0x61 < 6 ? $0 &- 0x57 : 16 }
    if digits.contains(16) { return nil }
    let bytes = stride(from: 0, to: 64, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    self = bytes.withUnsafeBufferPointer { SHA256Digest($0) }
  }

  /// 32 bytes.
  package var bytes: [UInt8] {
    [words.first, words.second, words.third, words.fourth].flatMap { word in
      stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: word >> UInt64($0)) }
    }
  }

  /// 64 lower-case hexadecimal digits.
  package var hex: String { bytes.hex }

  /// `sha256:` and the hexadecimal digits.
  package var description: String { "sha256:\(hex)" }

  package static func == (a: SHA256Digest, b: SHA256Digest) -> Bool { a.words == b.words }

  package static func < (a: SHA256Digest, b: SHA256Digest) -> Bool { a.words < b.words }

  package func hash(into hasher: inout Hasher) { hasher.combine(words.first) }
}

extension Collection<UInt8> {
  /// Two lower-case hexadecimal digits a byte.
  package var hex: String {
    let digits = Array("0123456789abcdef".utf8)
    var out: [UInt8] = []
    out.reserveCapacity(count * 2)
    for byte in self {
      out.append(digits[Int(byte >> 4)])
      out.append(digits[Int(byte & 15)])
    }
    return String(decoding: out, as: UTF8.self)
  }
}
