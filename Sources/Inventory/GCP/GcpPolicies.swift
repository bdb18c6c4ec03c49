import Base
import Documents
import Model

extension InventoryFormat {
  /// `get-iam-policy` of projects, folders, organisations, service accounts, buckets and other resources. Only those of buckets name
  /// what they are of: see `InventoryReading.resourceOfPolicy`.
  static let gcpPolicies = InventoryFormat(
    name: "gcp-iam-policy",
    recognises: { content in
      guard let object = content.object else { return false }
      if let bindings = object["bindings"], bindings.kind == .sequence {
        // Kubernetes has bindings too.
        return object["kind"].map { $0.text == "storage#policy" } ?? true
          && bindings.elements.first.map { $0["role"]?.text != nil } ?? (object["etag"] != nil)
      }
      // Without bindings, nothing but the tag is printed.
      return object["etag"] != nil && object.members.allSatisfy { ["etag", "version"].contains($0.key.text) }
    },
    read: { content, reading in
      guard let object = content.object else { return }
      reading.readGcpPolicyRecord(object, on: reading.resourceOfPolicy(content), enumerated: false)
    })

  /// `gcloud asset search-all-iam-policies`, and the API's `results`.
  static let gcpSearchedPolicies = InventoryFormat(
    name: "gcp-searched-iam-policies",
    recognises: { content in
      content.hasKeys("resource", "policy") && content.object?["policy"]?.kind == .mapping
        && content.object?["resource"]?.text?.hasPrefix("//") == true
    },
    read: { content, reading in
      guard let object = content.object, let resource = object["resource"]?.text, let policy = object["policy"] else {
        return
      }
      let node = GcpName.node(resource)
      reading.gcp.tree.note(
        chain: [node] + object.texts("project") + object.texts("folders") + object.texts("organization"))
      reading.readGcpPolicyRecord(policy, on: node, enumerated: true)
    })

  /// `gcloud asset get-effective-iam-policy`: a resource with its own policy and those above it.
  static let gcpEffectivePolicies = InventoryFormat(
    name: "gcp-effective-iam-policies",
    recognises: { content in
      content.hasKey("fullResourceName", "full_resource_name") && content.object?["policies"]?.kind == .sequence
    },
    read: { content, reading in
      if let object = content.object { reading.readGcpEffective(object, in: content.enclosing.last?.object) }
    })

  /// `gcloud asset analyze-iam-policy`: the bindings that an analysis found.
  static let gcpPolicyAnalysis = InventoryFormat(
    name: "gcp-iam-policy-analysis",
    recognises: { $0.hasKeys("attachedResourceFullName", "iamBinding") },
    read: { content, reading in
      guard let object = content.object, let binding = object["iamBinding"] else { return }
      let node = GcpName.node(object["attachedResourceFullName"]?.text ?? "")
      if !reading.gcp.take("analysis:\(node)", object) { return reading.countDuplicate() }
      reading.countUsed()
      reading.readGcpBinding(binding, on: node)
      for edge in object["identityList"]?["groupEdges"]?.elements ?? [] {
        guard let group = edge["sourceNode"]?.text.flatMap({ GcpMember($0) }),
          let member = edge["targetNode"]?.text.flatMap({ GcpMember($0) })
        else { continue }
        reading.gcp.memberships[group.principal, default: []].insert(member)
      }
    })

  /// `gcloud projects get-ancestors-iam-policy`: the project first, then what it lies in.
  static let gcpAncestorPolicies = InventoryFormat(
    name: "gcp-ancestor-iam-policies",
    recognises: { content in
      content.hasKeys("id", "type", "policy") && content.object?["policy"]?.kind == .mapping
        && ["project", "folder", "organization"].contains(content.object?["type"]?.text)
    },
    read: { content, reading in
      guard let object = content.object, let id = object["id"]?.text, let type = object["type"]?.text,
        let policy = object["policy"]
      else { return }
      let node = "\(type)s/\(id)"
      if type != "project", let below = reading.gcp.lastAncestor, below.file == reading.fileNumber {
        reading.gcp.tree.note(chain: [below.node, node])
      }
      reading.gcp.lastAncestor = (reading.fileNumber, node)
      reading.readGcpPolicyRecord(policy, on: node, enumerated: false)
    })
}

extension InventoryReading {
  mutating func readGcpPolicyRecord(_ policy: Node, on node: String, enumerated: Bool) {
    if !gcp.take("policy:\(node)", policy) { return countDuplicate() }
    countUsed()
    readGcpPolicy(policy, on: node, enumerated: enumerated)
  }

