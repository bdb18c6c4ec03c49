import Base
private import CGit2

/// A commit to be made: everything but its tree and its parents.
package struct CommitDraft: Sendable {
  /// The message; a line feed at its end is added where it lacks.
  package var message: String
  /// Who wrote it.
  package var author: CommitPerson
  /// Who commits it.
  package var committer: CommitPerson

  package init(message: String, author: CommitPerson, committer: CommitPerson? = nil) {
    self.message = message
    self.author = author
    self.committer = committer ?? author
  }
}

/// Signs the bytes of a commit and gives an armoured signature, as `ssh-keygen -Y sign -n git` does.
package typealias CommitSigner = (_ payload: [UInt8]) throws -> String

extension Repository {
  /// Stores a commit and gives its name. No branch moves.
  func writeCommit(
    _ draft: CommitDraft, tree: ObjectID, parents: [ObjectID], signing: CommitSigner?
  ) throws(GitError) -> ObjectID {
    let bytes = try commitBytes(draft, tree: tree, parents: parents)
    var id = git_oid()
    guard let signing else {
      let status = bytes.withUnsafeBytes {
        cgit2().pointee.git_odb_write(&id, objects, $0.baseAddress, $0.count, GIT_OBJECT_COMMIT)
      }
      try check(status, "write a commit")
      return ObjectID(raw: &id)
    }
    let signature: String
    do {
      signature = try signing(bytes)
    } catch {
      throw GitError(.signingFailed, "sign the commit", detail: "\(error)")
    }
    // A line feed at the end would become one more continuation line, which git does not write.
    let trimmed = String(signature.reversed().drop(while: \.isNewline).reversed())
    if trimmed.isEmpty { throw GitError(.signingFailed, "sign the commit", detail: "the signer gave nothing") }
    try requireText(trimmed, "sign the commit")
    let text = String(decoding: bytes, as: UTF8.self)
    try check(
      cgit2().pointee.git_commit_create_with_signature(&id, handle, text, trimmed, "gpgsig"), "write a commit")
    return ObjectID(raw: &id)
  }

  /// The raw bytes of the commit, which are also what is signed.
  private func commitBytes(
    _ draft: CommitDraft, tree: ObjectID, parents: [ObjectID]
  ) throws(GitError) -> [UInt8] {
    try requireText(draft.message, "write a commit")
    let message = draft.message.hasSuffix("\n") ? draft.message : draft.message + "\n"
    let author = try PersonHandle(draft.author)
    let committer = try PersonHandle(draft.committer)
    let git = cgit2()
    var treeHandle: OpaquePointer?
    var status = tree.lend {
      git.pointee.git_tree_lookup(&treeHandle, handle, $0.assumingMemoryBound(to: git_oid.self))
    }
    try check(status, "write a commit", subject: tree.hex)
    defer { git.pointee.git_tree_free(treeHandle) }
    var commits: [OpaquePointer?] = []
    defer { for commit in commits { git.pointee.git_commit_free(commit) } }
    for parent in parents {
      var commit: OpaquePointer?
      status = parent.lend {
        git.pointee.git_commit_lookup(&commit, handle, $0.assumingMemoryBound(to: git_oid.self))
      }
      try check(status, "write a commit", subject: parent.hex)
      commits.append(commit)
    }
    var buffer = git_buf()
    // No encoding: UTF-8 is what its absence means, and naming it would add a header line.
    status = git.pointee.git_commit_create_buffer(
      &buffer, handle, author.pointer, committer.pointer, nil, message, treeHandle, commits.count, &commits)
    try check(status, "write a commit")
    defer { git.pointee.git_buf_dispose(&buffer) }
    return Array(UnsafeRawBufferPointer(start: buffer.ptr, count: buffer.size))
  }
}

private struct PersonHandle: ~Copyable {
  let pointer: UnsafeMutablePointer<git_signature>

  init(_ person: CommitPerson) throws(GitError) {
    // A line feed in a name would forge a header line; libgit2 1.5 looks only for angle brackets.
    guard (person.name + person.email).unicodeScalars.allSatisfy({ $0.value >= 0x20 }) else {
      throw GitError(
        .invalidInput, "write a commit", subject: "\(person.name) <\(person.email)>",
        detail: "a name and an address are on one line")
    }
    var handle: UnsafeMutablePointer<git_signature>?
    let seconds = person.time.milliseconds / 1000
    let status = cgit2().pointee.git_signature_new(
      &handle, person.name, person.email, seconds, Int32(clamping: person.offset))
    if status < 0 || handle == nil {
      let error = GitError(status: status, "write a commit")
      throw GitError(
        .invalidInput, "write a commit", subject: "\(person.name) <\(person.email)>", detail: error.detail)
    }
    guard let handle else { preconditionFailure("libgit2 gives a signature when it gives no error") }
    pointer = handle
  }

  deinit { cgit2().pointee.git_signature_free(pointer) }
}
