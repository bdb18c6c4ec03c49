import Base
import Documents
import Model

/// What all AWS exports share.
enum AWSFields {
  static let unknownToKeyLists = [
    "boundary", "created", "credentials", "credentials.lastUsed", "grants", "lastUsed", "tags", "uniqueID",
  ]

  /// A list, also where one element stands without its brackets.
  static func list(_ node: Node?) -> [Node] {
    guard let node, node.kind != .null else { return [] }
    return node.kind == .sequence ? node.elements : [node]
  }
}

extension InventoryReading {
  /// The fields that users, roles and groups have in every list of IAM; `nil`, said and counted, where it is no identity.
  mutating func readAWSIdentity(_ node: Node, kind: IdentityKind, nameKey: String, idKey: String) -> IdentityFact? {
    guard node.kind == .mapping else {
      refuse(.node(node), "expected an object with `Arn` and `\(nameKey)`, found a \(node.kind)")
      return nil
    }
    guard let text = node["Arn"]?.text, let name = node[nameKey]?.text, !name.isEmpty else {
      let missing = node["Arn"]?.text == nil ? "Arn" : nameKey
      refuse(.node(node), "`\(missing)` is missing, so this \(kind.rawValue) cannot be told from others")
      return nil
    }
    guard let arn = ARN(text), arn.isIAMIdentity else {
      refuse(.node(node["Arn"] ?? node), "`\(text)` is not the ARN of an IAM \(kind.rawValue)")
      return nil
    }
    var fact = IdentityFact(principal: PrincipalKey(text), kind: kind, name: name, source: source.name)
    fact.uniqueID = node[idKey]?.text
    fact.created = readInstant(node["CreateDate"])
    // Every list has both; a projection (`--query 'Users[].{…}'`) leaves out what it likes.
    if node[idKey] == nil { fact.mark(unknowable: "uniqueID") }
    if node["CreateDate"] == nil { fact.mark(unknowable: "created") }
    fact.deleted = readInstant(node["Deleted"])
    fact.isEnabled = fact.deleted == nil
    fact.tags = AWSFields.list(node["Tags"]).compactMap { tag in
      guard let key = (tag["Key"] ?? tag["key"])?.text else { return nil }
      return Tag(key: key, value: (tag["Value"] ?? tag["value"])?.text ?? "")
    }
    if kind == .role { classify(&fact, arn, node) }
    return fact
  }

  /// By the path, which AWS keeps for itself: a name anyone can choose.
  private func classify(_ fact: inout IdentityFact, _ arn: ARN, _ node: Node) {
    if arn.resource.hasPrefix("role/aws-service-role/") { fact.kind = .service }
    if arn.resource.hasPrefix("role/aws-reserved/sso.amazonaws.com/") {
      fact.tags.append(Tag(key: "muster:class", value: "human-sso"))
    }
    for profile in AWSFields.list(node["InstanceProfileList"]) {
      guard let arn = profile["Arn"]?.text else { continue }
      fact.tags.append(Tag(key: "muster:instance-profile", value: arn))
    }
  }

  /// The instant of a scalar; `nil` where it is absent, and with a diagnostic where it is no instant.
  mutating func readInstant(_ node: Node?) -> Instant? {
    guard let node, let text = node.text, !text.isEmpty else { return nil }
    if let instant = Inventory.readInstant(text) { return instant }
    diagnose(
      .unreadable, .node(node), "`\(text)` is not a time", hint: "expected RFC 3339, such as 2026-11-20T06:00:00Z")
    return nil
  }

  /// Role last used: an empty object says that it was not used in IAM's tracking period, an absent one says nothing.
  mutating func readRoleLastUsed(_ node: Node, into fact: inout IdentityFact) {
    guard let used = node["RoleLastUsed"] else { return fact.mark(unknowable: "lastUsed") }
    fact.lastUsed = readInstant(used["LastUsedDate"])
  }

  /// The trust policy's statements.
  mutating func readTrust(_ node: Node, into fact: inout IdentityFact) {
    guard let document = node["AssumeRolePolicyDocument"] else { return fact.mark(unknowable: "trusts") }
    guard let policy = readPolicy(document) else { return fact.mark(unknowable: "trusts") }
    if !policy.isWhole || policy.statements.contains(where: { !$0.notActions.isEmpty }) {
      fact.mark(unknowable: "trusts")
    }
    fact.trusts = policy.statements.map { statement in
      var trust = TrustFact(
        effect: statement.effect, principals: statement.principals, actions: statement.actions,
        condition: statement.condition)
      trust.notPrincipals = statement.notPrincipals
      return trust
    }
  }
}
