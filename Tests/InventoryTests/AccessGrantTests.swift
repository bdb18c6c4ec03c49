import Base
import Model
import Testing

private func allow(
  _ actions: [String], _ resources: [String] = ["*"], notActions: [String] = [], notResources: [String] = [],
  condition: String? = nil, via: String = "inline:p", effect: GrantFact.Effect = .allow
) -> GrantFact {
  var grant = GrantFact(effect: effect, actions: actions, resources: resources, via: via)
  (grant.notActions, grant.notResources, grant.condition) = (notActions, notResources, condition)
  return grant
}

private func deny(_ actions: [String], _ resources: [String] = ["*"], condition: String? = nil) -> GrantFact {
  allow(actions, resources, condition: condition, effect: .deny)
}

private func identity(_ grants: [GrantFact], boundary: [GrantFact]? = nil) -> IdentityFact {
  var identity = IdentityFact(
    principal: PrincipalKey("arn:aws:iam::111122223333:role/r"), kind: .role, name: "r", source: "aws")
  (identity.grants, identity.boundary) = (grants, boundary)
  return identity
}

private func scope(_ entries: [([String], [String])]) -> DeclaredScope {
  let place = SourceLocation(path: "i.yaml", line: 1, column: 1)
  return DeclaredScope(
    entries.map { entry in
      ScopeEntry(actions: entry.0.map { Located($0, at: place) }, resources: entry.1.map { Located($0, at: place) })
    })
}

private let condition = #"{"Bool":{"aws:SecureTransport":"true"}}"#

@Suite struct AccessGrantTests {
  @Test(arguments: [
    (allow(["s3:Get*"], ["arn:aws:s3:::b/*"]), "s3:GetObject", "arn:aws:s3:::b/x", Answer.yes),
    (allow(["s3:Get*"], ["arn:aws:s3:::b/*"]), "s3:PutObject", "arn:aws:s3:::b/x", .no),
    (allow(["s3:Get*"], ["arn:aws:s3:::b/*"]), "s3:GetObject", "arn:aws:s3:::c/x", .no),
    (allow(["s3:Get*"], ["arn:aws:s3:::b/*"]), "s3:GetObject", "arn:aws:s3:::b", .unknown),
    (allow(["s3:Get*"], ["arn:aws:s3:::b/*"]), "s3:GetObject", "", .unknown),
    (allow(["s3:Get*"]), "s3:GetObject", "", .yes),
    (allow([], notActions: ["iam:*"]), "s3:GetObject", "x", .yes),
    (allow([], notActions: ["iam:*"]), "iam:CreateUser", "x", .no),
    (allow(["s3:*"], [], notResources: ["arn:aws:s3:::secret/*"]), "s3:GetObject", "arn:aws:s3:::secret/x", .no),
    (allow(["s3:*"], [], notResources: ["arn:aws:s3:::secret/*"]), "s3:GetObject", "arn:aws:s3:::open/x", .yes),
    (allow(["s3:*"], condition: condition), "s3:GetObject", "x", .unknown),
    (allow(["s3:*"], condition: condition), "ec2:RunInstances", "x", .no),
    (allow([], via: "managed:arn:aws:iam::aws:policy/ReadOnlyAccess"), "s3:GetObject", "x", .unknown),
    (deny(["s3:*"]), "s3:GetObject", "x", .no),
  ])
  func allowsAsTheStatementSays(grant: GrantFact, action: String, resource: String, expected: Answer) {
    #expect(grant.allows(action: action, resource: resource) == expected)
  }

  /// IAM User Guide, "Policy evaluation logic" and "Permissions boundaries".
  @Test(arguments: [
    (identity([allow(["s3:*"]), deny(["s3:Delete*"])]), "s3:DeleteObject", Answer.no),
    (identity([allow(["s3:*"]), deny(["s3:Delete*"])]), "s3:GetObject", .yes),
    (identity([allow(["s3:*"]), deny(["s3:Delete*"], condition: condition)]), "s3:DeleteObject", .unknown),
    (identity([allow(["*"])], boundary: [allow(["s3:*"])]), "s3:GetObject", .yes),
    (identity([allow(["*"])], boundary: [allow(["s3:*"])]), "iam:CreateUser", .no),
    (identity([], boundary: [allow(["s3:*"])]), "s3:GetObject", .no),
    (identity([allow(["*"])], boundary: []), "s3:GetObject", .no),
    (identity([allow(["*"])], boundary: [allow(["*"]), deny(["iam:*"])]), "iam:CreateUser", .no),
    (identity([allow(["s3:*"], condition: condition), allow(["s3:Get*"])]), "s3:GetObject", .yes),
    (identity([allow([]), deny(["iam:*"])]), "iam:CreateUser", .no),
    (identity([allow([]), deny(["iam:*"])]), "s3:GetObject", .unknown),
  ])
  func evaluatesDenyAndBoundary(identity: IdentityFact, action: String, expected: Answer) {
    #expect(EffectiveAccess(of: identity).allows(action: action, resource: "arn:aws:s3:::b") == expected)
  }

