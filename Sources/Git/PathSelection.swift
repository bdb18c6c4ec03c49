/// Which files of a tree are wanted: given paths, and all below those that are folders. An empty list wants everything.
struct PathSelection {
  /// Whether everything from here on is wanted.
  private(set) var isWhole = false
  private var children: [[UInt8]: PathSelection] = [:]

  /// Paths are relative, with `/` between the parts; a slash at the end is ignored.
  init(_ paths: [String]) throws(GitError) {
    isWhole = paths.isEmpty
    for path in paths { insert(try parts(ofPath: path)[...]) }
  }

  private init() {}

  private mutating func insert(_ parts: ArraySlice<[UInt8]>) {
    guard let first = parts.first else {
      isWhole = true
      return
    }
    children[first, default: PathSelection()].insert(parts.dropFirst())
  }

  /// What is wanted below the entry of that name; `nil` where nothing is.
  func child(_ name: ArraySlice<UInt8>) -> PathSelection? {
    if isWhole { return self }
    return children[Array(name)]
  }

  /// Whether a whole path is wanted.
  func reaches(_ path: [UInt8]) -> Bool {
    if isWhole { return true }
    var selection = self
    var rest = path[...]
    while !rest.isEmpty {
      let name = rest.prefix { $0 != UInt8(ascii: "/") }
      guard let child = selection.child(name) else { return false }
      if child.isWhole { return true }
      selection = child
      rest = rest.dropFirst(name.count + 1)
    }
    return false
  }

  /// The names wanted here, sorted by bytes; without meaning where everything is.
  var names: [[UInt8]] { children.keys.sorted { $0.lexicographicallyPrecedes($1) } }
}

/// The parts of a relative path of a repository. Throws for what git would not store: empty or dot parts, `.git`, zero bytes.
func parts(ofPath path: String) throws(GitError) -> [[UInt8]] {
  let trimmed = path.hasSuffix("/") ? path.dropLast() : path[...]
  var parts: [[UInt8]] = []
  for part in trimmed.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
    let bytes = Array(part)
    if bytes.isEmpty || bytes == Array(".".utf8) || bytes == Array("..".utf8) || isGitDirectoryName(bytes)
      || bytes.contains(0)
    {
      throw GitError(
        .invalidInput, "use a path", subject: path, detail: "a path is relative, without '.', '..' or '.git' in it")
    }
    parts.append(bytes)
  }
  if parts.count > Repository.deepestFolder {
    throw GitError(.invalidInput, "use a path", subject: path, detail: "it is too deep")
  }
  return parts
}

/// Whether a name is git's own folder, in any case of letters: some file systems do not tell them apart.
func isGitDirectoryName(_ name: [UInt8]) -> Bool {
  name.count == 4 && name.map { $0 | 0x20 } == [0x2E | 0x20, 0x67, 0x69, 0x74]
}
