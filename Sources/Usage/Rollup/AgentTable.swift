import Base

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

  func names(_ texts: borrowing TextTable) -> Set<ExactText> {
    var names: Set<ExactText> = []
    for number in numbers { names.insert(ExactText(texts[number].string)) }
    return names
  }
}
