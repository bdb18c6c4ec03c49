import Base
import Documents
import Model

extension InventoryFormat {
  /// `gcloud iam principal-access-boundary-policies list`: which resources principals are limited to.
  static let gcpBoundaryPolicies = InventoryFormat(
    name: "gcp-principal-access-boundaries",
    recognises: { content in
      content.object?["name"]?.text?.contains("/principalAccessBoundaryPolicies/") == true && content.hasKeys("details")
    },
    read: { content, reading in
      guard let object = content.object, let name = object["name"]?.text else { return }
      if !reading.gcp.take("boundary:\(name)", object) { return reading.countDuplicate() }
      reading.countUsed()
      let rules = (object["details"]?["rules"]?.elements ?? []).filter { $0["effect"]?.text ?? "ALLOW" == "ALLOW" }
      reading.gcp.boundaries[GcpBoundary.id(name)] = GcpBoundary(
        nodes: rules.flatMap { $0.texts("resources") }.map { GcpName.node($0) },
        version: object["details"]?["enforcementVersion"]?.text ?? "of the day it was made")
    })

  /// `gcloud iam policy-bindings list`: whom such a policy limits.
  static let gcpPolicyBindings = InventoryFormat(
    name: "gcp-policy-bindings",
    recognises: { content in
      content.hasKeys("policy", "target") && content.object?["target"]?["principalSet"] != nil
    },
    read: { content, reading in
      guard let object = content.object, let policy = object["policy"]?.text,
        let target = object["target"]?["principalSet"]?.text
      else { return reading.refuse(content.place, "the policy binding names no policy or no principals") }
      if !reading.gcp.take("policyBinding:\(object["name"]?.text ?? "")", object) { return reading.countDuplicate() }
      reading.countUsed()
      reading.gcp.boundaryBindings.append(
        .init(
          policy: GcpBoundary.id(policy), target: target, condition: object["condition"]?["expression"]?.text?.asJSON,
          place: content.place))
    })
}

/// A principal access boundary policy (IAM documentation, "Principal access boundary policies").
struct GcpBoundary: Sendable {
  let nodes: [String]
  /// It limits the permissions that this version knows; others are not limited.
  let version: String

  struct Binding: Sendable {
    let policy: String
    let target: String
    let condition: String?
    let place: Place
  }

  /// Bindings name the organisation by id where policies have its number: the policy's own name tells enough.
  static func id(_ name: String) -> String { name.after(last: "/principalAccessBoundaryPolicies/") ?? name }

  /// What a principal may reach: what any of its policies names; of permissions that the version does not know nobody can tell.
  func grants(_ via: String, _ condition: String?, _ patterns: (String) -> [String]) -> [GrantFact] {
    let inside = GrantFact(effect: .allow, actions: ["*"], resources: Set(nodes.flatMap(patterns)).sorted(), via: via)
    var outside = GrantFact(effect: .allow, actions: ["*"], resources: ["*"], via: via)
    outside.condition = condition ?? "permissions that enforcement version \(version) does not limit".asJSON
    return nodes.isEmpty ? [outside] : [inside, outside]
  }
}

extension InventoryReading {
  mutating func joinGcpBoundaries() {
    for binding in gcp.boundaryBindings {
      guard let boundary = gcp.boundaries[binding.policy] else {
        diagnose(
          .warning, binding.place, "no file shows the principal access boundary `\(binding.policy)`",
          hint: "export it too: `gcloud iam principal-access-boundary-policies list`")
        continue
      }
      var tree = gcp.tree
      let grants = boundary.grants("boundary:\(binding.policy)", binding.condition) {
        tree.patterns(of: tree.canonical($0), hasStorage: true)
      }
      gcp.tree = tree
      let target = gcp.tree.canonical(GcpName.node(binding.target))
      updateAll { identity in
        guard identity.principal.platform == "gcp", tree.holds(identity.principal, in: target) else { return }
        identity.boundary = (identity.boundary ?? []) + grants.filter { identity.boundary?.contains($0) != true }
        identity.unknowable.removeAll { $0 == "boundary" }
      }
    }
  }
}

extension GcpHierarchy {
  /// Whether the principal belongs to a project, to what lies in a folder or organisation, or to a pool.
  fileprivate func holds(_ principal: PrincipalKey, in target: String) -> Bool {
    let key = principal.description
    if target.contains("Pools/") { return key.contains("//iam.googleapis.com/\(target)/") }
    guard key.hasPrefix("gcp:serviceAccount:") else { return false }
    return ancestors(of: "projects/\(principal.account)").contains(target)
  }
}