  @Test func leavesUnknownWhereGrantsAreUnknowable() {
    var partial = identity([allow(["s3:*"])])
    partial.unknowable = ["grants"]
    #expect(EffectiveAccess(of: partial).allows(action: "iam:CreateUser", resource: "") == .unknown)
    #expect(EffectiveAccess(of: partial).allows(action: "s3:GetObject", resource: "x") == .yes)
  }

  @Test func effectiveGrantsAreCutByBoundaryAndDeny() {
    let bounded = identity([allow(["*"])], boundary: [allow(["s3:Get*"], ["arn:aws:s3:::b/*"]), allow(["sqs:*"])])
    #expect(bounded.effectiveGrants().map(\.grant.actions) == [["s3:Get*"], ["sqs:*"]])
    #expect(bounded.effectiveGrants().map(\.certainty) == [.yes, .yes])
    let denied = identity([allow(["s3:Get*", "iam:*"], ["a", "b"]), deny(["iam:*"], ["a"]), deny(["s3:GetObject"])])
    let effective = denied.effectiveGrants()
    #expect(effective.map(\.grant.actions) == [["s3:Get*"], ["iam:*"]])
    #expect(effective.map(\.grant.resources) == [["a", "b"], ["b"]])
    #expect(effective.map(\.certainty) == [.unknown, .yes])
    #expect(identity([allow(["iam:*"]), deny(["*"])]).effectiveGrants().isEmpty)
    #expect(identity([allow(["iam:*"])], boundary: [allow(["s3:*"])]).effectiveGrants().isEmpty)
  }

  /// What `EffectiveAccess` allows, some effective grant speaks of: the grants never say less than what may be done.
  @Test func effectiveGrantsNeverHideWhatIsAllowed() {
    var random = SystemRandomNumberGenerator()
    let actions = ["*", "s3:*", "s3:Get*", "s3:GetObject", "iam:*", "s3:*Object", "iam:Pass*"]
    let resources = ["*", "a*", "ab", "*b", "b"]
    func statement() -> GrantFact {
      let effect: GrantFact.Effect = Int.random(in: 0...2, using: &random) == 0 ? .deny : .allow
      let picked = (0...1).map { _ in actions.randomElement(using: &random) ?? "*" }
      let on = (0...1).map { _ in resources.randomElement(using: &random) ?? "*" }
      let (isNot, isElsewhere) = (
        Int.random(in: 0...4, using: &random) == 0, Int.random(in: 0...4, using: &random) == 0
      )
      return allow(
        isNot ? [] : picked, isElsewhere ? [] : on, notActions: isNot ? picked : [],
        notResources: isElsewhere ? on : [],
        effect: effect)
    }
    for _ in 0..<600 {
      let limits = Bool.random(using: &random) ? (0...1).map { _ in statement() } : nil
      let someone = identity((0...2).map { _ in statement() }, boundary: limits)
      let (access, grants) = (EffectiveAccess(of: someone), someone.effectiveGrants())
      for action in ["s3:GetObject", "s3:PutObject", "iam:PassRole", "s3:GetX"] {
        for resource in ["a", "ab", "b", "cb"] {
          let answer = access.allows(action: action, resource: resource)
          let sure = grants.filter { $0.certainty == .yes }.map { $0.grant.allows(action: action, resource: resource) }
            .max()
          let any = grants.map { $0.grant.allows(action: action, resource: resource) }.max() ?? .no
          if answer == .yes { #expect(any == .yes, "\(someone.grants) \(action) \(resource)") }
          if sure == .yes { #expect(answer == .yes, "\(someone.grants) \(action) \(resource)") }
        }
      }
    }
  }
}

@Suite struct DeclaredScopeTests {
  @Test func namesWhatIsGrantedAndNotDeclared() {
    let declared = scope([(["s3:GetObject", "s3:Put*"], ["arn:aws:s3:::b/*"]), (["sts:*"], [])])
    #expect(declared.undeclared(of: allow(["s3:PutObject", "S3:getobject"], ["arn:aws:s3:::b/x/*"])).isEmpty)
    #expect(declared.undeclared(of: allow(["sts:AssumeRole"])).isEmpty)
    #expect(
      declared.undeclared(of: allow(["s3:*", "s3:PutObject"], ["arn:aws:s3:::b/*", "arn:aws:s3:::c/*"])) == [
        UndeclaredAccess(action: "s3:*", resource: "arn:aws:s3:::b/*"),
        UndeclaredAccess(action: "s3:*", resource: "arn:aws:s3:::c/*"),
        UndeclaredAccess(action: "s3:PutObject", resource: "arn:aws:s3:::c/*"),
      ])
    #expect(
      declared.undeclared(of: allow([], notActions: ["iam:*"])) == [
        UndeclaredAccess(action: "* except iam:*", resource: "*")
      ])
    #expect(scope([(["*"], [])]).undeclared(of: allow([], notActions: ["iam:*"])).isEmpty)
    #expect(declared.undeclared(of: deny(["iam:*"])).isEmpty)
    #expect(scope([]).undeclared(of: allow(["a:b"])).count == 1)
  }

