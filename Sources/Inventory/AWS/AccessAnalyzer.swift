import Base
import Documents
import Model

extension InventoryFormat {
  /// `aws accessanalyzer list-findings`, `list-findings-v2`, `get-finding`, `get-finding-v2`: who from outside can reach an identity, and
  /// what it does not use. The lists of v2 name the kind only; single answers have the details.
  static let awsAccessAnalyzer = InventoryFormat(
    name: "aws-access-analyzer",
    recognises: {
      $0.hasKeys("resourceType", "resourceOwnerAccount", "status", "id") && $0.object?["changeType"] == nil
    },
    read: { content, reading in
      if let node = content.object { reading.readFinding(node) }
    })
}

extension InventoryReading {
  fileprivate mutating func readFinding(_ node: Node) {
    let type = node["findingType"]?.text ?? "ExternalAccess"
    let isOpen = node["status"]?.text == "ACTIVE"
    // What was archived or resolved says nothing of today; what is said of a bucket is no fact of an identity.
    guard isOpen, let resource = node["resource"]?.text, ARN(resource)?.isIAMIdentity ?? false else {
      return countFiltered()
    }
    let details = [node] + AWSFields.list(node["findingDetails"])
    var trusts: [TrustFact] = []
    var accessed: [AccessFact] = []
    var uses: [CredentialFact] = []
    var lastUsed: Instant?
    for detail in details {
      let external = detail["externalAccessDetails"] ?? (detail["action"] == nil ? nil : detail)
      if let external { trusts.append(trust(of: external)) }
      if let unused = detail["unusedPermissionDetails"] { accessed += readUnused(unused) }
      if let role = detail["unusedIamRoleDetails"] { lastUsed = readInstant(role["lastAccessed"]) }
      if let key = detail["unusedIamUserAccessKeyDetails"], let id = key["accessKeyId"]?.text {
        uses.append(unusedCredential(id, "access-key", key))
      }
      if let password = detail["unusedIamUserPasswordDetails"] {
        uses.append(unusedCredential("password", "password", password))
      }
    }
    let tag = Tag(key: "muster:access-analyzer", value: type)
    let (found, credentials, used, last) = (trusts, uses, accessed.sorted(), lastUsed)
    aws.findings.append(
      .init(
        resource: resource,
        change: { identity in
          if !identity.tags.contains(tag) { identity.tags.append(tag) }
          identity.accessed = identity.accessed.joined(with: used)
          identity.lastUsed = [identity.lastUsed, last].compactMap(\.self).max()
          // The role's own trust policy, where it is known, says the same and more.
          if !identity.knows("trusts") { identity.trusts += found.filter { !identity.trusts.contains($0) } }
          for credential in credentials { identity.take(credential) }
        }, place: .node(node), file: fileNumber))
  }

  private func trust(of detail: Node) -> TrustFact {
    let principals = (detail["principal"]?.members ?? []).map { "\($0.key.text ?? ""):\($0.value.text ?? "")" }
    let condition = detail["condition"].flatMap { $0.count > 0 ? $0.canonicalJSON() : nil }
    return TrustFact(
      effect: .allow, principals: principals.sorted(),
      actions: AWSFields.list(detail["action"]).compactMap(\.text).sorted(),
      condition: condition)
  }

  private mutating func readUnused(_ node: Node) -> [AccessFact] {
    guard let service = node["serviceNamespace"]?.text else { return [] }
    let actions = AWSFields.list(node["actions"])
    if actions.isEmpty { return [AccessFact(action: "\(service):*", last: readInstant(node["lastAccessed"]))] }
    return actions.compactMap { action in
      guard let name = action["action"]?.text else { return nil }
      let full = name.contains(":") ? name : "\(service):\(name)"
      return AccessFact(action: full, last: readInstant(action["lastAccessed"]))
    }
  }

  private mutating func unusedCredential(_ id: String, _ kind: String, _ node: Node) -> CredentialFact {
    var credential = CredentialFact(id: id, kind: kind, status: .unknown)
    credential.lastUsed = readInstant(node["lastAccessed"])
    return credential
  }

  mutating func resolveFindings() {
    for finding in aws.findings {
      let principal = PrincipalKey(finding.resource)
      if fact(of: principal) == nil {
        let isUser = ARN(finding.resource)?.resource.hasPrefix("user/") ?? false
        var identity = IdentityFact(
          principal: principal, kind: isUser ? .user : .role, name: principal.shortName, source: source.name)
        identity.unknowable = AWSFields.unknownToKeyLists + (isUser ? [] : ["trusts"])
        insert(identity, at: finding.place)
      }
      countUsed(inFile: finding.file)
      update(principal, finding.change)
    }
  }
}

extension IdentityFact {
  /// A credential of which only the last use is told.
  fileprivate mutating func take(_ credential: CredentialFact) {
    if let index = credentials.firstIndex(where: { $0.id == credential.id }) {
      _ = credentials[index].complete(with: credential)
    } else {
      credentials.append(credential)
    }
  }
}
