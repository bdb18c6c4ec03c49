private import CGit2

extension Repository {
  /// Commits edits of some files on the branch that is checked out, as `git commit -- PATHS` would: the files are written to the
  /// work tree, the commit has the tree of `HEAD` with these edits, the index gets these entries. Everything else in index and
  /// work tree stays, staged or not. Hooks do not run.
  ///
  /// Objects, files, branch, index change in this order, each at once, so that a killed run leaves a valid repository and the
  /// same call again completes it. Gives the commit's name; `nil` where `HEAD` holds these files already (then files and
  /// index are completed all the same). Throws `modified` where the branch moved meanwhile; the files are then already written.
  package func commitInWorkTree(
    _ draft: CommitDraft, files: [String: FileEdit], signing: CommitSigner? = nil
  ) throws(GitError) -> ObjectID? {
    guard let workTree else { throw GitError(.bareRepository, "commit files") }
    try requireNothingUnderWay()
    guard let branch = try headBranch else { throw GitError(.detachedHead, "commit files") }
    let scratch = try scratchFolder()
    let parent = try tip(ofBranch: branch)
    // An index that cannot be changed is better known before anybody is asked to sign.
    _ = try stagedFiles(below: files.keys.sorted())
    let edits = try TreeEdits(files)
    let commit = try writeCommit(draft, edits, on: parent, signing: signing)
    var tree: ObjectID?
    if let committed = commit ?? parent { tree = try treeID(of: committed) }
    let index = try IndexUpdate(indexPath, scratch: scratch)
    let writer = try FolderWriter(workTree, scratch: scratch)
    for (path, edit) in files.sorted(by: { $0.key < $1.key }) {
      try index.requireNoConflict(at: path)
      try apply(edit, path, tree, writer, index)
    }
    try index.prepare()
    if let commit {
      let isFirst = parent == nil
      try moveBranch(
        branch, from: parent, to: commit, by: draft.committer,
        note: "commit\(isFirst ? " (initial)" : ""): \(draft.message)")
    }
    try index.finish()
    return commit
  }

  private func apply(
    _ edit: FileEdit, _ path: String, _ tree: ObjectID?, _ writer: borrowing FolderWriter,
    _ index: borrowing IndexUpdate
  ) throws(GitError) {
    switch edit {
    case .delete:
      try writer.delete(path)
      try index.remove(path)
    case .write(let bytes):
      try writer.write(path, bytes)
      guard let tree, let entry = try entry(path, inTree: tree) else {
        throw GitError(.missingObject, "commit files", subject: path)
      }
      try index.set(path, entry.id, mode: entry.mode, try writer.stamp(of: path))
    }
  }

  /// The entry of a tree at a path; `nil` where there is none.
  private func entry(_ path: String, inTree tree: ObjectID) throws(GitError) -> (id: ObjectID, mode: UInt32)? {
    var current = (id: tree, mode: TreeMode.folder)
    for part in try parts(ofPath: path) {
      if current.mode != TreeMode.folder { return nil }
      var cursor = try TreeCursor(treeBytes(current.id), of: current.id)
      while !cursor.isAtEnd && !cursor.name.elementsEqual(part) { try cursor.advance() }
      if cursor.isAtEnd { return nil }
      current = (cursor.item.id, cursor.item.mode)
    }
    return current
  }

  /// A commit of some files only would lose the rest of a merge; git itself refuses it.
  private func requireNothingUnderWay() throws(GitError) {
    let state = git_repository_state_t(UInt32(cgit2().pointee.git_repository_state(handle)))
    let name: String
    switch state {
    case GIT_REPOSITORY_STATE_NONE, GIT_REPOSITORY_STATE_BISECT: return
    case GIT_REPOSITORY_STATE_MERGE: name = "merge"
    case GIT_REPOSITORY_STATE_REVERT, GIT_REPOSITORY_STATE_REVERT_SEQUENCE: name = "revert"
    case GIT_REPOSITORY_STATE_CHERRYPICK, GIT_REPOSITORY_STATE_CHERRYPICK_SEQUENCE: name = "cherry-pick"
    default: name = "rebase"
    }
    throw GitError(.operationInProgress, "commit files", subject: name)
  }
}
