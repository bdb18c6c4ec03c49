import Base
private import Glibc

/// The folder of packs, with the one that Muster keeps there for a branch of its own.
///
/// Git itself stores new objects one a file, each whole, and `git gc` does not make small again what it has once stored as a
/// delta; a day in which a hundredth of the facts changed would cost a fifth of all. So the objects of Muster's branch lie in one
/// pack, `.keep` beside it tells git to leave it alone, and each commit replaces it by one with its objects appended.
///
/// Whoever holds the lock may change these packs. Killed at any moment, every object is in a whole pack: a new pack is
/// visible (by its index) before the old one goes, and the next run removes what is left over.
struct PackFolder: ~Copyable {
  private static let temporaryPrefix = "tmp_pack_muster"
  /// A commit of many facts takes seconds.
  private static let patience = 30_000

  private let path: String
  /// What is in the `.keep` file of these packs.
  private let mark: [UInt8]
  private let lock: LockFile

  /// `scratch` is where locks are prepared.
  init(_ path: String, of branch: String, lock name: String, scratch: String) throws(GitError) {
    do {
      try FileSystem.makeFolder(path)
    } catch {
      throw GitError(file: path, "look at the packs", errno: error.code)
    }
    let lock = try LockFile(of: name, scratch: scratch, patience: PackFolder.patience)
    self.lock = lock
    self.path = path
    mark = Array("muster: all that it has written on \(branch); each commit replaces it\n".utf8)
    for name in (try? FileSystem.names(in: path)) ?? [] where name.hasPrefix(PackFolder.temporaryPrefix) {
      unlink("\(path)/\(name)")
    }
  }

  /// The largest whole pack of the branch.
  borrowing func standing() throws(GitError) -> StandingPack? {
    var packs: [StandingPack] = []
    for name in try ownNames() {
      guard let index = index(name), let bytes = try? FileSystem.read("\(path)/\(name).pack"),
        let pack = StandingPack(name, pack: bytes, index: index)
      else { continue }
      packs.append(pack)
    }
    return packs.max { $0.index.entries.count < $1.index.entries.count }
  }

  /// Puts a pack in the folder and gives its index. Nobody sees it before its index is there.
  borrowing func publish(_ draft: PackDraft) throws(GitError) -> PackIndex {
    let (pack, index) = draft.finish()
    let file = "\(path)/pack-\(index.pack.hex)"
    let temporary = temporaryPath(in: path, PackFolder.temporaryPrefix)
    // The mark first: it is how a run that comes after a killed one finds the rest.
    try write(mark, temporary, as: "\(file).keep")
    try write(pack, temporary, as: "\(file).pack")
    try write(index.bytes, temporary, as: "\(file).idx")
    return index
  }

  private borrowing func write(_ bytes: [UInt8], _ temporary: String, as file: String) throws(GitError) {
    try writeNewFile(temporary, bytes, mode: 0o444)
    if rename(temporary, file) != 0 {
      let code = errno
      unlink(temporary)
      throw GitError(file: file, "write a pack", errno: code)
    }
    try syncFolder()
  }

  private borrowing func syncFolder() throws(GitError) {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw GitError(file: path, "write a pack", errno: errno) }
    fsync(descriptor)
    close(descriptor)
  }

  /// Removes the branch's packs whose objects are all in the published one, and what killed runs left of others.
  borrowing func remove(supersededBy published: PackIndex) throws(GitError) {
    for name in try ownNames() where name != "pack-\(published.pack.hex)" {
      if FileSystem.kind("\(path)/\(name).idx") != nil {
        guard let index = index(name), published.holdsAll(of: index) else { continue }
      }
      try forgetMultiPackIndex(of: name)
      // The index first: a pack without one is not there for git. The mark last: it is how the rest is found again.
      for suffix in ["idx", "rev", "bitmap", "pack", "keep"] { unlink("\(path)/\(name).\(suffix)") }
    }
  }

  /// Removes git's index over several packs where it leads to that one, as `git repack` does; git makes it again.
  private borrowing func forgetMultiPackIndex(of name: String) throws(GitError) {
    let file = "\(path)/multi-pack-index"
    guard let bytes = try? FileSystem.read(file) else { return }
    let isNamed = bytes.indices.contains { bytes[$0] == UInt8(ascii: "p") && bytes[$0...].starts(with: name.utf8) }
    if isNamed && unlink(file) != 0 && errno != ENOENT { throw GitError(file: file, "remove a pack", errno: errno) }
  }

  /// Gives the branch's packs back to git, which then keeps of them what something refers to.
  borrowing func release(except published: PackIndex? = nil) throws(GitError) {
    for name in try ownNames() where published.map({ name != "pack-\($0.pack.hex)" }) ?? true {
      unlink("\(path)/\(name).keep")
    }
  }

  private borrowing func ownNames() throws(GitError) -> [String] {
    do throws(FileError) {
      return try FileSystem.names(in: path).filter { $0.hasPrefix("pack-") && $0.hasSuffix(".keep") }
        .filter { isMark("\(path)/\($0)") }.map { String($0.dropLast(5)) }
    } catch {
      throw GitError(file: path, "look at the packs", errno: error.code)
    }
  }

  private borrowing func isMark(_ file: String) -> Bool {
    (try? FileSystem.read(file, limit: 4096))?.elementsEqual(mark) ?? false
  }

  private borrowing func index(_ name: String) -> PackIndex? {
    (try? FileSystem.read("\(path)/\(name).idx")).flatMap { PackIndex($0) }
  }
}

extension Repository {
  /// The packs of a branch, locked.
  func packFolder(of branch: String) throws(GitError) -> PackFolder {
    let objects = location.objectsFolder ?? "\(commonDirectory)/objects"
    let scratch = try scratchFolder()
    return try PackFolder("\(objects)/pack", of: branch, lock: "\(commonDirectory)/muster/pack", scratch: scratch)
  }
}
