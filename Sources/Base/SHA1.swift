private import CCrypto

/// The SHA-1 digest (FIPS 180-4) of the bytes, 20 of them: the checksum in git's own files. It proves nothing against people of bad will.
package func sha1(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
  [UInt8](unsafeUninitializedCapacity: 20) { digest, count in
    CCrypto.SHA1(bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count, digest.baseAddress)
    count = 20
  }
}
