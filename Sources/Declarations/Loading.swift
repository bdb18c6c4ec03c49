package import Base
package import Git
package import Model

/// Reads what a tree declares. A bad file becomes diagnostics and never loses the others.
package func loadGovernance(_ tree: FileTree) throws(GitError) -> (governance: Governance, diagnostics: [Diagnostic]) {
  try load(tree, Gathering())
}

/// As `loadGovernance`, but of the declarations only those in the files `paths`, and those in files that claim a handle or
/// principal of theirs: enough to judge the former, at the price of a scan over the bytes of the other files.
///
/// `established` names handles and principals that the same files claimed before the change: they are not looked for, and where
/// nothing else is claimed no other file is even opened. With `nil` nothing is looked for.
package func loadGovernance(
  _ tree: FileTree, declarations paths: Set<String>, established: Set<String>? = []
) throws(GitError) -> (governance: Governance, diagnostics: [Diagnostic]) {
  try load(tree, Gathering(only: paths, established: established))
}

/// Reads what files declare that `read` opens by their paths, relative to the root of the repository.
package func loadGovernance(
  files: [String], declarations paths: Set<String>? = nil, established: Set<String>? = [],
  read: (String) throws -> [UInt8]
) -> (governance: Governance, diagnostics: [Diagnostic]) {
  var gathering = Gathering(only: paths, established: established)
  gathering.run(files.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }) { index, path in
    do { return .success(try read(path)) } catch { return .failure(.init(message: "\(error)", hint: "")) }
  }
  return gathering.loader.finish()
}

private func load(
  _ tree: FileTree, _ gathering: Gathering
) throws(GitError) -> (governance: Governance, diagnostics: [Diagnostic]) {
  let reader = try tree.reader()
  var gathering = gathering
  let entries = tree.entries.filter { entry in
    if entry.kind == .file || entry.kind == .executable { return true }
    if GovernanceLoader.Place(entry.path) != nil {
      gathering.loader.diagnostics.append(
        Diagnostic(
          .warning, at: SourceLocation(path: entry.path),
          "links and submodules are not followed: this one declares nothing",
          hint: "put the file itself here"))
    }
    return false
  }
  gathering.run(entries.map(\.path)) { index, _ in
    do throws(GitError) {
      return .success(try reader.contents(of: entries[index], limit: 1 << 20))
    } catch {
      return .failure(.init(message: error.message, hint: error.hint))
    }
  }
  gathering.loader.diagnostics += tree.unreadable
  return gathering.loader.finish()
}

/// Decides which files are opened and decoded.
private struct Gathering {
  struct Failure: Error {
    let message: String
    let hint: String
  }

  var only: Set<String>?
  var established: Set<String>? = []
  var loader = GovernanceLoader()

  /// Files in the order of their paths; `read` is called with the number and the path of each that is wanted.
  mutating func run(_ paths: [String], read: (Int, String) -> Result<[UInt8], Failure>) {
    var (others, governing): ([Int], [String]) = ([], [])
    governing.reserveCapacity(paths.count)
    for (index, path) in paths.enumerated() {
      guard let place = GovernanceLoader.Place(path) else { continue }
      governing.append(path)
      if place == .declaration, let only, !only.contains(path) {
        others.append(index)
      } else if let file = open(path, read(index, path)) {
        loader.add(file, place)
      }
    }
    loader.diagnostics += CrossChecks.caseTwins(governing)
    guard let established, !others.isEmpty else { return }
    let scan = NameScan(loader.claims.subtracting(established))
    guard !scan.isEmpty else { return }
    for index in others {
      if let file = open(paths[index], read(index, paths[index])), scan.finds(in: file.bytes) {
        loader.add(file, .declaration)
      }
    }
  }

  private mutating func open(_ path: String, _ bytes: Result<[UInt8], Failure>) -> SourceFile? {
    switch bytes {
    case .success(let bytes): return SourceFile(path: path, bytes: bytes)
    case .failure(let failure):
      loader.diagnostics.append(
        Diagnostic(.unreadable, at: SourceLocation(path: path), failure.message, hint: failure.hint))
      return nil
    }
  }
}
