import Base
import Declarations
import Model
import Policies
import Testing

@Suite struct OwnerFinderTests {
  private static let role = "arn:aws:iam::111122223333:role/"
  private static let now = Instant(milliseconds: 1_795_176_000_000)

  private static var governance: Governance {
    let place = SourceLocation(path: "owners.yaml", line: 1, column: 1)
    var governance = Governance(configuration: Configuration(location: SourceLocation(path: "muster.yaml")))
    for name in ["payments", "platform", "data"] { governance.owners.teams[name] = Team(name: name, location: place) }
    var ana = Person(name: "ana", location: place)
    (ana.emails, ana.github) = (["ana@acme.example"], "ana-a")
    governance.owners.people["ana"] = ana
    var bot = Person(name: "deploy-bot", location: place)
    bot.isBot = true
    governance.owners.people["deploy-bot"] = bot
    var declaration = Declaration(handle: Located("runner", at: place), location: place)
    declaration.principals = [Located(PrincipalKey("k8s:prod/pay/runner"), at: place)]
    declaration.owner = Located(OwnerReference(kind: .team, name: "payments"), at: place)
    governance.declarations = [declaration]
    return governance
  }

  private func suggestions(
    _ identity: IdentityFact, others: [IdentityFact] = [], usage: [UsageFact] = [],
    repositories: [String: RepositoryOwners] = [:]
  ) -> [String] {
    var facts = FactSet()
    facts.identities = ([identity] + others).sorted { $0.principal < $1.principal }
    facts.usage = usage
    let estate = Estate(governance: Self.governance, facts: facts, now: Self.now)
    guard let joined = estate.identities.first(where: { $0.principal == identity.principal }) else { return [] }
    return OwnerFinder(estate, repositories: repositories).suggestions(for: joined).map {
      "\($0.confidence.rawValue) \($0.owner): \($0.source)"
    }
  }

  private func identity(_ name: String) -> IdentityFact {
    IdentityFact(principal: PrincipalKey("\(Self.role)\(name)"), kind: .role, name: name, source: "s")
  }

  @Test func takesTagsAndThePlatformsWord() {
    var tagged = identity("a")
    tagged.tags = [
      Tag(key: "acme:owner", value: "Team:Payments"), Tag(key: "team", value: "nobody-here"),
      Tag(key: "contact", value: "deploy-bot"),
    ]
    tagged.owners = ["ana@acme.example"]
    #expect(
      suggestions(tagged) == [
        "high team:payments: tag acme:owner=Team:Payments",
        "high person:ana: the platform names ana@acme.example as its owner",
      ])
  }

  @Test func takesWhoMadeIt() {
    var usage = UsageFact(principal: PrincipalKey("gcp:user:ana@acme.example"), first: Self.now, last: Self.now)
    var use = ActionUse(action: "iam:CreateRole", resource: "\(Self.role)a", first: Self.now, last: Self.now)
    (use.count, use.lastSuccess) = (1, Self.now)
    usage.actions = [use]
    #expect(
      suggestions(identity("a"), usage: [usage]) == [
        "medium person:ana: gcp:user:ana@acme.example made it, by the logs"
      ])
  }

  @Test func takesTheRepositoryWhosePipelineUsesIt() {
    var role = identity("a")
    role.trusts = [
      TrustFact(
        effect: .allow,
        principals: ["Federated:arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"],
        actions: ["sts:AssumeRoleWithWebIdentity"],
        condition: #"{"StringLike":{"token.actions.githubusercontent.com:sub":"repo:acme/lake:*"}}"#)
    ]
    let lake = RepositoryOwners(codeOwners: ["@acme/data"], committer: "ana@acme.example")
    #expect(
      suggestions(role, repositories: ["acme/lake": lake]) == [
        "medium team:data: CODEOWNERS of acme/lake, whose pipeline uses it",
        "low person:ana: ana@acme.example commits most to acme/lake",
      ])
  }

  @Test func takesWhoUsesIt() {
    var role = identity("a")
    role.trusts = [TrustFact(effect: .allow, principals: ["k8s:prod/pay/runner"], actions: [], condition: nil)]
    let runner = IdentityFact(
      principal: PrincipalKey("k8s:prod/pay/runner"), kind: .serviceAccount, name: "runner", source: "s")
    #expect(suggestions(role, others: [runner]) == ["medium team:payments: k8s:prod/pay/runner uses it"])
  }

  @Test func inventsNobody() { #expect(suggestions(identity("a")) == []) }
}
