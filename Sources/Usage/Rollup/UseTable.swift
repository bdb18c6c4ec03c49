/// What identities met and how often: sums over combinations, for the facts.
struct UseTable: ~Copyable {
  /// (identity and kind, term)
  private var terms = CellTable<Tally>(capacity: 4096)
  /// (identity, action)
  private var pairs = CellTable<Bool>(capacity: 4096)
  /// (place of the pair, resource)
  private var uses = CellTable<Tally>(capacity: 8192)

  init() {}

  /// Adds what was counted of a combination of somebody; its credential only where that is kept.
  mutating func add(_ words: UnsafeMutableBufferPointer<UInt32>, _ tally: Tally, keepsCredential: Bool) {
    typealias Field = Combinations.Field
    let identity = words[Field.identity] - 1
    for (field, kind) in Field.terms { add(identity, kind, words[field], tally) }
    let isTemporary = words[Field.flags] & Combinations.Flag.isTemporary != 0
    if keepsCredential { add(identity, isTemporary ? .session : .credential, words[Field.credential], tally) }
    let pair = pairs.place(identity, words[Field.action] - 1, initial: true)
    for word in words.dropFirst(Field.resources) {
      uses[uses.place(UInt32(truncatingIfNeeded: pair), word - 1, initial: Tally())].add(tally)
    }
  }

  private mutating func add(_ identity: UInt32, _ kind: UsageCell.Kind, _ word: UInt32, _ tally: Tally) {
    if word == 0 { return }
    let owner = identity << 3 | UInt32(kind.rawValue)
    terms[terms.place(owner, word - 1, initial: Tally())].add(tally)
  }

  /// Hands each sum to `give`, with the number of its identity; texts get the numbers of `map`.
  borrowing func drain(_ map: [UInt32], _ give: (Int, UsageCell) -> Void) {
    for place in 0..<uses.count {
      let cell = uses.cell(at: place)
      let pair = pairs.cell(at: cell.owner)
      give(pair.owner, UsageCell(.action, map[Int(pair.term)], resource: map[Int(cell.term)], cell.value))
    }
    for place in 0..<terms.count {
      let cell = terms.cell(at: place)
      guard let kind = UsageCell.Kind(rawValue: UInt8(truncatingIfNeeded: cell.owner & 7)) else { continue }
      give(cell.owner >> 3, UsageCell(kind, map[Int(cell.term)], cell.value))
    }
  }
}
