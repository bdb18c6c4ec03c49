private import Glibc

extension FileTree {
  /// The files of a folder at and below the given paths; it need not be in a repository. Links are listed as links and
  /// never followed, `.git` and folders that are repositories of their own are left out.
  package init(folder: String, below paths: [String] = []) throws(GitError) {
    let wanted = try PathSelection(paths)
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw GitError(file: folder, "read the work tree", errno: errno)
    }
    var walk = FolderWalk()
    var path: [UInt8] = []
    walk.visit(descriptor, wanted, &path, depth: 0)
    // Folders come in the order of their names without the slash that git adds; paths decide.
    let entries = walk.builder.entries.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    self.init(entries: entries, unreadable: walk.builder.unreadable.sorted(), origin: .folder(folder))
  }
}

/// Lists a folder by descriptors, so that nobody can put a link in the way meanwhile.
private struct FolderWalk {
  var builder = FileTreeBuilder()

  /// Lists what is wanted in an open folder and closes it.
  mutating func visit(_ folder: Int32, _ wanted: PathSelection, _ path: inout [UInt8], depth: Int) {
    guard depth <= Repository.deepestFolder else {
      close(folder)
      return builder.refuse(path, "folders lie too deep in each other")
    }
    if !wanted.isWhole {
      for name in wanted.names { visit(name, in: folder, wanted, &path, depth, type: UInt8(DT_UNKNOWN)) }
      close(folder)
      return
    }
    guard let stream = fdopendir(folder) else {
      builder.refuse(path, String(cString: strerror(errno)))
      close(folder)
      return
    }
    var names: [(name: [UInt8], type: UInt8)] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
      names.append((name, entry.pointee.d_type))
    }
    for entry in names.sorted(by: { $0.name.lexicographicallyPrecedes($1.name) }) {
      visit(entry.name, in: folder, wanted, &path, depth, type: entry.type)
    }
    closedir(stream)
  }

  private mutating func visit(
    _ name: [UInt8], in folder: Int32, _ wanted: PathSelection, _ path: inout [UInt8], _ depth: Int, type: UInt8
  ) {
    if name == Array(".".utf8) || name == Array("..".utf8) || isGitDirectoryName(name) { return }
    guard let below = wanted.child(name[...]) else { return }
    let length = path.count
    path += name
    defer { path.removeSubrange(length...) }
    let cName = name.map { CChar(bitPattern: $0) } + [0]
    switch type == UInt8(DT_UNKNOWN) ? typeOf(cName, in: folder, path) : type {
    case UInt8(DT_REG): if below.isWhole { builder.add(path, id: nil, kind: .file) }
    case UInt8(DT_LNK): if below.isWhole { builder.add(path, id: nil, kind: .link) }
    case UInt8(DT_DIR): enter(cName, in: folder, below, &path, depth)
    case UInt8(DT_UNKNOWN): break  // nothing is there, or what is wrong has been noted
    default: if below.isWhole { builder.refuse(path, "it is neither a file nor a folder") }
    }
  }

  private mutating func enter(
    _ name: [CChar], in folder: Int32, _ wanted: PathSelection, _ path: inout [UInt8], _ depth: Int
  ) {
    let inner = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard inner >= 0 else { return builder.refuse(path, String(cString: strerror(errno))) }
    var status = stat()
    if fstatat(inner, ".git", &status, AT_SYMLINK_NOFOLLOW) == 0 {
      builder.add(path, id: nil, kind: .submodule)
      close(inner)
      return
    }
    path.append(UInt8(ascii: "/"))
    visit(inner, wanted, &path, depth: depth + 1)
  }

  private mutating func typeOf(_ name: [CChar], in folder: Int32, _ path: [UInt8]) -> UInt8 {
    var status = stat()
    guard fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
      if errno != ENOENT { builder.refuse(path, String(cString: strerror(errno))) }
      return UInt8(DT_UNKNOWN)
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return UInt8(DT_REG)
    case S_IFDIR: return UInt8(DT_DIR)
    case S_IFLNK: return UInt8(DT_LNK)
    default: return UInt8(DT_FIFO)
    }
  }
}
