import Base
import Documents
import Model

extension InventoryFormat {
  /// Trust policies of octo-sts (`.github/chainguard/NAME.sts.yaml`): which workload's OIDC token buys which token of the app.
  static let octoSTS = InventoryFormat(
    name: "octo-sts",
    recognises: { content in
      content.hasKey("issuer", "issuer_pattern") && content.hasKey("subject", "subject_pattern")
        && content.object?["permissions"]?.kind == .mapping
    },
    read: { content, reading in reading.readTrustPolicy(content) })
}

extension InventoryReading {
  fileprivate mutating func readTrustPolicy(_ content: InventoryContent) {
    guard let object = content.object else { return }
    var place = gitHubPlace(content)
    place.environment = nil
    sayPlaceless(place, content, needsRepository: true)
    // Nothing in the file names the policy: the file does.
    let file = content.path.split(separator: "/").last.map(String.init) ?? content.path
    let name = file.replacing(".sts.yaml", with: "").replacing(".sts.yml", with: "").replacing(".yaml", with: "")
    var fact = identity(
      "\(place.prefix)sts/\(name)", .token, name,
      unknowable: ["created", "isEnabled", "lastUsed", "owners", "tags", "uniqueID"])
    let actions = (object["permissions"]?.members ?? []).compactMap { member -> String? in
      guard let permission = member.key.text, let level = member.value.text else { return nil }
      return "\(permission):\(level)"
    }
    // A policy of the organisation's `.github` repository names the repositories; any other is for its own.
    let named = object["repositories"]?.texts ?? []
    let repositories = named.map { $0.contains("/") ? $0 : "\(place.owner ?? "*")/\($0)" }
    let isShared = place.repository == ".github" && named.isEmpty
    let resources = isShared ? ["\(place.owner ?? "*")/*"] : place.repository == nil ? ["*"] : [place.path]
    fact.grants = [
      GrantFact(
        effect: .allow, actions: actions.sorted(), resources: repositories.isEmpty ? resources : repositories.sorted(),
        via: "octo-sts:\(name)")
    ]
    fact.trusts = [trust(object)]
    if let owner = place.owner {
      fact.links = [LinkFact(.becomes, to: "github:\(owner)/app/octo-sts", via: "octo-sts:\(name)")]
    }
    add(fact, at: content.place)
  }

  /// Patterns are regular expressions; they and the claims are kept as the condition.
  private func trust(_ object: Node) -> TrustFact {
    let issuer = object.text("issuer") ?? "*"
    let subject = object.text("subject") ?? "*"
    var writer = JSONWriter()
    var isConditional = false
    writer.object { writer in
      for key in ["audience", "audience_pattern", "claim_pattern", "issuer_pattern", "subject_pattern"] {
        guard let value = object[key], value.kind != .null else { continue }
        writer.key(key)
        writer.raw(value.canonicalJSON())
        isConditional = true
      }
    }
    return TrustFact(
      effect: .allow, principals: ["Federated:\(issuer)#\(subject)"], actions: ["sts:exchange"],
      condition: isConditional ? writer.text : nil)
  }
}
