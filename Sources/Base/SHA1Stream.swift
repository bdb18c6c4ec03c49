private import CCrypto

/// A SHA-1 digest of bytes that come in pieces: the checksum in git's own files. It proves nothing against people of bad will.
package struct SHA1Stream: ~Copyable {
  private let context: OpaquePointer

  package init() {
    guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, EVP_sha1(), nil) == 1 else {
      preconditionFailure("libcrypto has SHA-1, and memory for it")
    }
    self.context = context
  }

  deinit { EVP_MD_CTX_free(context) }

  /// Takes the next bytes.
  package mutating func add(_ bytes: UnsafeRawBufferPointer) {
    _ = EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
  }

  /// The 20 bytes of the digest; nothing may be added after it.
  package func bytes() -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: 20)
    _ = EVP_DigestFinal_ex(context, &digest, nil)
    return digest
  }
}
