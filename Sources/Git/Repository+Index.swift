extension Repository {
  /// The staged files at and below the given paths (all where none are given): the blobs that a commit would hold now, whatever
  /// the work tree holds. Files that are only announced (`git add --intent-to-add`) are not staged. An unresolved conflict among
  /// the wanted is an error.
  package func stagedFiles(below paths: [String] = []) throws(GitError) -> FileTree {
    tree(of: try Index(indexPath).files(try PathSelection(paths)))
  }

  /// The staged files and how they differ from a commit's, as `stagedFiles` and `stagedChanges` give them, in one reading of the
  /// index.
  package func staged(
    since commit: ObjectID?, below paths: [String] = []
  ) throws(GitError) -> (files: FileTree, changes: [FileChange]) {
    let wanted = try PathSelection(paths)
    let staged = try Index(indexPath).files(wanted)
    return (tree(of: staged), try changes(of: staged, since: commit, wanted))
  }

  /// How the staged files differ from a commit's (`nil`: no files, as before the first commit), at and below the given paths.
  package func stagedChanges(
    since commit: ObjectID?, below paths: [String] = []
  ) throws(GitError) -> [FileChange] {
    let wanted = try PathSelection(paths)
    return try changes(of: try Index(indexPath).files(wanted), since: commit, wanted)
  }

  private func tree(of staged: StagedFiles) -> FileTree {
    var builder = FileTreeBuilder()
    for at in 0..<staged.count {
      let version = staged.version(at)
      builder.add(staged.path(at), id: version.id, kind: version.kind)
    }
    return builder.finish(.repository(location))
  }

  private func changes(
    of staged: StagedFiles, since commit: ObjectID?, _ wanted: PathSelection
  ) throws(GitError) -> [FileChange] {
    var comparison = StagedComparison(staged)
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
        if cursor.item.isFolder {
          path.append(UInt8(ascii: "/"))
          try compare(cursor.item.id, below, &path, depth + 1, &comparison)
        } else if below.isWhole {
          comparison.meet(path, FileChange.Version(cursor.item))
        }
        path.removeSubrange(length...)
      }
      try cursor.advance()
    }
  }
}

/// Merges the files of a commit, given one after the other, with the staged ones; both come in the order of their paths.
private struct StagedComparison {
  private let staged: StagedFiles
  private var next = 0
  private var changes = FileChanges()

  init(_ staged: StagedFiles) { self.staged = staged }

  mutating func meet(_ path: [UInt8], _ old: FileChange.Version) {
    while next < staged.count {
      let order = staged.order(next, path)
      if order > 0 { break }
      if order < 0 {
        addStaged()
        continue
      }
      let new = staged.version(next)
      if new != old { changes.add(path, old, new) }
      next += 1
      return
    }
    changes.add(path, old, nil)
  }

  mutating func finish() -> [FileChange] {
    while next < staged.count { addStaged() }
    return changes.list
  }

  private mutating func addStaged() {
    changes.add(Array(staged.path(next)), nil, staged.version(next))
    next += 1
  }
}
