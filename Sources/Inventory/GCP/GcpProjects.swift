import Documents

extension InventoryFormat {
  /// `gcloud projects list`, `gcloud resource-manager folders list`, `gcloud organizations list`: the tree of resources.
  static let gcpProjects = InventoryFormat(
    name: "gcp-projects",
    recognises: { content in
      if content.hasKeys("projectId", "projectNumber"), content.hasKey("lifecycleState", "state") { return true }
      guard let name = content.object?["name"]?.text else { return false }
      if name.hasPrefix("folders/") { return content.hasKeys("parent", "displayName") }
      if name.hasPrefix("projects/") { return content.hasKeys("projectId", "parent") }
      return name.hasPrefix("organizations/") && content.hasKey("directoryCustomerId", "owner", "creationTime")
        && content.hasKey("displayName")
    },
    read: { content, reading in
      guard let object = content.object else { return }
      reading.gcp.noteProject(object)
      reading.countUsed()
    })
}

extension GcpJoins {
  /// A project, folder or organisation of the Resource Manager, in its first or third version.
  mutating func noteProject(_ node: Node) {
    var parent = node["parent"]?.text
    if let type = node["parent"]?["type"]?.text, let id = node["parent"]?["id"]?.text { parent = "\(type)s/\(id)" }
    let name = node["name"]?.text ?? ""
    var own = name
    if let id = node["projectId"]?.text {
      own = "projects/\(id)"
      let number = node["projectNumber"]?.text ?? name.after("projects/")
      if let number, !number.isEmpty { tree.note(project: id, number: number) }
    }
    tree.note(chain: [own, parent].compactMap(\.self))
  }
}
