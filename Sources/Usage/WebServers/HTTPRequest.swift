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
    var made = RawText.none
    var (from, at) = (0, 0)
    var isChanged = false
    while at < path.count {
      let start = path[at] == UInt8(ascii: "/") ? at + 1 : at
      let rest = path.dropFirst(start)
      let length = rest.firstIndex(of: UInt8(ascii: "/")) ?? rest.count
      if rest.prefix(length).looksLikeID {
        made = join(made, path.dropFirst(from).prefix(start - from), "{}")
        from = start + length
        isChanged = true
      }
      at = start + length
    }
    return isChanged ? join(made, path.dropFirst(from)) : path
  }

  /// Sets call and resource of a request to a host: `http:GET /orders/{}`.
  mutating func request(_ request: HTTPRequest, host: RawText, _ event: inout LogEvent) {
    let route = template(request.path)
    event.call = call("http", join(request.method, " ", route))
    let host = request.host.isEmpty ? host : request.host
    event.addResource(host.isEmpty ? request.path : join(host, request.path))
  }
}

extension RawText {
  /// Whether a part of a path names one of many things.
  fileprivate var looksLikeID: Bool {
    if count == 0 { return false }
    var (digits, hexadecimal, others) = (0, 0, 0)
    for byte in bytes {
      if byte &- 0x30 < 10 {
        digits += 1
      } else if (byte | 0x20) &- 0x61 < 6 || byte == UInt8(ascii: "-") {
        hexadecimal += 1
      } else {
        others += 1
      }
    }
    if digits == count { return true }
    if others == 0 && digits > 0 && count >= 8 { return true }
    return digits >= 4 && count >= 20
  }
}
