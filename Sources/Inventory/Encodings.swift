/// Why an encoded text cannot be read, and at which of its characters, from 0.
struct EncodingProblem: Error, Hashable {
  let offset: Int
  let message: String
}

/// Undoes percent-encoding (RFC 3986, section 2.1); `+` stays, as IAM writes it.
func percentDecoded(_ text: String) throws(EncodingProblem) -> [UInt8] {
  let bytes = Array(text.utf8)
  var out: [UInt8] = []
  out.reserveCapacity(bytes.count)
  var at = 0
  while at < bytes.count {
    guard bytes[at] == UInt8(ascii: "%") else {
      out.append(bytes[at])
      at += 1
      continue
    }
    guard at + 2 < bytes.count, let high = hexDigit(bytes[at + 1]), let low = hexDigit(bytes[at + 2]) else {
      let shown = String(decoding: bytes[at..<min(at + 3, bytes.count)], as: UTF8.self)
      throw EncodingProblem(offset: at, message: "bad URL-encoding `\(shown)`")
    }
    out.append(high << 4 | low)
    at += 3
  }
  return out
}

/// Undoes base64 (RFC 4648, section 4), white space skipped.
func base64Decoded(_ text: String) throws(EncodingProblem) -> [UInt8] {
  var out: [UInt8] = []
  var (bits, count, padding): (UInt32, Int, Int) = (0, 0, 0)
  for (offset, byte) in text.utf8.enumerated() {
    if byte <= 0x20 { continue }
    if byte == UInt8(ascii: "=") {
      padding += 1
      continue
    }
    guard padding == 0, let value = base64Digit(byte) else {
      throw EncodingProblem(offset: offset, message: "bad base64")
    }
    bits = bits << 6 | UInt32(value)
    count += 1
    if count == 4 {
      out += [UInt8(bits >> 16 & 255), UInt8(bits >> 8 & 255), UInt8(bits & 255)]
      (bits, count) = (0, 0)
    }
  }
  switch count {
  case 0: break
  case 2: out.append(UInt8(bits >> 4 & 255))
  case 3: out += [UInt8(bits >> 10 & 255), UInt8(bits >> 2 & 255)]
  default: throw EncodingProblem(offset: text.utf8.count, message: "base64 is cut off")
  }
  return out
}

private func hexDigit(_ byte: UInt8) -> UInt8? {
  switch byte {
  case 0x30...0x39: byte - 0x30
  case 0x41...0x46: byte - 0x41 + 10
  case 0x61...0x66: byte - 0x61 + 10
  default: nil
  }
}

private func base64Digit(_ byte: UInt8) -> UInt8? {
  switch byte {
  case 0x41...0x5A: byte - 0x41
  case 0x61...0x7A: byte - 0x61 + 26
  case 0x30...0x39: byte - 0x30 + 52
  case UInt8(ascii: "+"): 62
  case UInt8(ascii: "/"): 63
  default: nil
  }
}
