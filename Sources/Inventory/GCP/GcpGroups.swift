import Documents
import Model

extension InventoryFormat {
  /// `gcloud identity groups describe` and `search`: a group's address by its number.
  static let gcpGroups = InventoryFormat(
    name: "gcp-groups",
    recognises: { content in
      content.object?["name"]?.text?.hasPrefix("groups/") == true && content.object?["groupKey"]?["id"] != nil
    },
    read: { content, reading in
      guard let object = content.object, let name = object["name"]?.text, let mail = object["groupKey"]?["id"]?.text,
        let group = GcpMember("group:\(mail)")
      else { return }
      reading.gcp.groupNames[name] = group.principal
      var fact = IdentityFact(
        principal: group.principal, kind: .group, name: mail.lowercased(), source: reading.source.name)
      fact.created = reading.readInstant(object["createTime"])
      fact.unknowable = ["boundary", "grants", "lastUsed", "owners", "tags"]
      reading.add(fact, at: .node(object))
    })

  /// `gcloud identity groups memberships list`, also the transitive ones.
  static let gcpGroupMemberships = InventoryFormat(
    name: "gcp-group-memberships",
    recognises: { content in
      guard let name = content.object?["name"]?.text, name.hasPrefix("groups/") else { return false }
      return name.contains("/memberships/") && content.hasKey("preferredMemberKey", "memberKey")
    },
    read: { content, reading in
      guard let object = content.object, let name = object["name"]?.text,
        let mail = object.any("preferredMemberKey", "memberKey")?["id"]?.text
      else { return }
      if !reading.gcp.take("membership:\(name)", object) { return reading.countDuplicate() }
      reading.countUsed()
      let kind = object["type"]?.text
      let isAccount = kind == "SERVICE_ACCOUNT" || mail.hasSuffix(".gserviceaccount.com")
      let type = isAccount ? "serviceAccount" : kind == "GROUP" ? "group" : "user"
      let group = name.split(separator: "/").prefix(2).joined(separator: "/")
      if let member = GcpMember("\(type):\(mail)") { reading.gcp.namedMemberships[group, default: []].insert(member) }
    })
}
