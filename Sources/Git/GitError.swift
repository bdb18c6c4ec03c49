import Base
private import Glibc

/// Why something with git could not be done, and what to do about it.
package struct GitError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What kind of failure it is; the texts of each are in `GitError+Texts.swift`.
  package enum Code: String, Sendable, CaseIterable {
    /// libgit2 is not installed, or not in the version that the program was built for.
    case libraryMissing
    /// No repository at or above the path.
    case noRepository
    /// The repository uses SHA-256 object names (`extensions.objectFormat`).
    case sha256Repository
    /// The repository keeps its references in a reftable (`extensions.refStorage`).
    case reftable
    /// The repository declares a partial clone (`extensions.partialClone`).
    case partialCloneExtension
    /// The repository has settings per work tree (`extensions.worktreeConfig`).
    case worktreeConfig
    /// The repository's format is newer than libgit2 knows.
    case unsupportedFormat
    /// The repository belongs to another user and is not in `safe.directory`.
    case unsafeOwner
    /// The index is split in two files.
    case splitIndex
    /// The index holds folders instead of files (`index.sparse`).
    case sparseIndex
    /// The index holds an unresolved merge conflict.
    case conflictedIndex
    /// The history is cut off by a shallow clone.
    case shallow
    /// An object is not in the repository.
    case missingObject
    /// An object's bytes do not match its name, or have not the form of their kind.
    case corruptObject
    /// An object is of another kind than expected.
    case wrongKind
    /// A file is larger than the caller's limit.
    case tooLarge
    /// A revision names nothing.
    case noSuchRevision
    /// A short object name fits several objects.
    case ambiguousRevision
    /// A name, path or text that git does not allow.
    case invalidInput
    /// The repository has no work tree.
    case bareRepository
    /// `HEAD` is on no branch.
    case detachedHead
    /// A merge, rebase or the like is under way.
    case operationInProgress
    /// The branch is checked out, so it may only move together with the work tree.
    case branchCheckedOut
    /// The branch moved meanwhile: read again and retry.
    case modified
    /// Another program holds a lock file.
    case locked
    /// The signer given by the caller failed.
    case signingFailed
    /// A file could not be read or written.
    case file
    /// What libgit2 says otherwise.
    case other
  }

  /// What kind of failure it is.
  package let code: Code
  /// What was tried, as in "read the index".
  package let operation: String
  /// The object, path, branch or setting that it is about; empty where there is none.
  package let subject: String
  /// What the library or the system said; empty where the code says all.
  package let detail: String

  init(_ code: Code, _ operation: String, subject: String = "", detail: String = "") {
    self.code = code
    self.operation = operation
    self.subject = subject
    self.detail = detail
  }

  /// A file that could not be read or written, with the system's error number.
  init(file path: String, _ operation: String, errno code: Int32) {
    self.init(.file, operation, subject: path, detail: String(cString: strerror(code)))
  }

  /// The same error about a subject that the place of failure did not know.
  func about(_ subject: String) -> GitError {
    self.subject.isEmpty ? GitError(code, operation, subject: subject, detail: detail) : self
  }

  /// What is wrong, one sentence, and the hint where there is one: `cannot open the repository: … (…)`.
  package var description: String {
    let tail = hint.isEmpty ? "" : " (\(hint))"
    return "cannot \(operation): \(message)\(tail)".escapedOnOneLine
  }
}
