private import CXXHash

/// The XXH3 digest of 128 bits (xxHash specification 0.2, seed 0) of bytes that come in pieces. It tells inputs apart at the speed of memory; it
/// is no proof against somebody who makes inputs that look alike.
package struct XXH128Stream: ~Copyable {
  private let state: OpaquePointer

  package init() {
    guard let state = XXH3_createState(), XXH3_128bits_reset(state) == XXH_OK else {
      preconditionFailure("there is memory for a digest")
    }
    self.state = state
  }

  deinit { XXH3_freeState(state) }

  /// Takes the next bytes.
  package mutating func add(_ bytes: UnsafeRawBufferPointer) {
    _ = XXH3_128bits_update(state, bytes.baseAddress, bytes.count)
  }

  /// Over all bytes so far.
  package func value() -> UInt128 {
    let digest = XXH3_128bits_digest(state)
    return UInt128(digest.high64) << 64 | UInt128(digest.low64)
  }
}
