import Base
import Documents
import Model

/// Readings of the values that people write, made once.
enum Readings {
  static let text = Reading<String>.text
  static let texts = Reading<[Located<String>]>.list(of: .text)
  static let anyText = Reading<String>.anyText
  static let day = Reading<Day>.day
  static let duration = Reading<Milliseconds>.duration
  static let kind = Reading<IdentityKind>.choice

  /// `team:NAME` or `person:NAME`.
  static let owner = Reading<OwnerReference>(
    "an owner like team:payments or person:ana",
    hint: { $0.contains(":") || $0.isEmpty ? "" : "write team:\($0) or person:\($0)" }
  ) { node in
    guard let text = node.text, !text.utf8.contains(0x20) else { return nil }
    return OwnerReference(text)
  }

  /// The name of a declaration.
  static let handle = Reading<String>("a handle of letters, digits and `.`, `_`, `-`, `/`, `@`, `+`, at most 128") {
    node in
    guard let text = node.text, (1...128).contains(text.utf8.count), let first = text.utf8.first, isAlphanumeric(first),
      text.utf8.allSatisfy({ isAlphanumeric($0) || "._/@+-".utf8.contains($0) })
    else { return nil }
    return text
  }

  /// A platform's own name: an ARN, a SPIFFE id, or `<platform>:<path>`; never a session.
  static let principal = Reading<PrincipalKey>(
    "a principal like arn:aws:iam::111122223333:role/name",
    hint: {
      $0.contains(":assumed-role/")
        ? "a session is not an identity: name its role, arn:aws:iam::<account>:role/<name>" : ""
    }
  ) { node in
    guard let text = node.text, let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")), colon != text.startIndex,
      text.utf8.index(after: colon) != text.utf8.endIndex, text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }),
      !(text.hasPrefix("arn:") && isSession(text))
    else { return nil }
    return PrincipalKey(text)
  }
  static let principals = Reading<[Located<PrincipalKey>]>.list(of: principal)

  /// A number of bytes: `5GiB`, `500MB`, `1024`.
  static let size = Reading<UInt64>("a size like 5GiB or 500MB") { node in
    guard let text = node.text else { return nil }
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    guard let number = UInt64(digits), let unit = units[String(text.dropFirst(digits.count))] else { return nil }
    let (product, overflow) = number.multipliedReportingOverflow(by: unit)
    return overflow ? nil : product
  }
  private static let units: [String: UInt64] = [
    "": 1, "B": 1, "kB": 1000, "KB": 1000, "MB": 1_000_000, "GB": 1_000_000_000, "TB": 1_000_000_000_000,
    "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40,
  ]

  /// A network in CIDR notation; bits behind the prefix must be clear, for they say that something else was meant.
  static let networks = Reading<[Located<String>]>.list(
    of: Reading<String>(
      "a network like 10.20.0.0/16",
      hint: { text in
        if let network = Network(text) { return "did you mean \(network.cleared)?" }
        guard let host = Network(text + (text.contains(":") ? "/128" : "/32")) else { return "" }
        return "one address is \(host)"
      }
    ) { node in
      guard let text = node.text, let network = Network(text), network == network.cleared else { return nil }
      return text
    })

  /// The resource of an ARN, its sixth field, names a session of a role. Over bytes: `contains` would take a tenth of the decoding.
  private static func isSession(_ arn: String) -> Bool {
    var colons = 0
    guard
      let start = arn.utf8.firstIndex(where: { byte in
        colons += byte == UInt8(ascii: ":") ? 1 : 0
        return colons == 5
      })
    else { return false }
    return arn.utf8[start...].starts(with: ":assumed-role/".utf8)
  }
}
