extension Repository {
  /// Makes a commit on a branch without touching any work tree: the tree of `parent` with the edits. The branch must be at
  /// `parent` (`nil`: it must not exist yet) and moves to the commit; else `modified` is thrown and the caller reads again
  /// and retries. Gives the commit's name; `nil`, and nothing happens, where the edits change nothing. A branch that is checked
  /// out is refused. Killed at any moment, the branch is at the old commit or at the new one.
  ///
  /// The objects go to the one pack of `PackFolder`: this is for a branch that is Muster's own and grows for years.
  package func commit(
    _ draft: CommitDraft, on branch: String, expecting parent: ObjectID?, edits: TreeEdits,
    signing: CommitSigner? = nil
  ) throws(GitError) -> ObjectID? {
    try requireNotCheckedOut(branch)
    try requireValid(branch, "commit on branch '\(branch)'")
    let folder = try packFolder(of: branch)
    guard try tip(ofBranch: branch) == parent else {
      throw GitError(.modified, "commit on branch '\(branch)'", subject: branch)
    }
    let isFirst = parent == nil
    // What an earlier branch of that name had is not carried on.
    let pack = PackDraft(isFirst ? nil : try folder.standing())
    guard let commit = try writeCommit(draft, edits, on: parent, signing: signing, in: pack) else {
      if let standing = pack.standing { try folder.remove(supersededBy: standing.index) }
      return nil
    }
    let published = try folder.publish(pack)
    do {
      try moveBranch(
        branch, from: parent, to: commit, by: draft.committer,
        note: "commit\(isFirst ? " (initial)" : ""): \(draft.message)")
    } catch {
      if isFirst { try folder.release() }
      throw error
    }
    try folder.remove(supersededBy: published)
    if isFirst { try folder.release(except: published) }
    return commit
  }

  /// Stores the commit of edited files on top of a parent; `nil` where the edits change nothing.
  func writeCommit(
    _ draft: CommitDraft, _ edits: TreeEdits, on parent: ObjectID?, signing: CommitSigner?, in pack: PackDraft? = nil
  ) throws(GitError) -> ObjectID? {
    let base: ObjectID?
    if let parent { base = try treeID(of: parent) } else { base = nil }
    let tree = try writeTree(edits, from: base, in: pack)
    if tree == base || (base == nil && tree == ObjectID.emptyTree) { return nil }
    return try writeCommit(draft, tree: tree, parents: parent.map { [$0] } ?? [], signing: signing, in: pack)
  }
}
