package import Base

/// The files of a commit, of the index or of a folder, as far as they were asked for.
package struct FileTree: Sendable {
  /// What an entry is.
  package enum Kind: Sendable { case file, executable, link, submodule }

  /// One file.
  package struct Entry: Hashable, Sendable {
    /// Path from the root, `/` between its parts.
    package let path: String
    /// The blob (or the submodule's commit); `nil` for files of a folder, which are not stored yet.
    package let id: ObjectID?
    /// What it is. Files of a folder are never `executable`: nobody asks, and asking costs.
    package let kind: Kind
  }

  /// By the bytes of their paths.
  package let entries: [Entry]
  /// What could not be listed, by path: names that are not UTF-8, folders without permission, pipes and devices.
  package let unreadable: [Diagnostic]
  let origin: Origin

  /// Where contents come from.
  enum Origin: Sendable {
    case repository(RepositoryLocation)
    case folder(String)
  }

  /// The entry at a path, byte for byte; `nil` where there is none.
  package subscript(path: String) -> Entry? {
    var (low, high) = (0, entries.count)
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].path.utf8.lexicographicallyPrecedes(path.utf8) { low = middle + 1 } else { high = middle }
    }
    guard low < entries.count, entries[low].path.utf8.elementsEqual(path.utf8) else { return nil }
    return entries[low]
  }

  /// The tree before changes that made this one of it: for a few changes, less work than reading that tree.
  package func before(_ changes: [FileChange]) -> FileTree {
    let paths = Set(changes.map(\.path))
    let restored = changes.compactMap { change in
      change.before.map { Entry(path: change.path, id: $0.id, kind: $0.kind) }
    }
    var entries: [Entry] = []
    entries.reserveCapacity(self.entries.count + restored.count)
    var next = restored.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }[...]
    for entry in self.entries where !paths.contains(entry.path) {
      while let first = next.first, first.path.utf8.lexicographicallyPrecedes(entry.path.utf8) {
        entries.append(first)
        next.removeFirst()
      }
      entries.append(entry)
    }
    return FileTree(entries: entries + next, unreadable: unreadable, origin: origin)
  }

  /// The entries below a folder, or the one at the path.
  package func entries(below folder: String) -> [Entry] {
    let start = Array((folder.hasSuffix("/") ? folder : folder + "/").utf8)
    return entries.filter { $0.path.utf8.starts(with: start) || $0.path.utf8.elementsEqual(start.dropLast()) }
  }
}

extension FileTree.Kind {
  /// The kind of a mode that is no folder's.
  init(mode: UInt32) {
    switch mode {
    case TreeMode.executable: self = .executable
    case TreeMode.link: self = .link
    case TreeMode.submodule: self = .submodule
    default: self = .file
    }
  }

  /// The mode that git stores.
  var mode: UInt32 {
    switch self {
    case .file: TreeMode.file
    case .executable: TreeMode.executable
    case .link: TreeMode.link
    case .submodule: TreeMode.submodule
    }
  }
}

/// Gathers entries in the order of their paths.
struct FileTreeBuilder {
  private(set) var entries: [FileTree.Entry] = []
  private(set) var unreadable: [Diagnostic] = []

  mutating func add(_ path: some Collection<UInt8>, id: ObjectID?, kind: FileTree.Kind) {
    guard let text = String(validating: path, as: UTF8.self) else {
      return refuse(path, "the file's name is not UTF-8", hint: "rename it")
    }
    entries.append(FileTree.Entry(path: text, id: id, kind: kind))
  }

  mutating func refuse(_ path: some Collection<UInt8>, _ message: String, hint: String = "") {
    let location = SourceLocation(path: String(decoding: path, as: UTF8.self))
    unreadable.append(Diagnostic(.unreadable, at: location, message, hint: hint))
  }

  /// The tree; sorted again only where the source has another order.
  func finish(_ origin: FileTree.Origin) -> FileTree {
    FileTree(entries: entries, unreadable: unreadable.sorted(), origin: origin)
  }
}
