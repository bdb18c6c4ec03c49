extension Repository {
  /// How the files of one commit differ from another's, at and below the given paths (all where none are given), by path.
  /// `nil` stands for no files at all. Folders with the same object are not opened.
  package func changes(
    from before: ObjectID?, to after: ObjectID?, below paths: [String] = []
  ) throws(GitError) -> [FileChange] {
    var store = TreeStore()
    let trees = (try treeIDIfAny(of: before), try treeIDIfAny(of: after))
    return try changes(betweenTrees: trees.0, trees.1, PathSelection(paths), &store)
  }

  private func treeIDIfAny(of commit: ObjectID?) throws(GitError) -> ObjectID? {
    guard let commit else { return nil }
    return try treeID(of: commit)
  }

  /// As `changes`, for tree objects, with trees kept for the next comparison.
  func changes(
    betweenTrees before: ObjectID?, _ after: ObjectID?, _ wanted: PathSelection, _ store: inout TreeStore
  ) throws(GitError) -> [FileChange] {
    var changes = FileChanges()
    var path: [UInt8] = []
    try compare(before, after, wanted, &path, 0, &store, &changes)
    return changes.list
  }

  private func compare(
    _ before: ObjectID?, _ after: ObjectID?, _ wanted: PathSelection, _ path: inout [UInt8], _ depth: Int,
    _ store: inout TreeStore, _ changes: inout FileChanges
  ) throws(GitError) {
    if before == after { return }
    if depth > Self.deepestFolder { throw Self.tooDeep(path) }
    var (a, b) = (try cursor(before, &store), try cursor(after, &store))
    while true {
      try TreeCursor.skipShared(&a, &b)
      if a.isAtEnd && b.isAtEnd { return }
      let order = TreeCursor.order(a, b)
      let (old, new) = (order <= 0 ? a.item : nil, order >= 0 ? b.item : nil)
      let name = order <= 0 ? a.name : b.name
      if order <= 0 { try a.advance() }
      if order >= 0 { try b.advance() }
      // Same name, same kind, same object: nothing below differs.
      if let old, let new, old.id == new.id, old.mode == new.mode { continue }
      guard let below = wanted.child(name) else { continue }
      let length = path.count
      path += name
      if (old ?? new)?.isFolder == true {
        path.append(UInt8(ascii: "/"))
        try compare(old?.id, new?.id, below, &path, depth + 1, &store, &changes)
      } else if below.isWhole {
        changes.add(path, old.map(FileChange.Version.init), new.map(FileChange.Version.init))
      }
      path.removeSubrange(length...)
    }
  }

  private func cursor(_ tree: ObjectID?, _ store: inout TreeStore) throws(GitError) -> TreeCursor {
    guard let tree else { return .empty }
    return try TreeCursor(store.bytes(of: tree, in: self), of: tree)
  }
}

extension FileChange.Version {
  /// The version at a tree's entry that is no folder.
  init(_ entry: TreeCursor.Item) {
    self.init(id: entry.id, kind: FileTree.Kind(mode: entry.mode))
  }
}

/// Raw trees that were read lately: in a history each tree is compared twice, with the one before and the one after.
struct TreeStore {
  private var young: [ObjectID: [UInt8]] = [:]
  private var old: [ObjectID: [UInt8]] = [:]
  private var youngBytes = 0
  private static let generation = 8 << 20

  mutating func bytes(of tree: ObjectID, in repository: borrowing Repository) throws(GitError) -> [UInt8] {
    if let known = young[tree] { return known }
    let bytes: [UInt8]
    if let known = old[tree] { bytes = known } else { bytes = try repository.treeBytes(tree) }
    if youngBytes > Self.generation {
      (old, young, youngBytes) = (young, [:], 0)
    }
    young[tree] = bytes
    youngBytes += bytes.count + 64
    return bytes
  }
}
