private import Glibc

/// Texts of UTF-8, one after another in one room: none of them is allocated or counts references by itself.
struct TextList: Sendable {
  private var room: [UInt8] = []
  /// Where each text ends.
  private var ends: [Int] = []

  init() {}

  var count: Int { ends.count }
  var isEmpty: Bool { ends.isEmpty }

  subscript(number: Int) -> String { with { $0[number].string } }

  mutating func reserve(_ count: Int, bytes: Int) {
    ends.reserveCapacity(count)
    room.reserveCapacity(bytes)
  }

  mutating func append(_ text: RawText) {
    room.append(contentsOf: text.bytes)
    ends.append(room.count)
  }

  mutating func append(_ text: String) {
    room.append(contentsOf: text.utf8)
    ends.append(room.count)
  }

  /// The texts as they lie in memory, for as long as they are lent.
  struct Lent {
    fileprivate let room: UnsafePointer<UInt8>?
    fileprivate let ends: UnsafeBufferPointer<Int>

    var byteCount: Int { ends.last ?? 0 }

    @inline(__always)
    subscript(number: Int) -> RawText {
      let start = number == 0 ? 0 : ends[number - 1]
      return RawText(start: room.map { UnsafeRawPointer($0 + start) }, count: ends[number] - start)
    }
  }

  /// Lends all texts.
  func with<Result, Failure: Error>(_ body: (Lent) throws(Failure) -> Result) throws(Failure) -> Result {
    try room.withUnsafeBufferPointer { room throws(Failure) in
      try ends.withUnsafeBufferPointer { ends throws(Failure) in
        try body(Lent(room: room.baseAddress, ends: ends))
      }
    }
  }

  /// The texts of those numbers, in that order.
  func picked(_ numbers: [Int]) -> TextList {
    var list = TextList()
    list.reserve(numbers.count, bytes: room.count)
    with { texts in for number in numbers { list.append(texts[number]) } }
    return list
  }
}

extension RawText {
  /// Negative, zero or positive, as the bytes of the first text come before those of the second, are the same, or come after.
  @inline(__always)
  static func order(_ a: RawText, _ b: RawText) -> Int {
    guard let left = a.start, let right = b.start else { return a.count - b.count }
    let order = memcmp(left, right, min(a.count, b.count))
    return order == 0 ? a.count - b.count : Int(order)
  }

  /// Whether the text is well-formed UTF-8.
  var isUnicode: Bool {
    guard let start else { return true }
    var at = 0
    while at + 8 <= count {
      if start.loadUnaligned(fromByteOffset: at, as: UInt64.self) & 0x8080_8080_8080_8080 != 0 { break }
      at += 8
    }
    while at < count && self[at] < 0x80 { at += 1 }
    return at == count || String(validating: bytes, as: UTF8.self) != nil
  }
}
