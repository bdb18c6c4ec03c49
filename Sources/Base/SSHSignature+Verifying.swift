private import CCrypto

extension SSHSignature {
  /// The key that signed the message for this purpose; throws why the signature does not count. Whose key it is and whether
  /// it may sign is for the caller to say.
  @discardableResult
  package func verify(_ message: [UInt8], namespace: String) throws(SSHSignatureError) -> SSHPublicKey {
    guard self.namespace == namespace else { throw .otherNamespace(self.namespace) }
    var signed = signedBytes(message)
    if publicKey.kind == .securityKeyEd25519 || publicKey.kind == .securityKeyECDSA256 {
      signed = try securityKeyBytes(signed)
    }
    let isValid: Bool
    switch publicKey.material {
    case .rsa(let exponent, let modulus):
      // Not `ssh-rsa`, which hashes by SHA-1.
      guard let hash = ["rsa-sha2-256": Hash.sha256, "rsa-sha2-512": Hash.sha512][algorithm] else {
        throw .refusedAlgorithm(algorithm)
      }
      isValid = Verification.rsa(exponent, modulus, numbers, signed, hash)
    case .ed25519(let point):
      guard algorithm == publicKey.kind.rawValue else { throw .refusedAlgorithm(algorithm) }
      isValid = Verification.ed25519(point, numbers, signed)
    case .ecdsa(let curve, let point):
      guard algorithm == publicKey.kind.rawValue else { throw .refusedAlgorithm(algorithm) }
      isValid = Verification.ecdsa(curve, point, numbers, signed)
    }
    guard isValid else { throw .mismatch }
    return publicKey
  }

  /// What is signed instead of the message (PROTOCOL.sshsig §2).
  private func signedBytes(_ message: [UInt8]) -> [UInt8] {
    var writer = SSHWireWriter()
    writer.raw("SSHSIG".utf8)
    writer.string(Array(namespace.utf8))
    writer.string(reserved)
    writer.string(Array(hash.rawValue.utf8))
    writer.string(Verification.digest(hash, of: message))
    return writer.bytes
  }

  /// What a security key signs instead of those bytes (PROTOCOL.u2f, "SSH U2F Signatures").
  private func securityKeyBytes(_ signed: [UInt8]) throws(SSHSignatureError) -> [UInt8] {
    guard let securityKey, securityKey.flags & 1 == 1 else { throw .noTouch }
    var writer = SSHWireWriter()
    writer.raw(SHA256Digest(of: publicKey.application).bytes)
    writer.raw([securityKey.flags])
    writer.uint32(securityKey.counter)
    writer.raw(SHA256Digest(of: signed).bytes)
    return writer.bytes
  }
}

/// Verification of bare signatures by OpenSSL. Anything that OpenSSL refuses is not valid.
private enum Verification {
  static func digest(_ hash: SSHSignature.Hash, of message: [UInt8]) -> [UInt8] {
    switch hash {
    case .sha256: SHA256Digest(of: message).bytes
    case .sha512:
      [UInt8](unsafeUninitializedCapacity: 64) { buffer, count in
        SHA512(message, message.count, buffer.baseAddress)
        count = 64
      }
    }
  }

