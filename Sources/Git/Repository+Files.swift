extension Repository {
  /// How deep folders may lie in each other; git's own limit is 2048, and nobody's files lie deeper than this.
  static let deepestFolder = 128

  /// The files of a commit at and below the given paths (all files where none are given).
  package func files(in commit: ObjectID, below paths: [String] = []) throws(GitError) -> FileTree {
    var builder = FileTreeBuilder()
    let root = try treeID(of: commit)
    var path: [UInt8] = []
    try collect(root, PathSelection(paths), &path, depth: 0, &builder)
    return builder.finish(.repository(location))
  }

  /// The files of the work tree at and below the given paths, staged or not, ignored or not.
  package func workTreeFiles(below paths: [String] = []) throws(GitError) -> FileTree {
    guard let workTree else { throw GitError(.bareRepository, "read the work tree") }
    return try FileTree(folder: workTree, below: paths)
  }

  private func collect(
    _ tree: ObjectID, _ wanted: PathSelection, _ path: inout [UInt8], depth: Int, _ builder: inout FileTreeBuilder
  ) throws(GitError) {
    if depth > Self.deepestFolder { throw Self.tooDeep(path) }
    var cursor = try TreeCursor(treeBytes(tree), of: tree)
    while !cursor.isAtEnd {
      if let wantedBelow = wanted.child(cursor.name) {
        let length = path.count
        path += cursor.name
        if cursor.item.isFolder {
          path.append(UInt8(ascii: "/"))
          try collect(cursor.item.id, wantedBelow, &path, depth: depth + 1, &builder)
        } else if wantedBelow.isWhole {
          builder.add(path, id: cursor.item.id, kind: FileTree.Kind(mode: cursor.item.mode))
        }
        path.removeSubrange(length...)
      }
      try cursor.advance()
    }
  }

  static func tooDeep(_ path: [UInt8]) -> GitError {
    let text = String(decoding: path.prefix(80), as: UTF8.self) + "…"
    return GitError(
      .invalidInput, "read a tree", subject: text, detail: "folders lie deeper than \(deepestFolder) in each other")
  }
}
