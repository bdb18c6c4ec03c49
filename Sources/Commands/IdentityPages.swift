import Base
import Model
import Policies

/// The pages of `muster show`.
struct IdentityPages {
  let assessment: Assessment
  let graph: IdentityGraph

  init(_ assessment: Assessment, _ graph: IdentityGraph) {
    self.assessment = assessment
    self.graph = graph
  }

  func text(_ identities: [JoinedIdentity], _ ink: Ink) -> [UInt8] {
    Array(identities.map { page($0, ink) }.joined(separator: "\n").utf8)
  }

  private func page(_ identity: JoinedIdentity, _ ink: Ink) -> String {
    var page = Page(ink)
    page.title(identity.principal?.description ?? identity.handle)
    declared(identity, &page)
    discovered(identity, &page)
    credentials(identity, &page)
    grants(identity, &page)
    limits(identity, &page)
    edges(identity, &page)
    usage(identity, &page)
    findings(identity, &page)
    return page.text
  }

  private func declared(_ identity: JoinedIdentity, _ page: inout Page) {
    guard let declaration = identity.declaration else {
      return page.row("declared", page.ink.bad("no: nobody declared it (muster import drafts a declaration)"))
    }
    page.row("declared", "\(declaration.handle.value) at \(declaration.location)")
    page.row("purpose", declaration.purpose?.value)
    page.row("owner", declaration.owner?.value.description)
    page.row("backup", declaration.backup?.value.description)
    page.row("environments", declaration.environments.map(\.value).joined(separator: ", "))
    page.row("criticality", declaration.criticality?.value)
    page.row("expires", declaration.expires?.value.description)
    page.row("reviewed", assessment.estate.reviewed[declaration.handle.value]?.description)
  }

  private func discovered(_ identity: JoinedIdentity, _ page: inout Page) {
    guard let fact = identity.fact else {
      let text = identity.isDiscovered == false ? "no inventory shows it" : "unknown: \(identity.inventoryGap)"
      return page.row("discovered", page.ink.doubt(text.escapedOnOneLine), isRaw: true)
    }
    page.row("discovered", "\(fact.kind.rawValue) by \(fact.source)")
    page.row("platform id", fact.uniqueID)
    page.row("created", fact.created?.description)
    page.row("enabled", fact.isEnabled.map { $0 ? "yes" : "no" } ?? "unknown")
    page.row("deleted", fact.deleted?.description)
    page.row("platform owner", fact.owners.joined(separator: ", "))
    page.row(
      "tags", fact.tags.filter { !$0.key.hasPrefix("muster:") }.map { "\($0.key)=\($0.value)" }.joined(separator: ", "))
    if !fact.unknowable.isEmpty {
      page.row("not known", "\(fact.unknowable.joined(separator: ", ")): \(fact.source) cannot show it")
    }
  }

  private func credentials(_ identity: JoinedIdentity, _ page: inout Page) {
    if identity.credentials.isEmpty { return }
    page.section("credentials", "\(identity.credentials.count)")
    for credential in identity.credentials {
      let fact = credential.fact
      var words = [credential.kind, fact?.status.rawValue ?? "unknown to the inventory"]
      if let created = fact?.created { words.append("created \(created.day)") }
      if let rotated = fact?.lastRotated { words.append("rotated \(rotated.day)") }
      if let expires = fact?.expires {
        words.append("expires \(expires.day)")
      } else if fact?.neverExpires == true {
        words.append("never expires")
      }
      let last = [fact?.lastUsed, credential.use?.last].compactMap { $0 }.max()
      words.append(last.map { "last used \($0.day)" } ?? "no use known")
      if !credential.endedHow.isEmpty { words.append(credential.endedHow) }
      page.line("\(credential.id)  \(words.joined(separator: ", "))")
    }
  }

  private func grants(_ identity: JoinedIdentity, _ page: inout Page) {
    if identity.fact == nil { return }
    page.section(
      "may",
      identity.grants.isEmpty ? "nothing that the inventory shows" : counted(identity.grants.count, "grant", "grants"))
    let scope = identity.declaration.map { DeclaredScope($0.scope) }
    for effective in identity.grants {
      let grant = effective.grant
      let declared = scope.map {
        grant.isOpaque ? "declared ?" : $0.undeclared(of: grant).isEmpty ? "declared ✓" : "declared –"
      }
      let doubt = effective.certainty == .yes ? nil : grant.condition == nil ? "not for certain" : "under a condition"
      page.line("\(grant.scopeWords)")
      page.note(
        ["by \(grant.via)", declared, use(of: grant, identity), doubt].compactMap { $0 }.joined(separator: "   "))
    }
  }

  /// What takes some of it away again: denies, and the boundary that nothing goes beyond.
  private func limits(_ identity: JoinedIdentity, _ page: inout Page) {
    let denies = (identity.fact?.grants ?? []).filter { $0.effect == .deny }
    for (title, statements) in [("must not", denies), ("at most", identity.fact?.boundary ?? [])]
    where !statements.isEmpty {
      page.section(title, counted(statements.count, "statement", "statements"))
      for statement in statements.prefix(50) {
        page.line(
          statement.effect == .deny && title != "must not" ? "not \(statement.scopeWords)" : statement.scopeWords)
        page.note("by \(statement.via)\(statement.condition == nil ? "" : "   under a condition")")
      }
      if statements.count > 50 { page.note("… and \(statements.count - 50) more: -o json shows them") }
    }
  }