  static func ed25519(_ point: [UInt8], _ signature: [UInt8], _ message: [UInt8]) -> Bool {
    guard signature.count == 64 else { return false }
    let key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nil, point, point.count)
    defer { EVP_PKEY_free(key) }
    return verify(key, hash: nil, signature, message)
  }

  static func ecdsa(_ curve: SSHCurve, _ point: [UInt8], _ numbers: [UInt8], _ message: [UInt8]) -> Bool {
    var reader = SSHWireReader(numbers)
    guard let r = reader.positiveNumber(), let s = reader.positiveNumber(), reader.isAtEnd,
      r.count <= curve.coordinateSize, s.count <= curve.coordinateSize
    else { return false }
    let group: StaticString = curve == .p256 ? "P-256" : curve == .p384 ? "P-384" : "P-521"
    let key = point.withUnsafeBytes { point in
      publicKey("EC") {
        OSSL_PARAM_BLD_push_utf8_string($0, pointer("group"), pointer(group), group.utf8CodeUnitCount) == 1
          && OSSL_PARAM_BLD_push_octet_string($0, pointer("pub"), point.baseAddress, point.count) == 1
      }
    }
    defer { EVP_PKEY_free(key) }
    let signature = sequence([r, s])
    switch curve {
    case .p256: return verify(key, hash: EVP_sha256(), signature, message)
    case .p384: return verify(key, hash: EVP_sha384(), signature, message)
    case .p521: return verify(key, hash: EVP_sha512(), signature, message)
    }
  }

  static func rsa(
    _ exponent: [UInt8], _ modulus: [UInt8], _ signature: [UInt8], _ message: [UInt8], _ hash: SSHSignature.Hash
  ) -> Bool {
    guard signature.count <= modulus.count else { return false }
    let (e, n) = (BN_bin2bn(exponent, Int32(exponent.count), nil), BN_bin2bn(modulus, Int32(modulus.count), nil))
    defer {
      BN_free(e)
      BN_free(n)
    }
    let key = publicKey("RSA") {
      OSSL_PARAM_BLD_push_BN($0, pointer("e"), e) == 1 && OSSL_PARAM_BLD_push_BN($0, pointer("n"), n) == 1
    }
    defer { EVP_PKEY_free(key) }
    // Some signers leave out leading zeros; RFC 8332 §3 has the whole length.
    let padded = [UInt8](repeating: 0, count: modulus.count - signature.count) + signature
    return verify(key, hash: hash == .sha256 ? EVP_sha256() : EVP_sha512(), padded, message)
  }

  private static func verify(_ key: OpaquePointer?, hash: OpaquePointer?, _ signature: [UInt8], _ message: [UInt8])
    -> Bool
  {
    guard let key, let context = EVP_MD_CTX_new() else { return false }
    defer { EVP_MD_CTX_free(context) }
    // RSA keys sign with PKCS #1 v1.5 by default, which is what SSH has.
    return EVP_DigestVerifyInit(context, nil, hash, nil, key) == 1
      && EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
  }

  /// OpenSSL keeps the addresses of names and values until the key is made: a Swift string's would be gone by then.
  private static func pointer(_ text: StaticString) -> UnsafePointer<CChar> {
    UnsafeRawPointer(text.utf8Start).assumingMemoryBound(to: CChar.self)
  }

  private static func publicKey(_ kind: String, _ fill: (OpaquePointer) -> Bool) -> OpaquePointer? {
    guard let builder = OSSL_PARAM_BLD_new() else { return nil }
    defer { OSSL_PARAM_BLD_free(builder) }
    guard fill(builder), let parameters = OSSL_PARAM_BLD_to_param(builder) else { return nil }
    defer { OSSL_PARAM_free(parameters) }
    guard let context = EVP_PKEY_CTX_new_from_name(nil, kind, nil) else { return nil }
    defer { EVP_PKEY_CTX_free(context) }
    var key: OpaquePointer?
    guard EVP_PKEY_fromdata_init(context) == 1,
      EVP_PKEY_fromdata(context, &key, ccrypto_public_key, parameters) == 1
    else { return nil }
    return key
  }

  /// The DER of a sequence of positive numbers, which is how OpenSSL takes an ECDSA signature.
  private static func sequence(_ numbers: [[UInt8]]) -> [UInt8] {
    let content = numbers.flatMap { digits -> [UInt8] in
      let magnitude = (digits.first ?? 0) & 0x80 == 0 ? digits : [0] + digits
      return [0x02, UInt8(magnitude.count)] + magnitude
    }
    // Two numbers of at most 67 bytes: one or two bytes of length.
    return content.count < 128
      ? [0x30, UInt8(content.count)] + content : [0x30, 0x81, UInt8(content.count)] + content
  }
}
