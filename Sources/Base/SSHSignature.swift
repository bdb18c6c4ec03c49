/// A detached signature as `ssh-keygen -Y sign` makes it: SSHSIG, version 1 (OpenSSH's PROTOCOL.sshsig).
package struct SSHSignature: Hashable, Sendable {
  /// How the message is hashed before it is signed.
  package enum Hash: String, Sendable {
    case sha256
    case sha512
  }

  /// The key that is claimed to have signed.
  package let publicKey: SSHPublicKey
  /// What the signature is for, such as `git`: a signature for one purpose must not count for another.
  package let namespace: String
  /// How the message was hashed.
  package let hash: Hash
  let reserved: [UInt8]
  let algorithm: String
  /// The signature's numbers, as the algorithm has them.
  let numbers: [UInt8]
  /// Flags and counter of a security key.
  let securityKey: (flags: UInt8, counter: UInt32)?

  private static let magic = Array("SSHSIG".utf8)
  private static let begin = "-----BEGIN SSH SIGNATURE-----"
  private static let end = "-----END SSH SIGNATURE-----"

  /// Reads an armoured signature. Nothing but white space may stand before and after it.
  package init(_ text: some StringProtocol) throws(SSHSignatureError) {
    // A signature takes less than 10 kB with the longest RSA key.
    guard text.utf8.count <= 65_536 else { throw .notArmoured }
    let lines = text.utf8.split(separator: UInt8(ascii: "\n")).map { line in
      let blank = line.reversed().prefix {
        $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") || $0 == UInt8(ascii: "\r")
      }
      return line.dropLast(blank.count)
    }
    let content = lines.filter { !$0.isEmpty }
    guard let first = content.first, let last = content.last, first.elementsEqual(Self.begin.utf8),
      last.elementsEqual(Self.end.utf8), content.count >= 3
    else { throw .notArmoured }
    guard let blob = Base64.decode(Array(content.dropFirst().dropLast().joined())) else { throw .notBase64 }
    try self.init(blob: blob)
  }

  /// Reads the bytes of a signature.
  package init(blob: [UInt8]) throws(SSHSignatureError) {
    var reader = SSHWireReader(blob)
    guard let magic = reader.raw(6), let version = reader.uint32() else { throw .truncated }
    guard magic == Self.magic else { throw .notASignature }
    guard version == 1 else { throw .unknownVersion(version) }
    guard let key = reader.string(), let namespace = reader.text(), let reserved = reader.string(),
      let hash = reader.text(), let signature = reader.string()
    else { throw .truncated }
    guard reader.isAtEnd else { throw .trailingBytes }
    guard !namespace.isEmpty else { throw .emptyNamespace }
    guard let known = Hash(rawValue: hash) else { throw .unknownHash(hash) }
    do {
      publicKey = try SSHPublicKey(blob: key)
    } catch {
      throw .badKey(error)
    }
    self.namespace = namespace
    self.reserved = reserved
    self.hash = known
    var inner = SSHWireReader(signature)
    guard let algorithm = inner.text(), let numbers = inner.string() else { throw .truncated }
    self.algorithm = algorithm
    self.numbers = numbers
    if publicKey.kind == .securityKeyEd25519 || publicKey.kind == .securityKeyECDSA256 {
      guard let flags = inner.byte(), let counter = inner.uint32() else { throw .truncated }
      securityKey = (flags, counter)
    } else {
      securityKey = nil
    }
    guard inner.isAtEnd else { throw .trailingBytes }
  }

  package static func == (a: SSHSignature, b: SSHSignature) -> Bool {
    a.publicKey == b.publicKey && a.namespace == b.namespace && a.hash == b.hash && a.reserved == b.reserved
      && a.algorithm == b.algorithm && a.numbers == b.numbers && a.securityKey?.flags == b.securityKey?.flags
      && a.securityKey?.counter == b.securityKey?.counter
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(publicKey)
    hasher.combine(namespace)
    hasher.combine(numbers)
  }
}

/// Why a signature does not count.
package enum SSHSignatureError: Error, Hashable, Sendable, CustomStringConvertible {
  case notArmoured
  case notBase64
  case notASignature
  case truncated
  case trailingBytes
  case emptyNamespace
  case unknownVersion(UInt32)
  case unknownHash(String)
  case badKey(SSHKeyError)
  /// The signature is for another purpose.
  case otherNamespace(String)
  /// The algorithm does not fit the key, or is RSA with SHA-1.
  case refusedAlgorithm(String)
  /// The security key did not ask for a touch.
  case noTouch
  /// The bytes, the key and the signature do not belong together.
  case mismatch

  /// What is wrong, one sentence without a full stop.
  package var description: String {
    switch self {
    case .notArmoured: "this is no SSH signature: it must start with '-----BEGIN SSH SIGNATURE-----'"
    case .notBase64: "the signature's text is not Base64"
    case .notASignature: "the bytes are no SSH signature"
    case .truncated: "the signature ends too early"
    case .trailingBytes: "bytes follow the signature"
    case .emptyNamespace: "the signature has no namespace"
    case .unknownVersion(let version): "the signature has version \(version), and only 1 is known"
    case .unknownHash(let name): "the signature's hash '\(name.escapedOnOneLine)' is not known"
    case .badKey(let error): "the signature's key cannot be used: \(error)"
    case .otherNamespace(let name): "the signature is for namespace '\(name.escapedOnOneLine)'"
    case .refusedAlgorithm(let name): "the signature's algorithm '\(name.escapedOnOneLine)' is not accepted for its key"
    case .noTouch: "the security key signed without a touch"
    case .mismatch: "the signature does not match the signed bytes"
    }
  }
}
