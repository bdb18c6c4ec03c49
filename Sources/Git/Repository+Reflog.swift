import Base
private import Glibc

extension Repository {
  /// Appends a line to the reflog of a reference, and to that of `HEAD` where it is on it, as far as git would keep them.
  func noteInReflogs(
    of reference: String, _ branch: String, _ old: ObjectID?, _ new: ObjectID, _ person: CommitPerson, _ note: String
  ) throws(GitError) {
    let oneLine = note.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
    let zone = abs(person.offset) / 60 * 100 + abs(person.offset) % 60
    let digits = String(10_000 + zone).dropFirst()
    let line =
      "\((old ?? .zero).hex) \(new.hex) \(person.name) <\(person.email)> \(person.time.milliseconds / 1000) "
      + "\(person.offset < 0 ? "-" : "+")\(digits)\t\(oneLine)\n"
    let isKept = try keepsReflogs()
    try append(line, to: "\(commonDirectory)/logs/\(reference)", creating: isKept)
    if try headBranch == branch { try append(line, to: "\(gitDirectory)/logs/HEAD", creating: isKept) }
  }

  /// `core.logAllRefUpdates`: by default true where there is a work tree.
  private func keepsReflogs() throws(GitError) -> Bool {
    guard let value = try setting("core.logallrefupdates") else { return workTree != nil }
    return !["false", "no", "off", "0"].contains(value.lowercased())
  }

  private func append(_ line: String, to file: String, creating: Bool) throws(GitError) {
    if !creating && FileSystem.kind(file) == nil { return }
    let folder = String(file[..<(file.lastIndex(of: "/") ?? file.endIndex)])
    do {
      try FileSystem.makeFolder(folder)
    } catch {
      throw GitError(file: folder, "write the reflog", errno: error.code)
    }
    let descriptor = open(file, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw GitError(file: file, "write the reflog", errno: errno) }
    defer { close(descriptor) }
    // One call: a line is whole or not there.
    if write(descriptor, line, line.utf8.count) != line.utf8.count {
      throw GitError(file: file, "write the reflog", errno: errno)
    }
  }
}
