private import CGit2

/// A name and an address that commits are made with.
package struct PersonName: Hashable, Sendable {
  /// The name.
  package let name: String
  /// The address.
  package let email: String

  package init(name: String, email: String) {
    self.name = name
    self.email = email
  }
}

extension Repository {
  /// A setting of git's configuration (system, user, repository together), such as `user.signingkey`; `nil` where it is not set.
  package func setting(_ name: String) throws(GitError) -> String? {
    let operation = "read the setting '\(name)'"
    try requireText(name, operation)
    var config: OpaquePointer?
    try check(cgit2().pointee.git_repository_config_snapshot(&config, handle), operation)
    defer { cgit2().pointee.git_config_free(config) }
    var value: UnsafePointer<CChar>?
    let status = cgit2().pointee.git_config_get_string(&value, config, name)
    if status == GIT_ENOTFOUND.rawValue { return nil }
    try check(status, operation)
    return value.map { String(cString: $0) }
  }

  /// As `setting`, for one that holds a path, such as `gpg.ssh.allowedSignersFile`: `~` and `~user` are the home folders.
  package func pathSetting(_ name: String) throws(GitError) -> String? {
    let operation = "read the setting '\(name)'"
    try requireText(name, operation)
    var config: OpaquePointer?
    try check(cgit2().pointee.git_repository_config_snapshot(&config, handle), operation)
    defer { cgit2().pointee.git_config_free(config) }
    var buffer = git_buf()
    let status = cgit2().pointee.git_config_get_path(&buffer, config, name)
    if status == GIT_ENOTFOUND.rawValue { return nil }
    try check(status, operation)
    defer { cgit2().pointee.git_buf_dispose(&buffer) }
    return buffer.ptr.map { String(cString: $0) }
  }

  /// The person that makes commits here: `GIT_COMMITTER_NAME` and `GIT_COMMITTER_EMAIL`, else `user.name` and `user.email`. `nil`
  /// where either is not set: git would guess from the machine's name, which tells an auditor nothing.
  package func committer() throws(GitError) -> PersonName? { try person("COMMITTER", "committer") }

  /// The person that writes commits here: `GIT_AUTHOR_NAME` and `GIT_AUTHOR_EMAIL`, else as `committer`.
  package func author() throws(GitError) -> PersonName? { try person("AUTHOR", "author") }

  private func person(_ variable: String, _ section: String) throws(GitError) -> PersonName? {
    guard let name = try text("GIT_\(variable)_NAME", "\(section).name", "user.name"),
      let email = try text("GIT_\(variable)_EMAIL", "\(section).email", "user.email")
    else { return nil }
    return PersonName(name: name, email: email)
  }

  private func text(_ variable: String, _ settings: String...) throws(GitError) -> String? {
    if let value = location.environment[variable], !value.isEmpty { return value }
    for name in settings {
      if let value = try setting(name), !value.isEmpty { return value }
    }
    return nil
  }
}
