import Base
import Model

@testable import Reviews

/// A small company for the tests: one declared role, one shadow role, two teams, five people.
struct Acme {
  var now = instant("2026-11-20T10:00:00Z")
  var governance: Governance
  var facts = FactSet()
  var template: CampaignTemplate
  var findings: [Finding] = []
  var excepted: [Finding] = []
  var policies = ["expired-but-active", "undeclared-identity", "idle"]
  var reviews = ReviewSet()
  var codeOwners: [String: [String]] = [:]

  static let publisher = PrincipalKey("arn:aws:iam::111122223333:role/release-publisher")
  static let shadow = PrincipalKey("arn:aws:iam::111122223333:role/old-batch")

  init() {
    governance = Governance(configuration: Configuration(location: SourceLocation(path: "muster.yaml")))
    governance.configuration.environments = [
      Environment(name: "prod", places: [located("aws:111122223333")])
    ]
    template = CampaignTemplate(id: located("2026-q4"), title: "Quarterly review", location: place("campaigns/q4.yaml"))
    template.exceptionQueue = OwnerReference("team:security")
    governance.campaigns = [template]
    governance.owners = Acme.owners
    governance.declarations = [Acme.declaration]
    facts.commit = String(repeating: "4b", count: 20)
    facts.identities = [Acme.shadowFact, Acme.publisherFact]
    facts.usage = [Acme.publisherUse]
    facts.sources = [source("aws-prod", .inventory), source("cloudtrail", .usage)]
    findings = [Acme.expired]
  }

  private func source(_ name: String, _ kind: SourceCoverage.Kind) -> SourceCoverage {
    var source = SourceCoverage(name: name, kind: kind)
    source.covers = ["aws:*"]
    source.collected = instant("2026-11-20T06:00:00Z")
    if kind == .usage {
      source.first = instant("2026-08-22T00:00:00Z")
      source.last = instant("2026-11-20T06:00:00Z")
    }
    return source
  }

  static var owners: Owners {
    var owners = Owners()
    for (name, left) in [("ana", nil), ("bo", "2026-10-01"), ("chi", nil), ("dora", nil), ("eli", nil)]
      as [(String, String?)]
    {
      var person = Person(name: name, location: place("owners.yaml"))
      person.emails = ["\(name)@acme.example"]
      person.left = left.flatMap { Day($0) }
      owners.people[name] = person
    }
    var bot = Person(name: "robo", location: place("owners.yaml"))
    bot.isBot = true
    owners.people["robo"] = bot
    owners.people["ana"]?.github = "ana-a"
    for (name, members, escalation) in [
      ("payments", ["ana", "bo"], ["team:platform", "person:eli"]), ("platform", ["chi"], []),
      ("security", ["dora"], []),
      ("gone", ["bo"], ["person:eli"]),
    ] as [(String, [String], [String])] {
      var team = Team(name: name, location: place("owners.yaml"))
      team.members = members.map { located($0) }
      team.contact = "#\(name)"
      team.escalation = escalation.compactMap { OwnerReference($0) }
      owners.teams[name] = team
    }
    return owners
  }

  static var declaration: Declaration {
    let path = "identities/payments/release-publisher.yaml"
    var declaration = Declaration(handle: located("release-publisher", path), location: place(path, 1))
    declaration.principals = [located(publisher, path)]
    declaration.kind = located(.role, path)
    declaration.owner = OwnerReference("team:payments").map { located($0, path) }
    declaration.backup = OwnerReference("team:platform").map { located($0, path) }
    declaration.purpose = located("Publishes signed build artifacts of the payments service.", path)
    declaration.environments = [located("prod", path)]
    declaration.expires = Day("2026-11-19").map { located($0, path) }
    declaration.scope = [
      ScopeEntry(
        actions: [located("s3:GetObject"), located("s3:PutObject")],
        resources: [located("arn:aws:s3:::payments-artifacts/*")])
    ]
    return declaration
  }

  static var publisherFact: IdentityFact {
    var fact = IdentityFact(principal: publisher, kind: .role, name: "release-publisher", source: "aws-prod")
    fact.grants = [
      GrantFact(
        effect: .allow, actions: ["s3:GetObject", "s3:DeleteObject"], resources: ["arn:aws:s3:::payments-artifacts/*"],
        via: "inline:publish")
    ]
    fact.trusts = [
      TrustFact(
        effect: .allow, principals: ["Service:codebuild.amazonaws.com"], actions: ["sts:AssumeRole"], condition: nil)
    ]
    fact.created = instant("2024-02-01T00:00:00Z")
    return fact
  }

  static var shadowFact: IdentityFact {
    var fact = IdentityFact(principal: shadow, kind: .role, name: "old-batch", source: "aws-prod")
    fact.credentials = [CredentialFact(id: "AKIAEXAMPLE", kind: "access-key", status: .active)]
    return fact
  }

