/// Which resources the actions of identities are counted by.
///
/// An action may meet millions of resources. Once an identity has used it on more than a fact keeps, further ones are counted by
/// what contains them, then as `*`: with what was counted before, a fact comes to the same as if each had been kept.
struct UsedResources: ~Copyable {
  /// (identity, permission)
  private var pairs = CellTable<Pair>(capacity: 4096)
  /// By identity, whether one of its actions has too many resources: of few identities.
  private var isAnyReduced: [Bool] = []
  /// (place of the pair, name), and whether the name is a container's.
  private var names = CellTable<Bool>(capacity: 8192)
  private var scratch = Scratch()

  private struct Pair {
    /// Distinct names so far: of resources, then of containers.
    var resources = 0
    var containers = 0
    /// The container that was counted last, plus one.
    var last: UInt32 = 0
  }

  init() {}

  var memory: Int { pairs.memory + names.memory }

  /// Adds an event's resources, as they are counted, to its combination. Whether they are counted by what contains them.
  @inline(__always)
  mutating func add(
    _ identity: UInt32, _ permission: UInt32, _ names: UnsafeMutableBufferPointer<TextTable.Query>,
    _ texts: inout TextTable, _ combinations: inout CombinationTable
  ) -> Bool {
    if isAnyReduced(of: identity) && !names.isEmpty {
      return addReduced(identity, permission, names, &texts, &combinations)
    }
    if names.isEmpty { combinations.add(texts.number(of: RawText.none) + 1) }
    for name in names { combinations.add(texts.number(of: name) + 1) }
    return false
  }

  /// Whether resources of one of the identity's actions may be counted by what contains them: then they are not looked up by their names.
  @inline(__always)
  func isAnyReduced(of identity: UInt32) -> Bool { Int(identity) < isAnyReduced.count && isAnyReduced[Int(identity)] }

  private mutating func addReduced(
    _ identity: UInt32, _ permission: UInt32, _ names: UnsafeMutableBufferPointer<TextTable.Query>,
    _ texts: inout TextTable, _ combinations: inout CombinationTable
  ) -> Bool {
    let pair = pairs.place(identity, permission, initial: Pair())
    let isWhole = pairs[pair].resources <= UsageLimit.resources
    for name in names {
      combinations.add((isWhole ? texts.number(of: name.text) : reduced(pair, name.text, &texts)) + 1)
    }
    return !isWhole
  }

  /// Learns the names that a new combination brings; `words` are those of its resources, which may be names of containers.
  mutating func learn(
    _ identity: UInt32, _ permission: UInt32, _ words: Slice<UnsafeMutableBufferPointer<UInt32>>,
    areContainers isContainer: Bool, _ texts: borrowing TextTable
  ) {
    let pair = pairs.place(identity, permission, initial: Pair())
    for word in words {
      let before = names.count
      _ = names.place(UInt32(truncatingIfNeeded: pair), word, initial: isContainer)
      if names.count == before || texts[word - 1].isEmpty { continue }
      if isContainer { pairs[pair].containers += 1 } else { pairs[pair].resources += 1 }
    }
    if pairs[pair].resources > UsageLimit.resources { markReduced(identity) }
  }

  /// Begins where the resources of the pair are already reduced to that level.
  mutating func reduce(_ identity: UInt32, _ permission: UInt32, to level: UInt8) {
    let pair = pairs.place(identity, permission, initial: Pair())
    pairs[pair].resources = UsageLimit.resources + 1
    if level > 1 { pairs[pair].containers = UsageLimit.resources + 1 }
    markReduced(identity)
  }

  private mutating func markReduced(_ identity: UInt32) {
    while isAnyReduced.count <= Int(identity) { isAnyReduced.append(false) }
    isAnyReduced[Int(identity)] = true
  }

  private mutating func reduced(_ pair: Int, _ resource: RawText, _ texts: inout TextTable) -> UInt32 {
    let isAll = pairs[pair].containers > UsageLimit.resources
    let length = isAll ? 0 : ResourceContainer.prefixLength(of: resource)
    let head = resource.prefix(length)
    if pairs[pair].last > 0 {
      let last = pairs[pair].last - 1
      // Containers end with a `*` each.
      if texts[last].count == length + 1 && texts[last].prefix(length) == head { return last }
    }
    scratch.reset()
    let number = texts.number(of: scratch.join(head, "*"))
    pairs[pair].last = number + 1
    return number
  }
}
