/// Addresses and networks (the network extension; Kubernetes has the same functions).
enum NetworkLibrary {
  static let functions: [Function] =
    [
      Function(
        "ip", "An address from text, or the address of a network",
        [
          Overload([.string], .ip), Overload(member: true, [.cidr], .ip), Overload([.ip], .ip),
        ], .unary(ip)),
      Function(
        "cidr", "A network from text such as `10.0.0.0/8`", [Overload([.string], .cidr), Overload([.cidr], .cidr)],
        .unary(cidr)),
      Function(
        "isIP", "Whether the text is an address", [Overload([.string], .bool)],
        .unary {
          guard case .string(let text) = $0 else { return nil }
          return .bool(Address.parse(text).0 != nil)
        }),
      Function(
        "isCIDR", "Whether the text is a network", [Overload([.string], .bool)],
        .unary {
          guard case .string(let text) = $0 else { return nil }
          return .bool(Network.parse(text).0 != nil)
        }),
      Function(
        "ip.isCanonical", "Whether the text is an address in its shortest form", [Overload([.string], .bool)],
        .unary {
          guard case .string(let text) = $0 else { return nil }
          let (address, refusal) = Address.parse(text)
          return address.map { .bool($0.text == text) } ?? AddressValue.refuse(text, refusal)
        }),
      Function(
        "family", "4 or 6", [Overload(member: true, [.ip], .int)],
        .unary {
          $0.address.map { .int($0.isV4 ? 4 : 6) }
        }),
      test("isUnspecified", "Whether it is 0.0.0.0 or ::", \.isUnspecified),
      test("isLoopback", "Whether it is of the machine itself", \.isLoopback),
      test("isLinkLocalUnicast", "Whether it is 169.254.0.0/16 or fe80::/10", \.isLinkLocalUnicast),
      test("isLinkLocalMulticast", "Whether it is 224.0.0.0/24 or ff02::/16", \.isLinkLocalMulticast),
      test("isGlobalUnicast", "Whether it is none of the special kinds", \.isGlobalUnicast),
      Function(
        "masked", "The network with the bits of its hosts cleared", [Overload(member: true, [.cidr], .cidr)],
        .unary {
          $0.network.map { .opaque(NetworkValue(Network(address: $0.address.masked($0.prefix), prefix: $0.prefix))) }
        }),
      Function(
        "prefixLength", "How many bits are of the network", [Overload(member: true, [.cidr], .int)],
        .unary {
          $0.network.map { .int(Int64($0.prefix)) }
        }),
      containment("containsIP", "Whether the address is in the network", .ip) { other in
        other.address ?? other.text.flatMap { Address.parse($0).0 }
      } _: { network, address in
        network.contains(address)
      },
      containment("containsCIDR", "Whether all of the other network is in this one", .cidr) { other in
        other.network ?? other.text.flatMap { Network.parse($0).0 }
      } _: { network, other in
        other.prefix >= network.prefix && network.contains(other.address)
      },
    ]

  @Sendable private static func ip(_ value: Value) -> Value? {
    if let network = value.network { return .opaque(AddressValue(network.address)) }
    if value.address != nil { return value }
    guard case .string(let text) = value else { return nil }
    let (address, refusal) = Address.parse(text)
    return address.map { .opaque(AddressValue($0)) } ?? AddressValue.refuse(text, refusal)
  }

  @Sendable private static func cidr(_ value: Value) -> Value? {
    if value.network != nil { return value }
    guard case .string(let text) = value else { return nil }
    let (network, refusal) = Network.parse(text)
    return network.map { .opaque(NetworkValue($0)) } ?? NetworkValue.refuse(text, refusal)
  }

  private static func test(_ name: String, _ summary: String, _ body: @escaping @Sendable (Address) -> Bool) -> Function
  {
    Function(
      name, summary, [Overload(member: true, [.ip], .bool)],
      .unary { $0.address.map { .bool(body($0)) } })
  }

  private static func containment<T>(
    _ name: String, _ summary: String, _ type: CELType, _ read: @escaping @Sendable (Value) -> T?,
    _ body: @escaping @Sendable (Network, T) -> Bool
  ) -> Function {
    Function(
      name, summary, [Overload(member: true, [.cidr, type], .bool), Overload(member: true, [.cidr, .string], .bool)],
      .binary {
        guard let network = $0.network, $1.text != nil || $1.address != nil || $1.network != nil else { return nil }
        return read($1).map { .bool(body(network, $0)) } ?? .failure("\($1.displayText.quoted) is not a \(type)")
      })
  }
}

/// An address and how many of its bits name the network.
struct Network: Hashable, Sendable {
  let address: Address
  let prefix: Int

  static func parse(_ text: String) -> (Network?, Address.Refusal) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    let (address, refusal) = Address.parse(String(parts[0]))
    guard let address else { return (nil, refusal) }
    guard parts.count == 2, let prefix = Int(parts[1]), parts[1].utf8.allSatisfy(\.isDigit), prefix <= address.bitCount,
      parts[1].utf8.count == 1 || parts[1].first != "0"
    else { return (nil, .syntax) }
    return (Network(address: address, prefix: prefix), .syntax)
  }

  func contains(_ other: Address) -> Bool {
    other.isV4 == address.isV4 && other.masked(prefix) == address.masked(prefix)
  }
}

final class AddressValue: OpaqueValue {
  let address: Address
  init(_ address: Address) { self.address = address }
  var typeName: String { "net.IP" }
  var text: String { address.text }
  func isEqual(to other: any OpaqueValue) -> Bool { (other as? AddressValue)?.address == address }

  static func refuse(_ text: String, _ refusal: Address.Refusal) -> Value {
    switch refusal {
    case .syntax: .failure("\(text.quoted) is not an IP address")
    case .zone: .failure("an IP address with a zone is not allowed: \(text.quoted)")
    case .mapped: .failure("an IPv4-mapped IPv6 address is not allowed: \(text.quoted)")
    }
  }
}

final class NetworkValue: OpaqueValue {
  let network: Network
  init(_ network: Network) { self.network = network }
  var typeName: String { "net.CIDR" }
  var text: String { "\(network.address.text)/\(network.prefix)" }
  func isEqual(to other: any OpaqueValue) -> Bool { (other as? NetworkValue)?.network == network }

  static func refuse(_ text: String, _ refusal: Address.Refusal) -> Value {
    refusal == .syntax
      ? .failure("\(text.quoted) is not a network such as 10.0.0.0/8") : AddressValue.refuse(text, refusal)
  }
}

extension Value {
  fileprivate var address: Address? {
    if case .opaque(let value) = self { return (value as? AddressValue)?.address }
    return nil
  }

  fileprivate var network: Network? {
    if case .opaque(let value) = self { return (value as? NetworkValue)?.network }
    return nil
  }

  fileprivate var text: String? {
    if case .string(let text) = self { return text }
    return nil
  }
}
