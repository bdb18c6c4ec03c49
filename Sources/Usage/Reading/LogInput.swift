import Base
private import CISAL
private import Glibc

/// Why an input cannot be read on.
struct InputFault {
  /// Bytes of the file before it.
  var offset: UInt64
  /// One sentence without a full stop.
  var reason: String
}

/// The text of a log file: gzip undone, in pieces, with the digest of the bytes as they are stored.
struct LogInput: ~Copyable {
  private let descriptor: Int32
  private var digest = SHA256Stream()
  /// Whether the bytes are digested: those of a part are not.
  private let isWhole: Bool
  /// Bytes of the part that were not read yet.
  private var left: UInt64
  /// Stored bytes, not yet expanded; empty for a plain file.
  private var stored = UnsafeMutableRawBufferPointer(start: nil, count: 0)
  private var storedFrom = 0
  private var storedEnd = 0
  private var inflater: Inflater?
  private var hasBegun = false
  private var isAtEnd = false

  /// Bytes read from the file so far.
  private(set) var storedBytes: UInt64 = 0
  /// Bytes of text given so far.
  private(set) var textBytes: UInt64 = 0
  private(set) var fault: InputFault?

  init(_ part: FilePart) throws(FileError) {
    let path = part.path
    isWhole = part.isWhole
    left = part.end.map { $0 - part.start } ?? .max
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(path: path, operation: "open", code: errno) }
    var status = stat()
    let isReadable = fstat(descriptor, &status) == 0
    if isReadable && status.st_mode & S_IFMT != S_IFDIR {
      // Only the head of a file tells how it is packed.
      hasBegun = part.start > 0
      if part.start > 0 { lseek(descriptor, off_t(part.start), SEEK_SET) }
      return
    }
    let code = isReadable ? EISDIR : errno
    close(descriptor)
    throw FileError(path: path, operation: "read", code: code)
  }

  deinit {
    close(descriptor)
    stored.deallocate()
  }

  /// Whether the file's bytes are the text.
  var isPlain: Bool { hasBegun && inflater == nil }

  /// Goes on at that byte of the text; `false`, and nothing happens, where the file must be expanded to get there.
  mutating func jump(to offset: UInt64) -> Bool {
    if !isPlain || offset < textBytes { return false }
    if lseek(descriptor, off_t(offset), SEEK_SET) < 0 { return false }
    textBytes = offset
    return true
  }

  /// Fills the room with the next bytes of text; how many. Fewer than the room takes at the end of the input, or at a fault.
  mutating func read(into room: UnsafeMutableRawBufferPointer) -> Int {
    var filled = 0
    while filled < room.count && !isAtEnd {
      let rest = UnsafeMutableRawBufferPointer(rebasing: room[filled...])
      filled += inflater == nil ? readPlain(into: rest) : expand(into: rest)
    }
    textBytes += UInt64(filled)
    return filled
  }

  private mutating func readPlain(into room: UnsafeMutableRawBufferPointer) -> Int {
    let count = load(into: room)
    if hasBegun { return count }
    hasBegun = true
    if count >= 2 && room[0] == 0x1F && room[1] == 0x8B {
      // What was read as text is the head of a gzip file.
      stored = .allocate(byteCount: max(262_144, count), alignment: 64)
      stored.copyMemory(from: UnsafeRawBufferPointer(rebasing: room[..<count]))
      storedEnd = count
      inflater = Inflater()
      return 0
    }
    if let name = Self.otherPacking(UnsafeRawBufferPointer(rebasing: room[..<count])) {
      stop("the file is \(name), which is not read")
      return 0
    }
    return count
  }

  private static func otherPacking(_ head: UnsafeRawBufferPointer) -> String? {
    let known: [([UInt8], String)] = [
      ([0x28, 0xB5, 0x2F, 0xFD], "packed by zstd"), ([0x50, 0x4B, 0x03, 0x04], "a zip archive"),
      ([0x42, 0x5A, 0x68], "packed by bzip2"), ([0xFD, 0x37, 0x7A, 0x58, 0x5A], "packed by xz"),
      (Array("PAR1".utf8), "a Parquet table"), ([0xFF, 0xFE], "UTF-16 text"), ([0xFE, 0xFF], "UTF-16 text"),
    ]
    return known.first { head.starts(with: $0.0) }?.1
  }

  private mutating func load(into room: UnsafeMutableRawBufferPointer) -> Int {
    while true {
      let count = Glibc.read(descriptor, room.baseAddress, Int(min(UInt64(room.count), left)))
      if count < 0 && errno == EINTR { continue }
      if count < 0 { stop(String(cString: strerror(errno))) }
      if count <= 0 {
        isAtEnd = true
        return 0
      }
      if isWhole { digest.add(UnsafeRawBufferPointer(rebasing: room[..<count])) }
      storedBytes += UInt64(count)
      left -= UInt64(count)
      return count
    }
  }

  private mutating func expand(into room: UnsafeMutableRawBufferPointer) -> Int {
    if storedFrom == storedEnd && inflater?.holdsText != true {
      storedEnd = load(into: stored)
      storedFrom = 0
      if storedEnd == 0 {
        if fault == nil, inflater?.isBetweenMembers == false { stop("the gzip data is cut short") }
        return 0
      }
    }
    let part = UnsafeRawBufferPointer(rebasing: stored[storedFrom..<storedEnd])
    guard let step = inflater?.run(part, into: room) else { return 0 }
    storedFrom += step.used
    if let reason = step.fault { stop(reason) }
    if inflater?.isBomb(stored: storedBytes) == true { stop("the gzip data expands beyond all measure") }
    return step.made
  }

  private mutating func stop(_ reason: String) {
    fault = InputFault(offset: storedBytes - UInt64(storedEnd - storedFrom), reason: reason)
    isAtEnd = true
  }

  /// The digest of the whole file: reads what is left of it.
  mutating func sha256() -> String {
    if stored.count == 0 { stored = .allocate(byteCount: 262_144, alignment: 64) }
    while true {
      let count = Glibc.read(descriptor, stored.baseAddress, stored.count)
      if count < 0 && errno == EINTR { continue }
      if count <= 0 { break }
      digest.add(UnsafeRawBufferPointer(rebasing: stored[..<count]))
    }
    return digest.hex()
  }
}

