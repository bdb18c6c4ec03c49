import Base
import Documents
import Model

extension ReviewDecision {
  private static let exampleKeys = [
    "identity", "item", "policy", "severity", "status", "asked", "due", "decision", "by", "at", "until", "approver",
    "owner", "reason", "ticket", "last", "evidence", "missing", "signature",
  ]

  /// A decision as an example gives it: on its item's present evidence and the last one, unless it says otherwise.
  static let example = Reading<ReviewDecision>.mapping("decision", keys: exampleKeys) { reader in
    guard let kind: Located<DecisionKind> = reader.required("decision", .choice),
      let by = reader.required("by", person), let at = reader.required("at", .instant)
    else { return nil }
    let severity: Located<Severity>? = reader.optional("severity", .choice)
    let status: Located<ReviewStatus>? = reader.optional("status", .choice)
    let signature: Located<Signature>? = reader.optional("signature", .choice)
    var decision = ReviewDecision(
      item: reader.optional("item", .text)?.value ?? "example", campaign: "example",
      policy: reader.optional("policy", .text)?.value ?? "example", severity: severity?.value ?? .medium,
      status: status?.value ?? (kind.value.needsChange ? .remediating : .decided),
      due: reader.optional("due", .day)?.value ?? at.value.day.advanced(by: 14), kind: kind.value, by: by.value,
      at: at.value, reason: reader.optional("reason", .anyText)?.value ?? "The example says so.", location: by.location)
    decision.handle = reader.optional("identity", .text)?.value
    decision.owner = reader.optional("asked", person)?.value
    decision.until = reader.optional("until", .day)?.value
    decision.approver = reader.optional("approver", person)?.value
    decision.newOwner = reader.optional("owner", person)?.value
    decision.ticket = reader.optional("ticket", .text)?.value
    decision.isLast = reader.optional("last", .bool)?.value ?? true
    decision.isOnEvidence = reader.optional("evidence", evidence)?.value ?? true
    decision.missing = (reader.optional("missing", .list(of: .text))?.value ?? []).map(\.value)
    let proof = signature?.value ?? .none
    decision.signature = { proof }
    return decision
  }

  private static let person = Reading<OwnerReference>("`team:NAME` or `person:NAME`") { node in
    node.text.flatMap { OwnerReference($0) }
  }

  private static let evidence = Reading<Bool>("present or changed") { node in
    switch node.text {
    case "present": true
    case "changed": false
    default: nil
    }
  }
}
