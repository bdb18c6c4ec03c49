private import CGit2
private import Glibc

/// The staged files that were asked for, by the bytes of their paths. All paths lie in one array: 10,000 small ones would cost more
/// to allocate than to compare.
struct StagedFiles {
  private struct File {
    let pathEnd: Int
    let version: FileChange.Version
  }

  private var paths: [UInt8] = []
  private var files: [File] = []

  var count: Int { files.count }

  func path(_ at: Int) -> ArraySlice<UInt8> { paths[start(at)..<files[at].pathEnd] }

  func version(_ at: Int) -> FileChange.Version { files[at].version }

  /// Where a file stands to a path: negative before it, zero at it, positive after it.
  func order(_ at: Int, _ path: [UInt8]) -> Int {
    let (start, end) = (start(at), files[at].pathEnd)
    let common = paths.withUnsafeBytes { x in
      path.withUnsafeBytes { y -> Int32 in
        guard let x = x.baseAddress, let y = y.baseAddress else { return 0 }
        return memcmp(x + start, y, min(end - start, path.count))
      }
    }
    return common != 0 ? Int(common) : end - start - path.count
  }

  mutating func append(_ path: UnsafeRawBufferPointer, _ version: FileChange.Version) {
    paths.append(contentsOf: path)
    files.append(File(pathEnd: paths.count, version: version))
  }

  private func start(_ at: Int) -> Int { at == 0 ? 0 : files[at - 1].pathEnd }
}

/// The index file, opened for reading.
struct Index: ~Copyable {
  private let handle: OpaquePointer

  /// Opened by its path and not through the repository: with `core.ignoreCase` that would sort it in another order than trees.
  init(_ path: String) throws(GitError) {
    var handle: OpaquePointer?
    try check(cgit2().pointee.git_index_open(&handle, path), "read the index", subject: path)
    guard let handle else { preconditionFailure("libgit2 gives an index when it gives no error") }
    self.handle = handle
  }

  deinit { cgit2().pointee.git_index_free(handle) }

  /// The staged files that are wanted. Announced files are none; an unresolved conflict is an error.
  borrowing func files(_ wanted: PathSelection) throws(GitError) -> StagedFiles {
    var files = StagedFiles()
    if wanted.isWhole {
      try gather(from: 0, prefix: [], wanted, &files)
    } else {
      for name in wanted.names {
        var at = 0
        let prefix = name.map { CChar(bitPattern: $0) } + [0]
        let status = cgit2().pointee.git_index_find_prefix(&at, handle, prefix)
        if status == GIT_ENOTFOUND.rawValue { continue }
        try check(status, "read the index")
        try gather(from: at, prefix: name, wanted, &files)
      }
    }
    return files
  }

  private borrowing func gather(
    from start: Int, prefix: [UInt8], _ wanted: PathSelection, _ files: inout StagedFiles
  ) throws(GitError) {
    let git = cgit2()
    let isWhole = wanted.child(prefix[...])?.isWhole ?? false
    for at in start..<git.pointee.git_index_entrycount(handle) {
      guard let entry = git.pointee.git_index_get_byindex(handle, at), let text = entry.pointee.path else { continue }
      let path = UnsafeRawBufferPointer(start: text, count: strlen(text))
      if !path.starts(with: prefix) { return }
      if !prefix.isEmpty, path.count > prefix.count, path[prefix.count] != UInt8(ascii: "/") { continue }
      guard isWhole || wanted.reaches(Array(path)) else { continue }
      let stage = UInt32(entry.pointee.flags) & UInt32(GIT_INDEX_ENTRY_STAGEMASK)
      if stage != 0 {
        throw GitError(.conflictedIndex, "read the index", subject: String(decoding: path, as: UTF8.self))
      }
      if UInt32(entry.pointee.flags_extended) & GIT_INDEX_ENTRY_INTENT_TO_ADD.rawValue != 0 { continue }
      guard let mode = TreeMode.normalised(entry.pointee.mode) else { continue }
      let id = withUnsafePointer(to: entry.pointee.id) { ObjectID(raw: $0) }
      files.append(path, FileChange.Version(id: id, kind: FileTree.Kind(mode: mode)))
    }
  }
}
