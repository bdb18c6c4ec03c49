import Documents
import Model

extension InventoryFormat {
  /// `aws iam list-users`, `list-roles`, `get-user`, `get-role`, and what makes them: identities without their grants.
  static let awsUsersAndRoles = InventoryFormat(
    name: "aws-users-and-roles",
    recognises: { content in
      guard let object = content.object else { return false }
      if object["InstanceProfileId"] != nil || object["Group"] != nil { return false }
      return AWSFields.list(object["User"] ?? object["Users"]).first?["UserName"] != nil
        || AWSFields.list(object["Role"] ?? object["Roles"]).first?["RoleName"] != nil
        || object["Users"]?.kind == .sequence || object["Roles"]?.kind == .sequence
    },
    read: { content, reading in
      guard let object = content.object else { return }
      for user in AWSFields.list(object["User"] ?? object["Users"]) {
        reading.readListedUser(user, isWhole: object["User"] != nil)
      }
      for role in AWSFields.list(object["Role"] ?? object["Roles"]) {
        reading.readListedRole(role, isWhole: object["Role"] != nil)
      }
    })
}

extension InventoryReading {
  /// Lists leave out tags and the boundary; single answers have them (IAM API reference, ListUsers).
  @discardableResult
  mutating func readListedUser(_ node: Node, isWhole: Bool) -> PrincipalKey? {
    guard var fact = readAWSIdentity(node, kind: .user, nameKey: "UserName", idKey: "UserId") else { return nil }
    fact.unknowable +=
      ["credentials", "credentials.lastUsed", "grants", "lastUsed"] + (isWhole ? [] : ["boundary", "tags"])
    fact.lastUsed = readInstant(node["PasswordLastUsed"])
    add(fact, at: .node(node))
    return fact.principal
  }

  @discardableResult
  mutating func readListedRole(_ node: Node, isWhole: Bool) -> PrincipalKey? {
    guard var fact = readAWSIdentity(node, kind: .role, nameKey: "RoleName", idKey: "RoleId") else { return nil }
    fact.unknowable += ["grants"] + (isWhole ? [] : ["boundary", "tags"])
    readRoleLastUsed(node, into: &fact)
    readTrust(node, into: &fact)
    add(fact, at: .node(node))
    return fact.principal
  }
}
