private import Glibc

/// Goes through the entries of a raw tree object: `<octal mode> <name>\0<20 bytes>`, again and again.
struct TreeCursor {
  /// One entry; its name lies in the cursor's bytes.
  struct Item {
    /// The mode; 0 when there is no further entry.
    var mode: UInt32
    var id: ObjectID
    /// Where the entry starts in the bytes, and its name, and where the name ends.
    var start: Int
    var nameStart: Int
    var nameEnd: Int

    /// The same entry in a tree where it stands elsewhere.
    func moved(by distance: Int) -> Item {
      Item(mode: mode, id: id, start: start + distance, nameStart: nameStart + distance, nameEnd: nameEnd + distance)
    }

    /// Whether the entry is a folder.
    var isFolder: Bool { mode == TreeMode.folder }
  }

  private let bytes: [UInt8]
  private let id: ObjectID
  private var next = 0
  /// The entry that the cursor stands on.
  private(set) var item = Item(mode: 0, id: .zero, start: 0, nameStart: 0, nameEnd: 0)

  /// Stands on the first entry. `id` is for error texts.
  init(_ bytes: [UInt8], of id: ObjectID) throws(GitError) {
    self.bytes = bytes
    self.id = id
    try advance()
  }

  /// Stands at the end of nothing.
  static var empty: TreeCursor { TreeCursor() }

  private init() {
    bytes = []
    id = .zero
  }

  /// Whether there is no further entry.
  var isAtEnd: Bool { item.mode == 0 }
  /// The name of the entry.
  var name: ArraySlice<UInt8> { bytes[item.nameStart..<item.nameEnd] }
  /// The name of an entry that the cursor stood on.
  func name(of item: Item) -> ArraySlice<UInt8> { bytes[item.nameStart..<item.nameEnd] }

  /// Goes to the next entry.
  mutating func advance() throws(GitError) {
    guard next < bytes.count else {
      item.mode = 0
      return
    }
    let previous = item
    guard let (found, end) = bytes.withUnsafeBytes({ Self.read($0, at: next) }) else { throw malformed }
    item = found
    next = end
    // Comparing two trees relies on the order; in a forged one a change could hide behind a wrong place.
    if previous.mode != 0, Self.order(previous, bytes, item, bytes) >= 0 { throw malformed }
  }

  private static func read(_ bytes: UnsafeRawBufferPointer, at start: Int) -> (Item, next: Int)? {
    var at = start
    var mode: UInt32 = 0
    while at < bytes.count, bytes[at] &- UInt8(ascii: "0") < 8, at - start < 7 {
      mode = mode << 3 | UInt32(bytes[at] & 7)
      at += 1
    }
    guard at > start, at < bytes.count, bytes[at] == UInt8(ascii: " "), let known = TreeMode.normalised(mode),
      let base = bytes.baseAddress, let zero = memchr(base + at, 0, bytes.count - at)
    else { return nil }
    let (nameStart, nameEnd) = (at + 1, UnsafeRawPointer(zero) - base)
    guard nameEnd > nameStart, nameEnd + 20 < bytes.count,
      memchr(base + nameStart, Int32(UInt8(ascii: "/")), nameEnd - nameStart) == nil
    else { return nil }
    let id = ObjectID(raw: base + nameEnd + 1)
    return (Item(mode: known, id: id, start: start, nameStart: nameStart, nameEnd: nameEnd), nameEnd + 21)
  }

  /// Which of two cursors' entries comes first in git's order: negative, zero (the same name, both folders or both not) or
  /// positive. The end comes after everything.
  static func order(_ a: TreeCursor, _ b: TreeCursor) -> Int {
    if a.isAtEnd || b.isAtEnd { return (a.isAtEnd ? 1 : 0) - (b.isAtEnd ? 1 : 0) }
    return order(a.item, a.bytes, b.item, b.bytes)
  }

  /// A folder's name counts as if a slash ended it.
  private static func order(_ a: Item, _ aBytes: [UInt8], _ b: Item, _ bBytes: [UInt8]) -> Int {
    let (m, n) = (a.nameEnd - a.nameStart, b.nameEnd - b.nameStart)
    let common = aBytes.withUnsafeBytes { x in
      bBytes.withUnsafeBytes { y -> Int32 in
        guard let x = x.baseAddress, let y = y.baseAddress else { return 0 }
        return memcmp(x + a.nameStart, y + b.nameStart, min(m, n))
      }
    }
    if common != 0 { return Int(common) }
    let slash = Int(UInt8(ascii: "/"))
    let nextA = m > n ? Int(aBytes[a.nameStart + n]) : (a.isFolder ? slash : 0)
    let nextB = n > m ? Int(bBytes[b.nameStart + m]) : (b.isFolder ? slash : 0)
    return nextA - nextB
  }

  /// Passes the entries that two trees share from here on, byte for byte: most of a tree is the same as in the one before.
  static func skipShared(_ a: inout TreeCursor, _ b: inout TreeCursor) throws(GitError) {
    guard !a.isAtEnd, !b.isAtEnd else { return }
    let (startA, startB) = (a.item.start, b.item.start)
    let shared = a.bytes.withUnsafeBytes { x in
      b.bytes.withUnsafeBytes { y in
        sharedPrefix(UnsafeRawBufferPointer(rebasing: x[startA...]), UnsafeRawBufferPointer(rebasing: y[startB...]))
      }
    }
    if startA + shared == a.bytes.count, startB + shared == b.bytes.count {
      a.item.mode = 0
      b.item.mode = 0
      return
    }
    guard a.next <= startA + shared else { return }
    var last = a.item
    while !a.isAtEnd, a.next <= startA + shared {
      last = a.item
      try a.advance()
    }
    let end = last.nameEnd + 21
    b.next = end - startA + startB
    b.item = last.moved(by: startB - startA)
    try b.advance()
  }

  /// How many bytes are the same from the start on.
  private static func sharedPrefix(_ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer) -> Int {
    let count = min(a.count, b.count)
    var at = 0
    while at + 8 <= count,
      a.loadUnaligned(fromByteOffset: at, as: UInt64.self) == b.loadUnaligned(fromByteOffset: at, as: UInt64.self)
    { at += 8 }
    while at < count, a[at] == b[at] { at += 1 }
    return at
  }

  private var malformed: GitError {
    GitError(.corruptObject, "read a tree", subject: id.hex, detail: "its entries have not git's form")
  }
}
