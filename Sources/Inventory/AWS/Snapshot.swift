import Documents
import Model

extension InventoryFormat {
  /// A small format for inventories that are put together by other means: `users`, `roles` and `access_keys` are objects by name
  /// with the fields of IAM's API (`Arn`, `UserId`, `CreateDate`, `Tags`, `AssumeRolePolicyDocument`, …), and besides them
  /// `AttachedPolicies` (ARNs), `InlinePolicies` (names), `LoginProfile` (true for a password), `AccessKeys` (ids) and
  /// `Deleted` (when it was deleted). Other members are left alone.
  static let awsSnapshot = InventoryFormat(
    name: "aws-snapshot",
    recognises: { content in
      guard let object = content.object else { return false }
      return ["users", "roles"].contains { object[$0].map { $0.kind == .mapping && $0.count > 0 } ?? false }
    },
    read: { content, reading in
      guard let object = content.object else { return }
      for user in object["users"]?.members ?? [] { reading.readSnapshotUser(user.value, object["access_keys"]) }
      for role in object["roles"]?.members ?? [] { reading.readSnapshotRole(role.value) }
      let users = object["users"]?.members.compactMap { $0.value["UserName"]?.text } ?? []
      for key in object["access_keys"]?.members ?? [] where !users.contains(key.value["UserName"]?.text ?? "") {
        reading.readAccessKey(key.value)
      }
    })
}

extension InventoryReading {
  fileprivate mutating func readSnapshotUser(_ node: Node, _ keys: Node?) {
    guard var fact = readAWSIdentity(node, kind: .user, nameKey: "UserName", idKey: "UserId") else { return }
    fact.unknowable = ["boundary", "credentials.lastUsed", "lastUsed"]
    readSnapshotGrants(node, into: &fact)
    if node["LoginProfile"]?.bool == true {
      fact.credentials.append(
        CredentialFact(id: "password", kind: "password", status: fact.deleted == nil ? .active : .deleted))
    }
    for key in keys?.members ?? [] where key.value["UserName"]?.text == fact.name {
      guard let credential = readKeyFields(key.value) else { continue }
      countUsed()
      fact.credentials.append(credential)
    }
    let listed = AWSFields.list(node["AccessKeys"]).compactMap(\.text)
    for id in listed where !fact.credentials.contains(where: { $0.id == id }) {
      fact.credentials.append(CredentialFact(id: id, kind: "access-key", status: .unknown))
    }
    add(fact, at: .node(node))
  }

  fileprivate mutating func readSnapshotRole(_ node: Node) {
    guard var fact = readAWSIdentity(node, kind: .role, nameKey: "RoleName", idKey: "RoleId") else { return }
    fact.unknowable = ["boundary", "lastUsed"]
    readTrust(node, into: &fact)
    readSnapshotGrants(node, into: &fact)
    add(fact, at: .node(node))
  }

  private mutating func readSnapshotGrants(_ node: Node, into fact: inout IdentityFact) {
    for name in AWSFields.list(node["InlinePolicies"]).compactMap(\.text) {
      fact.grants.append(GrantFact(effect: .allow, actions: [], resources: [], via: "inline:\(name)"))
      fact.mark(unknowable: "grants")
    }
    for policy in AWSFields.list(node["AttachedPolicies"]) {
      guard let arn = policy.text ?? policy["PolicyArn"]?.text else { continue }
      aws.attachments.append(.init(principal: fact.principal, policy: arn, isBoundary: false, place: .node(policy)))
    }
    if node["InlinePolicies"] == nil && node["AttachedPolicies"] == nil { fact.mark(unknowable: "grants") }
  }
}
