package import Base
package import Model

/// A secret-shaped value in a file: place, kind and digest, never the value.
package struct FoundSecret: Sendable, Hashable {
  package let location: SourceLocation
  package let kind: String
  /// First 12 hexadecimal digits of the value's SHA-256.
  package let digest: String
}

/// Finds secret-shaped values in a file.
package func scanForSecrets(_ file: SourceFile) -> [FoundSecret] {
  let text = String(decoding: file.bytes, as: UTF8.self)
  var found: [FoundSecret] = []
  for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
  where line.contains("-----BEGIN ") && line.contains("PRIVATE KEY") {
    found.append(
      FoundSecret(
        location: SourceLocation(path: file.path, line: number + 1, column: 1), kind: "private key",
        digest: String(SHA256Digest(of: String(line)).hex.prefix(12))))
  }
  return found
}
