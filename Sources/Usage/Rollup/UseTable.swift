/// Uses of actions on resources by identities.
///
/// An action may meet millions of resources. Once an identity has used it on more than a fact keeps, further ones are counted by
/// what contains them, then as `*`: with what was counted before, a fact comes to the same as if each had been kept.
struct UseTable: ~Copyable {
  /// (identity, permission)
  private var pairs = CellTable<Pair>(capacity: 4096)
  /// (place of the pair, resource)
  private var uses = CellTable<Tally>(capacity: 8192)
  private var scratch = Scratch()

  private struct Pair {
    /// Distinct names so far: of resources, then of containers.
    var resources = 0
    var containers = 0
    /// The container that was counted last, plus one.
    var last: UInt32 = 0
  }

  init() {}

  var memory: Int { pairs.memory + uses.memory }

  /// Counts the event, and adds its resources, as they are counted, to its combination.
  @inline(__always)
  mutating func add(
    _ identity: UInt32, _ permission: UInt32, _ event: borrowing LogEvent, _ texts: inout TextTable,
    _ combinations: inout CombinationTable
  ) {
    let pair = pairs.place(identity, permission, initial: Pair())
    if event.resourceCount == 0 { return count(pair, texts.number(of: .none), event, &combinations) }
    for index in 0..<event.resourceCount {
      let resource = event.resources[index]
      if pairs[pair].resources <= UsageLimit.resources {
        let before = uses.count
        count(pair, texts.number(of: resource), event, &combinations)
        if uses.count > before { pairs[pair].resources += 1 }
      } else {
        addReduced(pair, resource, event, &texts, &combinations)
      }
    }
  }

  /// Begins where the resources of the pair are already reduced to that level.
  mutating func reduce(_ identity: UInt32, _ permission: UInt32, to level: UInt8) {
    let pair = pairs.place(identity, permission, initial: Pair())
    pairs[pair].resources = UsageLimit.resources + 1
    if level > 1 { pairs[pair].containers = UsageLimit.resources + 1 }
  }

  private mutating func addReduced(
    _ pair: Int, _ resource: RawText, _ event: borrowing LogEvent, _ texts: inout TextTable,
    _ combinations: inout CombinationTable
  ) {
    let isAll = pairs[pair].containers > UsageLimit.resources
    let length = isAll ? 0 : ResourceContainer.prefixLength(of: resource)
    let head = resource.prefix(length)
    if pairs[pair].last > 0 {
      let last = pairs[pair].last - 1
      // Containers end with a `*` each.
      if texts[last].count == length + 1 && texts[last].prefix(length) == head {
        return count(pair, last, event, &combinations)
      }
    }
    scratch.reset()
    let number = texts.number(of: scratch.join(head, "*"))
    let before = uses.count
    count(pair, number, event, &combinations)
    if uses.count > before { pairs[pair].containers += 1 }
    pairs[pair].last = number + 1
  }

  @inline(__always)
  private mutating func count(
    _ pair: Int, _ resource: UInt32, _ event: borrowing LogEvent, _ combinations: inout CombinationTable
  ) {
    combinations.add(resource + 1)
    let place = uses.place(UInt32(truncatingIfNeeded: pair), resource, initial: Tally())
    uses[place].add(time: event.time, isFailed: event.isFailed, isDenied: event.isDenied)
  }

  /// Hands each use to `give`: the numbers of its identity, action and resource, its counts.
  borrowing func drain(_ give: (Int, UInt32, UInt32, Tally) -> Void) {
    for place in 0..<uses.count {
      let cell = uses.cell(at: place)
      let pair = pairs.cell(at: cell.owner)
      give(pair.owner, pair.term, cell.term, cell.value)
    }
  }
}
