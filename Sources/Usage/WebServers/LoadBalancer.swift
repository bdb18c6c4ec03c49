extension LogFormat {
  /// Access logs of AWS Application Load Balancers.
  static let loadBalancer = LogFormat("aws-alb", lines: LoadBalancer.self)
}

/// Elastic Load Balancing, "Access logs for your Application Load Balancer": fields by their place, new ones at the end. They name
/// no caller: connection logs and the targets' own logs do.
private struct LoadBalancer: LineMapping {
  private var tokens = AccessTokens()

  private static let kinds: [StaticString] = ["http", "https", "h2", "grpcs", "ws", "wss"]

  mutating func normalise(_ line: RawText, into event: inout LogEvent, _ kit: inout EventKit) -> Fate {
    guard tokens.read(line) else { return .unreadable("a quote is not closed") }
    guard tokens.count >= 17, Self.kinds.contains(where: { tokens[0].equals($0) }), tokens[1].count > 19,
      tokens[1][10] == UInt8(ascii: "T")
    else { return .foreign }
    let more = bracketedAddresses
    guard tokens.kind(12 + more) == .quoted else { return .foreign }
    event.time = kit.time(tokens[1])
    event.locate(tokens.kind(3) == .bracketed ? tokens[3] : tokens[3].withoutLastPort)
    event.judge(http: tokens[8 + more])
    (event.bytesIn, event.bytesOut) = (count(tokens[10 + more]), count(tokens[11 + more]))
    event.agent = tokens[13 + more]
    event.id = tokens[17 + more]
    kit.request(tokens[12 + more], host: tokens[18 + more], &event)
    locate(arn: tokens[16 + more], &event, &kit)
    event.addResource(kit.join("loadbalancer/", tokens[2]))
    return .event
  }

  /// How many of client and target are `[2001:db8::1]:443`: such a one is two tokens.
  private var bracketedAddresses: Int {
    let client = tokens.kind(3) == .bracketed ? 1 : 0
    return tokens.kind(4 + client) == .bracketed ? client + 1 : client
  }

  /// Region and account are the target group's: `arn:aws:elasticloadbalancing:us-east-2:123456789012:targetgroup/…`.
  private func locate(arn: RawText, _ event: inout LogEvent, _ kit: inout EventKit) {
    var rest = arn
    for number in 0..<5 {
      guard let colon = rest.firstIndex(of: UInt8(ascii: ":")) else { return }
      if number == 3 { event.region = rest.prefix(colon) }
      if number == 4 { event.account = rest.prefix(colon) }
      rest = rest.dropFirst(colon + 1)
    }
    event.regionTerm = event.region
    event.place = kit.place("aws", event.account)
  }
}

extension RawText {
  /// `2001:db8::1:2817`, an address of version 6 and a port without brackets, without the port; other texts as they are.
  fileprivate var withoutLastPort: RawText {
    guard let colon = bytes.lastIndex(of: UInt8(ascii: ":")), prefix(colon).firstIndex(of: UInt8(ascii: ":")) != nil
    else { return self }
    return isLiteralAddress(prefix(colon)) ? prefix(colon) : self
  }
}
