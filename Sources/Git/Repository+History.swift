/// One commit of a history and what it changed.
package struct HistoryStep: Sendable {
  /// The commit.
  package let commit: ObjectID
  /// Its parents.
  package let parents: [ObjectID]
  /// The files that differ from the first parent's, by path. Of a merge, only those that differ from every parent's: what
  /// the merge itself brought in.
  package let changes: [FileChange]
}

/// In which order a history is told.
package enum HistoryOrder: Sendable {
  /// Each commit after its parents.
  case oldestFirst
  /// Each commit before its parents.
  case newestFirst
}

extension Repository {
  /// Tells each commit in the history of `tip` that changed a file at or below the given paths (any file where none are given),
  /// leaving out the history of the `excluded` ones. The order is the same in every run: by parents, then the committer's time,
  /// then the name. With `mainLine` only first parents are followed, and a merge shows all that it brought to the branch that it
  /// was made on. Throws `shallow` where the history is cut off. Folders with the same object are not opened.
  package func history(
    from tip: ObjectID, excluding excluded: [ObjectID] = [], touching paths: [String] = [],
    order: HistoryOrder = .oldestFirst, mainLine: Bool = false, _ body: (HistoryStep) throws(GitError) -> Void
  ) throws(GitError) {
    let graph = try loadGraph(from: tip, excluding: excluded, mainLine: mainLine)
    let wanted = try PathSelection(paths)
    var store = TreeStore()
    let newestFirst = graph.newestFirst()
    for position in newestFirst.indices {
      let at = order == .newestFirst ? newestFirst[position] : newestFirst[newestFirst.count - 1 - position]
      let parents = graph.parents(of: at)
      let changes = try changes(of: graph.trees[at], against: parents.map(\.tree), wanted, &store)
      if changes.isEmpty { continue }
      try body(HistoryStep(commit: graph.ids[at], parents: parents.map(\.id), changes: changes))
    }
  }

  /// The names of all commits in the history of `tip`, in the order of `history`.
  package func commits(
    from tip: ObjectID, excluding excluded: [ObjectID] = [], order: HistoryOrder = .oldestFirst
  ) throws(GitError) -> [ObjectID] {
    let graph = try loadGraph(from: tip, excluding: excluded)
    let ids = graph.newestFirst().map { graph.ids[$0] }
    return order == .newestFirst ? ids : ids.reversed()
  }

  func header(of commit: ObjectID) throws(GitError) -> CommitHeader {
    try withObject(commit, .commit) { bytes throws(GitError) in try CommitHeader.parse(bytes, commit) }
  }

  private func loadGraph(
    from tip: ObjectID, excluding excluded: [ObjectID], mainLine: Bool = false
  ) throws(GitError) -> CommitGraph {
    do {
      return try CommitGraph.load(from: tip, excluding: excluded, mainLine: mainLine, in: self)
    } catch {
      // Only what is asked for must be whole: a shallow clone may still hold all commits down to the excluded ones.
      throw error.code == .missingObject && isShallow ? GitError(.shallow, "walk the history") : error
    }
  }

  private func changes(
    of tree: ObjectID, against parents: [ObjectID], _ wanted: PathSelection, _ store: inout TreeStore
  ) throws(GitError) -> [FileChange] {
    // A merge that took everything from one side brought nothing in itself.
    if parents.contains(tree) { return [] }
    var changes = try changes(betweenTrees: parents.first, tree, wanted, &store)
    for other in parents.dropFirst() where !changes.isEmpty {
      let differing = Set(try self.changes(betweenTrees: other, tree, wanted, &store).map(\.path))
      changes.removeAll { !differing.contains($0.path) }
    }
    return changes
  }
}
