import Base
import Model

/// What identities acted from and in: regions, addresses, agents, places.
struct TermTables: ~Copyable {
  enum Dimension { case regions, addresses, agents, places }

  private var regions = CellTable<Tally>(capacity: 2048)
  private var addresses = CellTable<Tally>(capacity: 4096)
  private var agents = CellTable<Tally>(capacity: 4096)
  private var places = CellTable<Tally>(capacity: 2048)
  /// Numbers of places seen in the source.
  private var seenPlaces: Set<UInt32> = []
  private var lastPlace = UInt32.max
  /// By the number of a raw agent, the number of its normalised form plus one.
  private var agentForms: [UInt32] = []

  init() {}

  var memory: Int { regions.memory + addresses.memory + agents.memory + places.memory + agentForms.count * 4 }

  @inline(__always)
  mutating func add(_ dimension: Dimension, _ identity: UInt32, _ term: UInt32, _ event: borrowing LogEvent) {
    switch dimension {
    case .regions: Self.count(&regions, identity, term, event)
    case .addresses: Self.count(&addresses, identity, term, event)
    case .agents: Self.count(&agents, identity, term, event)
    case .places: Self.count(&places, identity, term, event)
    }
  }

  @inline(__always)
  private static func count(
    _ table: inout CellTable<Tally>, _ identity: UInt32, _ term: UInt32, _ event: borrowing LogEvent
  ) {
    let place = table.place(identity, term, initial: Tally())
    table[place].add(time: event.time, isFailed: event.isFailed, isDenied: event.isDenied)
  }

  mutating func seePlace(_ place: UInt32) {
    if place == lastPlace { return }
    lastPlace = place
    seenPlaces.insert(place)
  }

  /// The number of the agent without versions and ids; worked out once for each raw agent.
  mutating func normalisedAgent(_ number: UInt32, _ agent: RawText, _ texts: inout TextTable) -> UInt32 {
    while agentForms.count <= Int(number) { agentForms.append(0) }
    if agentForms[Int(number)] == 0 { agentForms[Int(number)] = texts.number(of: agentFamily(agent)) + 1 }
    return agentForms[Int(number)] - 1
  }

  borrowing func places(_ texts: borrowing TextTable) -> Set<String> {
    var names: Set<String> = []
    for place in seenPlaces { names.insert(texts[place].string) }
    return names
  }

  borrowing func drain(_ texts: borrowing TextTable, into facts: inout [UsageFact]) {
    Self.drain(regions, texts) { facts[$0].regions.append($1) }
    Self.drain(addresses, texts) { facts[$0].addresses.append($1) }
    Self.drain(agents, texts) { facts[$0].agents.append($1) }
    Self.drain(places, texts) { facts[$0].places.append($1) }
  }

  private static func drain(
    _ table: borrowing CellTable<Tally>, _ texts: borrowing TextTable, _ give: (Int, TermUse) -> Void
  ) {
    for index in 0..<table.count {
      let cell = table.cell(at: index)
      let use = TermUse(
        term: texts[cell.term].string, count: cell.value.count, failed: cell.value.failed,
        first: Instant(milliseconds: cell.value.first), last: Instant(milliseconds: cell.value.last))
      give(cell.owner, use)
    }
  }
}
