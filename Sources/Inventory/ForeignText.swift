/// Files that are no export, by how they begin: what to tell of them.
enum ForeignText {
  /// What the bytes are, and what to do about it.
  static func name(of bytes: [UInt8], _ start: String) -> (what: String, hint: String)? {
    if bytes.starts(with: [0x1F, 0x8B]) { return ("a gzip file", "unpack it first: `gunzip FILE`") }
    if bytes.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) { return ("a Zstandard file", "unpack it first: `unzstd FILE`") }
    if bytes.starts(with: Array("PK\u{3}\u{4}".utf8)) { return ("a zip file", "unpack it first: `unzip FILE`") }
    if bytes.starts(with: [0x1B, UInt8(ascii: "[")]) {
      return ("coloured for a terminal", "export without colours: `-o json` instead of `-o jsonc`, or `--no-color`")
    }
    if bytes.starts(with: [0x30, 0x82]) {
      return (
        "DER that is no certificate, perhaps a PKCS #12 store with its key", "export the certificate alone, as PEM"
      )
    }
    if start.contains("PRIVATE KEY-----") {
      return ("a private key, which is not read", "delete it here; the certificate beside it says all that is needed")
    }
    let text = start.drop { $0.isWhitespace }.lowercased()
    if text.hasPrefix("<!doctype html") || text.hasPrefix("<html") {
      return ("a page for a browser, perhaps of a proxy or a sign-in", "export it again")
    }
    let head = text.prefix { $0 != "\n" && $0 != "\r" }
    if text.hasPrefix("+--") || text.hasPrefix("---------") || head.contains("  ") || head.contains("\t") {
      return ("a table for people", "export it as JSON: `--output json`, `--format=json`, `-o json`")
    }
    return nil
  }
}

/// The text of UTF-16 with a byte order mark (RFC 2781, section 3.2) as UTF-8; `nil` for anything else.
func utf8(ofUTF16 bytes: [UInt8]) -> [UInt8]? {
  let isLittle = bytes.starts(with: [0xFF, 0xFE])
  guard isLittle || bytes.starts(with: [0xFE, 0xFF]), bytes.count.isMultiple(of: 2) else { return nil }
  let (low, high) = isLittle ? (0, 1) : (1, 0)
  let units = stride(from: 2, to: bytes.count, by: 2).map { UInt16(bytes[$0 + high]) << 8 | UInt16(bytes[$0 + low]) }
  return Array(String(decoding: units, as: UTF16.self).utf8)
}
