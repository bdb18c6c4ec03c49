/// Reads the elements of a part from bytes that anybody may have written: every number and length is checked.
struct PartReader {
  private let bytes: UnsafeBufferPointer<UInt8>
  let path: String
  /// Place of the first byte in the part.
  private let origin: Int
  private(set) var at = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>, path: String, origin: Int = 0) {
    self.bytes = bytes
    self.path = path
    self.origin = origin
  }

  var left: Int { bytes.count - at }
  var isAtEnd: Bool { at == bytes.count }

  func broken(_ message: String) -> PartError { PartError(.unreadable, path, byte: origin + at, message) }

  mutating func byte() throws(PartError) -> UInt8 {
    guard at < bytes.count else { throw broken("the part is cut short") }
    defer { at += 1 }
    return bytes[at]
  }

  @inline(__always)
  mutating func number() throws(PartError) -> UInt64 {
    if at < bytes.count, bytes[at] < 0x80 {
      at += 1
      return UInt64(bytes[at - 1])
    }
    return try longNumber()
  }

  private mutating func longNumber() throws(PartError) -> UInt64 {
    var (value, shift) = (UInt64(0), UInt64(0))
    while true {
      let byte = try byte()
      if shift == 63 && byte > 1 { throw broken("a number is too large") }
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 {
        // One way only to write a number: equal parts have equal bytes.
        if byte == 0 && shift > 0 { throw broken("a number is written in too many bytes") }
        return value
      }
      shift += 7
    }
  }

  mutating func number(below limit: UInt64, _ what: StaticString) throws(PartError) -> UInt64 {
    let value = try number()
    if value >= limit { throw broken("\(what) is too large") }
    return value
  }

  /// Counts stay so small that no sum of them can overflow.
  @inline(__always)
  mutating func count() throws(PartError) -> UInt64 {
    let value = try number()
    if value >> 48 != 0 { throw broken("a count is too large") }
    return value
  }

  /// How many elements follow, each of at least so many bytes.
  mutating func length(ofEach size: Int = 1) throws(PartError) -> Int {
    let value = try number()
    if value > UInt64(left / size) { throw broken("a list is longer than the part") }
    return Int(value)
  }

  mutating func large() throws(PartError) -> UInt128 {
    let low = try number()
    let high = try number()
    if high >> 32 != 0 { throw broken("a sum is too large") }
    return UInt128(high) << 64 | UInt128(low)
  }

  mutating func signed() throws(PartError) -> Int64 {
    let value = try number()
    return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
  }

  mutating func raw(_ count: Int) throws(PartError) -> UnsafeBufferPointer<UInt8> {
    guard count <= left else { throw broken("the part is cut short") }
    defer { at += count }
    return UnsafeBufferPointer(rebasing: bytes[at..<at + count])
  }

  mutating func text() throws(PartError) -> String {
    let count = try length()
    let start = at
    guard let text = String(validating: try raw(count), as: UTF8.self) else {
      at = start
      throw broken("a text is no UTF-8")
    }
    return text
  }

  mutating func optional() throws(PartError) -> String? {
    switch try byte() {
    case 0: return nil
    case 1: return try text()
    default: throw broken("neither a text nor none")
    }
  }

  mutating func fixed() throws(PartError) -> UInt64 {
    let bytes = try raw(8)
    return bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }
}
