package import Base
package import Documents
package import Model

/// Reads the exceptions of a file: one mapping, or a list of them. A bad one never voids the others.
package func decodeExceptions(_ root: Node) -> (exceptions: [PolicyException], diagnostics: [Diagnostic]) {
  var exceptions: [PolicyException] = []
  var diagnostics: [Diagnostic] = []
  for node in root.kind == .sequence ? root.elements : [root] {
    var reader = MappingReader(node, kind: "exception", keys: Keys.exception)
    let id = reader.required("exception", .text)
    let policy = reader.required("policy", .text)
    let identity = reader.required("identity", .text)
    if let id, let policy, let identity {
      let place = node["exception"]?.key?.location ?? node.location
      var exception = PolicyException(id: id, policy: policy, identity: identity, location: place)
      exception.reason = reader.optional("reason", .text)
      exception.owner = reader.optional("owner", Readings.owner)
      exception.approver = reader.optional("approver", Readings.owner)
      exception.expires = reader.optional("expires", .day)
      exception.ticket = reader.optional("ticket", .text)?.value
      exception.scope = reader.optional("scope", .text)
      exceptions.append(exception)
    }
    diagnostics += reader.diagnostics
  }
  return (exceptions, diagnostics)
}

/// Reads a campaign template.
package func decodeCampaign(_ root: Node) -> (campaign: CampaignTemplate?, diagnostics: [Diagnostic]) {
  var reader = MappingReader(root, kind: "campaign", keys: Keys.campaign)
  let id = reader.required("campaign", .text)
  let title = reader.required("title", .text)
  guard let id, let title else { return (nil, reader.diagnostics) }
  if !id.value.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) })
    || id.value.hasPrefix(".")
  {
    reader.add(
      "a campaign's id names a folder: letters, digits, `-`, `_` and `.`, found '\(id.value)'", at: id.location)
  }
  let place = root["campaign"]?.key?.location ?? root.location
  var campaign = CampaignTemplate(id: id, title: title.value, location: place)
  campaign.filter = reader.optional("filter", .text)
  campaign.policies = reader.optional("policies", .list(of: .text))?.value ?? []
  let least: Located<Severity>? = reader.optional("severity", .choice)
  campaign.minimumSeverity = least?.value ?? campaign.minimumSeverity
  let due = Reading<[Severity: Milliseconds]>.mapping("due", keys: FieldTable.severities) { inner in
    var due: [Severity: Milliseconds] = [:]
    for severity in Severity.allCases { due[severity] = inner.optional(severity.rawValue, .duration)?.value }
    return due
  }
  campaign.due = reader.optional("due", due)?.value ?? [:]
  let unowned = Reading<(Milliseconds?, OwnerReference?)>.mapping("unowned", keys: ["due", "queue"]) {
    ($0.optional("due", .duration)?.value, $0.optional("queue", Readings.owner)?.value)
  }
  if let unowned = reader.optional("unowned", unowned)?.value {
    campaign.unownedDue = unowned.0 ?? campaign.unownedDue
    campaign.exceptionQueue = unowned.1
  }
  campaign.notes = reader.optional("notes", .text)?.value
  return (campaign, reader.diagnostics)
}
