import Base
private import CISAL
private import CSimdjson
private import Glibc

/// The bytes of one log after another, in the same memory: a new page for each would cost as much as the projection.
struct LogBytes: ~Copyable {
  private var stored: UnsafeMutableBufferPointer<UInt8> = .allocate(capacity: 1 << 20)
  private var text: UnsafeMutableBufferPointer<UInt8> = .allocate(capacity: 1 << 20)
  private let inflate = muster_inflate_open()
  private(set) var isCompressed = false
  /// The log's text; 64 readable bytes follow.
  private(set) var bytes = UnsafeBufferPointer<UInt8>(start: nil, count: 0)

  deinit {
    stored.deallocate()
    text.deallocate()
    muster_inflate_close(inflate)
  }

  /// The whole log, or what its first bytes hold.
  mutating func read(_ path: String, atMost limit: Int = .max) throws(BenchmarkError) {
    let file = open(path, O_RDONLY)
    defer { close(file) }
    var status = stat()
    guard file >= 0, fstat(file, &status) == 0 else { throw BenchmarkError(message: "cannot read '\(path)'") }
    let size = min(Int(status.st_size), limit)
    Self.grow(&stored, to: size + 64, keeping: 0)
    var count = 0
    while count < size {
      let got = Glibc.read(file, stored.baseAddress?.advanced(by: count), size - count)
      if got <= 0 { throw BenchmarkError(message: "cannot read '\(path)'") }
      count += got
    }
    isCompressed = size > 2 && stored[0] == 0x1F && stored[1] == 0x8B
    let whole = UnsafeBufferPointer(stored)[..<size]
    bytes = UnsafeBufferPointer(rebasing: isCompressed ? try expand(size, path, isCut: limit < .max) : whole)
  }

  /// All members.
  private mutating func expand(
    _ size: Int, _ path: String, isCut: Bool
  ) throws(BenchmarkError) -> Slice<UnsafeBufferPointer<UInt8>> {
    var (used, made) = (0, 0)
    muster_inflate_restart(inflate)
    while true {
      Self.grow(&text, to: made + 65_536, keeping: made)
      var (read, written) = (0, 0)
      let outcome = muster_inflate_run(
        inflate, stored.baseAddress?.advanced(by: used), size - used, text.baseAddress?.advanced(by: made),
        text.count - made - 64, &read, &written)
      (used, made) = (used + read, made + written)
      switch outcome {
      case muster_inflate_member_ends where used == size: return UnsafeBufferPointer(text)[..<made]
      case muster_inflate_member_ends: muster_inflate_restart(inflate)
      case muster_inflate_is_full: continue
      case muster_inflate_needs_input where isCut: return UnsafeBufferPointer(text)[..<made]
      default: throw BenchmarkError(message: "'\(path)' cannot be expanded")
      }
    }
  }

  private static func grow(_ buffer: inout UnsafeMutableBufferPointer<UInt8>, to size: Int, keeping count: Int) {
    if buffer.count >= size { return }
    let larger = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: max(size, buffer.count * 2))
    _ = larger.update(fromContentsOf: buffer[..<count])
    buffer.deallocate()
    buffer = larger
  }
}

/// The bare projection of logs, reading and expanding included: what this program does in a process of its own.
struct UsageLimit {
  /// Which fields are taken.
  enum Fields: String, CaseIterable {
    /// Those that Muster's readers take.
    case read
    /// Those alone that the peers are asked to count by.
    case counted

    var text: String { self == .read ? "the fields that Muster reads" : "the eight that all count by" }
  }

  var records = 0
  /// Bytes of text, expanded.
  var plain: UInt64 = 0

  init(_ shape: UsageShape, _ fields: Fields, _ files: some Collection<String>) throws(BenchmarkError) {
    let projection = muster_projection_open()
    defer { muster_projection_close(projection) }
    var text = LogBytes()
    var touched: UInt64 = 0
    for file in files {
      try text.read(file)
      let count = muster_projection_run(
        projection, muster_shape(shape.number), fields == .read, text.bytes.baseAddress, text.bytes.count, &touched)
      if count < 0 { throw BenchmarkError(message: "'\(file)' is no \(shape.rawValue) log") }
      records += Int(count)
      plain += UInt64(text.bytes.count)
    }
  }

  /// As another process of this program said it.
  init?(saying output: [UInt8]) {
    let words = String(decoding: output, as: UTF8.self).split(whereSeparator: \.isWhitespace)
    guard words.count == 2, let records = Int(words[0]), let plain = UInt64(words[1]) else { return nil }
    (self.records, self.plain) = (records, plain)
  }

  var text: String { "\(records) \(plain)" }
}
