/// Whether the text is an IPv4 (RFC 1123: four decimal numbers, no leading zeros) or IPv6 address (RFC 4291 §2.2). Hosts,
/// `AWS Internal` and anonymised addresses such as `253.252.51.07` are none.
func isLiteralAddress(_ text: RawText) -> Bool {
  isIPv4(text) || text.count >= 2 && text.count <= 45 && isIPv6(text)
}

/// Whether the text is an IPv4 address, as above.
func isIPv4(_ text: RawText) -> Bool {
  if text.count < 7 || text.count > 15 { return false }
  var (parts, value, digits) = (0, 0, 0)
  for byte in text.bytes {
    let digit = byte &- 0x30
    if digit < 10 {
      if digits > 0 && value == 0 { return false }
      value = value * 10 + Int(digit)
      digits += 1
    } else {
      if byte != UInt8(ascii: ".") || digits == 0 || value > 255 { return false }
      (parts, value, digits) = (parts + 1, 0, 0)
    }
  }
  return parts == 3 && digits > 0 && value <= 255
}

private func isIPv6(_ text: RawText) -> Bool {
  let bytes = text.bytes
  var (groups, digits, gap, at) = (0, 0, false, 0)
  while at < bytes.count {
    let byte = bytes[at]
    if byte == UInt8(ascii: ":") {
      let isDouble = at + 1 < bytes.count && bytes[at + 1] == byte
      if isDouble {
        if gap { return false }
        gap = true
      } else if digits == 0 || at + 1 == bytes.count {
        return false
      }
      if digits > 0 { groups += 1 }
      digits = 0
      at += isDouble ? 2 : 1
    } else if byte == UInt8(ascii: ".") {
      // The last 32 bits as an IPv4 address.
      let groupsBefore = groups
      guard isIPv4(text.dropFirst(at - digits)) else { return false }
      return gap ? groupsBefore <= 5 : groupsBefore == 6
    } else {
      let isHexadecimal = byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 6
      digits += 1
      if !isHexadecimal || digits > 4 { return false }
      at += 1
    }
  }
  if digits > 0 { groups += 1 }
  return gap ? groups <= 7 : groups == 8
}
