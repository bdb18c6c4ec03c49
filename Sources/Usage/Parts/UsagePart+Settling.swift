extension UsagePart {
  /// Brings everything into its one form; the numbers of records and combinations are those of `texts`.
  mutating func settle(_ texts: PartTexts) {
    self.texts = texts
    for index in records.indices { records[index].settle(&self.texts) }
    sortRecords()
    let old = self.texts
    let map = compact()
    var reducer = CombinationReducer(records: records, old: old, map: map, count: self.texts.list.count)
    let (combinations, numbers) = index.combinations.canonical { reducer.reduce(&$0) }
    index.combinations = combinations
    index.renumber(numbers)
  }

  private mutating func sortRecords() {
    func isSorted() -> Bool { zip(records, records.dropFirst()).allSatisfy { $0.identity < $1.identity } }
    if isSorted() { return }
    records.sort { $0.identity < $1.identity }
    // Names that differ only in what is no UTF-8 became one text.
    while let twin = records.indices.dropFirst().first(where: { records[$0 - 1].identity == records[$0].identity }) {
      records[twin - 1].merge(records.remove(at: twin))
      records[twin - 1].settle(&texts)
    }
  }

  /// Leaves out texts that no record names any more, and sorts the others; their new numbers by the old ones.
  private mutating func compact() -> [UInt32] {
    var isUsed = [Bool](repeating: false, count: texts.list.count)
    for record in records { record.mark(&isUsed) }
    if texts.isSorted && !isUsed.contains(false) { return (0..<texts.list.count).map { UInt32($0) } }
    let order = texts.list.with { list in
      let sorted = (0..<texts.sortedCount).filter { isUsed[$0] }
      let added = (texts.sortedCount..<isUsed.count).filter { isUsed[$0] }
      return Self.merged(sorted, added.sorted { RawText.order(list[$0], list[$1]) < 0 }) {
        RawText.order(list[$0], list[$1]) < 0
      }
    }
    var map = [UInt32](repeating: .max, count: isUsed.count)
    for (number, old) in order.enumerated() { map[old] = UInt32(number) }
    for index in records.indices {
      records[index].renumber(map)
      if !texts.isSorted { records[index].sortCells() }
    }
    texts = PartTexts(sorted: texts.list.picked(order))
    return map
  }

  /// Both lists, each sorted, as one.
  private static func merged(_ a: [Int], _ b: [Int], _ precedes: (Int, Int) -> Bool) -> [Int] {
    var result: [Int] = []
    result.reserveCapacity(a.count + b.count)
    var rest = b[...]
    for number in a {
      while let first = rest.first, precedes(first, number) {
        result.append(first)
        rest.removeFirst()
      }
      result.append(number)
    }
    return result + rest
  }
}

/// Brings combinations to what the records keep: terms that are not kept become none, resources of many become what contains them.
private struct CombinationReducer {
  private let records: [UsageRecord]
  private var old: PartTexts
  private let map: [UInt32]
  /// The place of an identity's record by the identity's number; -1 where it has none.
  private let places: [Int32]

  init(records: [UsageRecord], old: PartTexts, map: [UInt32], count: Int) {
    self.records = records
    self.old = old
    self.map = map
    places = records.places(count)
  }

  mutating func reduce(_ words: inout [UInt32]) {
    typealias Field = Combinations.Field
    let identity = renumbered(words[Field.identity])
    guard identity > 0, places[Int(identity) - 1] >= 0 else {
      words = [UInt32](repeating: 0, count: Field.resources)
      return
    }
    // By its place: a copy of a record counts three references.
    let record = Int(places[Int(identity) - 1])
    words[Field.identity] = identity
    for (field, kind) in Field.terms { words[field] = kept(words[field], kind, record) }
    let isTemporary = words[Field.flags] & Combinations.Flag.isTemporary != 0
    words[Field.credential] = kept(words[Field.credential], isTemporary ? .session : .credential, record)
    if words[Field.credential] == 0 { words[Field.flags] &= ~Combinations.Flag.isTemporary }
    words[Field.action] = kept(words[Field.action], .action, record)
    reduceResources(&words, record)
  }

  private mutating func reduceResources(_ words: inout [UInt32], _ record: Int) {
    typealias Field = Combinations.Field
    let action = words[Field.action]
    if action == 0 {
      words.removeLast(words.count - Field.resources)
      return
    }
    let level = records[record].reductions.first { $0.action == action - 1 }?.level ?? 0
    for place in words.indices.dropFirst(Field.resources) where words[place] > 0 {
      let resource = old.reduced(words[place] - 1, to: level)
      words[place] = Int(resource) < map.count ? renumbered(resource + 1) : 0
    }
    if words.count > Field.resources + 1 { words[Field.resources...].sort() }
  }

  private func renumbered(_ word: UInt32) -> UInt32 {
    if word == 0 { return 0 }
    let number = map[Int(word) - 1]
    return number == .max ? 0 : number + 1
  }

  private func kept(_ word: UInt32, _ kind: UsageCell.Kind, _ record: Int) -> UInt32 {
    let word = renumbered(word)
    if word == 0 || !records[record].isSaturated(kind) { return word }
    return records[record].holds(kind, word - 1) ? word : 0
  }
}

extension [UsageRecord] {
  /// The place of each identity's record by the number of its text; -1 where there is none.
  func places(_ texts: Int) -> [Int32] {
    var places = [Int32](repeating: -1, count: texts)
    for (place, record) in enumerated() { places[Int(record.identity)] = Int32(place) }
    return places
  }
}

extension UsageRecord {
  /// The first cell that does not stand before those of the term, and of the resource.
  func firstPlace(_ kind: UsageCell.Kind, _ term: UInt32, resource: UInt32 = 0) -> Int {
    let wanted = UsageCell(kind, term, resource: resource, Tally())
    var (low, high) = (0, cells.count)
    while low < high {
      let middle = (low + high) / 2
      if UsageCell.precedes(cells[middle], wanted) { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Whether there is a cell of the term.
  fileprivate func holds(_ kind: UsageCell.Kind, _ term: UInt32) -> Bool {
    let place = firstPlace(kind, term)
    return place < cells.count && cells[place].kind == kind && cells[place].term == term
  }

  /// Puts the numbers of other texts in place of its own.
  mutating func renumber(_ map: [UInt32]) {
    identity = map[Int(identity)]
    for index in cells.indices {
      cells[index].term = map[Int(cells[index].term)]
      if cells[index].kind == .action { cells[index].resource = map[Int(cells[index].resource)] }
    }
    for index in reductions.indices { reductions[index].action = map[Int(reductions[index].action)] }
    if reductions.count > 1 { reductions.sort { $0.action < $1.action } }
  }

  /// Marks the texts that it names.
  func mark(_ isUsed: inout [Bool]) {
    isUsed[Int(identity)] = true
    for cell in cells {
      isUsed[Int(cell.term)] = true
      if cell.kind == .action { isUsed[Int(cell.resource)] = true }
    }
    for reduction in reductions { isUsed[Int(reduction.action)] = true }
  }
}
