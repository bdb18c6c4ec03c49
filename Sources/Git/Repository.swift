private import CGit2

/// Where a repository is opened from: enough to open it again, such as by each worker thread for itself.
package struct RepositoryLocation: Hashable, Sendable {
  /// The folder where the search upward starts; also what relative paths of the environment start from.
  package let folder: String
  /// Environment variables; only git's own are looked at.
  package let environment: [String: String]

  package init(folder: String, environment: [String: String] = [:]) {
    self.folder = folder
    self.environment = environment.filter { $0.key.hasPrefix("GIT_") }
  }
}

/// An open git repository. One thread uses it at a time; each worker opens its own by `location`.
package struct Repository: ~Copyable {
  let handle: OpaquePointer
  let objects: OpaquePointer
  /// Where it was opened from.
  package let location: RepositoryLocation

  /// Opens the repository at or above a folder, as git itself would in that folder with that environment: `GIT_DIR`,
  /// `GIT_WORK_TREE`, `GIT_INDEX_FILE`, `GIT_OBJECT_DIRECTORY`, `GIT_ALTERNATE_OBJECT_DIRECTORIES`, `GIT_CEILING_DIRECTORIES` and
  /// `GIT_DISCOVERY_ACROSS_FILESYSTEM` are obeyed. Inside a hook the process's own environment must be given: during
  /// `git commit PATH` the index, and during a push the objects, are elsewhere.
  package init(at folder: String, environment: [String: String] = [:]) throws(GitError) {
    try self.init(RepositoryLocation(folder: folder, environment: environment))
  }

  /// Opens the repository at a location again.
  package init(_ location: RepositoryLocation) throws(GitError) {
    try LibGit2.start()
    let opened = try location.open()
    (handle, objects) = opened
    self.location = location
  }

  deinit {
    cgit2().pointee.git_odb_free(objects)
    cgit2().pointee.git_repository_free(handle)
  }

  /// The git directory (`…/.git`, or the one of a linked work tree), without a slash at its end.
  package var gitDirectory: String { text(cgit2().pointee.git_repository_path(handle)) ?? "" }

  /// The git directory that all linked work trees share; else the same as `gitDirectory`.
  package var commonDirectory: String { text(cgit2().pointee.git_repository_commondir(handle)) ?? gitDirectory }

  /// The root of the work tree without a slash at its end; `nil` for a bare repository.
  package var workTree: String? { text(cgit2().pointee.git_repository_workdir(handle)) }

  /// Whether the history is cut off by a shallow clone. libgit2 1.5 looks at the wrong place in a linked work tree, so this
  /// looks itself.
  package var isShallow: Bool { isFileWithContent("\(commonDirectory)/shallow") }

  /// Whether some commands of git show other objects than the stored ones here (`refs/replace`, `info/grafts`). This room
  /// always reads the stored ones.
  package var hasReplaceRefsOrGrafts: Bool {
    get throws(GitError) {
      if isFileWithContent("\(commonDirectory)/info/grafts") { return true }
      return try hasReference(matching: "refs/replace/*")
    }
  }

  /// The file of the index: `GIT_INDEX_FILE`, else the git directory's own.
  var indexPath: String {
    guard let path = location.environment["GIT_INDEX_FILE"], !path.isEmpty else { return "\(gitDirectory)/index" }
    // git enters the work tree's root before it looks at the index.
    return path.hasPrefix("/") ? path : "\(workTree ?? location.folder)/\(path)"
  }
}

/// The text of a path that libgit2 gives, without the slash at its end.
private func text(_ path: UnsafePointer<CChar>?) -> String? {
  guard let path else { return nil }
  let whole = String(cString: path)
  return whole.count > 1 && whole.hasSuffix("/") ? String(whole.dropLast()) : whole
}
