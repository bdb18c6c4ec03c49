import Base
import Documents
import Model

extension InventoryFormat {
  /// `gcloud iam policies get --kind=denypolicies`, and the API's `policies`.
  static let gcpDenyPolicies = InventoryFormat(
    name: "gcp-deny-policies",
    recognises: { content in
      guard let object = content.object else { return false }
      return object["kind"]?.text == "DenyPolicy" || object["name"]?.text?.contains("/denypolicies/") == true
    },
    read: { content, reading in
      if let object = content.object { reading.readGcpDenyPolicy(object) }
    })
}

extension InventoryReading {
  fileprivate mutating func readGcpDenyPolicy(_ policy: Node) {
    // `policies/cloudresourcemanager.googleapis.com%2Fprojects%2Facme/denypolicies/no-keys`
    let parts = (policy["name"]?.text ?? "").split(separator: "/").map(String.init)
    guard parts.count > 3, parts[0] == "policies", let bytes = try? percentDecoded(parts[1]) else {
      return refuse(.node(policy), "`name` does not say which resource the deny policy is attached to")
    }
    if !gcp.take("deny:\(parts[1])/\(parts[3])", policy) { return countDuplicate() }
    countUsed()
    let node = GcpName.node("//" + String(decoding: bytes, as: UTF8.self))
    let name = "deny:\(node)/\(parts[3])"
    guard let rules = policy["rules"], rules.kind == .sequence else {
      diagnose(
        .unreadable, .node(policy), "the deny policy `\(parts[3])` is shown without its rules",
        hint: "export it with `gcloud iam policies get`: what it denies is unknown")
      return gcp.denials.append(.init(node: node, name: name))
    }
    for rule in rules.elements {
      guard let deny = rule.any("denyRule", "deny_rule") else { continue }
      var denial = GcpJoins.Denial(node: node, name: name)
      denial.actions = permissions(deny, "deniedPermissions", "denied_permissions")
      denial.notActions = permissions(deny, "exceptionPermissions", "exception_permissions")
      denial.principals = deny.texts("deniedPrincipals", "denied_principals")
      denial.exceptions = deny.texts("exceptionPrincipals", "exception_principals")
      let condition = deny.any("denialCondition", "denial_condition")
      denial.condition = condition.map { $0["expression"]?.text?.asJSON ?? $0.canonicalJSON() }
      gcp.denials.append(denial)
    }
  }

  private func permissions(_ rule: Node, _ key: String, _ other: String) -> [String] {
    Set(rule.texts(key, other).map { GcpPermission.plain($0) }).sorted()
  }
}

/// Permissions of deny policies in the spelling of roles and logs.
enum GcpPermission {
  /// `iam.googleapis.com/roles.create` is `iam.roles.create`; `…/roles.*` and `…/*.*` take all that fits.
  static func plain(_ text: String) -> String {
    guard let slash = text.firstIndex(of: "/") else { return text }
    let host = String(text[..<slash])
    let service = services[host] ?? host.upTo(".")
    let rest = text[text.index(after: slash)...]
    return rest == "*.*" ? "\(service).*" : "\(service).\(rest)"
  }

  /// Services whose permissions have another name than their host (IAM documentation, "Permissions supported in deny policies").
  private static let services = [
    "cloudresourcemanager.googleapis.com": "resourcemanager", "cloudbilling.googleapis.com": "billing",
    "sqladmin.googleapis.com": "cloudsql",
  ]

  /// What one needs to become a service account, by the roles that are made for it (IAM documentation, "Service account roles").
  static let becoming: [String: [String]] = [
    "roles/iam.workloadIdentityUser": ["iam.serviceAccounts.getAccessToken", "iam.serviceAccounts.getOpenIdToken"],
    "roles/iam.serviceAccountTokenCreator": [
      "iam.serviceAccounts.getAccessToken", "iam.serviceAccounts.getOpenIdToken",
      "iam.serviceAccounts.implicitDelegation", "iam.serviceAccounts.signBlob", "iam.serviceAccounts.signJwt",
    ],
    "roles/iam.serviceAccountOpenIdTokenCreator": ["iam.serviceAccounts.getOpenIdToken"],
    "roles/iam.serviceAccountUser": ["iam.serviceAccounts.actAs"],
    "roles/iam.serviceAccountKeyAdmin": ["iam.serviceAccountKeys.create"],
    "roles/editor": ["iam.serviceAccounts.actAs"],
    "roles/owner": ["iam.serviceAccounts.actAs"],
  ]

  /// Those permissions, for roles of an organisation's own.
  static let becomes: Set<String> = Set(becoming.values.joined())
}