  /// The bindings of a policy; `enumerated` where the export shows all policies of a project, not one that somebody asked for.
  mutating func readGcpPolicy(_ policy: Node, on node: String, enumerated: Bool) {
    gcp.policiesSeen.insert(node)
    if enumerated { gcp.enumerated.insert(GcpName.project(of: node) ?? node) }
    if let version = policy["version"], let number = version.text, !["0", "1", "3"].contains(number) {
      diagnose(
        .unreadable, .node(version), "unknown version `\(number)` of an IAM policy",
        hint: "its bindings are read as those of version 3")
    }
    for binding in policy["bindings"]?.elements ?? [] { readGcpBinding(binding, on: node) }
  }

  mutating func readGcpBinding(_ binding: Node, on node: String) {
    guard let role = binding["role"]?.text, !role.isEmpty else {
      return diagnose(.unreadable, .node(binding), "the binding names no `role`", hint: "what it grants is unknown")
    }
    let condition = binding.any("condition").map { $0["expression"]?.text?.asJSON ?? $0.canonicalJSON() }
    for element in binding["members"]?.elements ?? [] {
      guard let text = element.text, let member = GcpMember(text) else {
        diagnose(
          .unreadable, .node(element),
          "`\(element.text ?? "\(element.kind)")` is no member of a binding that is known here")
        continue
      }
      gcp.bindings.append(.init(node: node, role: role, member: member, condition: condition, place: .node(element)))
    }
  }

  fileprivate mutating func readGcpEffective(_ object: Node, in wrapper: Node?) {
    let name = object.any("fullResourceName", "full_resource_name")?.text ?? ""
    if !gcp.take("effective:\(name)", object) { return countDuplicate() }
    countUsed()
    var chain = [GcpName.node(name)]
    for entry in object["policies"]?.elements ?? [] {
      guard let policy = entry["policy"], let attached = entry.any("attachedResource", "attached_resource")?.text else {
        diagnose(.unreadable, .node(entry), "the policy does not say what it is attached to")
        continue
      }
      let node = GcpName.node(attached)
      if !chain.contains(node) { chain.append(node) }
      // Those above come again with each resource.
      if gcp.take("policy:\(node)", policy) { readGcpPolicy(policy, on: node, enumerated: false) }
    }
    if let project = GcpName.project(of: chain[0]), !chain.contains(project) { chain.insert(project, at: 1) }
    if let id = wrapper?["project_id"]?.text, !chain.contains("projects/\(id)") { chain.append("projects/\(id)") }
    if let top = wrapper?["organization"]?.text, !chain.contains(top) { chain.append(top) }
    func rank(_ node: String) -> Int {
      node == chain[0] ? 0 : node.hasPrefix("organizations/") ? 3 : node.hasPrefix("folders/") ? 2 : 1
    }
    let ordered = chain.enumerated().sorted { (rank($0.element), $0.offset) < (rank($1.element), $1.offset) }
    gcp.tree.note(chain: ordered.map(\.element))
  }

  /// What a policy is of that does not say so: the name that wraps it, an account's address in the file's name, else the one project
  /// (folder, organisation) that the source covers. Otherwise a variable: nothing can be said for certain of what it grants on what.
  mutating func resourceOfPolicy(_ content: InventoryContent) -> String {
    if let id = content.object?["resourceId"]?.text { return GcpName.node(id) }
    for (object, name) in content.enclosing.reversed() {
      let named = object.any("resource", "name", "fullResourceName", "attachedResource")?.text ?? ""
      for text in [name, named] where GcpName.isNode(text) { return GcpName.node(text) }
      if name.hasSuffix(".gserviceaccount.com"), let member = GcpMember("serviceAccount:\(name)") {
        return "projects/\(member.principal.account)/serviceAccounts/\(name.lowercased())"
      }
    }
    if let mail = GcpName.account(inPath: content.path), let member = GcpMember("serviceAccount:\(mail)") {
      return "projects/\(member.principal.account)/serviceAccounts/\(mail)"
    }
    if let place = coveredAccount(of: "gcp") { return GcpName.isNode(place) ? place : "projects/\(place)" }
    if !gcp.isTold {
      gcp.isTold = true
      diagnose(
        .warning, content.place, "the policy does not say which project it is of, so what its roles reach is unknown",
        hint: "set `covers: [\"gcp:PROJECT\"]` on the source, or name the file after the service account that it is of")
    }
    return "${project}"
  }
}

extension GcpName {
  /// Whether the text names a resource by its path.
  static func isNode(_ text: String) -> Bool {
    ["//", "projects/", "folders/", "organizations/"].contains { text.hasPrefix($0) }
  }

  /// The address of a service account in a file's name.
  static func account(inPath path: String) -> String? {
    let marker = ".gserviceaccount.com"
    guard let file = path.split(separator: "/").last, let end = file.firstRange(of: marker) else { return nil }
    let allowed: (Character) -> Bool = { $0.isASCII && ($0.isLetter || $0.isNumber || "-.@".contains($0)) }
    let name = String(file[..<end.lowerBound].reversed().prefix(while: allowed).reversed())
    return name.split(separator: "@").count == 2 ? name.lowercased() + marker : nil
  }
}
