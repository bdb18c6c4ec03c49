/// What contains a resource: of an S3 object its bucket's `/*`, else all of its type in its account and region
/// (`arn:aws:iam::111122223333:role/*`). A container contains itself.
enum ResourceContainer {
  /// How much of the resource's name stands before the `*`.
  static func prefixLength(of resource: RawText) -> Int {
    var start = 0
    if resource.hasPrefix("arn:") {
      // arn:partition:service:region:account:resource
      for _ in 0..<5 {
        guard let colon = resource.dropFirst(start).firstIndex(of: UInt8(ascii: ":")) else { break }
        start += colon + 1
      }
    }
    let rest = resource.dropFirst(start).bytes
    let separator = rest.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: ":") }
    return separator.map { start + $0 + 1 } ?? start
  }

  /// The container's name; of no resource, none.
  static func name(of resource: String) -> String {
    if resource.isEmpty { return "" }
    var copy = resource
    return copy.withUTF8 { bytes in
      let text = RawText(start: UnsafeRawPointer(bytes.baseAddress), count: bytes.count)
      return text.prefix(prefixLength(of: text)).string + "*"
    }
  }
}
