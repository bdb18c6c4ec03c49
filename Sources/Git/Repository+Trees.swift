private import CGit2

extension Repository {
  /// Stores a file's content and gives its name. Nothing refers to it yet.
  package func writeBlob(_ bytes: [UInt8]) throws(GitError) -> ObjectID { try store(.blob, bytes, in: nil) }

  /// Stores an object and gives its name: in a file of its own, or with others in a pack, where the object that it replaces
  /// in the tree makes it small.
  func store(
    _ kind: ObjectKind, _ bytes: [UInt8], replacing old: ObjectID? = nil, in pack: PackDraft?
  ) throws(GitError) -> ObjectID {
    var raw = git_oid()
    let type = git_object_t(kind.rawValue)
    let status = bytes.withUnsafeBytes {
      pack == nil
        ? cgit2().pointee.git_odb_write(&raw, objects, $0.baseAddress, $0.count, type)
        : cgit2().pointee.git_odb_hash(&raw, $0.baseAddress, $0.count, type)
    }
    try check(status, "write a \(kind.name)")
    let id = ObjectID(raw: &raw)
    if let pack, id != old, !pack.has(id) {
      try pack.add(id, kind, bytes, replacing: old) { older throws(GitError) in
        try withObject(older, kind) { bytes throws(GitError) in [UInt8](bytes) }
      }
    }
    return id
  }

  /// Stores the tree that results from editing another (`nil`: an empty one) and gives its name. Folders that no edit is in are
  /// not opened; folders that become empty go.
  func writeTree(_ edits: TreeEdits, from base: ObjectID?, in pack: PackDraft? = nil) throws(GitError) -> ObjectID {
    if edits.root.content != nil { preconditionFailure("a path has at least one part") }
    let tree = try tree(edits.root, from: edits.root.isEmptied ? nil : base, replacing: base, at: "", pack)
    return try store(.tree, tree.bytes, replacing: base, in: pack)
  }

  /// The tree that results from editing the one at `base`; `old` is what was in its place before, which may be emptied first.
  private func tree(
    _ node: TreeEdits.Node, from base: ObjectID?, replacing old: ObjectID?, at path: String, _ pack: PackDraft?
  ) throws(GitError) -> TreeDraft {
    var tree = TreeDraft()
    if let base { tree = try TreeDraft(treeBytes(base), of: base) }
    var before = tree
    if let old, old != base { before = try TreeDraft(treeBytes(old), of: old) }
    for (name, child) in node.children.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
      let childPath = path + String(decoding: name, as: UTF8.self)
      let older = before[name]
      if let content = child.content {
        // Deleting a folder and writing into it again is a complete list of it; a file cannot have files below it.
        guard case .nothing = content else {
          if child.children.isEmpty && !child.isEmptied {
            let isExecutable = tree[name]?.mode == TreeMode.executable
            let id = try id(of: content, replacing: older?.mode == TreeMode.folder ? nil : older?.id, pack)
            tree[name] = TreeDraft.Entry(mode: isExecutable ? TreeMode.executable : TreeMode.file, id: id)
            continue
          }
          throw GitError(.invalidInput, "write a tree", subject: childPath, detail: "it is both a file and a folder")
        }
      }
      let present = tree[name]
      let isReplaced = child.isEmptied || child.content != nil
      let base = isReplaced || present?.mode != TreeMode.folder ? nil : present?.id
      if base == nil && child.children.isEmpty {
        if isReplaced { tree[name] = nil }
        continue
      }
      let oldFolder = older?.mode == TreeMode.folder ? older?.id : nil
      let inner = try self.tree(child, from: base, replacing: oldFolder, at: childPath + "/", pack)
      if !inner.isEmpty {
        tree[name] = TreeDraft.Entry(
          mode: TreeMode.folder, id: try store(.tree, inner.bytes, replacing: oldFolder, in: pack))
      } else if present?.mode == TreeMode.folder {
        // Where there are only deletions below a file, the file stays.
        tree[name] = nil
      }
    }
    return tree
  }

  private func id(
    of content: TreeEdits.Content, replacing old: ObjectID?, _ pack: PackDraft?
  ) throws(GitError) -> ObjectID {
    switch content {
    case .bytes(let bytes): try store(.blob, bytes, replacing: old, in: pack)
    case .blob(let blob): blob
    case .nothing: preconditionFailure("what is deleted has no content")
    }
  }
}
