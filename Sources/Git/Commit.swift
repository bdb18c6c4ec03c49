package import Base

/// A person and a time as a commit states them. Anyone can write anything here: never proof of who did it.
package struct CommitPerson: Hashable, Sendable {
  /// The name, possibly empty.
  package let name: String
  /// The address, possibly empty.
  package let email: String
  /// When, to the second.
  package let time: Instant
  /// The person's offset from UTC in minutes.
  package let offset: Int

  package init(name: String, email: String, time: Instant, offset: Int = 0) {
    self.name = name
    self.email = email
    self.time = time
    self.offset = offset
  }
}

/// What a commit carries as its signature.
package enum CommitSignature: Hashable, Sendable {
  /// No signature.
  case none
  /// One signature (an armoured SSH or PGP text) and the bytes that it signs.
  case one(text: String, payload: [UInt8])
  /// Several signature headers, or one of a kind that git does not write: not to be trusted.
  case several
}

/// A commit.
package struct Commit: Sendable {
  /// Its own name.
  package let id: ObjectID
  /// Its root tree.
  package let tree: ObjectID
  /// Its parents, the branch that it was made on first.
  package let parents: [ObjectID]
  /// Who wrote it, as it says itself.
  package let author: CommitPerson
  /// Who committed it, as it says itself.
  package let committer: CommitPerson
  /// The message; bytes that are not UTF-8 are replaced.
  package let message: String
  /// The signature.
  package let signature: CommitSignature

  /// The first line of the message.
  package var subject: String { String(message.prefix { !$0.isNewline }) }
}

/// A `Key: value` line at the end of a commit message.
package struct Trailer: Hashable, Sendable {
  /// The key as written; git compares it without regard to case.
  package let key: String
  /// The value as written.
  package let value: String
}
