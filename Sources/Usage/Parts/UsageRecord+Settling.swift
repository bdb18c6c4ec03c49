extension UsageRecord {
  /// Brings the lists into their one form: each key once, sorted, within the limits (`UsageLimit`). What is kept follows from the
  /// set of all keys alone, so any order of merging keeps the same.
  mutating func settle(_ texts: inout PartTexts) {
    sortCells()
    if needsLimits { limit(&texts) }
    if days.count > UsageLimit.days {
      days.removeFirst(days.count - UsageLimit.days)
      saturated |= UsageRecord.daysBit
    }
  }

  /// Sorts cells and days and adds up equal ones.
  mutating func sortCells() {
    Self.unite(&cells, UsageCell.precedes, UsageCell.isSame) { $0.tally.add($1.tally) }
    Self.unite(&days, { $0.day < $1.day }, { $0.day == $1.day }) { $0.add($1) }
  }

  @inline(__always)
  private static func unite<Element>(
    _ list: inout [Element], _ precedes: (Element, Element) -> Bool, _ isSame: (Element, Element) -> Bool,
    _ add: (inout Element, Element) -> Void
  ) {
    if zip(list, list.dropFirst()).allSatisfy({ precedes($0, $1) }) { return }
    list.sort(by: precedes)
    var kept = 0
    for index in list.indices.dropFirst() {
      if isSame(list[kept], list[index]) {
        add(&list[kept], list[index])
      } else {
        kept += 1
        list[kept] = list[index]
      }
    }
    list.removeLast(list.count - kept - 1)
  }

  /// The other record's cells and days beside one's own; both in their one form.
  mutating func merge(_ other: UsageRecord) {
    total.add(other.total)
    cells = Self.merged(cells, other.cells, UsageCell.precedes, UsageCell.isSame) { $0.tally.add($1.tally) }
    days = Self.merged(days, other.days, { $0.day < $1.day }, { $0.day == $1.day }) { $0.add($1) }
    saturated |= other.saturated
    for reduction in other.reductions where !reductions.contains(reduction) {
      if let index = reductions.firstIndex(where: { $0.action >= reduction.action }) {
        if reductions[index].action == reduction.action {
          reductions[index].level = max(reductions[index].level, reduction.level)
        } else {
          reductions.insert(reduction, at: index)
        }
      } else {
        reductions.append(reduction)
      }
    }
  }

  @inline(__always)
  private static func merged<Element>(
    _ a: [Element], _ b: [Element], _ precedes: (Element, Element) -> Bool, _ isSame: (Element, Element) -> Bool,
    _ add: (inout Element, Element) -> Void
  ) -> [Element] {
    if a.isEmpty { return b }
    if b.isEmpty { return a }
    var result: [Element] = []
    result.reserveCapacity(max(a.count, b.count))
    var (i, j) = (0, 0)
    while i < a.count && j < b.count {
      if isSame(a[i], b[j]) {
        result.append(a[i])
        add(&result[result.count - 1], b[j])
        (i, j) = (i + 1, j + 1)
      } else if precedes(a[i], b[j]) {
        result.append(a[i])
        i += 1
      } else {
        result.append(b[j])
        j += 1
      }
    }
    result += a[i...]
    result += b[j...]
    return result
  }

  private var needsLimits: Bool {
    if !reductions.isEmpty { return true }
    if cells.count <= UsageLimit.temporaryCredentials { return false }
    var start = 0
    while start < cells.count {
      let kind = cells[start].kind
      let end = endOfKind(from: start)
      if kind != .action && end - start > UsageLimit.limit(of: kind) { return true }
      // An action has at least one cell: few cells, few of either.
      if kind == .action && end - start > UsageLimit.resources { return true }
      start = end
    }
    return false
  }

  private func endOfKind(from start: Int) -> Int {
    let head = cells[start].head >> 32
    var end = start + 1
    while end < cells.count && cells[end].head >> 32 == head { end += 1 }
    return end
  }

  private mutating func limit(_ texts: inout PartTexts) {
    // Without room for all: the little that is kept of many would hold it for good.
    var result: [UsageCell] = []
    var start = 0
    while start < cells.count {
      let end = endOfKind(from: start)
      let kind = cells[start].kind
      if kind == .action {
        result += limitedActions(cells[start..<end], &texts)
      } else {
        let terms = cells[start..<end].map(\.term)
        if let kept = keptTerms(terms, UsageLimit.limit(of: kind), texts) {
          saturate(kind)
          result += cells[start..<end].filter { kept.contains($0.term) }
        } else {
          result += cells[start..<end]
        }
      }
      start = end
    }
    cells = result
  }

  /// The terms with the least hashes, by hash, then text; `nil` where there are no more than the limit.
  private func keptTerms(_ terms: [UInt32], _ limit: Int, _ texts: PartTexts) -> Set<UInt32>? {
    if terms.count <= limit { return nil }
    return texts.list.with { texts in
      let hashed = terms.map { (hash: texts[Int($0)].fixedHash, term: $0) }
      let sorted = hashed.sorted { a, b in
        a.hash == b.hash ? RawText.order(texts[Int(a.term)], texts[Int(b.term)]) < 0 : a.hash < b.hash
      }
      return Set(sorted.prefix(limit).map(\.term))
    }
  }

  private mutating func limitedActions(_ uses: ArraySlice<UsageCell>, _ texts: inout PartTexts) -> [UsageCell] {
    var names: [UInt32] = []
    for use in uses where use.term != names.last { names.append(use.term) }
    let kept = keptTerms(names, UsageLimit.actions, texts)
    if let kept {
      saturate(.action)
      // Levels of actions that are no longer kept would depend on the order of merging.
      reductions.removeAll { !kept.contains($0.action) }
    }
    var result: [UsageCell] = []
    result.reserveCapacity(uses.count)
    var start = uses.startIndex
    while start < uses.endIndex {
      var end = start + 1
      while end < uses.endIndex && uses[end].term == uses[start].term { end += 1 }
      if kept?.contains(uses[start].term) ?? true { result += reduced(uses[start..<end], &texts) }
      start = end
    }
    return result
  }

  /// The uses of one action, reduced as far as needed: the level follows from the set of all its resources alone (the least at
  /// which they are few enough).
  private mutating func reduced(_ uses: ArraySlice<UsageCell>, _ texts: inout PartTexts) -> ArraySlice<UsageCell> {
    guard let action = uses.first?.term else { return uses }
    let known = reductions.first { $0.action == action }?.level ?? 0
    var level = known
    if level == 0 && uses.count <= UsageLimit.resources { return uses }
    var result = Array(uses)
    while true {
      if level > 0 {
        for index in result.indices {
          result[index].resource = texts.reduced(result[index].resource, to: level)
        }
        Self.unite(&result, UsageCell.precedes, UsageCell.isSame) { $0.tally.add($1.tally) }
      }
      if result.count <= UsageLimit.resources || level == 2 { break }
      level += 1
    }
    if level > known {
      reductions.removeAll { $0.action == action }
      let place = reductions.firstIndex { $0.action > action } ?? reductions.count
      reductions.insert(ActionReduction(action: action, level: level), at: place)
    }
    return result[...]
  }
}

extension UsageLimit {
  /// How many terms of a kind are kept; of actions, how many names.
  static func limit(of kind: UsageCell.Kind) -> Int {
    switch kind {
    case .action: actions
    case .region: regions
    case .address: addresses
    case .agent: agents
    case .place: places
    case .credential: longLivedCredentials
    case .session: temporaryCredentials
    }
  }
}
