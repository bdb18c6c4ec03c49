private import CGit2

extension Repository {
  /// The staged files at and below the given paths (all where none are given): the blobs that a commit would hold now, whatever
  /// the work tree holds. Files that are only announced (`git add --intent-to-add`) are not staged. An unresolved conflict among
  /// the wanted is an error.
  package func stagedFiles(below paths: [String] = []) throws(GitError) -> FileTree {
    let index = try Index(indexPath)
    let wanted = try PathSelection(paths)
    var builder = FileTreeBuilder()
    try index.visit(wanted) { entry throws(GitError) in
      builder.add(entry.path, id: entry.id, kind: FileTree.Kind(mode: entry.mode))
    }
    return builder.finish(.repository(location))
  }

  /// How the staged files differ from a commit's (`nil`: no files, as before the first commit), at and below the given paths.
  package func stagedChanges(
    since commit: ObjectID?, below paths: [String] = []
  ) throws(GitError) -> [FileChange] {
    let index = try Index(indexPath)
    let wanted = try PathSelection(paths)
    var staged: [Index.Entry] = []
    try index.visit(wanted) { entry throws(GitError) in staged.append(entry) }
    var comparison = StagedComparison(staged: staged)
    if let commit {
      var path: [UInt8] = []
      try compare(treeID(of: commit), wanted, &path, 0, &comparison)
    }
    return comparison.finish()
  }

  private func compare(
    _ tree: ObjectID, _ wanted: PathSelection, _ path: inout [UInt8], _ depth: Int, _ comparison: inout StagedComparison
  ) throws(GitError) {
    if depth > Self.deepestFolder { throw Self.tooDeep(path) }
    var cursor = try TreeCursor(treeBytes(tree), of: tree)
    while !cursor.isAtEnd {
      if let below = wanted.child(cursor.name) {
        let length = path.count
        path += cursor.name
        if cursor.isFolder {
          path.append(UInt8(ascii: "/"))
          try compare(cursor.entryID, below, &path, depth + 1, &comparison)
        } else if below.isWhole {
          comparison.meet(path, FileChange.Version(cursor))
        }
        path.removeSubrange(length...)
      }
      try cursor.advance()
    }
  }
}

/// Merges the files of a commit, given one after the other, with the staged ones; both come in the order of their paths.
private struct StagedComparison {
  let staged: [Index.Entry]
  private var next = 0
  private var changes = FileChanges()

  init(staged: [Index.Entry]) { self.staged = staged }

  mutating func meet(_ path: [UInt8], _ old: FileChange.Version) {
    while next < staged.count, staged[next].path.lexicographicallyPrecedes(path) { addStaged() }
    guard next < staged.count, staged[next].path == path else { return changes.add(path, old, nil) }
    let new = staged[next].version
    if new != old { changes.add(path, old, new) }
    next += 1
  }

  mutating func finish() -> [FileChange] {
    while next < staged.count { addStaged() }
    return changes.list
  }

  private mutating func addStaged() {
    changes.add(staged[next].path, nil, staged[next].version)
    next += 1
  }
}

/// The index file, opened for reading.
private struct Index: ~Copyable {
  struct Entry {
    let path: [UInt8]
    let id: ObjectID
    let mode: UInt32
    var version: FileChange.Version { FileChange.Version(id: id, kind: FileTree.Kind(mode: mode)) }
  }

  private let handle: OpaquePointer

  /// Opened by its path and not through the repository: with `core.ignoreCase` that would sort it in another order than trees.
  init(_ path: String) throws(GitError) {
    var handle: OpaquePointer?
    try check(cgit2().pointee.git_index_open(&handle, path), "read the index", subject: path)
    guard let handle else { preconditionFailure("libgit2 gives an index when it gives no error") }
    self.handle = handle
  }

  deinit { cgit2().pointee.git_index_free(handle) }

  /// Calls for each staged file that is wanted, by the bytes of the paths.
  borrowing func visit(
    _ wanted: PathSelection, _ body: (Entry) throws(GitError) -> Void
  ) throws(GitError) {
    if wanted.isWhole { return try visit(from: 0, wanted, prefix: [], body) }
    for name in wanted.names {
      var at = 0
      let prefix = name.map { CChar(bitPattern: $0) } + [0]
      let status = cgit2().pointee.git_index_find_prefix(&at, handle, prefix)
      if status == GIT_ENOTFOUND.rawValue { continue }
      try check(status, "read the index")
      try visit(from: at, wanted, prefix: name, body)
    }
  }

  private borrowing func visit(
    from start: Int, _ wanted: PathSelection, prefix: [UInt8], _ body: (Entry) throws(GitError) -> Void
  ) throws(GitError) {
    let git = cgit2()
    for at in start..<git.pointee.git_index_entrycount(handle) {
      guard let entry = git.pointee.git_index_get_byindex(handle, at), let text = entry.pointee.path else { continue }
      let path = UnsafeBufferPointer(start: text, count: stringLength(text)).map { UInt8(bitPattern: $0) }
      if !path.starts(with: prefix) { return }
      if !prefix.isEmpty, path.count > prefix.count, path[prefix.count] != UInt8(ascii: "/") { continue }
      guard wanted.reaches(path) else { continue }
      let stage = UInt32(entry.pointee.flags) & UInt32(GIT_INDEX_ENTRY_STAGEMASK)
      if stage != 0 {
        throw GitError(.conflictedIndex, "read the index", subject: String(decoding: path, as: UTF8.self))
      }
      if UInt32(entry.pointee.flags_extended) & GIT_INDEX_ENTRY_INTENT_TO_ADD.rawValue != 0 { continue }
      guard let mode = TreeMode.normalised(entry.pointee.mode) else { continue }
      let id = withUnsafePointer(to: entry.pointee.id) { ObjectID(raw: $0) }
      try body(Entry(path: path, id: id, mode: mode))
    }
  }
}

private func stringLength(_ text: UnsafePointer<CChar>) -> Int {
  var end = text
  while end.pointee != 0 { end += 1 }
  return end - text
}
