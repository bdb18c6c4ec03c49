private import CSimdjson

/// A request line of an access log: `GET /orders/17?full=1 HTTP/1.1`, or with a whole URL as load balancers write it.
struct HTTPRequest {
  let method: RawText
  let path: RawText
  /// Of a whole URL.
  let host: RawText

  private static let schemes: [StaticString] = [
    "https://", "http://", "wss://", "ws://", "h2://", "grpcs://", "grpc://",
  ]

  /// The request; `nil` where the text is none (`-`, bytes of another protocol).
  init?(_ text: RawText) {
    guard let blank = text.firstIndex(of: UInt8(ascii: " ")), blank > 0, blank < 20 else { return nil }
    let method = text.prefix(blank)
    guard method.bytes.allSatisfy({ $0 &- 0x41 < 26 || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }) else {
      return nil
    }
    var target = text.dropFirst(blank + 1).prefix(upTo: UInt8(ascii: " "))
    var host = RawText.none
    let isPath = target.count > 0 && target[0] == UInt8(ascii: "/")
    for scheme in isPath ? [] : Self.schemes {
      guard let rest = target.dropPrefix(scheme) else { continue }
      let end = rest.firstIndex(of: UInt8(ascii: "/")) ?? rest.count
      (host, target) = (rest.prefix(end), rest.dropFirst(end))
      break
    }
    self.method = method
    self.host = host
    path = target.prefix(upTo: UInt8(ascii: "?"))
  }
}

extension EventKit {
  /// The path with what names single things replaced by `{}`: numbers, UUIDs, hexadecimal ids, long words with digits. Cardinality
  /// stays bounded, and two calls of one endpoint are one action.
  mutating func template(_ path: RawText) -> RawText {
    if path.isEmpty { return "/" }
    return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 2 * path.count) { route in
      let count = muster_path_route(path.bytes.baseAddress, path.count, route.baseAddress)
      return join(RawText(start: route.baseAddress, count: count), .none)
    }
  }

  /// Sets call and resource of a request to a host: `http:GET /orders/{}`. The text stands in a window.
  mutating func request(_ text: RawText, host: RawText, _ event: inout LogEvent) {
    var (start, length) = (0, 0)
    let isPlain = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 70 + 2 * text.count) { action in
      let count = muster_request_action(text.bytes.baseAddress, text.count, action.baseAddress, &start, &length)
      if count == 0 { return false }
      let action = RawText(start: action.baseAddress, count: count)
      event.call = call("http", action.dropFirst(5), action: action)
      return true
    }
    if !isPlain { return rareRequest(text, host: host, &event) }
    let path = text.dropFirst(start).prefix(length)
    event.addResource(host.isEmpty ? path : join(host, path))
  }

  /// Of a whole URL, or of none.
  private mutating func rareRequest(_ text: RawText, host: RawText, _ event: inout LogEvent) {
    guard let request = HTTPRequest(text) else {
      event.call = call("http", "(no request)")
      return
    }
    event.call = call("http", join(request.method, " ", template(request.path)))
    let host = request.host.isEmpty ? host : request.host
    event.addResource(host.isEmpty ? request.path : join(host, request.path))
  }
}
