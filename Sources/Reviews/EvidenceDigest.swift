import Base
import Model

/// The digest that a decision binds to. It covers what an owner decides on (what is wrong, what is declared, what is
/// granted, which actions were used on what, from which regions and places) and leaves out what moves with every log
/// line (counts, instants): else an identity at work every day would void its owner's decision every night. An amount
/// still counts by its order of magnitude, and so does falling silent or waking up.
enum EvidenceDigest {
  static func make(_ review: ReviewCase, campaign: String) -> String {
    var writer = JSONWriter()
    writer.object { writer in
      writer.field("schema", "muster.evidence/1")
      writer.field("campaign", campaign)
      writer.field("item", review.group.id)
      writer.key("findings")
      writer.array { writer in
        let sorted = review.group.findings.sorted { ($0.fingerprint, $0.message) < ($1.fingerprint, $1.message) }
        for finding in sorted { write(finding, &writer) }
      }
      if let declaration = review.declaration { write(declaration, &writer) }
      if let fact = review.fact { write(fact, &writer) }
      write(usage: review, &writer)
    }
    return SHA256Digest(of: writer.bytes).description
  }

  private static func write(_ finding: Finding, _ writer: inout JSONWriter) {
    writer.object { writer in
      writer.field("policy", finding.policy)
      writer.field("severity", finding.severity.rawValue)
      writer.field("verdict", finding.verdict.rawValue)
      writer.field("fingerprint", finding.fingerprint)
      writer.field("evidence", finding.evidence.map { "\($0.key)=\(steady($0.value))" })
    }
  }

  /// The text without its dates, with each amount cut to its number of digits: `46 days since 2026-10-01` → `## days
  /// since *`.
  static func steady(_ text: String) -> String {
    text.split(whereSeparator: { $0 == " " || $0 == "\t" || $0 == "\n" }).map { word -> String in
      let core = word.drop { "([,;".contains($0) }
      let bare = String(core.prefix(core.reversed().drop { ")],;.".contains($0) }.count))
      if Day(bare) != nil || Instant(bare) != nil { return "*" }
      let digits = bare.prefix { "0123456789.,_".contains($0) }
      let unit = bare.dropFirst(digits.count)
      guard digits.contains(where: \.isNumber), digits.filter({ $0 == "." }).count <= 1, unit.utf8.count <= 5,
        !unit.contains(where: \.isNumber),
        !digits.contains("_"), unit.allSatisfy({ $0.isLetter || $0 == "%" || $0 == "/" })
      else { return String(word) }
      let whole = digits.prefix { $0 != "." }.filter(\.isNumber)
      return String(repeating: "#", count: whole.count) + unit
    }.joined(separator: " ")
  }

  private static func write(_ declaration: Declaration, _ writer: inout JSONWriter) {
    writer.key("declared")
    writer.object { writer in
      writer.field("identity", declaration.handle.value)
      writer.field("principals", declaration.principals.map(\.value.description).sorted())
      writer.field("kind", declaration.kind?.value.rawValue)
      writer.field("owner", declaration.owner?.value.description)
      writer.field("backup", declaration.backup?.value.description)
      writer.field("purpose", declaration.purpose?.value)
      writer.field("serves", pairs(declaration.serves))
      writer.field("environments", declaration.environments.map(\.value).sorted())
      writer.field("criticality", declaration.criticality?.value)
      writer.field("data", declaration.data.map(\.value).sorted())
      writer.field("expires", declaration.expires?.value.description)
      writer.field("max-age", declaration.credentialMaxAge?.value.description)
      writer.field("overlap", declaration.credentialOverlap?.value.description)
      writer.key("scope")
      writer.array { writer in
        for entry in declaration.scope {
          writer.object { writer in
            writer.field("actions", entry.actions.map(\.value).sorted())
            writer.field("resources", entry.resources.map(\.value).sorted())
          }
        }
      }
      write(declaration.behaviour, &writer)
      writer.field("review", declaration.reviewEvery?.value.description)
      writer.field("third-party", pairs(declaration.thirdParty))
      writer.field("agent", pairs(declaration.agent))
      writer.field("shared", declaration.sharedWhy?.value)
    }
  }

  private static func write(_ behaviour: Behaviour, _ writer: inout JSONWriter) {
    writer.key("behaviour")
    writer.object { writer in
      writer.field("regions", behaviour.regions.map(\.value).sorted())
      writer.field("networks", behaviour.networks.map(\.value).sorted())
      writer.field("destinations", behaviour.destinations.map(\.value).sorted())
      writer.field("bytes", behaviour.maxBytesPerDay?.value)
      if let schedule = behaviour.schedule {
        writer.field("days", schedule.days.sorted().map { String($0) })
        writer.field("hours", "\(schedule.from)-\(schedule.to) \(schedule.zone)")
      }
    }
  }

  private static func write(_ fact: IdentityFact, _ writer: inout JSONWriter) {
    writer.key("granted")
    writer.object { writer in
      writer.field("principal", fact.principal.description)
      writer.field("kind", fact.kind.rawValue)
      writer.field("id", fact.uniqueID)
      writer.field("enabled", fact.isEnabled)
      writer.field("tags", pairs(fact.tags))
      writer.field("credentials", fact.credentials.map(describe).sorted())
      writer.field("grants", fact.grants.map(describe).sorted())
      writer.field("boundary", fact.boundary?.map(describe).sorted() ?? [])
      writer.field(
        "trusts",
        fact.trusts.map { trust in
          line(
            [trust.effect.rawValue] + trust.principals.sorted() + ["do"] + trust.actions.sorted() + [trust.condition])
        }.sorted())
    }
  }

  private static func write(usage review: ReviewCase, _ writer: inout JSONWriter) {
    guard let usage = review.usage else { return }
    writer.key("used")
    writer.object { writer in
      let end = review.sources.filter { $0.kind == .usage }.compactMap(\.last).max() ?? usage.last
      // CIS Control 5.3 calls an account dormant after 45 days.
      writer.field("dormant", usage.last.advanced(by: Milliseconds(45 * 86_400_000)) < end)
      writer.field(
        "actions", usage.actions.map { line([$0.action, $0.resource, $0.lastSuccess == nil ? "refused" : ""]) })
      writer.field("regions", usage.regions.map(\.term).sorted())
      writer.field("places", usage.places.map(\.term).sorted())
    }
  }

  private static func describe(_ credential: CredentialFact) -> String {
    line([
      credential.id, credential.kind, credential.status.rawValue, credential.created?.description,
      credential.expires?.description, credential.lastRotated?.description,
    ])
  }

  private static func describe(_ grant: GrantFact) -> String {
    line(
      [grant.effect.rawValue, grant.via] + grant.actions.sorted() + ["not"] + grant.notActions.sorted() + ["on"]
        + grant.resources.sorted() + ["not"] + grant.notResources.sorted() + [grant.condition])
  }

  private static func pairs(_ tags: [Tag]) -> [String] { tags.sorted().map { "\($0.key)=\($0.value)" } }

  /// Fields joined by a character that none of them holds in a meaningful way; absent ones keep their place.
  private static func line(_ fields: [String?]) -> String { fields.map { $0 ?? "" }.joined(separator: "\u{1F}") }
}
