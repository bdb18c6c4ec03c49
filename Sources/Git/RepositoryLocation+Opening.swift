private import CGit2
private import Glibc

extension RepositoryLocation {
  /// libgit2's handles of the repository and of its objects. libgit2's own reading of the environment is not used: it looks at
  /// the whole process's environment and refuses `GIT_WORK_TREE`.
  func open() throws(GitError) -> (repository: OpaquePointer, objects: OpaquePointer) {
    let repository = try openRepository()
    do {
      try setConfiguration(of: repository)
      try setWorkTree(of: repository)
      return (repository, try openObjects(of: repository))
    } catch {
      cgit2().pointee.git_repository_free(repository)
      throw error
    }
  }

  private func openRepository() throws(GitError) -> OpaquePointer {
    try requireText(folder, "open the repository")
    if value("GIT_COMMON_DIR") != nil {
      throw GitError(
        .invalidInput, "open the repository", subject: "GIT_COMMON_DIR", detail: "libgit2 1.5 does not obey it")
    }
    var flags: UInt32 = 0
    var start = folder.isEmpty ? "." : folder
    if let directory = value("GIT_DIR") {
      start = absolute(directory)
      flags = GIT_REPOSITORY_OPEN_NO_SEARCH.rawValue | GIT_REPOSITORY_OPEN_NO_DOTGIT.rawValue
    }
    if isTrue("GIT_DISCOVERY_ACROSS_FILESYSTEM") { flags |= GIT_REPOSITORY_OPEN_CROSS_FS.rawValue }
    var handle: OpaquePointer?
    let status = cgit2().pointee.git_repository_open_ext(&handle, start, flags, value("GIT_CEILING_DIRECTORIES"))
    if status == 0, let handle { return handle }
    let error = GitError(status: status, "open the repository", subject: start)
    switch error.code {
    case .missingObject: throw GitError(.noRepository, "open the repository", subject: start)
    case .unsafeOwner: throw GitError(.unsafeOwner, "open the repository", subject: rootAbove(start))
    default: throw error
    }
  }

  private func setWorkTree(of repository: OpaquePointer) throws(GitError) {
    guard let folder = value("GIT_WORK_TREE") else { return }
    try check(
      cgit2().pointee.git_repository_set_workdir(repository, absolute(folder), 0), "enter the work tree",
      subject: folder)
  }

  private func openObjects(of repository: OpaquePointer) throws(GitError) -> OpaquePointer {
    let git = cgit2()
    var handle: OpaquePointer?
    if let folder = value("GIT_OBJECT_DIRECTORY") {
      try check(git.pointee.git_odb_open(&handle, absolute(folder)), "open the objects", subject: folder)
      try check(git.pointee.git_repository_set_odb(repository, handle), "open the objects", subject: folder)
    } else {
      try check(git.pointee.git_repository_odb(&handle, repository), "open the objects")
    }
    guard let handle else { preconditionFailure("libgit2 gives objects when it gives no error") }
    for folder in value("GIT_ALTERNATE_OBJECT_DIRECTORIES")?.split(separator: ":") ?? [] {
      let status = git.pointee.git_odb_add_disk_alternate(handle, absolute(String(folder)))
      if status < 0 {
        let error = GitError(status: status, "open the objects", subject: String(folder))
        git.pointee.git_odb_free(handle)
        throw error
      }
    }
    return handle
  }

  /// Where `GIT_OBJECT_DIRECTORY` says that objects are.
  var objectsFolder: String? { value("GIT_OBJECT_DIRECTORY").map { absolute($0) } }

  private func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }

  private func isTrue(_ name: String) -> Bool {
    ["1", "true", "yes", "on"].contains(value(name)?.lowercased() ?? "")
  }

  private func absolute(_ path: String) -> String { path.hasPrefix("/") ? path : "\(folder)/\(path)" }

  /// The folder that `safe.directory` must name: the nearest one at or above the start that holds a repository.
  private func rootAbove(_ start: String) -> String {
    guard let real = realpath(start, nil) else { return start }
    defer { free(real) }
    let whole = String(cString: real)
    var folder = whole
    while !folder.isEmpty {
      if exists("\(folder)/.git") || (exists("\(folder)/HEAD") && exists("\(folder)/objects")) { return folder }
      folder = String(folder[..<(folder.lastIndex(of: "/") ?? folder.startIndex)])
    }
    return whole
  }

  private func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }
}

/// Whether a regular file with at least one byte is at the path.
func isFileWithContent(_ path: String) -> Bool {
  var status = stat()
  return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && status.st_size > 0
}

/// Throws where a text holds a zero byte, at which C would silently cut it off.
func requireText(_ text: String, _ operation: String) throws(GitError) {
  if text.utf8.contains(0) {
    throw GitError(.invalidInput, operation, subject: text, detail: "it holds a zero byte")
  }
}
