private import CGit2

extension Repository {
  /// The commit that a revision names (a branch, remote branch, tag, `HEAD~2`, hexadecimal digits, …; tags are followed).
  /// `nil` where nothing has that name; an error where something has it and cannot be read, or is no commit.
  package func resolve(_ revision: String) throws(GitError) -> ObjectID? {
    let operation = "find revision '\(revision)'"
    try requireText(revision, operation)
    let git = cgit2()
    var found: OpaquePointer?
    let status = git.pointee.git_revparse_single(&found, handle, revision)
    if status == GIT_ENOTFOUND.rawValue || status == GIT_EUNBORNBRANCH.rawValue {
      try requireNothing(named: revision, operation)
      return nil
    }
    try check(status, operation, subject: revision)
    defer { git.pointee.git_object_free(found) }
    var commit: OpaquePointer?
    let peeled = git.pointee.git_object_peel(&commit, found, GIT_OBJECT_COMMIT)
    if peeled == GIT_EPEEL.rawValue || peeled == GIT_EINVALIDSPEC.rawValue {
      throw GitError(.wrongKind, operation, subject: revision, detail: "commit")
    }
    try check(peeled, operation, subject: revision)
    defer { git.pointee.git_object_free(commit) }
    guard let id = git.pointee.git_object_id(commit) else { preconditionFailure("a commit has a name") }
    return ObjectID(raw: id)
  }

  /// As `resolve`, with an error where nothing has that name.
  package func require(_ revision: String) throws(GitError) -> ObjectID {
    if let id = try resolve(revision) { return id }
    throw GitError(.noSuchRevision, "find a revision", subject: revision)
  }

  /// The branch that `HEAD` is on, such as `main`, whether or not it has a commit yet; `nil` where `HEAD` is detached.
  package var headBranch: String? {
    get throws(GitError) {
      var reference: OpaquePointer?
      try check(cgit2().pointee.git_reference_lookup(&reference, handle, "HEAD"), "read HEAD")
      defer { cgit2().pointee.git_reference_free(reference) }
      guard let target = cgit2().pointee.git_reference_symbolic_target(reference) else { return nil }
      let name = String(cString: target)
      return name.hasPrefix("refs/heads/") ? String(name.dropFirst("refs/heads/".count)) : nil
    }
  }

  /// The commit that a local branch is at; `nil` where there is no such branch.
  package func tip(ofBranch branch: String) throws(GitError) -> ObjectID? {
    try target(ofReference: "refs/heads/\(branch)")
  }

  /// The best common ancestor of two commits; `nil` where they have none.
  package func mergeBase(_ a: ObjectID, _ b: ObjectID) throws(GitError) -> ObjectID? {
    var base = git_oid()
    let status = a.lend { a in
      b.lend { b in
        cgit2().pointee.git_merge_base(
          &base, handle, a.assumingMemoryBound(to: git_oid.self), b.assumingMemoryBound(to: git_oid.self))
      }
    }
    if status == 0 { return ObjectID(raw: &base) }
    if isShallow { throw GitError(.shallow, "find the common ancestor") }
    if status == GIT_ENOTFOUND.rawValue { return nil }
    throw GitError(status: status, "find the common ancestor", subject: "\(a) or \(b)")
  }

  /// Whether a commit is the other one or is in its history.
  package func isAncestor(_ ancestor: ObjectID, of commit: ObjectID) throws(GitError) -> Bool {
    if ancestor == commit { return true }
    let status = commit.lend { commit in
      ancestor.lend { ancestor in
        cgit2().pointee.git_graph_descendant_of(
          handle, commit.assumingMemoryBound(to: git_oid.self), ancestor.assumingMemoryBound(to: git_oid.self))
      }
    }
    if status == 1 { return true }
    if isShallow { throw GitError(.shallow, "look for an ancestor") }
    try check(status, "look for an ancestor", subject: "\(commit)")
    return false
  }

  /// The object at the end of a reference; `nil` where there is no such reference, or it leads to none (an unborn branch).
  func target(ofReference name: String) throws(GitError) -> ObjectID? {
    try requireText(name, "read a reference")
    var next = name
    for _ in 0..<6 {  // git itself follows at most five symbolic references
      var reference: OpaquePointer?
      let status = cgit2().pointee.git_reference_lookup(&reference, handle, next)
      if status == GIT_ENOTFOUND.rawValue { return nil }
      try check(status, "read a reference", subject: next)
      defer { cgit2().pointee.git_reference_free(reference) }
      if let target = cgit2().pointee.git_reference_target(reference) { return ObjectID(raw: target) }
      guard let symbolic = cgit2().pointee.git_reference_symbolic_target(reference) else { return nil }
      next = String(cString: symbolic)
    }
    throw GitError(.other, "read a reference", subject: name, detail: "reference '\(name)' leads in a circle")
  }

  /// Whether any reference matches a glob.
  func hasReference(matching glob: String) throws(GitError) -> Bool {
    var iterator: OpaquePointer?
    try check(cgit2().pointee.git_reference_iterator_glob_new(&iterator, handle, glob), "list the references")
    defer { cgit2().pointee.git_reference_iterator_free(iterator) }
    var name: UnsafePointer<CChar>?
    let status = cgit2().pointee.git_reference_next_name(&name, iterator)
    if status == GIT_ITEROVER.rawValue { return false }
    try check(status, "list the references")
    return true
  }

  /// Throws where a reference has the name after all: then what it points at is gone, which is not the same as absent.
  private func requireNothing(named revision: String, _ operation: String) throws(GitError) {
    var reference: OpaquePointer?
    guard cgit2().pointee.git_reference_dwim(&reference, handle, revision) == 0 else { return }
    defer { cgit2().pointee.git_reference_free(reference) }
    guard let target = cgit2().pointee.git_reference_target(reference) else { return }
    let id = ObjectID(raw: target)
    if !has(id) { throw GitError(.missingObject, operation, subject: id.hex) }
  }
}
