import Base
import Documents
import Model

extension InventoryFormat {
  /// `gcloud recommender insights list` of IAM: who used how much of a role, when a service account was last seen.
  static let gcpInsights = InventoryFormat(
    name: "gcp-insights",
    recognises: { $0.object?["name"]?.text?.contains("/insightTypes/") == true },
    read: { content, reading in
      if let object = content.object { reading.readGcpInsight(object) }
    })

  /// `gcloud recommender recommendations list` of IAM: which roles Google would take away.
  static let gcpRecommendations = InventoryFormat(
    name: "gcp-recommendations",
    recognises: { $0.object?["name"]?.text?.contains("/recommenders/") == true },
    read: { content, reading in
      if let object = content.object { reading.readGcpRecommendation(object) }
    })

  /// `gcloud policy-intelligence query-activity`: the last authentication of service accounts and keys.
  static let gcpActivities = InventoryFormat(
    name: "gcp-activities",
    recognises: { $0.hasKeys("activityType", "fullResourceName", "activity") },
    read: { content, reading in
      if let object = content.object { reading.readGcpActivity(object) }
    })
}

extension InventoryReading {
  fileprivate mutating func readGcpInsight(_ node: Node) {
    if !gcp.take("insight:\(node["name"]?.text ?? "")", node) { return countDuplicate() }
    let content = node["content"]
    // Insights of accounts: `lastAuthenticatedTime` is empty where the account was not seen in the period.
    if let mail = content?["email"]?.text, node["insightSubtype"]?.text == "SERVICE_ACCOUNT_USAGE" {
      gcp.uses.append(
        .init(account: mail, key: nil, last: readInstant(content?["lastAuthenticatedTime"]), place: .node(node)))
      return countUsed()
    }
    guard let role = content?["role"]?.text, let member = content?["member"]?.text.flatMap({ GcpMember($0) }) else {
      return countFiltered()
    }
    let exercised = content?["exercisedPermissions"]?.count ?? 0
    let total = content?["currentTotalPermissionsCount"]?.text.map { " of \($0)" } ?? ""
    gcp.remarks.append(
      .init(
        member: member, key: "muster:exercised-permissions", value: "\(role): \(exercised)\(total)", place: .node(node))
    )
    countUsed()
  }

  fileprivate mutating func readGcpRecommendation(_ node: Node) {
    if !gcp.take("recommendation:\(node["name"]?.text ?? "")", node) { return countDuplicate() }
    let overview = node["content"]?["overview"]
    guard let member = overview?["member"]?.text.flatMap({ GcpMember($0) }), let role = overview?["removedRole"]?.text
    else { return countFiltered() }
    let place = overview?["resource"]?.text.map { " on \(GcpName.node($0))" } ?? ""
    let instead = overview?["addedRoles"]?.elements.compactMap(\.text) ?? []
    let more = instead.isEmpty ? "" : ", give \(instead.joined(separator: ", "))"
    gcp.remarks.append(
      .init(member: member, key: "muster:recommendation", value: "remove \(role)\(place)\(more)", place: .node(node)))
    countUsed()
  }

  fileprivate mutating func readGcpActivity(_ node: Node) {
    let name = node["fullResourceName"]?.text ?? ""
    guard let account = GcpName.accountID(in: name) else { return countFiltered() }
    if !gcp.take("activity:\(name)", node) { return countDuplicate() }
    countUsed()
    gcp.uses.append(
      .init(
        account: account, key: name.after(last: "/keys/"),
        last: readInstant(node["activity"]?["lastAuthenticatedTime"]),
        place: .node(node)))
  }
}
