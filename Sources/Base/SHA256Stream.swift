private import CCrypto

/// A SHA-256 digest of bytes that come in pieces.
package struct SHA256Stream: ~Copyable {
  private let context: OpaquePointer

  package init() {
    guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
      preconditionFailure("libcrypto has SHA-256, and memory for it")
    }
    self.context = context
  }

  deinit { EVP_MD_CTX_free(context) }

  /// Takes the next bytes.
  package mutating func add(_ bytes: UnsafeRawBufferPointer) {
    _ = EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
  }

  /// 64 lower-case hexadecimal digits over all bytes so far; nothing may be added after it.
  package func hex() -> String { bytes().hex }

  /// Over all bytes so far; nothing may be added after it.
  package func digest() -> SHA256Digest { SHA256Digest(bytes: bytes()) }

  /// The 32 bytes of the digest; nothing may be added after it.
  package func bytes() -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: 32)
    _ = EVP_DigestFinal_ex(context, &digest, nil)
    return digest
  }
}
