import Base
package import Git
package import Model

/// The branch that holds the facts, `muster/observed` by default.
package struct FactsBranch: Sendable, Hashable {
  package let name: String
  /// How often a write is tried again when the branch moved meanwhile.
  static let attempts = 5

  package init(_ name: String = "muster/observed") { self.name = name }

  /// The facts at a revision, else at the branch's tip; none, without a commit, where there is no such branch. `principals`
  /// limits identities, usage and the lives of credentials to theirs, and reads only the shards that hold them. Of one principal
  /// there is one record for each inventory source: `joiningSources` makes them one.
  package func read(
    _ repository: borrowing Repository, at revision: String? = nil, principals: Set<PrincipalKey>? = nil
  ) throws(FactsError) -> FactSet {
    let commit: ObjectID?
    do throws(GitError) {
      if let revision { commit = try repository.require(revision) } else { commit = try repository.tip(ofBranch: name) }
    } catch {
      throw FactsError(error, "read the facts", branch: revision ?? name)
    }
    guard let commit else { return FactSet() }
    return try read(repository, commit, principals)
  }

  func read(
    _ repository: borrowing Repository, _ commit: ObjectID, _ principals: Set<PrincipalKey>?
  ) throws(FactsError) -> FactSet {
    var decoding = FactsDecoding(principals: principals)
    let whole = [FactsFiles.schemaPath] + FactsFiles.wholePaths.sorted() + FactsFiles.Folder.allCases.map(\.rawValue)
    let first = principals.map { FactsFiles.paths(of: $0).sorted() } ?? whole
    var schema: [UInt8]?
    try forEachFile(repository, commit, [FactsFiles.schemaPath]) { _, bytes throws(FactsError) in schema = bytes }
    try decoding.readSchema(schema)
    try forEachFile(repository, commit, first) { path, bytes throws(FactsError) in try decoding.read(path, bytes) }
    if principals != nil {
      let credentials = FactsFiles.credentialPaths(of: decoding.facts).sorted()
      try forEachFile(repository, commit, credentials) { path, bytes throws(FactsError) in
        try decoding.read(path, bytes)
      }
    }
    var facts = decoding.finish()
    facts.commit = commit.hex
    return facts
  }

  private func forEachFile(
    _ repository: borrowing Repository, _ commit: ObjectID, _ paths: [String],
    _ body: (String, [UInt8]) throws(FactsError) -> Void
  ) throws(FactsError) {
    if paths.isEmpty { return }
    let tree: FileTree
    do throws(GitError) {
      tree = try repository.files(in: commit, below: paths)
    } catch {
      throw FactsError(error, "read the facts", branch: name)
    }
    for entry in tree.entries {
      guard let id = entry.id, entry.kind == .file || entry.kind == .executable else { continue }
      let bytes: [UInt8]
      do throws(GitError) {
        bytes = try repository.contents(of: id)
      } catch {
        throw FactsError(error, "read the facts", branch: name)
      }
      try body(entry.path, bytes)
    }
  }
}
