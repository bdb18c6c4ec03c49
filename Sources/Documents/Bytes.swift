private import Glibc

func equalBytes(_ a: UnsafeBufferPointer<UInt8>, _ b: UnsafeBufferPointer<UInt8>) -> Bool {
  guard a.count == b.count, let p = a.baseAddress, let q = b.baseAddress else { return a.count == b.count }
  return memcmp(p, q, a.count) == 0
}

/// The place of the first line feed from `start` on, or the end.
func endOfLine(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
  guard start < bytes.count, let base = bytes.baseAddress else { return bytes.count }
  let found = memchr(base + start, 0x0A, bytes.count - start)
  return found.map { UnsafeRawPointer($0) - UnsafeRawPointer(base) } ?? bytes.count
}

/// Whether `a` sorts before `b`, shorter first.
func isBefore(_ a: UnsafeBufferPointer<UInt8>, _ b: UnsafeBufferPointer<UInt8>) -> Bool {
  guard a.count == b.count, let p = a.baseAddress, let q = b.baseAddress else { return a.count < b.count }
  return memcmp(p, q, a.count) < 0
}

/// FNV-1a, for telling apart what is not equal.
func hashOfBytes(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
  var hash: UInt64 = 0xCBF2_9CE4_8422_2325
  for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
  return hash
}

/// The text of a JSON string whose grammar has been checked; half a surrogate pair becomes U+FFFD.
func decodedJSONString(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8] {
  var out: [UInt8] = []
  out.reserveCapacity(bytes.count)
  var i = 0
  while i < bytes.count {
    if bytes[i] != UInt8(ascii: "\\") || i + 1 == bytes.count {
      out.append(bytes[i])
      i += 1
    } else {
      let (scalar, length) = jsonEscape(bytes, at: i)
      out.append(contentsOf: String(scalar).utf8)
      i += length
    }
  }
  return out
}

/// The character that the escape at `i` stands for, and the escape's length.
func jsonEscape(_ bytes: UnsafeBufferPointer<UInt8>, at i: Int) -> (Unicode.Scalar, length: Int) {
  switch bytes[i + 1] {
  case UInt8(ascii: "b"): return ("\u{8}", 2)
  case UInt8(ascii: "f"): return ("\u{C}", 2)
  case UInt8(ascii: "n"): return ("\n", 2)
  case UInt8(ascii: "r"): return ("\r", 2)
  case UInt8(ascii: "t"): return ("\t", 2)
  case UInt8(ascii: "u"):
    guard let high = hexadecimal(bytes, i + 2, 4) else { return ("\u{FFFD}", 2) }
    if high & 0xFC00 == 0xD800, i + 12 <= bytes.count, bytes[i + 6] == UInt8(ascii: "\\"),
      bytes[i + 7] == UInt8(ascii: "u"), let low = hexadecimal(bytes, i + 8, 4), low & 0xFC00 == 0xDC00
    {
      return (Unicode.Scalar(0x10000 + (high & 0x3FF) << 10 + low & 0x3FF) ?? "\u{FFFD}", 12)
    }
    return (Unicode.Scalar(high) ?? "\u{FFFD}", 6)
  case let other: return (Unicode.Scalar(other), 2)
  }
}

/// The number that so many hexadecimal digits write.
func hexadecimal(_ bytes: UnsafeBufferPointer<UInt8>, _ at: Int, _ digits: Int) -> UInt32? {
  guard at + digits <= bytes.count else { return nil }
  var value: UInt32 = 0
  for byte in bytes[at..<at + digits] {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 + UInt32(byte - 0x30)
    case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"):
      value = value << 4 + UInt32(byte | 0x20) - 0x57
    default: return nil
    }
  }
  return value
}
