import Base
import Documents
import Model

extension InventoryFormat {
  /// Cloud Asset Inventory: `gcloud asset list` and `export`, with the content types `resource`, `iam-policy` or none, in the spelling of the
  /// API (`assetType`) and of exported files (`asset_type`).
  static let gcpAssets = InventoryFormat(
    name: "gcp-assets",
    recognises: { content in
      guard content.hasKey("assetType", "asset_type"), let name = content.object?["name"]?.text else { return false }
      return name.hasPrefix("//")
    },
    read: { content, reading in
      if let object = content.object { reading.readGcpAsset(object, name: object["name"]?.text ?? "") }
    })
}

extension InventoryReading {
  fileprivate mutating func readGcpAsset(_ asset: Node, name: String) {
    let node = GcpName.node(name)
    let ancestors = asset.texts("ancestors")
    if !ancestors.isEmpty {
      // The first one is a project's own number.
      let isContainer = asset.any("assetType", "asset_type")?.text?.hasPrefix("cloudresourcemanager.") == true
      gcp.tree.note(chain: isContainer ? ancestors : [node] + ancestors)
      gcp.tree.note(node: node, in: ancestors)
    } else {
      gcp.tree.note(chain: [node] + asset.texts("project") + asset.texts("folders") + asset.texts("organization"))
    }
    var isUsed = false
    if let policy = asset.any("iamPolicy", "iam_policy") {
      if !gcp.take("policy:\(node)", policy) { return countDuplicate() }
      readGcpPolicy(policy, on: node, enumerated: true)
      isUsed = true
    }
    let type = asset.any("assetType", "asset_type")?.text ?? ""
    guard let resource = asset["resource"], let data = resource["data"] else {
      if !isUsed, type == "iam.googleapis.com/ServiceAccount" { return readFoundAccount(asset, name: name) }
      return isUsed ? countUsed() : countFiltered()
    }
    if !readGcpAssetData(data, type: type, name: name) { isUsed ? countUsed() : countFiltered() }
  }

  /// `gcloud asset search-all-resources`, or a list without content: an account by its address, or by its number alone.
  private mutating func readFoundAccount(_ asset: Node, name: String) {
    let more = asset["additionalAttributes"]
    let mail = more?["email"]?.text ?? GcpName.accountID(in: GcpName.node(name)).flatMap { $0.contains("@") ? $0 : nil }
    guard let mail, let member = GcpMember("serviceAccount:\(mail)") else {
      return refuse(
        .node(asset), "the list names the service account by its number alone",
        hint: "export it with `--content-type=resource`, or `gcloud iam service-accounts list`")
    }
    var fact = IdentityFact(principal: member.principal, kind: member.kind, name: member.name, source: source.name)
    fact.uniqueID = more?["uniqueId"]?.text
    fact.isEnabled = asset["state"]?.text.map { $0 != "DISABLED" }
    fact.unknowable = gcpUnknownToAccountLists + (fact.uniqueID == nil ? ["uniqueID"] : [])
    let project = GcpName.project(of: GcpName.node(name)).map { String($0.dropFirst(9)) } ?? fact.principal.account
    gcp.accounts[fact.principal] = "projects/\(project)/serviceAccounts/\(mail.lowercased())"
    add(fact, at: .node(asset))
  }

  /// Reads and counts the resource; `false` where it says nothing of identities.
  private mutating func readGcpAssetData(_ data: Node, type: String, name: String) -> Bool {
    let node = GcpName.node(name)
    switch type {
    case "iam.googleapis.com/ServiceAccount": readGcpServiceAccount(data)
    case "iam.googleapis.com/ServiceAccountKey":
      gcp.listsKeys = true
      readGcpKey(data, name: data["name"]?.text ?? node)
    case "iam.googleapis.com/Role": readGcpRole(data, name: data["name"]?.text ?? node)
    case "apikeys.googleapis.com/Key": readGcpAPIKey(data, name: data["name"]?.text ?? node)
    case "iam.googleapis.com/WorkloadIdentityPool": readGcpPool(data, name: data["name"]?.text ?? node)
    case "iam.googleapis.com/WorkloadIdentityPoolProvider": readGcpProvider(data, name: data["name"]?.text ?? node)
    case "cloudresourcemanager.googleapis.com/Project", "cloudresourcemanager.googleapis.com/Folder",
      "cloudresourcemanager.googleapis.com/Organization":
      gcp.noteProject(data)
      countUsed()
    default: return false
    }
    return true
  }
}

extension GcpHierarchy {
  /// The asset's name has the project's id, its ancestors have the number.
  mutating func note(node: String, in ancestors: [String]) {
    guard let project = GcpName.project(of: node)?.dropFirst(9), let own = ancestors.first?.after("projects/"),
      own.allSatisfy(\.isNumber), !project.allSatisfy(\.isNumber)
    else { return }
    note(project: String(project), number: own)
  }
}
