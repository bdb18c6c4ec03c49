import Base

/// What may be kept of a secret that a scanner found: the id of the credential, whose it is, a hash; never the secret.
struct LeakedSecret {
  private(set) var credential: String?
  private(set) var principal: String?
  private(set) var hash: String?

  /// From the secret and from what the scanner shows around it; either may be redacted.
  init(secret: String?, around: [String?]) {
    let texts = ([secret] + around).compactMap(\.self)
    for text in texts where credential == nil { credential = LeakedSecret.keyID(in: text) }
    for text in texts where principal == nil { principal = LeakedSecret.mail(in: text) }
    guard let secret, secret.utf8.count >= 8, secret != credential, !LeakedSecret.isRedacted(secret) else { return }
    hash = SHA256Digest(of: secret).hex
  }

  /// Adds what the scanner learnt by trying the secret.
  mutating func add(principal text: String?) {
    guard let text, !text.isEmpty else { return }
    principal = text.hasSuffix(".gserviceaccount.com") ? "gcp:serviceAccount:\(text.lowercased())" : text
  }

  mutating func add(credential text: String?) {
    if let text, !text.isEmpty { credential = text }
  }

  private static func isRedacted(_ secret: String) -> Bool {
    secret == "REDACTED" || secret.hasSuffix("...") || secret.contains("***") || secret.contains("•")
      || secret.utf8.allSatisfy { $0 | 0x20 == UInt8(ascii: "x") }
  }

  /// An access key id of AWS (`AKIA` or `ASIA` and sixteen more of capitals and digits), or the `private_key_id` in a key of Google.
  private static func keyID(in text: String) -> String? {
    let bytes = Array(text.utf8)
    func isWord(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 || byte &- 0x41 < 26 || byte &- 0x61 < 26 || byte == 0x5F }
    func isKey(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 || byte &- 0x41 < 26 }
    for start in stride(from: 0, through: bytes.count - 20, by: 1)
    where bytes[start] == UInt8(ascii: "A") && (start == 0 || !isWord(bytes[start - 1])) {
      let head = bytes[start..<start + 4]
      guard head.elementsEqual("AKIA".utf8) || head.elementsEqual("ASIA".utf8) else { continue }
      let key = bytes[start...].prefix { isKey($0) }
      // Scanners may print the secret right behind the id, after a colon or with nothing between: the id is twenty long.
      if key.count == 20 || key.count > 20 && start == 0 { return String(decoding: key.prefix(20), as: UTF8.self) }
    }
    return value(of: "private_key_id", in: text)
  }

  /// The account of a key of Google.
  private static func mail(in text: String) -> String? {
    guard let mail = value(of: "client_email", in: text), mail.hasSuffix(".gserviceaccount.com") else { return nil }
    return "gcp:serviceAccount:\(mail.lowercased())"
  }

  /// The text of a member in JSON, also where that stands in a string: `"private_key_id": "0a1b…"`.
  private static func value(of key: String, in text: String) -> String? {
    guard let range = text.firstRange(of: key) else { return nil }
    let rest = text[range.upperBound...].drop { "\\\": \t\n\r".contains($0) }
    let value = rest.prefix { !"\\\",} \n\r".contains($0) }
    return value.count < 8 || value.count > 200 ? nil : String(value)
  }
}
