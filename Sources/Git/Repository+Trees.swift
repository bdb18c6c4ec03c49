private import CGit2

extension Repository {
  /// Stores a file's content and gives its name. Nothing refers to it yet.
  package func writeBlob(_ bytes: [UInt8]) throws(GitError) -> ObjectID {
    var id = git_oid()
    let status = bytes.withUnsafeBytes {
      cgit2().pointee.git_blob_create_from_buffer(&id, handle, $0.baseAddress, $0.count)
    }
    try check(status, "write a file's content")
    return ObjectID(raw: &id)
  }

  /// Stores the tree that results from editing another (`nil`: an empty one) and gives its name. Folders that no edit is in are
  /// not opened; folders that become empty go.
  func writeTree(_ edits: TreeEdits, from base: ObjectID?) throws(GitError) -> ObjectID {
    if edits.root.content != nil { preconditionFailure("a path has at least one part") }
    let builder = try TreeBuilder(self, from: edits.root.isEmptied ? nil : base)
    try apply(edits.root, to: builder, at: "")
    return try builder.write()
  }

  private func apply(_ node: TreeEdits.Node, to builder: borrowing TreeBuilder, at path: String) throws(GitError) {
    for (name, child) in node.children.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
      let childPath = path + String(decoding: name, as: UTF8.self)
      if let content = child.content {
        // Deleting a folder and writing into it again is a complete list of it; a file cannot have files below it.
        guard case .nothing = content else {
          if child.children.isEmpty && !child.isEmptied {
            try write(content, name, to: builder)
            continue
          }
          throw GitError(.invalidInput, "write a tree", subject: childPath, detail: "it is both a file and a folder")
        }
      }
      let old = builder.entry(name)
      let isReplaced = child.isEmptied || child.content != nil
      let base = isReplaced || old?.mode != TreeMode.folder ? nil : old?.id
      if base == nil && child.children.isEmpty {
        if isReplaced, old != nil { try builder.remove(name) }
        continue
      }
      let inner = try TreeBuilder(self, from: base)
      try apply(child, to: inner, at: childPath + "/")
      if inner.isEmpty {
        // Only deletions below a file: the file stays.
        if let old, old.mode == TreeMode.folder { try builder.remove(name) }
      } else {
        try builder.insert(name, try inner.write(), TreeMode.folder)
      }
    }
  }

  private func write(
    _ content: TreeEdits.Content, _ name: [UInt8], to builder: borrowing TreeBuilder
  ) throws(GitError) {
    let id: ObjectID
    switch content {
    case .bytes(let bytes): id = try writeBlob(bytes)
    case .blob(let blob): id = blob
    case .nothing: return
    }
    let wasExecutable = builder.entry(name)?.mode == TreeMode.executable
    try builder.insert(name, id, wasExecutable ? TreeMode.executable : TreeMode.file)
  }
}

/// One folder while it is edited.
private struct TreeBuilder: ~Copyable {
  private let handle: OpaquePointer

  init(_ repository: borrowing Repository, from base: ObjectID?) throws(GitError) {
    let git = cgit2()
    var tree: OpaquePointer?
    if let base {
      let status = base.lend {
        git.pointee.git_tree_lookup(&tree, repository.handle, $0.assumingMemoryBound(to: git_oid.self))
      }
      try check(status, "read a tree", subject: base.hex)
    }
    defer { git.pointee.git_tree_free(tree) }
    var builder: OpaquePointer?
    try check(git.pointee.git_treebuilder_new(&builder, repository.handle, tree), "edit a tree")
    guard let builder else { preconditionFailure("libgit2 gives a builder when it gives no error") }
    handle = builder
  }

  deinit { cgit2().pointee.git_treebuilder_free(handle) }

  var isEmpty: Bool { cgit2().pointee.git_treebuilder_entrycount(handle) == 0 }

  borrowing func entry(_ name: [UInt8]) -> (id: ObjectID, mode: UInt32)? {
    let text = name.map { CChar(bitPattern: $0) } + [0]
    guard let entry = cgit2().pointee.git_treebuilder_get(handle, text),
      let id = cgit2().pointee.git_tree_entry_id(entry)
    else { return nil }
    return (ObjectID(raw: id), UInt32(bitPattern: Int32(cgit2().pointee.git_tree_entry_filemode(entry).rawValue)))
  }

  borrowing func insert(_ name: [UInt8], _ id: ObjectID, _ mode: UInt32) throws(GitError) {
    let text = name.map { CChar(bitPattern: $0) } + [0]
    let status = id.lend {
      cgit2().pointee.git_treebuilder_insert(
        nil, handle, text, $0.assumingMemoryBound(to: git_oid.self), git_filemode_t(mode))
    }
    try check(status, "edit a tree", subject: String(decoding: name, as: UTF8.self))
  }

  borrowing func remove(_ name: [UInt8]) throws(GitError) {
    let text = name.map { CChar(bitPattern: $0) } + [0]
    let status = cgit2().pointee.git_treebuilder_remove(handle, text)
    try check(status, "edit a tree", subject: String(decoding: name, as: UTF8.self))
  }

  borrowing func write() throws(GitError) -> ObjectID {
    var id = git_oid()
    try check(cgit2().pointee.git_treebuilder_write(&id, handle), "write a tree")
    return ObjectID(raw: &id)
  }
}
