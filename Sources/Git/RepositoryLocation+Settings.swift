private import CGit2

extension RepositoryLocation {
  /// Gives the repository the settings that git would read with this environment. libgit2 1.5 knows neither
  /// `GIT_CONFIG_GLOBAL` nor `GIT_CONFIG_SYSTEM` nor `GIT_CONFIG_NOSYSTEM`, and would sign and commit as somebody else.
  func setConfiguration(of repository: OpaquePointer) throws(GitError) {
    let names = ["GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM"]
    guard names.contains(where: { environment[$0] != nil }) else { return }
    let git = cgit2()
    let operation = "read git's settings"
    var config: OpaquePointer?
    try check(git.pointee.git_config_new(&config), operation)
    defer { git.pointee.git_config_free(config) }
    for (level, path) in settingFiles(of: repository) where isFileWithContent(path) {
      let status = git.pointee.git_config_add_file_ondisk(config, path, level, repository, 0)
      try check(status, operation, subject: path)
    }
    try check(git.pointee.git_repository_set_config(repository, config), operation)
  }

  private func settingFiles(of repository: OpaquePointer) -> [(level: git_config_level_t, path: String)] {
    let git = cgit2()
    var files: [(level: git_config_level_t, path: String)] = []
    func add(_ level: git_config_level_t, _ path: String?) {
      if let path { files.append((level, path)) }
    }
    func found(_ find: (UnsafeMutablePointer<git_buf>) -> Int32) -> String? {
      var buffer = git_buf()
      defer { git.pointee.git_buf_dispose(&buffer) }
      return find(&buffer) == 0 ? buffer.ptr.map { String(cString: $0) } : nil
    }
    if !["1", "true", "yes", "on"].contains(environment["GIT_CONFIG_NOSYSTEM"]?.lowercased() ?? "") {
      let path = environment["GIT_CONFIG_SYSTEM"]
      add(GIT_CONFIG_LEVEL_SYSTEM, path ?? found { git.pointee.git_config_find_system($0) })
    }
    if let path = environment["GIT_CONFIG_GLOBAL"] {
      add(GIT_CONFIG_LEVEL_GLOBAL, path)
    } else {
      add(GIT_CONFIG_LEVEL_XDG, found { git.pointee.git_config_find_xdg($0) })
      add(GIT_CONFIG_LEVEL_GLOBAL, found { git.pointee.git_config_find_global($0) })
    }
    add(GIT_CONFIG_LEVEL_LOCAL, git.pointee.git_repository_commondir(repository).map { "\(String(cString: $0))config" })
    return files
  }
}
