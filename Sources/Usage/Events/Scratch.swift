/// Room for texts that are put together for one event. They live until `reset`.
struct Scratch: ~Copyable {
  private var buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 16_384, alignment: 8)
  private var used = 0
  /// Outgrown rooms, which hold texts still in use.
  private var outgrown: [UnsafeMutableRawBufferPointer] = []

  deinit {
    buffer.deallocate()
    for room in outgrown { room.deallocate() }
  }

  @inline(__always)
  mutating func reset() {
    used = 0
    if !outgrown.isEmpty { release() }
  }

  private mutating func release() {
    for room in outgrown { room.deallocate() }
    outgrown = []
  }

  /// The parts one after another.
  mutating func join(
    _ a: RawText, _ b: RawText, _ c: RawText = .none, _ d: RawText = .none, _ e: RawText = .none
  ) -> RawText {
    let count = a.count + b.count + c.count + d.count + e.count
    let start = room(for: count)
    var end = start
    append(a, &end)
    append(b, &end)
    append(c, &end)
    append(d, &end)
    append(e, &end)
    return RawText(start: UnsafeRawPointer(start), count: count)
  }

  /// The text in lower case (ASCII).
  mutating func lowercased(_ text: RawText) -> RawText {
    let start = room(for: text.count)
    for (offset, byte) in text.bytes.enumerated() {
      start.storeBytes(of: byte &- 0x41 < 26 ? byte | 0x20 : byte, toByteOffset: offset, as: UInt8.self)
    }
    return RawText(start: UnsafeRawPointer(start), count: text.count)
  }

  /// The text between its first and last byte, with doubled quotes made single.
  mutating func unquoted(_ text: RawText) -> RawText {
    let inner = text.dropFirst(1).prefix(text.count - 2)
    if inner.firstIndex(of: UInt8(ascii: "\"")) == nil { return inner }
    let start = room(for: inner.count)
    var (count, isSecond) = (0, false)
    for byte in inner.bytes {
      isSecond = byte == UInt8(ascii: "\"") && !isSecond
      if isSecond { continue }
      start.storeBytes(of: byte, toByteOffset: count, as: UInt8.self)
      count += 1
    }
    return RawText(start: UnsafeRawPointer(start), count: count)
  }

  private mutating func room(for count: Int) -> UnsafeMutableRawPointer {
    if used + count > buffer.count {
      outgrown.append(buffer)
      buffer = .allocate(byteCount: max(buffer.count * 2, count), alignment: 8)
      used = 0
    }
    guard let base = buffer.baseAddress else { preconditionFailure("the room was allocated") }
    defer { used += count }
    return base + used
  }

  /// Most parts are short: eight bytes at a time, without a call.
  @inline(__always)
  private func append(_ part: RawText, _ end: inout UnsafeMutableRawPointer) {
    guard let start = part.start, part.count > 0 else { return }
    if part.count < 8 {
      for at in 0..<part.count {
        end.storeBytes(of: start.load(fromByteOffset: at, as: UInt8.self), toByteOffset: at, as: UInt8.self)
      }
    } else if part.count <= 64 {
      var at = 0
      while at < part.count - 8 {
        end.storeBytes(of: start.loadUnaligned(fromByteOffset: at, as: UInt64.self), toByteOffset: at, as: UInt64.self)
        at += 8
      }
      at = part.count - 8
      end.storeBytes(of: start.loadUnaligned(fromByteOffset: at, as: UInt64.self), toByteOffset: at, as: UInt64.self)
    } else {
      end.copyMemory(from: start, byteCount: part.count)
    }
    end += part.count
  }
}
