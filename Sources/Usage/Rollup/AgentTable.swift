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
