/// All commits that lead to one, in memory: about 100 bytes a commit. libgit2's own walk is not used because it says nothing of
/// shallow clones and its order depends on its caches.
struct CommitGraph {
  private(set) var ids: [ObjectID] = []
  private(set) var trees: [ObjectID] = []
  private var times: [Int64] = []
  // The parents of commit i are parentIndices[parentStarts[i]..<parentStarts[i + 1]].
  private var parentIndices: [Int32] = []
  private var parentStarts: [Int32] = [0]
  private var indices: [ObjectID: Int32] = [:]

  /// Loads the history of a commit, without that of the excluded ones; with `mainLine` only its first parents.
  static func load(
    from tip: ObjectID, excluding excluded: [ObjectID], mainLine: Bool = false, in repository: borrowing Repository
  ) throws(GitError) -> CommitGraph {
    var graph = CommitGraph()
    var hidden: Set<ObjectID> = []
    var queue = excluded
    let isShallow = repository.isShallow
    while let id = queue.popLast() {
      guard hidden.insert(id).inserted else { continue }
      // Where a shallow clone cuts off what is left out anyway, nothing is missed.
      if isShallow && !repository.has(id) { continue }
      queue += try repository.header(of: id).parents
    }
    if !hidden.contains(tip) { graph.discover(tip) }
    var next = 0
    while next < graph.ids.count {
      let header = try repository.header(of: graph.ids[next])
      graph.trees.append(header.tree)
      graph.times.append(header.time)
      for parent in mainLine ? header.parents.prefix(1) : header.parents[...] {
        if hidden.contains(parent) {
          graph.parentIndices.append(graph.discoverHidden(parent))
        } else {
          graph.parentIndices.append(graph.discover(parent))
        }
      }
      graph.parentStarts.append(Int32(graph.parentIndices.count))
      next += 1
    }
    try graph.loadHiddenTrees(in: repository)
    return graph
  }

  // Parents that are excluded: only their trees are needed, to compare with. Their index is negative: -1 - position.
  private var hiddenIDs: [ObjectID] = []
  private var hiddenTrees: [ObjectID] = []
  private var hiddenIndices: [ObjectID: Int32] = [:]

  @discardableResult
  private mutating func discover(_ id: ObjectID) -> Int32 {
    if let known = indices[id] { return known }
    let index = Int32(ids.count)
    indices[id] = index
    ids.append(id)
    return index
  }

  private mutating func discoverHidden(_ id: ObjectID) -> Int32 {
    if let known = hiddenIndices[id] { return known }
    hiddenIDs.append(id)
    let index = -Int32(hiddenIDs.count)
    hiddenIndices[id] = index
    return index
  }

  private mutating func loadHiddenTrees(in repository: borrowing Repository) throws(GitError) {
    for id in hiddenIDs { hiddenTrees.append(try repository.header(of: id).tree) }
  }

  private func parentRange(of commit: Int) -> Range<Int> { Int(parentStarts[commit])..<Int(parentStarts[commit + 1]) }

  /// The parents of a commit and their trees.
  func parents(of commit: Int) -> [(id: ObjectID, tree: ObjectID)] {
    parentIndices[parentRange(of: commit)].map { parent in
      let at = Int(parent)
      return at >= 0 ? (ids[at], trees[at]) : (hiddenIDs[-1 - at], hiddenTrees[-1 - at])
    }
  }

  /// All commits, each before its parents; where that leaves a choice, the later committer's time first, then the name.
  func newestFirst() -> [Int] {
    var children = [Int32](repeating: 0, count: ids.count)
    for parent in parentIndices where parent >= 0 { children[Int(parent)] += 1 }
    var ready = CommitHeap()
    let precedes: (Int32, Int32) -> Bool = { a, b in
      let (x, y) = (Int(a), Int(b))
      return times[x] != times[y] ? times[x] > times[y] : ids[x] < ids[y]
    }
    for commit in ids.indices where children[commit] == 0 { ready.push(Int32(commit), precedes) }
    var order: [Int] = []
    order.reserveCapacity(ids.count)
    while let commit = ready.pop(precedes) {
      order.append(Int(commit))
      for parent in parentIndices[parentRange(of: Int(commit))] where parent >= 0 {
        children[Int(parent)] -= 1
        if children[Int(parent)] == 0 { ready.push(parent, precedes) }
      }
    }
    return order
  }
}

/// A binary heap of commits.
private struct CommitHeap {
  private var items: [Int32] = []

  mutating func push(_ item: Int32, _ precedes: (Int32, Int32) -> Bool) {
    items.append(item)
    var at = items.count - 1
    while at > 0, precedes(items[at], items[(at - 1) / 2]) {
      items.swapAt(at, (at - 1) / 2)
      at = (at - 1) / 2
    }
  }

  mutating func pop(_ precedes: (Int32, Int32) -> Bool) -> Int32? {
    guard let top = items.first, let last = items.popLast() else { return nil }
    if items.isEmpty { return top }
    items[0] = last
    var at = 0
    while true {
      var best = at
      for child in [2 * at + 1, 2 * at + 2] where child < items.count && precedes(items[child], items[best]) {
        best = child
      }
      if best == at { return top }
      items.swapAt(at, best)
      at = best
    }
  }
}
