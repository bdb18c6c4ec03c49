/// Reads the data types of the SSH protocol (RFC 4251 §5) one after the other; `nil` where the bytes end too early.
struct SSHWireReader {
  private let bytes: [UInt8]
  private var at = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Whether all bytes are read.
  var isAtEnd: Bool { at == bytes.count }

  mutating func byte() -> UInt8? {
    guard at < bytes.count else { return nil }
    at += 1
    return bytes[at - 1]
  }

  mutating func uint32() -> UInt32? {
    guard bytes.count - at >= 4 else { return nil }
    defer { at += 4 }
    return bytes[at..<at + 4].reduce(0) { $0 << 8 | UInt32($1) }
  }

  mutating func raw(_ count: Int) -> [UInt8]? {
    guard bytes.count - at >= count else { return nil }
    defer { at += count }
    return Array(bytes[at..<at + count])
  }

  mutating func string() -> [UInt8]? {
    guard let length = uint32() else { return nil }
    return raw(Int(length))
  }

  mutating func text() -> String? { string().flatMap { String(validating: $0, as: UTF8.self) } }

  /// The magnitude of a positive number, without leading zeros; `nil` for a negative or zero one and one with needless zeros.
  mutating func positiveNumber() -> [UInt8]? {
    guard let digits = string(), let first = digits.first, first & 0x80 == 0 else { return nil }
    if first != 0 { return digits }
    guard digits.count > 1, digits[1] & 0x80 != 0 else { return nil }
    return Array(digits.dropFirst())
  }
}

/// Writes the data types of the SSH protocol (RFC 4251 §5).
struct SSHWireWriter {
  private(set) var bytes: [UInt8] = []

  mutating func raw(_ more: some Sequence<UInt8>) { bytes += more }

  mutating func uint32(_ value: UInt32) {
    for shift in [24, 16, 8, 0] { bytes.append(UInt8(truncatingIfNeeded: value >> UInt32(shift))) }
  }

  mutating func string(_ content: some Collection<UInt8>) {
    guard let length = UInt32(exactly: content.count) else { preconditionFailure("no text of ours has 4 GiB") }
    uint32(length)
    bytes += content
  }
}
