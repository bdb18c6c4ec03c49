private import Glibc

/// A view of text that something else holds: a window of a log, an arena, a literal. It lives no longer than that.
struct RawText {
  let start: UnsafeRawPointer?
  let count: Int

  static var none: RawText { RawText(start: nil, count: 0) }

  @inline(__always)
  init(start: UnsafeRawPointer?, count: Int) {
    self.start = start
    self.count = count
  }

  @inline(__always)
  init(_ literal: StaticString) {
    start = UnsafeRawPointer(literal.utf8Start)
    count = literal.utf8CodeUnitCount
  }

  var isEmpty: Bool { count == 0 }

  @inline(__always)
  subscript(index: Int) -> UInt8 {
    guard let start, UInt(bitPattern: index) < UInt(bitPattern: count) else { preconditionFailure("inside the text") }
    return start.load(fromByteOffset: index, as: UInt8.self)
  }

  var bytes: UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: start?.assumingMemoryBound(to: UInt8.self), count: count)
  }

  /// A copy as a string; what is no UTF-8 becomes U+FFFD.
  var string: String { String(decoding: bytes, as: UTF8.self) }

  @inline(__always)
  static func == (a: RawText, b: RawText) -> Bool {
    guard a.count == b.count else { return false }
    guard a.count > 0, let left = a.start, let right = b.start else { return true }
    if a.count > 64 { return memcmp(left, right, a.count) == 0 }
    return equal(left, right, a.count)
  }

  /// Most texts are short: eight bytes at a time, without a call.
  @inline(__always)
  private static func equal(_ a: UnsafeRawPointer, _ b: UnsafeRawPointer, _ count: Int) -> Bool {
    if count < 8 {
      for at in 0..<count where a.load(fromByteOffset: at, as: UInt8.self) != b.load(fromByteOffset: at, as: UInt8.self)
      {
        return false
      }
      return true
    }
    var at = 0
    while at + 8 <= count {
      if a.loadUnaligned(fromByteOffset: at, as: UInt64.self) != b.loadUnaligned(fromByteOffset: at, as: UInt64.self) {
        return false
      }
      at += 8
    }
    let tail = count - 8
    return a.loadUnaligned(fromByteOffset: tail, as: UInt64.self)
      == b.loadUnaligned(fromByteOffset: tail, as: UInt64.self)
  }

  func equals(_ literal: StaticString) -> Bool { self == RawText(literal) }

  func hasPrefix(_ literal: StaticString) -> Bool {
    let prefix = RawText(literal)
    return count >= prefix.count && self.prefix(prefix.count) == prefix
  }

  func hasSuffix(_ literal: StaticString) -> Bool {
    let suffix = RawText(literal)
    return count >= suffix.count && dropFirst(count - suffix.count) == suffix
  }

  func contains(_ literal: StaticString) -> Bool {
    let part = RawText(literal)
    return count >= part.count && (0...(count - part.count)).contains { dropFirst($0).prefix(part.count) == part }
  }

  func prefix(_ length: Int) -> RawText { RawText(start: start, count: min(length, count)) }

  func dropFirst(_ length: Int) -> RawText {
    length >= count ? .none : RawText(start: start?.advanced(by: length), count: count - length)
  }

  /// The offset of the byte.
  func firstIndex(of byte: UInt8) -> Int? {
    guard let start, let found = memchr(start, Int32(byte), count) else { return nil }
    return UnsafeRawPointer(found) - start
  }
}

extension RawText {
  /// The same in every run and on every machine (of little-endian byte order, as all that Swift runs on).
  @inline(__always)
  var fixedHash: UInt64 { hash(seed: 0x2545_F491_4F6C_DD1D) }

  /// A hash that differs from run to run where `seed` does: nobody can prepare texts that collide. After wyhash's folded
  /// multiplication (Wang Yi, public domain).
  @inline(__always)
  func hash(seed: UInt64) -> UInt64 {
    guard var p = start else { return seed }
    var left = count
    var hash = seed ^ UInt64(truncatingIfNeeded: count) &* 0xA076_1D64_78BD_642F
    while left > 16 {
      hash = folded(
        p.loadUnaligned(as: UInt64.self) ^ 0xE703_7ED1_A0B4_28DB,
        p.loadUnaligned(fromByteOffset: 8, as: UInt64.self) ^ hash)
      p += 16
      left -= 16
    }
    var a: UInt64 = 0
    var b: UInt64 = 0
    if left >= 8 {
      a = p.loadUnaligned(as: UInt64.self)
      b = p.loadUnaligned(fromByteOffset: left - 8, as: UInt64.self)
    } else if left >= 4 {
      a = UInt64(p.loadUnaligned(as: UInt32.self))
      b = UInt64(p.loadUnaligned(fromByteOffset: left - 4, as: UInt32.self))
    } else if left > 0 {
      a =
        UInt64(p.load(as: UInt8.self)) << 16 | UInt64(p.load(fromByteOffset: left >> 1, as: UInt8.self)) << 8
        | UInt64(p.load(fromByteOffset: left - 1, as: UInt8.self))
    }
    return folded(a ^ 0x8EBC_6AF0_9C88_C6E3, b ^ hash)
  }
}

/// The halves of the product of both, mixed.
@inline(__always)
func folded(_ a: UInt64, _ b: UInt64) -> UInt64 {
  let (high, low) = a.multipliedFullWidth(by: b)
  return high ^ low
}

extension RawText {
  /// What follows the literal; `nil` where the text does not begin with it.
  func dropPrefix(_ literal: StaticString) -> RawText? {
    hasPrefix(literal) ? dropFirst(literal.utf8CodeUnitCount) : nil
  }

  /// What stands before the byte; all where it is not there.
  func prefix(upTo byte: UInt8) -> RawText { firstIndex(of: byte).map { prefix($0) } ?? self }
}
