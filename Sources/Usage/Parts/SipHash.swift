/// SipHash-1-3 (Aumasson and Bernstein 2012; one and three rounds, as in hash tables of Rust and Python) with a fixed key: parts of several
/// machines must agree on the fingerprints of events.
///
/// As the key is no secret, somebody who writes ids may find two of equal fingerprint with 2³² work. That gains little: events are
/// duplicates only where all that is counted of them agrees too (see `EventEntry`).
enum SipHash {
  /// "muster", "rollup".
  private static let key: (UInt64, UInt64) = (0x0000_7265_7473_756D, 0x0000_7075_6C6C_6F72)

  @inline(__always)
  static func fingerprint(_ text: RawText) -> UInt64 { hash(text, key.0, key.1) }

  static func hash(_ text: RawText, _ k0: UInt64, _ k1: UInt64) -> UInt64 {
    var state = State(
      v0: k0 ^ 0x736F_6D65_7073_6575, v1: k1 ^ 0x646F_7261_6E64_6F6D, v2: k0 ^ 0x6C79_6765_6E65_7261,
      v3: k1 ^ 0x7465_6462_7974_6573)
    var last = UInt64(truncatingIfNeeded: text.count) << 56
    if let start = text.start {
      var at = 0
      while at + 8 <= text.count {
        state.take(start.loadUnaligned(fromByteOffset: at, as: UInt64.self))
        at += 8
      }
      var shift = UInt64(0)
      while at < text.count {
        last |= UInt64(start.load(fromByteOffset: at, as: UInt8.self)) << shift
        at += 1
        shift += 8
      }
    }
    state.take(last)
    return state.finish()
  }

  private struct State {
    var v0, v1, v2, v3: UInt64

    @inline(__always)
    mutating func take(_ word: UInt64) {
      v3 ^= word
      round()
      v0 ^= word
    }

    @inline(__always)
    mutating func finish() -> UInt64 {
      v2 ^= 0xFF
      for _ in 0..<3 { round() }
      return v0 ^ v1 ^ v2 ^ v3
    }

    @inline(__always)
    private mutating func round() {
      v0 = v0 &+ v1
      v2 = v2 &+ v3
      v1 = State.rotated(v1, 13) ^ v0
      v3 = State.rotated(v3, 16) ^ v2
      v0 = State.rotated(v0, 32)
      v2 = v2 &+ v1
      v0 = v0 &+ v3
      v1 = State.rotated(v1, 17) ^ v2
      v3 = State.rotated(v3, 21) ^ v0
      v2 = State.rotated(v2, 32)
    }

    @inline(__always)
    private static func rotated(_ word: UInt64, _ by: UInt64) -> UInt64 { word &<< by | word &>> (64 &- by) }
  }
}
