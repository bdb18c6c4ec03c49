import Base
import Model

/// The evidence of an item in small tables: what it may do, what it did, from where, with which credentials.
struct EvidenceTables {
  var review: ReviewCase

  func write(_ page: inout Markdown) {
    page.heading(2, "The evidence")
    page.paragraph(provenance)
    if !review.isAboutIdentity { return }
    if let fact = review.fact {
      grants(fact, &page)
      trusts(fact, &page)
      credentials(fact, &page)
    }
    use(&page)
  }

  private var provenance: String {
    let facts = review.facts.map { "Facts of commit \(String($0.prefix(12)).code)." } ?? "No facts were collected yet."
    let days = review.window.map { " Usage logs from \($0.lowerBound) to \($0.upperBound)." } ?? ""
    let missing = review.fact == nil && review.isAboutIdentity ? " No inventory shows the identity." : ""
    return facts + days + missing
  }

  private func grants(_ fact: IdentityFact, _ page: inout Markdown) {
    page.heading(3, "What it may do")
    if fact.unknowable.contains("grants") {
      page.paragraph("Unknown: the inventory cannot show it.")
      return
    }
    if fact.grants.isEmpty {
      page.paragraph("Nothing is granted to it.")
      return
    }
    let rows = fact.grants.prefix(15).map { grant -> [String] in
      let actions =
        grant.isOpaque
        ? "not shown in the export"
        : grant.notActions.isEmpty
          ? firstFew(grant.actions.map(\.code), 5) : "everything but " + firstFew(grant.notActions.map(\.code), 5)
      let resources =
        grant.notResources.isEmpty
        ? grant.resources.isEmpty ? "everything" : firstFew(grant.resources.map(\.code))
        : "everything but " + firstFew(grant.notResources.map(\.code))
      return [
        grant.effect.rawValue, actions, resources, grant.condition == nil ? "" : "under a condition", declared(grant),
        grant.via.code,
      ]
    }
    page.table(["", "Actions", "On", "", "Declared?", "Granted by"], Array(rows))
    if fact.grants.count > 15 { page.paragraph("… and \(fact.grants.count - 15) more statements.") }
    if fact.boundary != nil { page.paragraph("A permissions boundary limits all of these.") }
  }

  private func declared(_ grant: GrantFact) -> String {
    if grant.effect == .deny { return "" }
    guard let declaration = review.declaration else { return "no" }
    if grant.isOpaque { return "unknown" }
    let outside = DeclaredScope(declaration.scope).undeclared(of: grant)
    if outside.isEmpty { return "yes" }
    return "no: " + firstFew(outside.map { $0.action.code }.uniqued, 2)
  }

  private func trusts(_ fact: IdentityFact, _ page: inout Markdown) {
    guard !fact.trusts.isEmpty else { return }
    page.heading(3, "Who may become it")
    page.table(
      ["", "Who", ""],
      fact.trusts.prefix(10).map { trust in
        [
          trust.effect.rawValue, firstFew(trust.principals.map(\.code)),
          trust.condition == nil ? "" : "under a condition",
        ]
      })
  }

  private func credentials(_ fact: IdentityFact, _ page: inout Markdown) {
    guard !fact.credentials.isEmpty else { return }
    page.heading(3, "Its credentials")
    page.table(
      ["Id", "Kind", "State", "Created", "Last used"],
      fact.credentials.prefix(10).map { credential in
        [
          credential.id.code, credential.kind.prose, credential.status.rawValue,
          credential.created?.day.description ?? "unknown", credential.lastUsed?.day.description ?? "unknown",
        ]
      })
  }

  private func use(_ page: inout Markdown) {
    page.heading(3, "What it did")
    guard let usage = review.usage else {
      let platform = review.lastUsed.map { " The platform itself says that it was last used on \($0.day)." } ?? ""
      if let window = review.window {
        page.paragraph("Nothing, in the logs from \(window.lowerBound) to \(window.upperBound).\(platform)")
      } else {
        page.paragraph("Unknown: no usage log covers it. That does not mean that it is idle.\(platform)")
      }
      return
    }
    page.paragraph(
      "First seen \(usage.first.day), last seen \(usage.last.day): \(usage.events) calls, \(usage.denied) of them refused."
    )
    let top = usage.topActions
    page.table(
      ["Action", "Calls", "Last", "Declared?"],
      top.prefix(8).map { action in
        let isDeclared = review.declaration.map { $0.declares(action.name) } ?? false
        return [
          action.name.code, "\(action.count)" + (action.succeeded ? "" : " (all failed)"), action.last.day.description,
          isDeclared ? "yes" : "no",
        ]
      })
    if top.count > 8 { page.paragraph("… and \(top.count - 8) more actions.") }
    let origins: [(String, [TermUse])] = [
      ("From addresses", usage.addresses), ("In regions", usage.regions), ("In accounts", usage.places),
      ("With the program", usage.agents),
    ]
    let rows = origins.filter { !$0.1.isEmpty }.map { name, terms in
      [
        name,
        firstFew(terms.sorted { ($1.count, $0.term) < ($0.count, $1.term) }.map { "\($0.term.code) (\($0.count))" }),
      ]
    }
    if !rows.isEmpty { page.table(["Where from", "Most often"], rows) }
  }
}

extension UsageFact {
  /// The actions over all resources, the most frequent first.
  var topActions: [(name: String, count: UInt64, last: Instant, succeeded: Bool)] {
    var sums: [String: (count: UInt64, last: Instant, succeeded: Bool)] = [:]
    for use in actions {
      var sum = sums[use.action] ?? (0, use.last, false)
      sum.count += use.count
      sum.last = max(sum.last, use.last)
      sum.succeeded = sum.succeeded || use.lastSuccess != nil
      sums[use.action] = sum
    }
    return sums.map { ($0.key, $0.value.count, $0.value.last, $0.value.succeeded) }
      .sorted { ($1.1, $0.0) < ($0.1, $1.0) }
  }
}

extension Declaration {
  /// Whether the declared scope names the action, whatever the resource.
  func declares(_ action: String) -> Bool {
    scope.contains { $0.actions.contains { AccessPattern(action: $0.value).matches(action) == .yes } }
  }
}

extension Array where Element: Hashable {
  /// Without repeats, in order of their first place.
  var uniqued: [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}
