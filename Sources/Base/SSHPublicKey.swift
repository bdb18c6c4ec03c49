/// A public key as OpenSSH writes it.
package struct SSHPublicKey: Hashable, Sendable, CustomStringConvertible {
  /// The kinds of keys that are read; `dsa` and certificates are not.
  package enum Kind: String, Sendable, CaseIterable {
    case ed25519 = "ssh-ed25519"
    case ecdsa256 = "ecdsa-sha2-nistp256"
    case ecdsa384 = "ecdsa-sha2-nistp384"
    case ecdsa521 = "ecdsa-sha2-nistp521"
    case rsa = "ssh-rsa"
    /// Ed25519 on a security key (FIDO).
    case securityKeyEd25519 = "sk-ssh-ed25519@openssh.com"
    /// ECDSA on a security key (FIDO).
    case securityKeyECDSA256 = "sk-ecdsa-sha2-nistp256@openssh.com"
  }

  /// The numbers of a key.
  enum Material: Hashable, Sendable {
    /// 32 bytes.
    case ed25519([UInt8])
    /// An uncompressed point.
    case ecdsa(SSHCurve, [UInt8])
    /// Magnitudes.
    case rsa(exponent: [UInt8], modulus: [UInt8])
  }

  /// The kind of key.
  package let kind: Kind
  /// The key's bytes in SSH's form: what is compared and hashed. The comment is not part of the key.
  package let blob: [UInt8]
  let material: Material
  /// The application (`ssh:`) that a security key's key is for; else empty.
  let application: String

  /// Reads a line `ssh-ed25519 AAAA… comment`; the comment may lack.
  package init(_ text: some StringProtocol) throws(SSHKeyError) {
    let words = text.split(maxSplits: 2, omittingEmptySubsequences: true) { $0 == " " || $0 == "\t" || $0.isNewline }
    guard words.count >= 2 else { throw .notAKey }
    guard let blob = Base64.decode(words[1]) else { throw .notBase64 }
    try self.init(blob: blob)
    guard words[0] == kind.rawValue else { throw .kindsDiffer }
  }

  /// Reads a key's bytes in SSH's form.
  package init(blob: [UInt8]) throws(SSHKeyError) {
    var reader = SSHWireReader(blob)
    guard let name = reader.text() else { throw .truncated }
    guard let kind = Kind(rawValue: name) else { throw .unknownKind(name) }
    self.kind = kind
    self.blob = blob
    switch kind {
    case .ed25519, .securityKeyEd25519:
      guard let point = reader.string(), point.count == 32 else { throw .truncated }
      material = .ed25519(point)
    case .ecdsa256, .securityKeyECDSA256: material = try Self.point(on: .p256, &reader)
    case .ecdsa384: material = try Self.point(on: .p384, &reader)
    case .ecdsa521: material = try Self.point(on: .p521, &reader)
    case .rsa: material = try Self.rsa(&reader)
    }
    if kind == .securityKeyEd25519 || kind == .securityKeyECDSA256 {
      guard let application = reader.text() else { throw .truncated }
      self.application = application
    } else {
      application = ""
    }
    guard reader.isAtEnd else { throw .trailingBytes }
  }

  private static func point(on curve: SSHCurve, _ reader: inout SSHWireReader) throws(SSHKeyError) -> Material {
    guard let name = reader.text(), let point = reader.string() else { throw .truncated }
    // 4 marks an uncompressed point, the only form in SSH (RFC 5656 §3.1).
    guard name == curve.rawValue, point.count == 1 + 2 * curve.coordinateSize, point.first == 4 else {
      throw .invalidNumbers
    }
    return .ecdsa(curve, point)
  }

  private static func rsa(_ reader: inout SSHWireReader) throws(SSHKeyError) -> Material {
    guard let exponent = reader.positiveNumber(), let modulus = reader.positiveNumber() else { throw .invalidNumbers }
    let bits = modulus.count * 8 - (modulus.first?.leadingZeroBitCount ?? 0)
    guard bits >= 2048 else { throw .tooShort(bits: bits) }
    // OpenSSL refuses longer ones itself, but only after costly work.
    guard bits <= 16_384, exponent.count <= 8, (exponent.last ?? 0) & 1 == 1 else { throw .invalidNumbers }
    return .rsa(exponent: exponent, modulus: modulus)
  }

  /// `SHA256:…` as `ssh-keygen -l` shows it.
  package var fingerprint: String { "SHA256:" + Base64.encode(SHA256Digest(of: blob).bytes, isPadded: false) }

  /// `ssh-ed25519 AAAA…`, without a comment.
  package var description: String { "\(kind.rawValue) \(Base64.encode(blob))" }

  package static func == (a: SSHPublicKey, b: SSHPublicKey) -> Bool { a.blob == b.blob }
  package func hash(into hasher: inout Hasher) { hasher.combine(blob) }
}

/// The curves of SSH's ECDSA keys (RFC 5656).
enum SSHCurve: String, Hashable, Sendable {
  case p256 = "nistp256"
  case p384 = "nistp384"
  case p521 = "nistp521"

  /// Bytes of one coordinate.
  var coordinateSize: Int {
    switch self {
    case .p256: 32
    case .p384: 48
    case .p521: 66
    }
  }
}

/// Why a text is no usable SSH public key.
package enum SSHKeyError: Error, Hashable, Sendable, CustomStringConvertible {
  case notAKey
  case notBase64
  case kindsDiffer
  case truncated
  case trailingBytes
  case invalidNumbers
  case unknownKind(String)
  case tooShort(bits: Int)

  /// What is wrong, one sentence without a full stop.
  package var description: String {
    switch self {
    case .notAKey: "this is no SSH public key: it must read 'ssh-ed25519 AAAA…'"
    case .notBase64: "the key's second word is not Base64"
    case .kindsDiffer: "the key's first word names another kind than the key itself"
    case .truncated: "the key ends too early"
    case .trailingBytes: "bytes follow the key"
    case .invalidNumbers: "the key's numbers are not valid"
    case .unknownKind(let name): "keys of kind '\(name.escapedOnOneLine)' are not supported"
    case .tooShort(let bits): "the RSA key has \(bits) bits, and fewer than 2048 are not accepted"
    }
  }
}