  @Test(arguments: [
    ("s3:GetObject", "arn:aws:s3:::b/x", Answer.yes), ("s3:GetObject", "arn:aws:s3:::c/x", .no),
    ("s3:GetObject", "", .unknown), ("s3:GetObject", "arn:aws:s3:::b", .unknown), ("sts:AssumeRole", "", .yes),
    ("s3:GetObject", "arn:aws:s3:::b/*", .yes), ("s3:GetObject", "arn:aws:s3:::*", .unknown),
    ("s3:GetObject", "arn:aws:s3:::c/*", .no), ("s3:GetObject", "*", .unknown), ("sts:AssumeRole", "*", .yes),
    ("iam:CreateUser", "", .no),
  ])
  func declaresUses(action: String, resource: String, expected: Answer) {
    let declared = scope([(["s3:GetObject"], ["arn:aws:s3:::b/*"]), (["sts:*"], [])])
    #expect(declared.declares(action: action, resource: resource) == expected)
  }

  @Test func findsWhatIsDeclaredAndNotProvisioned() {
    let declared = scope([(["s3:GetObject", "sqs:*"], ["arn:aws:s3:::b/*"])])
    let grants = identity([allow(["s3:Get*"], ["arn:aws:s3:::b/x*"])]).effectiveGrants()
    #expect(declared.unprovisioned(by: grants) == [UndeclaredAccess(action: "sqs:*", resource: "arn:aws:s3:::b/*")])
  }

  @Test(arguments: [
    (allow(["*"]), true), (allow(["*:*"]), true), (allow(["s3:*"]), true), (allow(["s3:*"], ["arn:aws:s3:::b"]), false),
    (allow(["s3:Get*"]), false), (allow(["*"], ["arn:aws:s3:::b/*"]), false), (allow([], notActions: ["iam:*"]), true),
    (allow(["s3:*"], [], notResources: ["a"]), true), (deny(["*"]), false),
    (allow([], via: "managed:arn:aws:iam::aws:policy/AdministratorAccess"), true),
    (allow(["x:y"], via: "group:g/managed:arn:aws-cn:iam::aws:policy/IAMFullAccess"), true),
    (allow([], via: "managed:arn:aws:iam::aws:policy/ReadOnlyAccess"), false),
    (allow(["x:y"], via: "managed:arn:aws:iam::111122223333:policy/AdministratorAccess"), false),
  ])
  func tellsGrantsThatAreTooBroad(grant: GrantFact, expected: Bool) {
    #expect((grant.breadth != nil) == expected)
  }

  @Test func tellsUsedFromUnusedFromUnknown() {
    let day = Instant(milliseconds: 0)
    var usage = UsageFact(principal: PrincipalKey("p"), first: day, last: day)
    var use = ActionUse(action: "s3:ListAllMyBuckets", resource: "", first: day, last: day)
    use.lastSuccess = day
    usage.actions = [use, ActionUse(action: "ec2:RunInstances", resource: "", first: day, last: day)]
    #expect(usage.uses(AccessPattern(action: "s3:List*")) == .yes)
    #expect(usage.uses(AccessPattern(action: "ec2:*")) == .no, "it only failed")
    #expect(usage.uses(AccessPattern(action: "s3:Get*")) == .unknown)
    #expect(usage.uses(AccessPattern(action: "s3:Get*"), dataEvents: true) == .no)
    #expect(usage.uses(AccessPattern(action: "iam:PassRole"), dataEvents: true) == .unknown)
    usage.saturated = ["actions"]
    #expect(usage.uses(AccessPattern(action: "ec2:*")) == .unknown)
  }
}
