package import Base

/// A digest of an input's bytes as they are stored.
package enum InputDigest: Hashable, Sendable, Comparable {
  /// Proves that the bytes are what they were.
  case sha256(SHA256Digest)
  /// Tells inputs apart. SHA-256 of a plain log takes more than half as long as all else that is done with it, this a twentieth.
  case xxh128(UInt128)

  package enum Kind: String, Sendable, CaseIterable { case xxh128, sha256 }

  package var kind: Kind {
    switch self {
    case .sha256: .sha256
    case .xxh128: .xxh128
    }
  }

  /// The digest that is written so in lower-case hexadecimal digits: 64 of SHA-256, 32 of XXH3. `nil` for anything else.
  package init?(hex text: String) {
    if let digest = SHA256Digest(hex: text) {
      self = .sha256(digest)
    } else if text.utf8.count == 32, text.utf8.allSatisfy({ $0 &- 0x30 < 10 || $0 &- 0x61 < 6 }),
      let value = UInt128(text, radix: 16)
    {
      self = .xxh128(value)
    } else {
      return nil
    }
  }

  /// The digits of a SHA-256 digest, `nil` for another: where bytes are proved to be what they were, nothing else will do.
  package var sha256: String? {
    guard case .sha256(let digest) = self else { return nil }
    return digest.hex
  }

  package var hex: String {
    switch self {
    case .sha256(let digest): return digest.hex
    case .xxh128(let value):
      let digits = String(value, radix: 16)
      return String(repeating: "0", count: 32 - digits.utf8.count) + digits
    }
  }

  /// SHA-256 first, then as their digits sort.
  package static func < (a: InputDigest, b: InputDigest) -> Bool {
    switch (a, b) {
    case (.sha256(let a), .sha256(let b)): a < b
    case (.xxh128(let a), .xxh128(let b)): a < b
    default: a.kind == .sha256 && b.kind == .xxh128
    }
  }
}

/// Digests bytes that come in pieces.
struct InputDigestStream: ~Copyable {
  private var sha256: SHA256Stream?
  private var xxh128: XXH128Stream?

  init(_ kind: InputDigest.Kind) {
    sha256 = kind == .sha256 ? SHA256Stream() : nil
    xxh128 = kind == .xxh128 ? XXH128Stream() : nil
  }

  mutating func add(_ bytes: UnsafeRawBufferPointer) {
    sha256?.add(bytes)
    xxh128?.add(bytes)
  }

  /// Over all bytes; nothing may be added after it.
  func digest() -> InputDigest? {
    if let value = xxh128?.value() { return .xxh128(value) }
    guard let sha256 = sha256?.digest() else { return nil }
    return .sha256(sha256)
  }
}
