import Documents

extension InventoryFormat {
  /// `gcloud iam roles describe`, and the API's `roles` with `view=FULL`: which permissions a role has.
  static let gcpRoles = InventoryFormat(
    name: "gcp-roles",
    recognises: { content in
      guard let name = content.object?["name"]?.text, name.hasPrefix("roles/") || name.contains("/roles/") else {
        return false
      }
      return content.hasKey("includedPermissions", "stage", "title")
    },
    read: { content, reading in
      if let object = content.object { reading.readGcpRole(object, name: object["name"]?.text ?? "") }
    })
}

extension InventoryReading {
  /// A role of the API; lists without `view=FULL` do not show its permissions.
  mutating func readGcpRole(_ node: Node, name: String) {
    if !gcp.take("role:\(name)", node) { return countDuplicate() }
    countUsed()
    let isDeleted = node["deleted"]?.bool == true
    guard let list = node.any("includedPermissions", "included_permissions"), list.kind == .sequence else {
      if isDeleted { gcp.roles[name] = [] }
      return
    }
    // A deleted role gives nothing while its bindings stay.
    gcp.roles[name] = isDeleted ? [] : list.elements.compactMap(\.text).sorted()
  }
}
