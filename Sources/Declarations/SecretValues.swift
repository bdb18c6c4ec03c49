/// What may be a secret because of the name that it is given: `password: …`, `client_secret=…`.
enum SecretValues {
  /// The kind of secret that a key announces; `nil` for other keys.
  static func kind(ofKey key: Slice<UnsafeBufferPointer<UInt8>>) -> String? {
    guard key.count <= 64, let last = key.last else { return nil }
    // The letters that the endings end with: most keys have another.
    guard "detyn".utf8.contains(last | 0x20) else { return nil }
    for (ending, kind) in endings where ending.last == last | 0x20 && ends(key, with: ending) { return kind }
    return nil
  }

  /// Whether the letters and digits of the key end so, in any case of letters: a file has a key a line, so nothing is copied.
  private static func ends(_ key: Slice<UnsafeBufferPointer<UInt8>>, with ending: [UInt8]) -> Bool {
    var (at, left) = (key.endIndex, ending.count)
    while left > 0 {
      guard at > key.startIndex else { return false }
      at -= 1
      let byte = key[at]
      if !isAlphanumeric(byte) { continue }
      left -= 1
      if byte | 0x20 != ending[left] { return false }
    }
    return true
  }

  private static let endings: [([UInt8], String)] = [
    ("password", "password"), ("passwd", "password"), ("pwd", "password"), ("passphrase", "password"),
    ("secret", "secret"), ("secretkey", "secret"), ("accesskey", "secret"), ("apikey", "API key"), ("token", "token"),
    ("privatekey", "private key"), ("signingkey", "signing key"), ("encryptionkey", "encryption key"),
    ("accountkey", "account key"), ("sharedkey", "shared key"),
  ].map { (Array($0.0.utf8), $0.1) }

  /// Whether a value under such a key is one, and not the name of one, a reference to one or a placeholder.
  static func isSecret(_ value: Slice<UnsafeBufferPointer<UInt8>>, kind: String) -> Bool {
    let isPassword = kind == "password"
    guard value.count >= (isPassword ? 6 : 12), value.count <= 512, !isReference(value), !isName(value), !isUUID(value)
    else { return false }
    let hasLetter = value.contains { ($0 | 0x20) &- 0x61 < 26 }
    let hasOther = value.contains { !(($0 | 0x20) &- 0x61 < 26) }
    return hasLetter && hasOther && (isPassword || entropy(value) >= 3)
  }

  /// Says where the secret is, or stands for it.
  private static func isReference(_ value: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    if let first = value.first, "$%<{[!*&/~|>".utf8.contains(first) { return true }
    let lower = String(decoding: value, as: UTF8.self).lowercased()
    let starts = [
      "arn:", "vault:", "env:", "file:", "ssm:", "secret:", "secrets.", "sha256:", "sha512:", "ssh-", "ecdsa-",
      "projects/", "op://", "http://", "https://", "akia", "asia", "k8s:", "gcp:", "aws:", "github:", "apikey:",
    ]
    let inside = [
      "${", "{{", "}}", "...", "…", "***", "xxxx", "example", "changeme", "placeholder", "redacted", "dummy", "todo",
      "your-", "your_", "not-a-", "1234567",
    ]
    return starts.contains { lower.hasPrefix($0) } || inside.contains { lower.contains($0) }
  }

  /// Words and short numbers with signs between them, as names of things have them: `payments-db-password-2`.
  private static func isName(_ value: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    value.split(omittingEmptySubsequences: true) { "-_./:@ ".utf8.contains($0) }.allSatisfy { part in
      part.allSatisfy { $0 &- 0x30 < 10 } ? part.count <= 8 : isWord(part)
    }
  }

  /// Letters in one case, or with capitals where words start: `rotatedByVault`. Random letters change case more often.
  private static func isWord(_ part: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    guard part.allSatisfy({ ($0 | 0x20) &- 0x61 < 26 }) else { return false }
    let capitals = part.count { $0 < 0x60 }
    return capitals == part.count || capitals * 4 <= part.count + 3
  }

  private static func isUUID(_ value: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    value.count == 36
      && value.enumerated().allSatisfy { index, byte in
        [8, 13, 18, 23].contains(index)
          ? byte == UInt8(ascii: "-") : byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 6
      }
  }

  /// Shannon's, in bits a byte.
  private static func entropy(_ value: Slice<UnsafeBufferPointer<UInt8>>) -> Double {
    var counts = [Int](repeating: 0, count: 256)
    for byte in value { counts[Int(byte)] += 1 }
    var bits = 0.0
    for count in counts where count > 0 {
      let share = Double(count) / Double(value.count)
      bits -= share * logarithm(share)
    }
    return bits
  }

  /// Base 2, by squaring: no room needs a mathematics library for one threshold.
  private static func logarithm(_ value: Double) -> Double {
    var (mantissa, result, step) = (value.significand, Double(value.exponent), 0.5)
    for _ in 0..<12 {
      mantissa *= mantissa
      if mantissa >= 2 {
        mantissa /= 2
        result += step
      }
      step /= 2
    }
    return result
  }
}
