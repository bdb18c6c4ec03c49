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
    guard tokens.count >= 17, Self.kinds.contains(where: { tokens[0].equals($0) }), tokens.kind(12) == .quoted,
      tokens[1].count > 19, tokens[1][10] == UInt8(ascii: "T")
    else { return .foreign }
    event.time = kit.time(tokens[1])
    event.locate(tokens[3])
    event.judge(http: tokens[8])
    (event.bytesIn, event.bytesOut) = (count(tokens[10]), count(tokens[11]))
    event.agent = tokens[13]
    event.id = tokens[17]
    kit.request(tokens[12], host: tokens[18], &event)
    locate(arn: tokens[16], &event, &kit)
    event.addResource(kit.join("loadbalancer/", tokens[2]))
    return .event
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
