private import CZstd

/// Zstandard (RFC 8878), several frames one after another.
final class Zstd: Expander {
  let name = "zstd"
  private let state: OpaquePointer
  private(set) var isBetweenMembers = false
  private(set) var holdsText = false

  init() {
    guard let state = ZSTD_createDStream() else { preconditionFailure("there is memory for a reader") }
    self.state = state
    // Frames that ask for more memory are refused: 128 MiB, which is what the tools' own highest level without --ultra needs.
    ZSTD_DCtx_setParameter(state, ZSTD_d_windowLogMax, 27)
  }

  deinit { ZSTD_freeDStream(state) }

  func run(_ part: UnsafeRawBufferPointer, into room: UnsafeMutableRawBufferPointer) -> Expansion {
    var input = ZSTD_inBuffer(src: part.baseAddress, size: part.count, pos: 0)
    var output = ZSTD_outBuffer(dst: room.baseAddress, size: room.count, pos: 0)
    let result = ZSTD_decompressStream(state, &output, &input)
    if ZSTD_isError(result) != 0 {
      let reason = String(cString: ZSTD_getErrorName(result)).lowercased()
      return Expansion(used: input.pos, made: output.pos, fault: "the zstd data is broken: \(reason)")
    }
    isBetweenMembers = result == 0
    holdsText = output.pos == output.size
    return Expansion(used: input.pos, made: output.pos)
  }
}