  /// Whether the logs show a use of the grant.
  private func use(of grant: GrantFact, _ identity: JoinedIdentity) -> String {
    if grant.isOpaque { return "used ?" }
    let matcher = GrantMatcher(grant)
    let uses =
      identity.usage?.actions.filter { matcher.actions.contains($0.action) == .yes && $0.lastSuccess != nil } ?? []
    if let last = uses.compactMap(\.lastSuccess).max() { return "used ✓ last \(last.day)" }
    return identity.coveredSince == nil ? "used ?" : "used –"
  }

  private func edges(_ identity: JoinedIdentity, _ page: inout Page) {
    guard let principal = identity.principal else { return }
    if let accessed = identity.fact?.accessed, !accessed.isEmpty {
      let known = accessed.filter { $0.last != nil }.sorted {
        ($1.last?.milliseconds ?? 0, $0.action) < ($0.last?.milliseconds ?? 0, $1.action)
      }
      page.section("the platform saw it use", counted(known.count, "service", "services") + " of \(accessed.count)")
      for access in known.prefix(12) { page.line("\(access.action)   last \(access.last.map { "\($0.day)" } ?? "")") }
    }
    let edges = graph.edges(to: principal)
    if !edges.isEmpty {
      page.section("who may become it", "\(edges.count)")
      for edge in edges.prefix(50) {
        page.line("\(edge.from)   by \(edge.via)\(edge.certainty == .yes ? "" : "   not for certain")")
      }
      if edges.count > 50 { page.note("… and \(edges.count - 50) more: -o json shows them") }
    }
    guard let links = identity.fact?.links, !links.isEmpty else { return }
    page.section("its own links", "\(links.count)")
    for link in links { page.line("\(link.kind.rawValue) \(link.to)   by \(link.via)") }
  }

  private func usage(_ identity: JoinedIdentity, _ page: inout Page) {
    guard let usage = identity.usage else {
      return page.section(
        "did", identity.coveredSince.map { "nothing since \($0.day)" } ?? "unknown: \(identity.usageGap)")
    }
    page.section(
      "did",
      "\(counted(usage.events, "event")) from \(usage.first.day) to \(usage.last.day), \(usage.failed) failed, \(usage.denied) denied"
    )
    let actions = Dictionary(grouping: usage.actions, by: \.action).map { ($0.key, $0.value) }
    let ordered = actions.sorted { ($1.1.total, $0.0) < ($0.1.total, $1.0) }
    for (action, uses) in ordered.prefix(12) {
      let on = uses.count > 1 ? "on \(uses.count) resources" : uses[0].resource.isEmpty ? "" : "on \(uses[0].resource)"
      let denied = uses.reduce(0) { $0 + $1.denied }
      let last = uses.map(\.last).max().map { "last \($0.day)" } ?? ""
      let counts = ["\(uses.total)×", denied > 0 ? "\(denied) denied" : "", last].filter { !$0.isEmpty }
      page.line("\(action) \(on)   \(counts.joined(separator: ", "))")
    }
    if ordered.count > 12 { page.note("… and \(ordered.count - 12) more actions") }
    func terms(_ name: String, _ terms: [TermUse]) {
      let most = terms.sorted { ($1.count, $0.term) < ($0.count, $1.term) }.prefix(6).map {
        "\($0.term) (\($0.count)×)"
      }
      page.row(name, most.isEmpty ? nil : most.joined(separator: ", ") + (terms.count > 6 ? ", …" : ""))
    }
    terms("from", usage.addresses)
    terms("in", usage.regions)
    terms("with", usage.agents)
    if !usage.saturated.isEmpty { page.row("not whole", usage.saturated.joined(separator: ", ")) }
  }

  func findings(of identity: JoinedIdentity) -> [Finding] {
    assessment.result.findings.filter { finding in
      if let principal = finding.principal { return principal == identity.principal }
      return finding.identity != nil && finding.identity == identity.declaration?.handle.value
    }
  }

  private func findings(_ identity: JoinedIdentity, _ page: inout Page) {
    let findings = findings(of: identity)
    if findings.isEmpty { return page.section("findings", "none") }
    page.section("findings", "\(findings.count)")
    for finding in findings {
      page.line(
        "\(finding.verdict.rawValue) \(finding.severity.rawValue)[\(finding.code)] \(finding.message)   \(finding.fingerprint.prefix(12))"
      )
    }
  }
}

extension [ActionUse] {
  /// How often, on all resources.
  fileprivate var total: UInt64 { reduce(0) { $0 + $1.count } }
}

/// Titles, rows of names and values, and lists; everything escaped.
private struct Page {
  let ink: Ink
  private(set) var text = ""

  init(_ ink: Ink) { self.ink = ink }

  mutating func title(_ title: String) { text += ink.bold(title.escapedOnOneLine) + "\n" }

  /// A value by its name; nothing for one that is absent. A raw value is escaped already.
  mutating func row(_ name: String, _ value: String?, isRaw: Bool = false) {
    guard let value, !value.isEmpty else { return }
    text += "  \(name.padded(to: 15))\(isRaw || value.hasPrefix("\u{1B}") ? value : value.escapedOnOneLine)\n"
  }

  mutating func section(_ name: String, _ value: String) {
    text += "\n  \(ink.bold(name))  \(value.escapedOnOneLine)\n"
  }

  mutating func line(_ line: String) { text += "    \(line.escapedOnOneLine)\n" }

  mutating func note(_ note: String) { text += ink.faint("      \(note.escapedOnOneLine)") + "\n" }
}
