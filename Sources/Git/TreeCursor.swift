private import Glibc

/// Goes through the entries of a raw tree object: `<octal mode> <name>\0<20 bytes>`, again and again.
struct TreeCursor {
  private let bytes: [UInt8]
  private let id: ObjectID
  private var next = 0
  private var nameRange = 0..<0
  /// The mode of the entry; 0 when there is no further entry.
  private(set) var mode: UInt32 = 0
  /// The object of the entry.
  private(set) var entryID: ObjectID

  /// Stands on the first entry. `id` is for error texts.
  init(_ bytes: [UInt8], of id: ObjectID) throws(GitError) {
    self.bytes = bytes
    self.id = id
    entryID = id
    try advance()
  }

  /// Stands at the end of nothing.
  static var empty: TreeCursor { TreeCursor() }

  private init() {
    bytes = []
    id = .zero
    entryID = .zero
  }

  /// Whether there is no further entry.
  var isAtEnd: Bool { mode == 0 }
  /// Whether the entry is a folder.
  var isFolder: Bool { mode == TreeMode.folder }
  /// The name of the entry.
  var name: ArraySlice<UInt8> { bytes[nameRange] }

  /// Goes to the next entry.
  mutating func advance() throws(GitError) {
    guard next < bytes.count else {
      mode = 0
      nameRange = 0..<0
      return
    }
    var at = next
    var value: UInt32 = 0
    while at < bytes.count, bytes[at] &- UInt8(ascii: "0") < 8, at - next < 7 {
      value = value << 3 | UInt32(bytes[at] & 7)
      at += 1
    }
    guard at > next, at < bytes.count, bytes[at] == UInt8(ascii: " ") else { throw malformed }
    let end = bytes.withUnsafeBytes { buffer -> Int? in
      guard let base = buffer.baseAddress, let zero = memchr(base + at, 0, buffer.count - at) else { return nil }
      return UnsafeRawPointer(zero) - base
    }
    guard let end, end + 20 < bytes.count, end > at + 1 else { throw malformed }
    let previous = self
    nameRange = at + 1..<end
    entryID = bytes.withUnsafeBytes { buffer in
      guard let base = buffer.baseAddress else { preconditionFailure("a tree with an entry has bytes") }
      return ObjectID(raw: base + end + 1)
    }
    guard let known = TreeMode.normalised(value) else { throw malformed }
    mode = known
    next = end + 21
    // Comparing two trees relies on the order; in a forged one a change could hide behind a wrong place.
    if name.contains(UInt8(ascii: "/")) || (previous.mode != 0 && Self.order(previous, self) >= 0) { throw malformed }
  }

  /// Which of two entries comes first in git's order, where a folder's name counts as if a slash ended it: negative, zero
  /// (the same name, both folders or both not) or positive. The end comes after everything.
  static func order(_ a: TreeCursor, _ b: TreeCursor) -> Int {
    if a.isAtEnd || b.isAtEnd { return (a.isAtEnd ? 1 : 0) - (b.isAtEnd ? 1 : 0) }
    let (m, n) = (a.nameRange.count, b.nameRange.count)
    let common = a.bytes.withUnsafeBytes { x in
      b.bytes.withUnsafeBytes { y -> Int32 in
        guard let x = x.baseAddress, let y = y.baseAddress else { return 0 }
        return memcmp(x + a.nameRange.lowerBound, y + b.nameRange.lowerBound, min(m, n))
      }
    }
    if common != 0 { return Int(common) }
    let slash = Int(UInt8(ascii: "/"))
    let nextA = m > n ? Int(a.bytes[a.nameRange.lowerBound + n]) : (a.isFolder ? slash : 0)
    let nextB = n > m ? Int(b.bytes[b.nameRange.lowerBound + m]) : (b.isFolder ? slash : 0)
    return nextA - nextB
  }

  private var malformed: GitError {
    GitError(.corruptObject, "read a tree", subject: id.hex, detail: "its entries have not git's form")
  }
}

/// Modes of tree entries.
enum TreeMode {
  static let folder: UInt32 = 0o040000
  static let file: UInt32 = 0o100644
  static let executable: UInt32 = 0o100755
  static let link: UInt32 = 0o120000
  static let submodule: UInt32 = 0o160000

  /// The mode that git takes for a stored one (old versions stored group-writable files); `nil` for no mode at all.
  static func normalised(_ mode: UInt32) -> UInt32? {
    switch mode & 0o170000 {
    case 0o040000: folder
    case 0o120000: link
    case 0o160000: submodule
    case 0o100000: mode & 0o100 == 0 ? file : executable
    default: nil
    }
  }
}