  static var publisherUse: UsageFact {
    var usage = UsageFact(
      principal: publisher, first: instant("2026-08-23T01:00:00Z"), last: instant("2026-11-19T08:00:00Z"))
    usage.events = 120
    for (action, count) in [("s3:GetObject", 100), ("s3:ListBucket", 20)] as [(String, UInt64)] {
      var use = ActionUse(
        action: action, resource: "arn:aws:s3:::payments-artifacts", first: usage.first, last: usage.last)
      use.count = count
      use.lastSuccess = usage.last
      usage.actions.append(use)
    }
    usage.addresses = [TermUse(term: "10.20.0.7", count: 120, failed: 0, first: usage.first, last: usage.last)]
    return usage
  }

  static var expired: Finding {
    var finding = Finding(
      policy: "expired-but-active", code: "EXP-02", title: "Past its declared expiry and still enabled",
      severity: .high,
      verdict: .fail, message: "release-publisher expired on 2026-11-19 and is still enabled",
      location: place("identities/payments/release-publisher.yaml", 8))
    finding.identity = "release-publisher"
    finding.principal = publisher
    finding.field = "expires"
    finding.fingerprint = SHA256Digest(of: "expired").hex
    finding.evidence = [Tag(key: "expired", value: "2026-11-19"), Tag(key: "last used", value: "2026-11-19T08:00:00Z")]
    finding.remedy = "Disable it, or extend `expires` in a reviewed pull request."
    return finding
  }

  static var undeclared: Finding {
    var finding = Finding(
      policy: "undeclared-identity", code: "OWN-01", title: "Nobody declared it", severity: .high, verdict: .fail,
      message: "old-batch exists and no declaration claims it", location: place("muster.yaml", 1))
    finding.principal = shadow
    finding.fingerprint = SHA256Digest(of: "undeclared").hex
    return finding
  }

  var result: CheckResult {
    var result = CheckResult(now: now)
    result.findings = findings.sorted(by: Finding.precedes)
    result.excepted = excepted
    result.identities = facts.identities.count
    result.policies = policies.map {
      PolicySummary(
        id: $0, code: "", title: $0, severity: .high, help: "", remedy: "", controls: [],
        location: place("policies/\($0).yaml"))
    }
    return result
  }

  func open(_ includes: @escaping (Finding) -> Bool = { _ in true }) throws -> CampaignPlan {
    try openCampaign(
      CampaignRequest(
        template: template, result: result, governance: governance, facts: facts, reviews: reviews, now: now,
        codeOwners: { codeOwners[$0] ?? [] }, includes: includes))
  }

  /// Puts files into the tree, as a commit would.
  mutating func store(_ files: [SourceFile]) {
    var all = Dictionary(uniqueKeysWithValues: tree.map { ($0.path, $0) })
    for file in files { all[file.path] = file }
    tree = all.values.sorted { $0.path < $1.path }
    reviews = ReviewSet.read(tree)
  }

  private(set) var tree: [SourceFile] = []

  mutating func remove(_ path: String) {
    tree.removeAll { $0.path == path }
    reviews = ReviewSet.read(tree)
  }

  /// Opens, stores, and gives the only item.
  mutating func openOne() throws -> ReviewItem {
    store(try open().files)
    return try item()
  }

  func item(_ index: Int = 0) throws -> ReviewItem {
    guard reviews.items.indices.contains(index) else { throw Missing(reviews.diagnostics.description) }
    return reviews.items[index]
  }

  func decide(
    _ kind: Decision.Kind, by: String = "ana", at: String = "2026-11-21T09:12:44Z",
    reason: String = "It publishes each release.",
    until: String? = nil
  ) -> DecisionRequest {
    var request = DecisionRequest(
      kind: kind, by: OwnerReference(kind: .person, name: by), at: instant(at), reason: reason)
    request.until = until.flatMap { Day($0) }
    return request
  }

  /// Decides on the only item and stores it.
  @discardableResult
  mutating func decided(_ kind: Decision.Kind, by: String = "ana", until: String? = nil) throws -> ReviewItem {
    let draft = try makeDecision(
      decide(kind, by: by, until: until), on: try item(), owners: governance.owners, willSign: false)
    store([draft.item.source])
    return try item()
  }
}

struct Missing: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

func instant(_ text: String) -> Instant {
  guard let instant = Instant(text) else { preconditionFailure("a test's time is RFC 3339: \(text)") }
  return instant
}

func place(_ path: String, _ line: Int = 1) -> SourceLocation { SourceLocation(path: path, line: line, column: 1) }
func located<Value>(_ value: Value, _ path: String = "x.yaml") -> Located<Value> { Located(value, at: place(path)) }

extension ReviewItem {
  var text: String { String(decoding: source.bytes, as: UTF8.self) }
}
