import Base
private import CGit2
private import Glibc

/// libgit2 can move a branch only under a lock file that stays for ever when the process is killed. So the branch is moved here
/// as git's "files" back end does it: lock, compare, write a new file, rename it over the old one, note it in the reflog.
extension Repository {
  /// Moves a branch from one commit (`nil`: there is no such branch) to another, or throws `modified` where it is not there.
  func moveBranch(
    _ branch: String, from old: ObjectID?, to new: ObjectID, by person: CommitPerson, note: String
  ) throws(GitError) {
    let operation = "move branch '\(branch)'"
    let reference = "refs/heads/\(branch)"
    try requireValid(branch, operation)
    let file = "\(commonDirectory)/\(reference)"
    let scratch = try scratchFolder()
    try makeFolders(above: file, operation)
    let lock = try LockFile(of: file, scratch: scratch)
    defer { withExtendedLifetime(lock) {} }
    guard try target(ofReference: reference) == old else { throw GitError(.modified, operation, subject: branch) }
    if old == nil { try requireNoNeighbours(of: reference, branch, operation) }
    let temporary = temporaryPath(in: scratch, "branch")
    try writeNewFile(temporary, Array("\(new.hex)\n".utf8))
    guard replace(file, by: temporary) else {
      let code = errno
      unlink(temporary)
      throw GitError(file: file, operation, errno: code)
    }
    try noteInReflogs(of: reference, branch, old, new, person, note)
  }

  /// A folder of Muster's own in the git directory, for temporary files. What killed runs left there long ago is removed.
  func scratchFolder() throws(GitError) -> String {
    let folder = "\(commonDirectory)/muster/unfinished"
    do {
      try FileSystem.makeFolder(folder)
      let hourAgo = Instant(milliseconds: Int64(time(nil) - 3600) * 1000)
      for name in try FileSystem.names(in: folder) {
        let file = "\(folder)/\(name)"
        if let status = FileSystem.status(file), status.modified < hourAgo { unlink(file) }
      }
    } catch {
      throw GitError(file: folder, "make a folder", errno: error.code)
    }
    return folder
  }

  /// Throws where the branch is checked out in this or another work tree: moving it would make all its files look edited.
  func requireNotCheckedOut(_ branch: String) throws(GitError) {
    let error = GitError(.branchCheckedOut, "move branch '\(branch)'", subject: branch)
    if workTree != nil, try headBranch == branch { throw error }
    let folder = "\(commonDirectory)/worktrees"
    guard FileSystem.kind(folder) == .folder else { return }
    do {
      for name in try FileSystem.names(in: folder) where FileSystem.kind("\(folder)/\(name)/HEAD") == .file {
        let head = try FileSystem.read("\(folder)/\(name)/HEAD", limit: 4096)
        if String(decoding: head, as: UTF8.self) == "ref: refs/heads/\(branch)\n" { throw error }
      }
    } catch let problem as FileError {
      throw GitError(file: problem.path, "look for work trees", errno: problem.code)
    } catch {
      throw GitError(.branchCheckedOut, "move branch '\(branch)'", subject: branch)
    }
  }

  /// Throws where git allows no branch of that name.
  func requireValid(_ branch: String, _ operation: String) throws(GitError) {
    try requireText(branch, operation)
    var isValid: Int32 = 0
    try check(cgit2().pointee.git_reference_name_is_valid(&isValid, "refs/heads/\(branch)"), operation)
    if isValid == 0 || branch == "HEAD" || branch.hasPrefix("-") {
      throw GitError(.invalidInput, operation, subject: branch, detail: "git allows no branch of that name")
    }
  }

  /// `refs/heads/a` and `refs/heads/a/b` cannot both be, also where one of them is packed.
  private func requireNoNeighbours(of reference: String, _ branch: String, _ operation: String) throws(GitError) {
    var isTaken = try hasReference(matching: "\(reference)/*")
    var name = reference
    while !isTaken, let slash = name.lastIndex(of: "/"), name != "refs/heads" {
      name = String(name[..<slash])
      if name != "refs/heads", try target(ofReference: name) != nil { isTaken = true }
    }
    if isTaken {
      throw GitError(
        .invalidInput, operation, subject: branch,
        detail: "one branch's name would be the folder of another's")
    }
  }

  private func makeFolders(above file: String, _ operation: String) throws(GitError) {
    let folder = String(file[..<(file.lastIndex(of: "/") ?? file.endIndex)])
    do {
      try FileSystem.makeFolder(folder)
    } catch {
      throw GitError(file: folder, operation, errno: error.code)
    }
  }

  /// Puts the temporary file in the place of the reference; folders that deleted branches left behind there are removed.
  private func replace(_ file: String, by temporary: String) -> Bool {
    if rename(temporary, file) == 0 { return true }
    guard errno == EISDIR || errno == ENOTEMPTY || errno == EEXIST else { return false }
    removeEmptyFolders(file)
    return rename(temporary, file) == 0
  }

  private func removeEmptyFolders(_ folder: String) {
    for name in (try? FileSystem.names(in: folder)) ?? [] { removeEmptyFolders("\(folder)/\(name)") }
    rmdir(folder)
  }
}
