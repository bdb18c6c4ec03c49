import Base
private import Glibc

/// Why an input cannot be read on.
struct InputFault {
  /// Bytes of the file before it.
  var offset: UInt64
  /// One sentence without a full stop.
  var reason: String
}

/// The text of a log file: gzip and zstd undone, in pieces, with the digest of the bytes as they are stored.
struct LogInput: ~Copyable {
  /// Bytes of a packed file that are read at a time: small enough that the C library need not ask the system for the room of each of
  /// hundreds of thousands of files.
  private static let room = 64 << 10

  private let descriptor: Int32
  /// In place of the descriptor: the next bytes of a longer stream.
  private let stream: InputStream?
  /// Of the bytes so far; `nil` where nobody wants it.
  private var digest: InputDigestStream?
  /// Bytes of the part that were not read yet.
  private(set) var left: UInt64
  /// Whether so many bytes must come.
  private var isLimited = false
  /// Stored bytes, not yet expanded; empty for a plain file.
  private var stored = UnsafeMutableRawBufferPointer(start: nil, count: 0)
  private var storedFrom = 0
  private var storedEnd = 0
  private var expander: (any Expander)?
  private var expandedBytes: UInt64 = 0
  private var hasBegun = false
  private var isAtEnd = false

  /// Bytes read from the file so far.
  private(set) var storedBytes: UInt64 = 0
  /// Bytes of text given so far.
  private(set) var textBytes: UInt64 = 0
  private(set) var fault: InputFault?
  /// Bytes behind a fault that only the digest saw.
  private(set) var unreadBytes: UInt64 = 0

  /// Only a whole file is digested.
  init(_ part: FilePart, digest: InputDigest.Kind? = nil) throws(FileError) {
    let path = part.path
    stream = nil
    self.digest = part.isWhole ? digest.map { InputDigestStream($0) } : nil
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

  /// The next bytes of a stream, `count` of them; all that follow, where that is `nil`.
  init(_ stream: InputStream, count: UInt64?, digest: InputDigest.Kind?) {
    self.stream = stream
    self.digest = digest.map { InputDigestStream($0) }
    descriptor = -1
    left = count ?? .max
    isLimited = count != nil
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
    stored.deallocate()
  }

  /// Whether the file's bytes are the text.
  var isPlain: Bool { hasBegun && expander == nil && stream == nil }

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
      filled += expander == nil ? readPlain(into: rest) : expand(into: rest)
    }
    textBytes += UInt64(filled)
    return filled
  }

  private mutating func readPlain(into room: UnsafeMutableRawBufferPointer) -> Int {
    if hasBegun { return load(into: room) }
    hasBegun = true
    let count = loadHead(into: room)
    expander = packing(UnsafeRawBufferPointer(rebasing: room[..<count]))
    if expander != nil {
      // The end is told again where packed bytes are read.
      isAtEnd = fault != nil
      // What was read as text is the head of a packed file.
      stored = .allocate(byteCount: max(Self.room, count), alignment: 64)
      stored.copyMemory(from: UnsafeRawBufferPointer(rebasing: room[..<count]))
      storedEnd = count
      return 0
    }
    if let name = Self.otherPacking(UnsafeRawBufferPointer(rebasing: room[..<count])) {
      stop("the file is \(name), which is not read")
      return 0
    }
    return count
  }

  /// The first bytes of the input: a pipe may give fewer at a time than tell how it is packed.
  private mutating func loadHead(into room: UnsafeMutableRawBufferPointer) -> Int {
    var count = 0
    while count < min(longestMagic, room.count) && !isAtEnd {
      count += load(into: UnsafeMutableRawBufferPointer(rebasing: room[count...]))
    }
    return count
  }

  private static func otherPacking(_ head: UnsafeRawBufferPointer) -> String? {
    let known: [([UInt8], String)] = [
      ([0x50, 0x4B, 0x03, 0x04], "a zip archive"),
      ([0x42, 0x5A, 0x68], "packed by bzip2"), ([0xFD, 0x37, 0x7A, 0x58, 0x5A], "packed by xz"),
      (Array("PAR1".utf8), "a Parquet table"), ([0xFF, 0xFE], "UTF-16 text"), ([0xFE, 0xFF], "UTF-16 text"),
    ]
    return known.first { head.starts(with: $0.0) }?.1
  }

  private mutating func load(into room: UnsafeMutableRawBufferPointer) -> Int {
    while true {
      let count = next(into: room)
      if count < 0 && errno == EINTR { continue }
      if count < 0 { stop(String(cString: strerror(errno))) }
      if count <= 0 {
        isAtEnd = true
        if isLimited && left > 0 && fault == nil { stop("the stream ends inside of the frame") }
        return 0
      }
      digest?.add(UnsafeRawBufferPointer(rebasing: room[..<count]))
      storedBytes += UInt64(count)
      left -= UInt64(count)
      return count
    }
  }

  private func next(into room: UnsafeMutableRawBufferPointer) -> Int {
    let wanted = UnsafeMutableRawBufferPointer(rebasing: room[..<Int(min(UInt64(room.count), left))])
    if let stream { return stream.read(into: wanted) }
    return Glibc.read(descriptor, wanted.baseAddress, wanted.count)
  }

  private mutating func expand(into room: UnsafeMutableRawBufferPointer) -> Int {
    if storedFrom == storedEnd && expander?.holdsText != true {
      storedEnd = load(into: stored)
      storedFrom = 0
      if storedEnd == 0 {
        if fault == nil, let expander, !expander.isBetweenMembers { stop("the \(expander.name) data is cut short") }
        return 0
      }
    }
    let part = UnsafeRawBufferPointer(rebasing: stored[storedFrom..<storedEnd])
    guard let step = expander?.run(part, into: room) else { return 0 }
    storedFrom += step.used
    if let reason = step.fault { stop(reason) }
    expandedBytes += UInt64(step.made)
    if isBomb { stop("the \(expander?.name ?? "") data expands beyond all measure") }
    return step.made
  }

  /// Deflate itself cannot expand a byte beyond 1032, zstd knows no limit; logs stay far below.
  private var isBomb: Bool { expandedBytes > 1 << 26 && expandedBytes / 250 > storedBytes }

  private mutating func stop(_ reason: String) {
    fault = InputFault(offset: storedBytes - UInt64(storedEnd - storedFrom), reason: reason)
    isAtEnd = true
  }

  /// The digest of the whole file, where one was wanted: reads what is left of it.
  mutating func finishDigest() -> InputDigest? {
    if digest == nil { return nil }
    if stored.count == 0 { stored = .allocate(byteCount: Self.room, alignment: 64) }
    while true {
      let count = next(into: stored)
      if count < 0 && errno == EINTR { continue }
      if count <= 0 { break }
      left -= UInt64(count)
      unreadBytes += UInt64(count)
      digest?.add(UnsafeRawBufferPointer(rebasing: stored[..<count]))
    }
    return digest?.digest()
  }
}
