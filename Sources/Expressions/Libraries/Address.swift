/// An IP address: 128 bits; an IPv4 address in the last 32.
struct Address: Hashable, Sendable {
  let high: UInt64
  let low: UInt64
  let isV4: Bool

  var bitCount: Int { isV4 ? 32 : 128 }

  /// Why a text is no address.
  enum Refusal { case syntax, zone, mapped }

  static func parse(_ text: String) -> (Address?, Refusal) {
    if text.utf8.count > 64 { return (nil, .syntax) }
    if text.utf8.contains(UInt8(ascii: "%")) { return (nil, .zone) }
    let hasColon = text.utf8.contains(UInt8(ascii: ":"))
    if !hasColon { return (v4(text[...]).map { Address(high: 0, low: UInt64($0), isV4: true) }, .syntax) }
    guard let address = v6(text) else { return (nil, .syntax) }
    let isMapped = address.high == 0 && address.low >> 32 == 0xFFFF
    if isMapped, text.utf8.contains(UInt8(ascii: ".")) { return (nil, .mapped) }
    return (isMapped ? Address(high: 0, low: address.low & 0xFFFF_FFFF, isV4: true) : address, .syntax)
  }

  private static func v4(_ text: Substring) -> UInt32? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    var bits: UInt32 = 0
    for part in parts {
      guard let byte = UInt8(part), part.utf8.allSatisfy(\.isDigit), part.utf8.count == 1 || part.first != "0" else {
        return nil
      }
      bits = bits << 8 | UInt32(byte)
    }
    return bits
  }

  private static func v6(_ text: String) -> Address? {
    // `::` stands once for as many zeros as are missing.
    var halves: [Substring] = []
    if let gap = text.firstDouble {
      halves = [text[..<gap], text[text.index(gap, offsetBy: 2)...]]
    } else {
      halves = [text[...]]
    }
    guard let head = groups(halves[0]), let tail = halves.count == 2 ? groups(halves[1]) : [] else { return nil }
    let known = head.count + tail.count
    guard halves.count == 2 ? known <= 7 : known == 8 else { return nil }
    let all = head + [UInt16](repeating: 0, count: 8 - known) + tail
    let high = all[0..<4].reduce(UInt64(0)) { $0 << 16 | UInt64($1) }
    let low = all[4..<8].reduce(UInt64(0)) { $0 << 16 | UInt64($1) }
    return Address(high: high, low: low, isV4: false)
  }

  private static func groups(_ text: Substring) -> [UInt16]? {
    if text.isEmpty { return [] }
    var out: [UInt16] = []
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    for (at, part) in parts.enumerated() {
      if at == parts.count - 1, part.contains("."), let bits = v4(part) {
        out += [UInt16(bits >> 16), UInt16(bits & 0xFFFF)]
      } else if (1...4).contains(part.utf8.count), part.utf8.allSatisfy(\.isHexDigit),
        let group = UInt16(part, radix: 16)
      {
        out.append(group)
      } else {
        return nil
      }
    }
    return out
  }

  /// RFC 5952.
  var text: String {
    if isV4 { return [24, 16, 8, 0].map { String(low >> UInt64($0) & 255) }.joined(separator: ".") }
    let groups = (0..<8).map { UInt16(truncatingIfNeeded: ($0 < 4 ? high : low) >> UInt64(48 - 16 * ($0 % 4))) }
    var (best, length, at) = (0, 1, 0)
    while at < 8 {
      let run = groups[at...].prefix { $0 == 0 }.count
      if run > length { (best, length) = (at, run) }
      at += max(run, 1)
    }
    let shown = groups.map { String($0, radix: 16) }
    if length < 2 { return shown.joined(separator: ":") }
    return "\(shown[..<best].joined(separator: ":"))::\(shown[(best + length)...].joined(separator: ":"))"
  }

  /// The address with all bits after the first so many cleared.
  func masked(_ bits: Int) -> Address {
    if isV4 {
      return Address(high: 0, low: bits == 0 ? 0 : (low >> UInt64(32 - bits)) << UInt64(32 - bits), isV4: true)
    }
    let keepHigh: UInt64 = bits >= 64 ? .max : bits == 0 ? 0 : .max << UInt64(64 - bits)
    let keepLow: UInt64 = bits <= 64 ? 0 : .max << UInt64(128 - bits)
    return Address(high: high & keepHigh, low: low & keepLow, isV4: false)
  }

  var isUnspecified: Bool { high == 0 && low == 0 }
  var isLoopback: Bool { isV4 ? low >> 24 == 127 : high == 0 && low == 1 }
  var isMulticast: Bool { isV4 ? low >> 28 == 14 : high >> 56 == 0xFF }
  var isLinkLocalUnicast: Bool { isV4 ? low >> 16 == 0xA9FE : high >> 54 == 0x3FA }
  var isLinkLocalMulticast: Bool { isV4 ? low >> 8 == 0xE00000 : high >> 48 & 0xFF0F == 0xFF02 }
  var isGlobalUnicast: Bool {
    !isUnspecified && !isLoopback && !isMulticast && !isLinkLocalUnicast && !(isV4 && low == 0xFFFF_FFFF)
  }
}

extension String {
  /// Where `::` begins.
  fileprivate var firstDouble: Index? {
    var previous: Index?
    for at in indices {
      if self[at] == ":", let before = previous, self[before] == ":" { return before }
      previous = at
    }
    return nil
  }
}
