package import Base

/// A secret-shaped value in a file; the secret itself is not kept.
package struct SecretMatch: Sendable, Hashable {
  package var location: SourceLocation
  /// `AWS secret access key`, `private key`, …
  package var kind: String
  /// First 12 hexadecimal digits of the value's SHA-256: tells two secrets apart without showing them.
  package var digest: String

  package init(location: SourceLocation, kind: String, digest: String) {
    self.location = location
    self.kind = kind
    self.digest = digest
  }
}
