/// Undoes a packing, piece by piece.
protocol Expander: AnyObject {
  /// As messages call it.
  var name: String { get }
  /// Whether the data may end here.
  var isBetweenMembers: Bool { get }
  /// Whether there may be text to be had without further input.
  var holdsText: Bool { get }
  /// Expands as much as input and room allow: how many bytes were used and made, and what is wrong.
  func run(_ part: UnsafeRawBufferPointer, into room: UnsafeMutableRawBufferPointer) -> Expansion
}

/// What one step of an expander did.
struct Expansion {
  var used: Int
  var made: Int
  /// One sentence without a full stop.
  var fault: String?
}

/// So many bytes at most tell how data is packed.
let longestMagic = 5

/// The expander for data that begins so; `nil` where it is not packed.
func packing(_ head: UnsafeRawBufferPointer) -> (any Expander)? {
  if head.starts(with: [0x1F, 0x8B]) { return Gzip() }
  // Zstandard (RFC 8878, §3.1): a frame, or one that is to be passed over.
  if head.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) { return Zstd() }
  if head.count > 4, head[0] & 0xF0 == 0x50, head[1...3].elementsEqual([0x2A, 0x4D, 0x18]) { return Zstd() }
  return nil
}
