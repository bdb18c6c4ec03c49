/// One folder while it is edited.
struct TreeDraft {
  struct Entry {
    /// As it is stored: trees of old versions of git have modes that no other has today.
    fileprivate let storedMode: UInt32
    let id: ObjectID

    init(mode: UInt32, id: ObjectID) {
      storedMode = mode
      self.id = id
    }

    var mode: UInt32 { TreeMode.normalised(storedMode) ?? storedMode }
  }

  private var entries: [[UInt8]: Entry] = [:]

  /// An empty folder.
  init() {}

  /// The folder of a raw tree object.
  init(_ bytes: [UInt8], of id: ObjectID) throws(GitError) {
    var cursor = try TreeCursor(bytes, of: id)
    while !cursor.isAtEnd {
      let digits = bytes[cursor.item.start..<cursor.item.nameStart - 1]
      let mode = digits.reduce(0) { $0 << 3 | UInt32($1 & 7) }
      entries[Array(cursor.name)] = Entry(mode: mode, id: cursor.item.id)
      try cursor.advance()
    }
  }

  var isEmpty: Bool { entries.isEmpty }

  subscript(name: [UInt8]) -> Entry? {
    get { entries[name] }
    set { entries[name] = newValue }
  }

  /// The raw tree object.
  var bytes: [UInt8] {
    var out: [UInt8] = []
    // A folder's name counts as if a slash ended it.
    let keyed = entries.map { name, entry in
      (key: entry.mode == TreeMode.folder ? name + [UInt8(ascii: "/")] : name, name: name, entry: entry)
    }
    for (_, name, entry) in keyed.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
      out += String(entry.storedMode, radix: 8).utf8
      out.append(UInt8(ascii: " "))
      out += name
      out.append(0)
      out += entry.id.bytes
    }
    return out
  }
}
