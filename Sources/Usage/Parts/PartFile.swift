import Base
private import Glibc

extension UsagePart {
  /// Reads a part from a file; its events stay there until they are needed. The file must not be changed meanwhile.
  package init(reading path: String) throws(PartError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    var status = stat()
    guard descriptor >= 0, fstat(descriptor, &status) == 0, status.st_mode & S_IFMT != S_IFDIR else {
      let reason = String(cString: strerror(descriptor < 0 ? errno : EISDIR))
      if descriptor >= 0 { close(descriptor) }
      throw PartError(.unreadable, path, reason)
    }
    // The tape closes the descriptor, whatever happens here.
    let whole = IndexTape(descriptor: descriptor, from: 0, count: Int(status.st_size))
    let size = Int(status.st_size)
    if status.st_mode & S_IFMT != S_IFREG || size < 1 << 20 {
      self = try UsagePart(decoding: try Self.bytes(descriptor, path), path: path)
      return
    }
    let head = PartLayout.magic.count
    let end = size - 32 - PartLayout.end.count
    let eventsAt = try Self.placeOfEvents(whole, size, path)
    try Self.verify(whole, size, path)
    var body: [UInt8] = []
    guard whole.read(at: head, count: eventsAt - head, into: &body) else { throw Self.cutShort(path, size) }
    try self.init(body: body, path: path, size: end - head) { place, count in
      IndexTape(descriptor: fcntl(descriptor, F_DUPFD_CLOEXEC, 0), from: head + place, count: count)
    }
    withExtendedLifetime(whole) {}
  }

  private static func cutShort(_ path: String, _ size: Int) -> PartError {
    PartError(.unreadable, path, byte: size, "the part is cut short")
  }

  /// All bytes of a small file, or of a pipe.
  private static func bytes(_ descriptor: Int32, _ path: String) throws(PartError) -> [UInt8] {
    var all: [UInt8] = []
    while true {
      var got = 0
      all += [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, filled in
        got = read(descriptor, buffer.baseAddress, 1 << 16)
        filled = max(got, 0)
      }
      if got < 0 && errno == EINTR { continue }
      if got < 0 { throw PartError(.unreadable, path, String(cString: strerror(errno))) }
      if got == 0 { return all }
    }
  }

  /// Where the contents of the last section begin.
  private static func placeOfEvents(_ tape: IndexTape, _ size: Int, _ path: String) throws(PartError) -> Int {
    var head: [UInt8] = []
    guard tape.read(at: 0, count: PartLayout.magic.count, into: &head), head == PartLayout.magic else {
      // The other way of reading says what is wrong.
      _ = try UsagePart(decoding: head, path: path)
      throw cutShort(path, size)
    }
    var at = PartLayout.magic.count
    for tag in PartLayout.sections {
      var start: [UInt8] = []
      guard tape.read(at: at, count: 9, into: &start), start[0] == tag else {
        throw PartError(.unreadable, path, byte: at, "a section is missing, or the part is cut short")
      }
      let length = start[1...].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      at += 9
      if tag == PartLayout.sections.last { return at }
      guard length <= UInt64(size - at) else { throw cutShort(path, size) }
      at += Int(length)
    }
    return at
  }

  private static func verify(_ tape: IndexTape, _ size: Int, _ path: String) throws(PartError) {
    var digest = SHA256Stream()
    var at = 0
    while at < size - 32 {
      var piece: [UInt8] = []
      guard tape.read(at: at, count: min(1 << 20, size - 32 - at), into: &piece) else { throw cutShort(path, size) }
      piece.withUnsafeBytes { digest.add($0) }
      at += piece.count
    }
    var stored: [UInt8] = []
    guard tape.read(at: size - 40, count: 40, into: &stored) else { throw cutShort(path, size) }
    if !stored.prefix(8).elementsEqual(PartLayout.end) { throw cutShort(path, size) }
    if digest.bytes() != Array(stored.dropFirst(8)) {
      throw PartError(.unreadable, path, "the part is damaged: its digest does not fit its bytes")
    }
  }

  /// Writes the part whole or not at all: beside it as `.<process>.tmp`, synced, then renamed. Devices and pipes are written to as they are.
  package func write(to path: String) throws(PartError) {
    let isFile = FileSystem.kind(path) == .file || FileSystem.kind(path) == nil
    let target = isFile ? "\(path).\(getpid()).tmp" : path
    let flags = isFile ? O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC : O_WRONLY | O_CLOEXEC
    let descriptor = open(target, flags, 0o644)
    guard descriptor >= 0 else {
      throw PartError(.unreadable, path, "cannot be written: \(String(cString: strerror(errno)))")
    }
    defer { close(descriptor) }
    var failure: Int32 = 0
    do throws(PartError) {
      try write(to: descriptor, path: path)
      if isFile && fsync(descriptor) != 0 { failure = errno }
      if isFile && failure == 0 && rename(target, path) != 0 { failure = errno }
    } catch {
      if isFile { unlink(target) }
      throw error
    }
    if failure == 0 { return }
    unlink(target)
    throw PartError(.unreadable, path, "cannot be written: \(String(cString: strerror(failure)))")
  }

  /// Writes the part to an open file.
  package func write(to descriptor: Int32, path: String) throws(PartError) {
    try encode { bytes throws(PartError) in
      var done = 0
      while done < bytes.count {
        let count = bytes.withUnsafeBytes {
          Glibc.write(descriptor, $0.baseAddress?.advanced(by: done), bytes.count - done)
        }
        if count < 0 && errno == EINTR { continue }
        if count < 0 { throw PartError(.unreadable, path, "cannot be written: \(String(cString: strerror(errno)))") }
        done += count
      }
    }
  }
}
