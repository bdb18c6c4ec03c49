import Base

/// The name of a git object: the 20 bytes of its SHA-1.
package struct ObjectID: Hashable, Comparable, Sendable, CustomStringConvertible {
  // In memory order, so that a pointer to the value is a pointer to git's own 20 bytes.
  private let first: UInt64
  private let second: UInt64
  private let third: UInt32

  private init(zero: Void) { (first, second, third) = (0, 0, 0) }

  /// The name of no object.
  static let zero = ObjectID(zero: ())

  /// The name of the tree without entries.
  static let emptyTree = ObjectID(hex: "4b825dc642cb6eb9a060e54bf8d69288fbee4904")

  /// The 20 bytes at an address of any alignment.
  init(raw: UnsafeRawPointer) {
    first = raw.loadUnaligned(as: UInt64.self)
    second = raw.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
    third = raw.loadUnaligned(fromByteOffset: 16, as: UInt32.self)
  }

  /// Reads exactly 40 hexadecimal digits; `nil` for anything else.
  package init?(hex: some StringProtocol) {
    var text = String(hex)
    guard let id = text.withUTF8({ ObjectID(digits: UnsafeRawBufferPointer($0)) }) else { return nil }
    self = id
  }

  /// Reads exactly 40 hexadecimal digits of ASCII.
  init?(digits: UnsafeRawBufferPointer) {
    guard digits.count == 40 else { return nil }
    var bytes: (UInt64, UInt64, UInt64) = (0, 0, 0)
    let isValid = withUnsafeMutableBytes(of: &bytes) { out in
      for at in 0..<20 {
        guard let high = nibble(digits[2 * at]), let low = nibble(digits[2 * at + 1]) else { return false }
        out[at] = high << 4 | low
      }
      return true
    }
    guard isValid else { return nil }
    self = withUnsafeBytes(of: &bytes) { buffer in
      guard let base = buffer.baseAddress else { preconditionFailure("three words have an address") }
      return ObjectID(raw: base)
    }
  }

  /// The 20 bytes.
  package var bytes: [UInt8] { withUnsafeBytes(of: self) { Array($0.prefix(20)) } }

  /// 40 lower-case hexadecimal digits.
  package var hex: String { bytes.hex }

  /// The first 12 hexadecimal digits, for people.
  package var short: String { String(hex.prefix(12)) }

  /// 40 lower-case hexadecimal digits.
  package var description: String { hex }

  /// By bytes, as git orders them.
  package static func < (a: ObjectID, b: ObjectID) -> Bool {
    if a.first != b.first { return UInt64(bigEndian: a.first) < UInt64(bigEndian: b.first) }
    if a.second != b.second { return UInt64(bigEndian: a.second) < UInt64(bigEndian: b.second) }
    return UInt32(bigEndian: a.third) < UInt32(bigEndian: b.third)
  }

  /// Lends the address of the 20 bytes.
  func lend<Result>(_ body: (UnsafeRawPointer) -> Result) -> Result {
    withUnsafePointer(to: self) { body(UnsafeRawPointer($0)) }
  }
}

private func nibble(_ digit: UInt8) -> UInt8? {
  switch digit {
  case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
  case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
  case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
  default: nil
  }
}
