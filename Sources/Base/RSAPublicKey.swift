private import CCrypto

/// An RSA public key that verifies PKCS #1 v1.5 signatures over SHA-256 (RFC 8017 §8.2.2).
package struct RSAPublicKey: ~Copyable {
  private let key: OpaquePointer

  /// From DER: `RSAPublicKey` of PKCS #1, or `SubjectPublicKeyInfo` of X.509; or either in PEM or in bare base64. `nil` for anything
  /// else.
  package init?(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    let lines = text.split(whereSeparator: \.isNewline).filter { !$0.hasPrefix("-----") }
    let base64 = lines.joined().filter { !$0.isWhitespace }
    let decoded = bytes.first == 0x30 ? bytes : Base64.decode(base64) ?? []
    guard let key = Self.read(decoded) else { return nil }
    self.key = key
  }

  deinit { EVP_PKEY_free(key) }

  private static func read(_ der: [UInt8]) -> OpaquePointer? {
    der.withUnsafeBufferPointer { bytes -> OpaquePointer? in
      var place = bytes.baseAddress
      if let key = d2i_PUBKEY(nil, &place, bytes.count) { return EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA ? key : nil }
      place = bytes.baseAddress
      return d2i_PublicKey(EVP_PKEY_RSA, nil, &place, bytes.count)
    }
  }

  /// Whether the signature is that key's over the message.
  package func verifies(_ signature: [UInt8], of message: [UInt8]) -> Bool {
    guard let context = EVP_MD_CTX_new() else { return false }
    defer { EVP_MD_CTX_free(context) }
    return EVP_DigestVerifyInit(context, nil, EVP_sha256(), nil, key) == 1
      && EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
  }
}
