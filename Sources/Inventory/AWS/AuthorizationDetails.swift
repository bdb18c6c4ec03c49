import Base
import Documents
import Model

extension InventoryFormat {
  /// `aws iam get-account-authorization-details`: users, groups, roles and policies with their statements.
  static let awsAuthorizationDetails = InventoryFormat(
    name: "aws-authorization-details",
    recognises: { content in
      content.hasKey("UserDetailList", "GroupDetailList", "RoleDetailList")
        || content.object?["Policies"]?.elements.first?["PolicyVersionList"] != nil
    },
    read: { content, reading in
      guard let page = content.object else { return }
      for policy in AWSFields.list(page["Policies"]) { reading.readManagedPolicy(policy) }
      for group in AWSFields.list(page["GroupDetailList"]) { reading.readGroupDetail(group) }
      for user in AWSFields.list(page["UserDetailList"]) { reading.readUserDetail(user) }
      for role in AWSFields.list(page["RoleDetailList"]) { reading.readRoleDetail(role) }
    })
}

extension InventoryReading {
  mutating func readUserDetail(_ node: Node, isWhole: Bool = true) {
    guard var fact = readAWSIdentity(node, kind: .user, nameKey: "UserName", idKey: "UserId") else { return }
    fact.unknowable += ["credentials", "credentials.lastUsed", "lastUsed"]
    readInline(node["UserPolicyList"], into: &fact)
    note(attachedTo: fact.principal, node)
    let groups = AWSFields.list(node["GroupList"]).compactMap(\.text)
    if !groups.isEmpty { aws.memberships.append(.init(user: fact.principal, groups: groups, place: .node(node))) }
    if !isWhole { fact.mark(unknowable: "grants") }
    add(fact, at: .node(node))
  }

  mutating func readGroupDetail(_ node: Node, isWhole: Bool = true) {
    guard var fact = readAWSIdentity(node, kind: .group, nameKey: "GroupName", idKey: "GroupId") else { return }
    readInline(node["GroupPolicyList"], into: &fact)
    note(attachedTo: fact.principal, node)
    if !isWhole { fact.mark(unknowable: "grants") }
    add(fact, at: .node(node))
  }

  mutating func readRoleDetail(_ node: Node, isWhole: Bool = true) {
    guard var fact = readAWSIdentity(node, kind: .role, nameKey: "RoleName", idKey: "RoleId") else { return }
    readRoleLastUsed(node, into: &fact)
    readTrust(node, into: &fact)
    readInline(node["RolePolicyList"], into: &fact)
    note(attachedTo: fact.principal, node)
    if !isWhole { fact.mark(unknowable: "grants") }
    add(fact, at: .node(node))
  }

  private mutating func readInline(_ list: Node?, into fact: inout IdentityFact) {
    for policy in AWSFields.list(list) {
      let via = "inline:\(policy["PolicyName"]?.text ?? "")"
      if let policy = policy["PolicyDocument"].flatMap({ readPolicy($0) }) {
        fact.grants += policy.grants(via: via)
        if !policy.isWhole { fact.mark(unknowable: "grants") }
      } else {
        fact.grants.append(GrantFact(effect: .allow, actions: [], resources: [], via: via))
        fact.mark(unknowable: "grants")
      }
    }
  }

  private mutating func note(attachedTo principal: PrincipalKey, _ node: Node) {
    for policy in AWSFields.list(node["AttachedManagedPolicies"]) {
      guard let arn = policy["PolicyArn"]?.text else {
        diagnose(.unreadable, .node(policy), "an attached policy of `\(principal)` has no `PolicyArn`")
        continue
      }
      aws.attachments.append(.init(principal: principal, policy: arn, isBoundary: false, place: .node(policy)))
    }
    if let boundary = node["PermissionsBoundary"], let arn = boundary["PermissionsBoundaryArn"]?.text {
      aws.attachments.append(.init(principal: principal, policy: arn, isBoundary: true, place: .node(boundary)))
    }
  }

  mutating func readManagedPolicy(_ node: Node) {
    guard let arn = node["Arn"]?.text else { return refuse(.node(node), "the policy has no `Arn`") }
    let versions = AWSFields.list(node["PolicyVersionList"])
    let wanted = node["DefaultVersionId"]?.text
    let version = versions.first { version in
      if let wanted { version["VersionId"]?.text == wanted } else { version["IsDefaultVersion"]?.bool == true }
    }
    if version == nil {
      diagnose(
        .unreadable, .node(node), "the default version `\(wanted ?? "")` of `\(arn)` is not among its versions",
        hint: "what it grants is unknown")
    }
    let reading = version?["Document"].flatMap { readPolicy($0) }
    let policy = AWSJoins.ManagedPolicy(
      statements: reading?.grants(via: ""), isWhole: reading?.isWhole ?? false, version: wanted ?? "",
      place: .node(node))
    guard let known = aws.policies[arn] else {
      aws.policies[arn] = policy
      return countUsed()
    }
    countDuplicate()
    if known.version != policy.version || known.statements != policy.statements {
      diagnose(
        .unreadable, .node(node), "`\(arn)` says something else at \(known.place.location)",
        hint: "export both files again at one time")
    }
  }
}
