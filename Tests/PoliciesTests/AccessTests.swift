import Base
import Model
import Policies
import Testing

private func identity(_ key: String, _ grants: [GrantFact] = [], trusts: [TrustFact] = [], links: [LinkFact] = [])
  -> IdentityFact
{
  var fact = IdentityFact(principal: PrincipalKey(key), kind: .role, name: key, source: "s")
  (fact.grants, fact.trusts, fact.links) = (grants, trusts, links)
  return fact
}

private func allow(_ actions: [String], _ resources: [String], via: String = "inline:p") -> GrantFact {
  GrantFact(effect: .allow, actions: actions, resources: resources, via: via)
}

private func trust(_ principals: [String], _ actions: [String] = ["sts:AssumeRole"], condition: String? = nil)
  -> TrustFact
{
  TrustFact(effect: .allow, principals: principals, actions: actions, condition: condition)
}

private func estate(_ identities: [IdentityFact]) -> Estate {
  var facts = FactSet()
  facts.identities = identities
  let governance = Governance(configuration: Configuration(location: SourceLocation(path: "muster.yaml")))
  return Estate(governance: governance, facts: facts, now: Instant(milliseconds: 0))
}

@Suite struct AccessTests {
  private static let role = "arn:aws:iam::111122223333:role/"

  @Test(arguments: [
    (allow(["s3:GetObject"], ["arn:aws:s3:::ledger/*"]), true), (allow(["s3:*"], ["*"]), true),
    (allow(["*"], []), true),
    (allow(["s3:GetObject"], ["arn:aws:s3:::other/*"]), false), (allow(["ec2:DescribeInstances"], ["*"]), false),
    (allow(["s3:GetObject", "ec2:Run*"], ["*"]), true), (allow(["S3:Get*"], ["arn:aws:s3:::led*"]), true),
  ])
  func findsGrantsThatReachIt(grant: GrantFact, reaches: Bool) {
    let answer = estate([identity("\(Self.role)a", [grant])]).access(AccessQuestion(resource: "arn:aws:s3:::ledger/*"))
    #expect(answer.routes.count == (reaches ? 1 : 0))
    #expect(answer.routes.allSatisfy { !$0.grant.actions.contains { $0.hasPrefix("ec2") } })
  }

  @Test(arguments: [
    ("monitoring/secrets/db", ["admin"]), ("arn:aws:s3:::ledger/*", ["breakglass"]),
    ("*secret*", ["breakglass", "admin"]),
    ("ar*", ["breakglass", "admin"]),
  ])
  func takesAllOfOnePlatformForNothingOfAnother(_ resource: String, _ names: [String]) {
    let answer = estate([
      identity("\(Self.role)breakglass", [allow(["*"], ["*"])]),
      identity("k8s:prod/kube-system/admin", [allow(["*"], ["*"], via: "clusterrole:cluster-admin")]),
    ]).access(AccessQuestion(resource: resource))
    #expect(answer.routes.map(\.identity.principal?.shortName) == names)
  }

  @Test func mindsDeniesAndWhatIsNotKnown() {
    let deny = GrantFact(effect: .deny, actions: ["s3:*"], resources: ["arn:aws:s3:::ledger/*"], via: "inline:d")
    let opaque = GrantFact(effect: .allow, actions: [], resources: [], via: "managed:arn:aws:iam::aws:policy/X")
    var conditional = allow(["s3:GetObject"], ["arn:aws:s3:::ledger/a"])
    conditional.condition = "{}"
    let answer = estate([
      identity("\(Self.role)denied", [allow(["s3:GetObject"], ["arn:aws:s3:::ledger/*"]), deny]),
      identity("\(Self.role)opaque", [opaque]), identity("\(Self.role)sometimes", [conditional]),
    ]).access(AccessQuestion(resource: "arn:aws:s3:::ledger/*", action: "s3:Get*"))
    #expect(answer.routes.map(\.identity.principal?.shortName) == ["sometimes"])
    #expect(answer.routes.map(\.certainty) == [.unknown])
    #expect(answer.opaque.map(\.via) == [["managed:arn:aws:iam::aws:policy/X"]])
  }

  @Test func walksTrustsAndLinksOverPlatforms() {
    let publisher = "\(Self.role)publisher"
    let subject = #"{"StringEquals":{"oidc.eks.eu-west-1.amazonaws.com/id/A:sub":"system:serviceaccount:pay:runner"}}"#
    let provider = "Federated:arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/A"
    let graph = IdentityGraph([
      identity(publisher, trusts: [trust([provider], ["sts:AssumeRoleWithWebIdentity"], condition: subject)]),
      identity(
        "k8s:prod/pay/runner", links: [LinkFact(.becomes, to: publisher, via: "annotation eks.amazonaws.com/role-arn")]),
      identity("k8s:prod/pay/other"),
      identity("\(Self.role)signer", trusts: [trust(["AWS:\(publisher)"])]),
    ])
    #expect(graph.edges(to: PrincipalKey(publisher)).map(\.from) == ["k8s:prod/pay/runner"])
    #expect(graph.edges(to: PrincipalKey(publisher)).map(\.certainty) == [.yes])
    let paths = graph.paths(to: PrincipalKey("\(Self.role)signer")).paths
    #expect(paths.map { $0.map(\.from) } == [[publisher], ["k8s:prod/pay/runner", publisher]])
  }

