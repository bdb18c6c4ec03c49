/// SPIFFE IDs: `spiffe://trust-domain/path` (the SPIFFE-ID standard, §2).
enum SPIFFELibrary {
  static let functions: [Function] = [
    Function(
      "spiffe", "A SPIFFE ID from text", [Overload([.string], .spiffe), Overload([.spiffe], .spiffe)],
      .unary {
        if $0.spiffe != nil { return $0 }
        guard case .string(let text) = $0 else { return nil }
        if let problem = WorkloadName.problem(of: text) {
          return .failure("\(text.quoted) is no SPIFFE ID: \(problem)")
        }
        return .opaque(WorkloadName(text))
      }),
    Function(
      "isSPIFFE", "Whether the text is a SPIFFE ID", [Overload([.string], .bool)],
      .unary {
        guard case .string(let text) = $0 else { return nil }
        return .bool(WorkloadName.problem(of: text) == nil)
      }),
    Function(
      "trustDomain", "The trust domain, the root that vouches for the ID", [Overload(member: true, [.spiffe], .string)],
      .unary { $0.spiffe.map { .string(String($0.trustDomain)) } }),
    Function(
      "path", "The path with its first slash; empty where the ID names the trust domain itself",
      [Overload(member: true, [.spiffe], .string)],
      .unary { $0.spiffe.map { .string(String($0.path)) } }),
  ]
}

extension CELType {
  /// A SPIFFE ID.
  package static let spiffe = CELType.opaque("spiffe.ID", [])
}

final class WorkloadName: OpaqueValue {
  let text: String
  let trustDomain, path: Substring
  var typeName: String { "spiffe.ID" }
  private static let scheme = "spiffe://"

  /// Of a text that has no `problem`.
  fileprivate init(_ text: String) {
    self.text = text
    let rest = text.dropFirst(WorkloadName.scheme.count)
    trustDomain = rest.prefix { $0 != "/" }
    path = rest[trustDomain.endIndex...]
  }

  /// What the standard has against the text, in words that end a sentence; `nil` for nothing.
  static func problem(of text: String) -> String? {
    guard text.utf8.count <= 2048 else { return "it is longer than 2048 bytes" }
    guard text.utf8.starts(with: scheme.utf8) else { return "it does not begin with spiffe://" }
    let parts = text.utf8.dropFirst(scheme.utf8.count).split(
      separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    guard !parts[0].isEmpty else { return "it has no trust domain" }
    guard parts[0].count <= 255 else { return "its trust domain is longer than 255 bytes" }
    guard parts[0].allSatisfy({ isLetter($0) && $0 &- 0x41 >= 26 }) else {
      return "a trust domain has only lower-case letters, digits, `.`, `-` and `_`"
    }
    if parts.count > 1, parts.last?.isEmpty == true { return "it ends with a slash" }
    for part in parts.dropFirst() {
      if part.isEmpty { return "a part of its path is empty" }
      if part.elementsEqual(".".utf8) || part.elementsEqual("..".utf8) {
        return "`.` and `..` cannot be parts of its path"
      }
      if !part.allSatisfy(isLetter) { return "a path has only letters, digits, `.`, `-` and `_` between its slashes" }
    }
    return nil
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    byte.isNameStart || byte.isDigit || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
  }

  func isEqual(to other: any OpaqueValue) -> Bool { (other as? WorkloadName)?.text == text }
}

extension Value {
  fileprivate var spiffe: WorkloadName? {
    if case .opaque(let value) = self { return value as? WorkloadName }
    return nil
  }
}
