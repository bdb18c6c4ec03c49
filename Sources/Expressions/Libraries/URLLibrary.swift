import Base

/// Addresses of the web (RFC 3986; Kubernetes has the same functions).
enum URLLibrary {
  static let functions: [Function] = [
    Function(
      "url", "An address from text: absolute, or a path that begins with `/`", [Overload([.string], .url)],
      .unary {
        guard case .string(let text) = $0 else { return nil }
        return WebAddress(text).map { .opaque($0) } ?? .failure("\(text.quoted) is not a URL")
      }),
    Function(
      "isURL", "Whether the text is an address", [Overload([.string], .bool)],
      .unary {
        guard case .string(let text) = $0 else { return nil }
        return .bool(WebAddress(text) != nil)
      }),
    part("getScheme", "The scheme, without its colon") { $0.scheme },
    part("getHost", "The host with its port") { $0.host },
    part("getHostname", "The host without its port and brackets") { $0.name },
    part("getPort", "The port; empty where there is none") { $0.port },
    part("getEscapedPath", "The path with what needs it escaped") { $0.path },
    Function(
      "getQuery", "The parameters with their values", [Overload(member: true, [.url], .map(.string, .list(.string)))],
      .unary { $0.url.map { .map(MapValue($0.query)) } }),
  ]

  private static func part(_ name: String, _ summary: String, _ body: @escaping @Sendable (WebAddress) -> String)
    -> Function
  {
    Function(
      name, summary, [Overload(member: true, [.url], .string)],
      .unary { $0.url.map { .string(body($0)) } })
  }
}

final class WebAddress: OpaqueValue {
  let scheme, host, path, text: String
  private let queryText: Substring
  var typeName: String { "kubernetes.URL" }

  init?(_ text: String) {
    guard text.utf8.count <= 65_536, !text.isEmpty, text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
      return nil
    }
    let plain = text.prefix { $0 != "#" }
    let split = plain.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    queryText = split.count == 2 ? split[1] : ""
    var rest = split[0]
    var (scheme, host) = ("", "")
    if !rest.hasPrefix("/") {
      guard let colon = rest.firstIndex(of: ":") else { return nil }
      scheme = rest[..<colon].lowercased()
      rest = rest[rest.index(after: colon)...]
      guard let first = scheme.utf8.first, first &- 0x61 < 26,
        scheme.utf8.allSatisfy({ $0 &- 0x61 < 26 || $0.isDigit || "+-.".utf8.contains($0) })
      else { return nil }
      // `mailto:a@b`: what follows is no path.
      if !rest.hasPrefix("/") { rest = "" }
    }
    if rest.hasPrefix("//") {
      let authority = rest.dropFirst(2).prefix { $0 != "/" }
      rest = rest.dropFirst(2 + authority.count)
      host = String(authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority)
    }
    guard let path = WebAddress.escaped(rest), host.utf8.allSatisfy(WebAddress.isOfHost), WebAddress.port(host) != nil
    else { return nil }
    (self.scheme, self.host, self.path, self.text) = (scheme, host, path, text)
  }

  /// RFC 3986, "Host": names, addresses in brackets, a port; letters of other scripts as they come.
  private static func isOfHost(_ byte: UInt8) -> Bool {
    byte.isNameStart || byte.isDigit || byte >= 0x80 || "-.~!$&'()*+,;=:[]%".utf8.contains(byte)
  }

  /// The path with escapes: as it is where it needs none, else all anew. `nil` where a `%` has no two digits after it.
  private static func escaped(_ path: Substring) -> String? {
    let bytes = Array(path.utf8)
    for at in bytes.indices where bytes[at] == UInt8(ascii: "%") {
      guard at + 2 < bytes.count, bytes[at + 1].isHexDigit, bytes[at + 2].isHexDigit else { return nil }
    }
    if bytes.allSatisfy({ isOfPath($0) || "%!'()*[]".utf8.contains($0) }) { return String(path) }
    var out: [UInt8] = []
    for byte in decoded(path, plus: false).utf8 {
      out += isOfPath(byte) ? [byte] : Array("%\([byte].hex.uppercased())".utf8)
    }
    return String(decoding: out, as: UTF8.self)
  }

  private static func isOfPath(_ byte: UInt8) -> Bool {
    byte.isNameStart || byte.isDigit || "-.~$&+,/:;=@".utf8.contains(byte)
  }

  /// The digits after the host's last colon; `nil` where they are no port.
  private static func port(_ host: String) -> Substring? {
    let tail = host.lastIndex(of: "]").map { host[host.index(after: $0)...] } ?? host[...]
    guard let colon = tail.lastIndex(of: ":") else { return "" }
    let port = tail[tail.index(after: colon)...]
    return port.utf8.allSatisfy(\.isDigit) ? port : nil
  }

  var port: String { String(WebAddress.port(host) ?? "") }

  var name: String {
    let plain = port.isEmpty ? host[...] : host.dropLast(port.count + 1)
    return plain.hasPrefix("[") && plain.hasSuffix("]") ? String(plain.dropFirst().dropLast()) : String(plain)
  }

  /// Parameters in the order of their first appearance.
  var query: [(String, Value)] {
    var (names, values) = ([String](), [String: [Value]]())
    for pair in queryText.split(separator: "&") {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = WebAddress.decoded(parts[0])
      if values[name] == nil { names.append(name) }
      values[name, default: []].append(.string(parts.count == 2 ? WebAddress.decoded(parts[1]) : ""))
    }
    return names.map { ($0, .list(values[$0] ?? [])) }
  }

  private static func decoded(_ text: Substring, plus: Bool = true) -> String {
    var (out, rest) = ([UInt8](), Array(text.utf8)[...])
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"), rest.count >= 2, let high = rest.first?.hexValue,
        let low = rest.dropFirst().first?.hexValue
      {
        out.append(UInt8(high << 4 | low))
        rest = rest.dropFirst(2)
      } else {
        out.append(plus && byte == UInt8(ascii: "+") ? 0x20 : byte)
      }
    }
    return String(decoding: out, as: UTF8.self)
  }

  func isEqual(to other: any OpaqueValue) -> Bool { (other as? WebAddress)?.text.isSameScalars(as: text) ?? false }
}

extension Value {
  fileprivate var url: WebAddress? {
    if case .opaque(let value) = self { return value as? WebAddress }
    return nil
  }
}
