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
    _ draft: CommitDraft, tree: ObjectID, parents: [ObjectID], signing: CommitSigner?, in pack: PackDraft? = nil
  ) throws(GitError) -> ObjectID {
    var head = "tree \(tree.hex)\n"
    for parent in parents { head += "parent \(parent.hex)\n" }
    head += "author \(try PersonHandle(draft.author).line)\ncommitter \(try PersonHandle(draft.committer).line)\n"
    try requireText(draft.message, "write a commit")
    // No encoding: UTF-8 is what its absence means, and naming it would add a header line.
    let message = draft.message.hasSuffix("\n") ? draft.message : draft.message + "\n"
    if let signing {
      head += "gpgsig \(try signature(Array("\(head)\n\(message)".utf8), signing).joined(separator: "\n "))\n"
    }
    return try store(.commit, Array("\(head)\n\(message)".utf8), in: pack)
  }

  /// The lines of the signature of a commit's bytes.
  private func signature(_ bytes: [UInt8], _ signing: CommitSigner) throws(GitError) -> [Substring] {
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
    return trimmed.split(separator: "\n", omittingEmptySubsequences: false)
  }
}

private struct PersonHandle: ~Copyable {
  private let pointer: UnsafeMutablePointer<git_signature>

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

  /// `Ana <ana@acme.example> 1785585600 +0200`.
  var line: String {
    let when = pointer.pointee.when
    let minutes = abs(Int(when.offset))
    let digits = String(10_000 + minutes / 60 * 100 + minutes % 60).dropFirst()
    let person = "\(String(cString: pointer.pointee.name)) <\(String(cString: pointer.pointee.email))>"
    return "\(person) \(when.time) \(when.offset < 0 ? "-" : "+")\(digits)"
  }
}
