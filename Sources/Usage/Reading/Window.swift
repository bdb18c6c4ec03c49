private import Glibc

/// A part of a log's text in memory, moved along and grown as records need it.
struct Window: ~Copyable {
  /// Longer records are given up.
  static let limit = 64 << 20
  /// simdjson may touch so much behind the text.
  private static let padding = 64

  private var room: UnsafeMutableRawBufferPointer
  private(set) var count = 0

  init(capacity: Int) {
    room = .allocate(byteCount: capacity + Window.padding, alignment: 64)
  }

  deinit { room.deallocate() }

  private var capacity: Int { room.count - Window.padding }
  var isFull: Bool { count == capacity }
  var isAtLimit: Bool { capacity >= Window.limit }

  var start: UnsafeMutablePointer<UInt8> {
    guard let base = room.baseAddress else { preconditionFailure("the room was allocated") }
    return base.assumingMemoryBound(to: UInt8.self)
  }

  /// Takes as much from the input as there is room; whether the input ended.
  mutating func fill(from input: inout LogInput) -> Bool {
    let free = UnsafeMutableRawBufferPointer(rebasing: room[count..<capacity])
    let got = input.read(into: free)
    count += got
    return got < free.count
  }

  /// Shows the first bytes to a reader, which may overwrite what follows them: that is put back.
  func lend<Result>(_ length: Int, to body: (UnsafeMutablePointer<UInt8>) -> Result) -> Result {
    let behind = UnsafeMutableRawPointer(start + length)
    let covered = behind.loadUnaligned(as: SIMD64<UInt8>.self)
    defer { behind.storeBytes(of: covered, as: SIMD64<UInt8>.self) }
    return body(start)
  }

  /// Whether the byte is among the first ones.
  func contains(_ byte: UInt8, before length: Int) -> Bool { memchr(start, Int32(byte), length) != nil }

  mutating func clear() { count = 0 }

  /// Forgets the first bytes.
  mutating func drop(_ length: Int) {
    count -= length
    if count == 0 || length == 0 { return }
    let start = UnsafeMutableRawPointer(start)
    start.copyMemory(from: start + length, byteCount: count)
  }

  mutating func grow() {
    let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: capacity * 2 + Window.padding, alignment: 64)
    larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: room[..<count]))
    room.deallocate()
    room = larger
  }
}
