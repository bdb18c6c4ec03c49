private import CGit2

extension GitError {
  /// The error behind a negative status of libgit2. Its text is per thread and only true until the next call, so this must
  /// be the first call after the failure.
  init(status: Int32, _ operation: String, subject: String = "") {
    let text = cgit2().pointee.git_error_last().flatMap { $0.pointee.message }.map { String(cString: $0) }
    let detail = text ?? "libgit2 gave error \(status) without a reason"
    self.init(Self.code(of: status, detail), operation, subject: subject, detail: detail)
  }

  /// libgit2 1.5 has one status for many causes; what tells them apart is only in the text.
  private static func code(of status: Int32, _ text: String) -> Code {
    if let code = codeOfUnsupported(text) { return code }
    switch git_error_code(status) {
    case GIT_EOWNER: return .unsafeOwner
    case GIT_EAMBIGUOUS: return .ambiguousRevision
    case GIT_EBAREREPO: return .bareRepository
    case GIT_ELOCKED: return .locked
    case GIT_EMODIFIED: return .modified
    case GIT_EMISMATCH: return .corruptObject
    case GIT_EINVALIDSPEC: return .invalidInput
    case GIT_ENOTFOUND: return text.contains("safe.directory") ? .unsafeOwner : .missingObject
    default: return .other
    }
  }

  private static func codeOfUnsupported(_ text: String) -> Code? {
    if text.contains("unsupported mandatory extension: 'link'") { return .splitIndex }
    if text.contains("unsupported mandatory extension: 'sdir'") { return .sparseIndex }
    guard text.contains("unsupported") else { return nil }
    let lower = text.lowercased()
    if lower.contains("extensions.objectformat") { return .sha256Repository }
    if lower.contains("extensions.refstorage") { return .reftable }
    if lower.contains("extensions.partialclone") { return .partialCloneExtension }
    if lower.contains("extensions.worktreeconfig") { return .worktreeConfig }
    if lower.contains("extension name") || lower.contains("repository version") { return .unsupportedFormat }
    return nil
  }
}

/// Throws where libgit2 gives a negative status; gives the status otherwise.
@discardableResult
func check(
  _ status: Int32, _ operation: @autoclosure () -> String, subject: @autoclosure () -> String = ""
) throws(GitError) -> Int32 {
  // Texts are made only where they are needed: hexadecimal digits of 10,000 objects cost more than finding these.
  if status < 0 { throw GitError(status: status, operation(), subject: subject()) }
  return status
}
