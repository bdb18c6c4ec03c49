import Base
import Documents
import Model

extension InventoryFormat {
  /// Agent2Agent cards (`/.well-known/agent-card.json`): an agent by its address and name, with what it offers to do.
  static let agentCards = InventoryFormat(
    name: "agent-cards",
    recognises: { content in
      content.hasKeys("name", "skills") && content.hasKey("capabilities", "protocolVersion", "defaultInputModes")
        && content.object?["skills"]?.kind == .sequence
    },
    read: { content, reading in reading.readAgentCard(content) })
}

extension InventoryReading {
  fileprivate mutating func readAgentCard(_ content: InventoryContent) {
    guard let object = content.object, let name = require(object, "name", of: "the agent's card") else { return }
    let interface = object["supportedInterfaces"]?.elements.first ?? object["additionalInterfaces"]?.elements.first
    let place = (object.text("url") ?? interface?.text("url")).flatMap { host(of: $0) }
    var fact = identity(
      place.map { "agent:\($0)/\(name)" } ?? "agent:\(name)", .agent, name,
      unknowable: ["created", "credentials", "credentials.lastUsed", "isEnabled", "lastUsed", "trusts", "uniqueID"])
    let skills = (object["skills"]?.elements ?? []).compactMap { $0.text("id", "name") }.sorted()
    if skills.isEmpty {
      fact.mark(unknowable: "grants")
      fact.unknowable.sort()
    } else {
      fact.grants = [GrantFact(effect: .allow, actions: skills, resources: ["*"], via: "skills")]
    }
    let provider = object["provider"]
    fact.owners = [provider?.text("organization")].compactMap(\.self)
    let schemes = (object["securitySchemes"]?.members ?? []).compactMap { $0.key.text }.sorted()
    fact.tags = [
      ("version", object.text("version")), ("security-schemes", schemes.isEmpty ? nil : schemes.joined(separator: ",")),
    ]
    .compactMap { key, value in value.map { Tag(key: "agent:\(key)", value: $0) } }.sorted()
    add(fact, at: content.place)
  }
}