/// Gzip, several members one after another, zero bytes after the last one.
private struct Inflater: ~Copyable {
  private let state: OpaquePointer
  private var expanded: UInt64 = 0
  private(set) var isBetweenMembers = false
  /// Whether there may be text to be had without further input.
  private(set) var holdsText = false
  private var isPastEnd = false

  init() {
    guard let state = muster_inflate_open() else { preconditionFailure("there is memory for a reader") }
    self.state = state
    muster_inflate_restart(state)
  }

  deinit { muster_inflate_close(state) }

  /// Deflate itself cannot expand a byte beyond 1032; logs stay far below.
  func isBomb(stored: UInt64) -> Bool { expanded > 1 << 26 && expanded / 250 > stored }

  mutating func run(
    _ part: UnsafeRawBufferPointer, into room: UnsafeMutableRawBufferPointer
  ) -> (used: Int, made: Int, fault: String?) {
    var start = 0
    if isBetweenMembers {
      while start < part.count && part[start] == 0 { start += 1 }
      isPastEnd = isPastEnd || start > 0
      if start == part.count { return (start, 0, nil) }
      if isPastEnd || part[start] != 0x1F { return (start, 0, "bytes that are no gzip data follow the gzip data") }
      isBetweenMembers = false
      muster_inflate_restart(state)
    }
    var (used, made) = (0, 0)
    let outcome = muster_inflate_run(
      state, part.baseAddress?.advanced(by: start).assumingMemoryBound(to: UInt8.self), part.count - start,
      room.baseAddress?.assumingMemoryBound(to: UInt8.self), room.count, &used, &made)
    expanded += UInt64(made)
    isBetweenMembers = outcome == muster_inflate_member_ends
    holdsText = outcome == muster_inflate_is_full
    return (start + used, made, Self.fault(outcome))
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
