import Base
import Documents
import Model

extension InventoryFormat {
  /// `aws iam get-user-policy`, `get-role-policy`, `get-group-policy`: a policy of an identity that is named without its account.
  static let awsInlinePolicy = InventoryFormat(
    name: "aws-inline-policy",
    recognises: { content in
      content.hasKeys("PolicyName", "PolicyDocument") && content.hasKey("UserName", "RoleName", "GroupName")
    },
    read: { content, reading in
      guard let object = content.object, let document = object["PolicyDocument"] else { return }
      let kinds: [(String, IdentityKind)] = [("UserName", .user), ("RoleName", .role), ("GroupName", .group)]
      guard let (key, kind) = kinds.first(where: { object[$0.0]?.text != nil }), let name = object[key]?.text else {
        return reading.refuse(content.place, "the policy names nobody whose it is")
      }
      let via = "inline:\(object["PolicyName"]?.text ?? "")"
      let policy = reading.readPolicy(document)
      reading.aws.inlineClaims.append(
        .init(
          kind: kind, name: name, via: via, grants: policy.flatMap { $0.isWhole ? $0.grants(via: via) : nil },
          place: content.place, file: reading.fileNumber))
    })
}

extension InventoryReading {
  mutating func resolveInlineClaims() {
    if aws.inlineClaims.isEmpty { return }
    var known: [String: [PrincipalKey]] = [:]
    for draft in drafts where draft.fact.principal.platform == "aws" {
      known["\(draft.fact.kind.rawValue)/\(draft.fact.name)", default: []].append(draft.fact.principal)
    }
    for claim in aws.inlineClaims {
      let label = "\(claim.kind.rawValue)/\(claim.name)"
      if known[label] == nil, let account = onlyAccount {
        let principal = PrincipalKey("arn:\(account.partition):iam::\(account.number):\(label)")
        var identity = IdentityFact(principal: principal, kind: claim.kind, name: claim.name, source: source.name)
        identity.unknowable = AWSFields.unknownToKeyLists + (claim.kind == .role ? ["trusts"] : [])
        insert(identity, at: claim.place)
        known[label] = [principal]
      }
      guard let found = known[label], found.count == 1, let principal = found.first else {
        countUnreadable(inFile: claim.file)
        diagnose(
          .unreadable, claim.place, "whose \(claim.kind.rawValue) `\(claim.name)` is cannot be told",
          hint: "export `get-account-authorization-details`, or set `covers: [\"aws:ACCOUNT\"]` on the source")
        continue
      }
      countUsed(inFile: claim.file)
      let opaque = GrantFact(effect: .allow, actions: [], resources: [], via: claim.via)
      update(principal) { identity in
        if identity.grants.contains(where: { $0.via == claim.via }) { return }
        identity.grants += claim.grants ?? [opaque]
        if claim.grants == nil { identity.mark(unknowable: "grants") }
      }
    }
  }
}
