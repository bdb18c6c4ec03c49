import Documents
import Model

extension InventoryFormat {
  /// Single elements of IAM's lists, as `--query 'Users[]'`, `--query RoleDetailList` or `jq -c '.Roles[]'` leave them: users, roles,
  /// groups and policies without the object that they stood in.
  static let awsListItems = InventoryFormat(
    name: "aws-list-items",
    recognises: { ListItem($0) != nil },
    read: { content, reading in
      guard let object = content.object, let item = ListItem(content) else { return }
      switch item {
      case .user: reading.readUserItem(object)
      case .role: reading.readRoleItem(object)
      case .group: reading.readGroupItem(object)
      case .policy: reading.readManagedPolicy(object)
      }
    })
}

private enum ListItem {
  case user, role, group, policy

  init?(_ content: InventoryContent) {
    guard let object = content.object, let arn = object["Arn"]?.text, arn.hasPrefix("arn:") else { return nil }
    if object["PolicyVersionList"] != nil {
      self = .policy
    } else if object["RoleName"] != nil, arn.contains(":role/") {
      self = .role
    } else if object["UserName"] != nil, arn.contains(":user/") {
      self = .user
    } else if object["GroupName"] != nil, arn.contains(":group/") {
      self = .group
    } else {
      return nil
    }
  }
}

extension InventoryReading {
  fileprivate mutating func readUserItem(_ node: Node) {
    let isDetail = ["UserPolicyList", "AttachedManagedPolicies", "GroupList"].contains { node[$0] != nil }
    if isDetail { readUserDetail(node, isWhole: node.isWholeDetail) } else { readListedUser(node, isWhole: false) }
  }

  fileprivate mutating func readRoleItem(_ node: Node) {
    let isDetail = ["RolePolicyList", "AttachedManagedPolicies"].contains { node[$0] != nil }
    if isDetail { readRoleDetail(node, isWhole: node.isWholeDetail) } else { readListedRole(node, isWhole: false) }
  }

  fileprivate mutating func readGroupItem(_ node: Node) { readGroupDetail(node, isWhole: node.isWholeDetail) }
}

extension Node {
  /// Whether nobody took fields away (`--query 'UserDetailList[].{…}'`): these are always printed.
  fileprivate var isWholeDetail: Bool {
    ["Path", "CreateDate", "AttachedManagedPolicies"].allSatisfy { self[$0] != nil }
  }
}
