extension GitError {
  /// What is wrong, one sentence without a full stop.
  package var message: String {
    let quoted = "'\(subject)'"
    return switch code {
    case .libraryMissing, .other: detail
    case .noRepository: "there is no git repository at or above \(quoted)"
    case .sha256Repository: "the repository names its objects by SHA-256, which libgit2 1.5 cannot read"
    case .reftable: "the repository keeps its references in a reftable, which libgit2 1.5 cannot read"
    case .partialCloneExtension:
      "the repository declares a partial clone (extensions.partialClone), which libgit2 1.5 cannot open"
    case .worktreeConfig:
      "the repository has settings per work tree (extensions.worktreeConfig), which libgit2 1.5 cannot open"
    case .unsupportedFormat: "the repository has a format that libgit2 1.5 cannot read: \(detail)"
    case .unsafeOwner: "the repository \(quoted) belongs to another user"
    case .splitIndex: "the index is split in two files, which libgit2 1.5 cannot read"
    case .sparseIndex: "the index is sparse, which libgit2 1.5 cannot read"
    case .conflictedIndex: "\(quoted) has an unresolved merge conflict"
    case .shallow: "the clone is shallow: its history is cut off"
    case .missingObject: "object \(subject) is not in this repository"
    case .corruptObject: "object \(subject) is corrupt: \(detail)"
    case .wrongKind: "object \(subject) is not a \(detail)"
    case .tooLarge: "\(quoted) is larger than \(detail) bytes"
    case .noSuchRevision: "\(quoted) names no commit here"
    case .ambiguousRevision: "\(quoted) fits several objects"
    case .invalidInput: subject.isEmpty ? detail : "\(quoted) is not usable: \(detail)"
    case .bareRepository: "the repository has no work tree"
    case .detachedHead: "HEAD is on no branch"
    case .operationInProgress: "a \(subject) is under way in this work tree"
    case .branchCheckedOut: "branch \(quoted) is checked out in this work tree"
    case .modified: "branch \(quoted) moved meanwhile"
    case .locked: "another program holds the lock \(quoted)"
    case .signingFailed: "signing failed: \(detail)"
    case .file: "\(quoted): \(detail)"
    }
  }

  /// What to do, one sentence without a full stop; empty where nothing useful can be said.
  package var hint: String {
    switch code {
    case .libraryMissing: "install it: apt-get install libgit2-1.5"
    case .noRepository: "run it inside a clone, or make one with: git init"
    case .sha256Repository: "use a repository made with: git init --object-format=sha1"
    case .reftable: "convert it with: git refs migrate --ref-format=files"
    case .partialCloneExtension: "unset it with: git config --unset extensions.partialClone"
    case .worktreeConfig:
      "where no work tree needs its own settings, unset it with: git config --unset extensions.worktreeConfig"
    case .unsupportedFormat: ""
    case .unsafeOwner: "if you trust it, run: git config --global --add safe.directory '\(subject)'"
    case .splitIndex: "join it with: git update-index --no-split-index"
    case .sparseIndex: "expand it with: git config index.sparse false && git sparse-checkout reapply --no-sparse-index"
    case .conflictedIndex: "resolve it, then: git add '\(subject)'"
    case .shallow: "fetch the rest with: git fetch --unshallow; in GitHub Actions, checkout with fetch-depth: 0"
    case .missingObject:
      "in a partial clone, fetch all objects with: git fetch --refetch --no-filter; else check it with: git fsck"
    case .corruptObject: "check the repository with: git fsck"
    case .noSuchRevision: "fetch it first; a shallow or single-branch clone has few revisions"
    case .ambiguousRevision: "give more digits"
    case .bareRepository: "run it in a clone that has a work tree"
    case .detachedHead: "check out a branch first: git switch BRANCH"
    case .operationInProgress: "finish or abort it first: git status tells how"
    case .branchCheckedOut: "check out another branch first: git switch BRANCH"
    case .modified: "run it again"
    case .locked: "wait for it to end; if no git runs any more, delete the file"
    case .wrongKind, .tooLarge, .invalidInput, .signingFailed, .file, .other: ""
    }
  }
}
