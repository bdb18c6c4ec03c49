/// Where identities acted from and in, one kind of term: regions, addresses, agents or places.
struct TermTable: ~Copyable {
  private var cells = CellTable<Tally>(capacity: 2048)
  /// By identity, the last term plus one and the place of its cell: most events repeat the one before.
  private var recent: [(term: UInt32, place: UInt32)] = []

  init() {}

  var memory: Int { cells.memory + recent.count * 8 }

  @inline(__always)
  mutating func add(_ identity: UInt32, _ term: UInt32, _ event: borrowing LogEvent) {
    while recent.count <= Int(identity) { recent.append((0, 0)) }
    var place = Int(recent[Int(identity)].place)
    if recent[Int(identity)].term != term + 1 {
      place = cells.place(identity, term, initial: Tally())
      recent[Int(identity)] = (term + 1, UInt32(place))
    }
    cells[place].add(time: event.time, isFailed: event.isFailed, isDenied: event.isDenied)
  }

  /// Hands each use to `give`: the number of its identity, that of its term, its counts.
  borrowing func drain(_ give: (Int, UInt32, Tally) -> Void) {
    for place in 0..<cells.count {
      let cell = cells.cell(at: place)
      give(cell.owner, cell.term, cell.value)
    }
  }
}

/// Agents without versions and ids; worked out once for each agent.
struct AgentTable {
  /// By the number of the agent, the number of what remains of it plus one.
  private var families: [UInt32] = []

  var memory: Int { families.count * 4 }

  mutating func family(of number: UInt32, _ agent: RawText, _ texts: inout TextTable) -> UInt32 {
    while families.count <= Int(number) { families.append(0) }
    if families[Int(number)] == 0 { families[Int(number)] = texts.number(of: agentFamily(agent)) + 1 }
    return families[Int(number)] - 1
  }
}

/// The places that the source shows.
struct SeenPlaces {
  private var numbers: Set<UInt32> = []
  private var last = UInt32.max

  mutating func add(_ place: UInt32) {
    if place == last { return }
    last = place
    numbers.insert(place)
  }

  func names(_ texts: borrowing TextTable) -> Set<String> {
    var names: Set<String> = []
    for number in numbers { names.insert(texts[number].string) }
    return names
  }
}
