/// A block of addresses in CIDR notation (RFC 4632, RFC 4291 §2.3).
struct Network: Equatable, CustomStringConvertible {
  /// 4 or 16 bytes, with the bits behind the prefix as written.
  private let address: [UInt8]
  private let bits: Int

  /// `nil` unless it reads `10.20.0.0/16` or `2001:db8::/32`.
  init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let bits = Network.number(parts[1], at: 10, upTo: 128) else { return nil }
    guard let address = parts[0].contains(":") ? Network.six(parts[0]) : Network.four(parts[0]),
      bits <= address.count * 8
    else { return nil }
    self.init(address: address, bits: bits)
  }

  private init(address: [UInt8], bits: Int) {
    self.address = address
    self.bits = bits
  }

  /// The block that the address lies in: the bits behind the prefix cleared. Equal to the network itself when it is written well.
  var cleared: Network {
    let bytes = address.enumerated().map { index, byte in
      let left = max(0, min(8, bits - index * 8))
      return left == 8 ? byte : byte & ~(UInt8.max >> UInt8(left))
    }
    return Network(address: bytes, bits: bits)
  }

  /// Decimal for IPv4; IPv6 in groups without the short form.
  var description: String {
    if address.count == 4 { return address.map { String($0) }.joined(separator: ".") + "/\(bits)" }
    let groups = stride(from: 0, to: 16, by: 2).map { String(Int(address[$0]) << 8 | Int(address[$0 + 1]), radix: 16) }
    return groups.joined(separator: ":") + "/\(bits)"
  }

  private static func four(_ text: Substring) -> [UInt8]? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    let octets = parts.compactMap { number($0, at: 10, upTo: 255).map { UInt8($0) } }
    return parts.count == 4 && octets.count == 4 ? octets : nil
  }

  private static func six(_ text: Substring) -> [UInt8]? {
    // `::` stands for the zero groups that are missing, at most once.
    var halves: [Substring] = [text]
    if let gap = text.indices.dropLast().first(where: { text[$0] == ":" && text[text.index(after: $0)] == ":" }) {
      halves = [text[..<gap], text[text.index(gap, offsetBy: 2)...]]
    }
    let read = halves.map { groups($0) }
    guard let head = read[0] else { return nil }
    guard read.count == 2 else { return head.count == 16 ? head : nil }
    guard let tail = read[1], head.count + tail.count <= 14 else { return nil }
    return head + [UInt8](repeating: 0, count: 16 - head.count - tail.count) + tail
  }

  /// The bytes of groups between colons; the last may be an IPv4 address.
  private static func groups(_ text: Substring) -> [UInt8]? {
    if text.isEmpty { return [] }
    var bytes: [UInt8] = []
    let groups = text.split(separator: ":", omittingEmptySubsequences: false)
    for (index, group) in groups.enumerated() {
      if index == groups.count - 1, group.contains("."), let octets = four(group) {
        bytes += octets
      } else if group.utf8.count <= 4, let value = number(group, at: 16, upTo: 0xFFFF) {
        bytes += [UInt8(value >> 8), UInt8(value & 0xFF)]
      } else {
        return nil
      }
    }
    return bytes
  }

  /// Digits only: `Int` itself would take a sign.
  private static func number(_ text: Substring, at radix: Int, upTo most: Int) -> Int? {
    guard !text.isEmpty, text.utf8.allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }),
      radix != 10 || text == "0" || !text.hasPrefix("0"), let value = Int(text, radix: radix), value <= most
    else { return nil }
    return value
  }
}
