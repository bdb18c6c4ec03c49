/// A token that its issuer made recognisable: a prefix, then so many characters of an alphabet.
struct SecretPattern {
  enum Alphabet {
    case alphanumeric
    /// Letters, digits, `_` and `-`.
    case url
    /// `url`, `.`, `+`, `/` and `=`.
    case any
    case hexadecimal
  }

  let kind: String
  let prefix: [UInt8]
  let alphabet: Alphabet
  /// Characters after the prefix.
  let length: ClosedRange<Int>

  private init(_ kind: String, _ prefix: String, _ alphabet: Alphabet, _ length: ClosedRange<Int>) {
    self.kind = kind
    self.prefix = Array(prefix.utf8)
    self.alphabet = alphabet
    self.length = length
  }

  /// As their issuers publish them; none of them is an id that may be shown.
  private static let all: [SecretPattern] = [
    SecretPattern("GitHub token", "ghp_", .alphanumeric, 36...255),
    SecretPattern("GitHub token", "gho_", .alphanumeric, 36...255),
    SecretPattern("GitHub token", "ghu_", .alphanumeric, 36...255),
    SecretPattern("GitHub token", "ghs_", .any, 36...520),
    SecretPattern("GitHub token", "ghr_", .alphanumeric, 36...255),
    SecretPattern("GitHub token", "github_pat_", .url, 60...255),
    SecretPattern("GitLab token", "glpat-", .any, 20...255),
    SecretPattern("GitLab token", "gldt-", .url, 20...255),
    SecretPattern("GitLab token", "glrt-", .url, 20...255),
    SecretPattern("Slack token", "xoxb-", .url, 20...255),
    SecretPattern("Slack token", "xoxp-", .url, 20...255),
    SecretPattern("Slack token", "xoxa-", .url, 20...255),
    SecretPattern("Slack token", "xoxr-", .url, 20...255),
    SecretPattern("Slack token", "xoxs-", .url, 20...255),
    SecretPattern("Slack token", "xoxe.", .any, 20...512),
    SecretPattern("Slack token", "xapp-", .url, 20...255),
    SecretPattern("Slack webhook", "hooks.slack.com/services/T", .any, 30...120),
    SecretPattern("Google API key", "AIza", .url, 35...35),
    SecretPattern("Google OAuth secret", "GOCSPX-", .url, 28...28),
    SecretPattern("Google OAuth token", "ya29.", .url, 30...512),
    SecretPattern("Stripe live key", "sk_live_", .alphanumeric, 16...255),
    SecretPattern("Stripe live key", "rk_live_", .alphanumeric, 16...255),
    SecretPattern("Stripe webhook secret", "whsec_", .any, 24...128),
    SecretPattern("npm token", "npm_", .alphanumeric, 36...36),
    SecretPattern("PyPI token", "pypi-AgE", .url, 50...512),
    SecretPattern("Vault token", "hvs.", .url, 24...255),
    SecretPattern("Vault token", "hvb.", .url, 24...255),
    SecretPattern("OpenAI key", "sk-proj-", .url, 40...255),
    SecretPattern("Anthropic key", "sk-ant-", .url, 40...255),
    SecretPattern("SendGrid key", "SG.", .any, 60...80),
    SecretPattern("DigitalOcean token", "dop_v1_", .hexadecimal, 64...64),
    SecretPattern("Databricks token", "dapi", .hexadecimal, 32...32),
    SecretPattern("age secret key", "AGE-SECRET-KEY-1", .alphanumeric, 58...58),
    SecretPattern("JSON Web Token", "eyJ", .any, 40...8192),
  ]

  /// Whether some token begins with the two bytes, the first one being the higher half of the index.
  static let starts: [Bool] = {
    var starts = [Bool](repeating: false, count: 65_536)
    for pattern in all { starts[Int(pattern.prefix[0]) << 8 | Int(pattern.prefix[1])] = true }
    return starts
  }()
  /// By their first byte.
  static let byFirstByte: [[SecretPattern]] = (0..<256).map { byte in all.filter { Int($0.prefix[0]) == byte } }

  /// The length of the token that starts at the offset; `nil` where none does.
  func length(in text: UnsafeBufferPointer<UInt8>, at start: Int) -> Int? {
    guard start + prefix.count + length.lowerBound <= text.count else { return nil }
    for i in 0..<prefix.count where text[start + i] != prefix[i] { return nil }
    var end = start + prefix.count
    while end < text.count, accepts(text[end]) { end += 1 }
    // A full stop or a slash after the token belongs to the sentence.
    while end > start, text[end - 1] == UInt8(ascii: ".") || text[end - 1] == UInt8(ascii: "/") { end -= 1 }
    let count = end - start - prefix.count
    guard length.contains(count), kind != "JSON Web Token" || isToken(text[start..<end]) else { return nil }
    return end - start
  }

  private func accepts(_ byte: UInt8) -> Bool {
    switch alphabet {
    case .alphanumeric: isAlphanumeric(byte)
    case .url: isAlphanumeric(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
    case .any: isAlphanumeric(byte) || "_-.+/=".utf8.contains(byte)
    case .hexadecimal: byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 6
    }
  }

  /// Header, payload and a signature, the first two being JSON objects in base64url (RFC 7519).
  private func isToken(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    return parts.count == 3 && parts[0].count >= 10 && parts[1].starts(with: "eyJ".utf8) && parts[2].count >= 10
  }
}

func isAlphanumeric(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26 }