  @Test func takesOneSideAloneForUnknown() {
    let graph = IdentityGraph([
      identity("\(Self.role)r"),
      identity("k8s:prod/pay/runner", links: [LinkFact(.becomes, to: "\(Self.role)r", via: "annotation")]),
    ])
    #expect(graph.edges(to: PrincipalKey("\(Self.role)r")).map(\.certainty) == [.unknown])
  }

  @Test func asksAnAccountsPeopleWhoIsAllowed() {
    let target = "\(Self.role)target"
    let graph = IdentityGraph([
      identity(target, trusts: [trust(["AWS:arn:aws:iam::111122223333:root"])]),
      identity("\(Self.role)able", [allow(["sts:AssumeRole"], [target])]),
      identity("\(Self.role)unable", [allow(["sts:AssumeRole"], ["\(Self.role)else"])]),
      identity("arn:aws:iam::444455556666:role/far", [allow(["*"], ["*"])]),
    ])
    let edges = graph.edges(to: PrincipalKey(target))
    #expect(edges.filter(\.isKnown).map(\.from) == ["\(Self.role)able"])
    #expect(edges.contains { $0.from.hasPrefix("aws:111122223333") && $0.certainty == .unknown })
  }

  @Test func survivesARing() {
    let (a, b) = ("\(Self.role)a", "\(Self.role)b")
    let graph = IdentityGraph([identity(a, trusts: [trust(["AWS:\(b)"])]), identity(b, trusts: [trust(["AWS:\(a)"])])])
    #expect(graph.paths(to: PrincipalKey(a)).paths.map { $0.map(\.from) } == [[b]])
  }
}

@Suite struct FactsDiffTests {
  private func changes(_ before: [IdentityFact], _ after: [IdentityFact]) -> [String] {
    var (base, head) = (FactSet(), FactSet())
    (base.identities, head.identities) = (before, after)
    return factsChanges(from: base, to: head).map { "\($0.kind.rawValue) \($0.principal.shortName): \($0.text)" }
  }

  @Test func tellsWhoCameAndWent() {
    #expect(
      changes([identity("a:x/old")], [identity("a:x/new")]) == ["created new: role, 0 grants", "deleted old: role"])
  }

  @Test func tellsARenameAndARebirthByThePlatformsID() {
    var (old, new, reborn) = (identity("a:x/old"), identity("a:x/new"), identity("a:x/old"))
    (old.uniqueID, new.uniqueID, reborn.uniqueID) = ("1", "1", "2")
    #expect(changes([old], [new]) == ["renamed new: was a:x/old"])
    #expect(changes([old], [reborn]) == ["recreated old: the platform's id was 1, is 2"])
  }

  @Test func tellsMoreAndLessPrivilege() {
    let (narrow, wide) = (allow(["s3:GetObject"], ["arn:aws:s3:::b/*"]), allow(["s3:*"], ["arn:aws:s3:::b/*"]))
    let key = "a:x/r"
    #expect(
      changes([identity(key, [narrow])], [identity(key, [wide])]) == [
        "privilege-raised r: s3:* on arn:aws:s3:::b/* by inline:p"
      ])
    #expect(
      changes([identity(key, [wide])], [identity(key, [narrow])]) == [
        "privilege-lowered r: s3:* on arn:aws:s3:::b/* by inline:p"
      ])
    #expect(changes([identity(key, [wide])], [identity(key, [wide, narrow])]) == [])
  }

  @Test func tellsKeysAndTrusts() {
    var (before, after) = (identity("a:x/r"), identity("a:x/r"))
    before.credentials = [
      CredentialFact(id: "k1", kind: "access-key", status: .active),
      CredentialFact(id: "k0", kind: "access-key", status: .active),
    ]
    after.credentials = [
      CredentialFact(id: "k1", kind: "access-key", status: .inactive),
      CredentialFact(id: "k2", kind: "access-key", status: .active),
    ]
    after.trusts = [trust(["*"])]
    #expect(
      changes([before], [after]) == [
        "key-added r: access-key k2", "key-removed r: access-key k0", "key-changed r: access-key k1: active → inactive",
        "trust-widened r: allow *",
      ])
  }
}
