private import CISAL

/// Gzip, several members one after another, zero bytes after the last one.
final class Gzip: Expander {
  let name = "gzip"
  private let state: OpaquePointer
  private(set) var isBetweenMembers = false
  private(set) var holdsText = false
  private var isPastEnd = false

  init() {
    guard let state = muster_inflate_open() else { preconditionFailure("there is memory for a reader") }
    self.state = state
    muster_inflate_restart(state)
  }

  deinit { muster_inflate_close(state) }

  func run(_ part: UnsafeRawBufferPointer, into room: UnsafeMutableRawBufferPointer) -> Expansion {
    var start = 0
    if isBetweenMembers {
      while start < part.count && part[start] == 0 { start += 1 }
      isPastEnd = isPastEnd || start > 0
      if start == part.count { return Expansion(used: start, made: 0) }
      if isPastEnd || part[start] != 0x1F {
        return Expansion(used: start, made: 0, fault: "bytes that are no gzip data follow the gzip data")
      }
      isBetweenMembers = false
      muster_inflate_restart(state)
    }
    var (used, made) = (0, 0)
    let outcome = muster_inflate_run(
      state, part.baseAddress?.advanced(by: start).assumingMemoryBound(to: UInt8.self), part.count - start,
      room.baseAddress?.assumingMemoryBound(to: UInt8.self), room.count, &used, &made)
    isBetweenMembers = outcome == muster_inflate_member_ends
    holdsText = outcome == muster_inflate_is_full
    return Expansion(used: start + used, made: made, fault: Self.fault(outcome))
  }

  private static func fault(_ outcome: muster_inflate_outcome) -> String? {
    switch outcome {
    case muster_inflate_bad_header: "the gzip header is broken"
    case muster_inflate_bad_data: "the gzip data is broken"
    case muster_inflate_bad_checksum: "the gzip checksum is wrong: what was read before may be damaged"
    default: nil
    }
  }
}
