package import Base
import Documents
package import Model

extension ReviewItem {
  /// The keys of the front matter, in the order in which they are written.
  static let keys = [
    "item", "campaign", "identity", "principal", "subject", "policy", "code", "field", "severity", "risk", "status",
    "owner", "owner-resolved", "backup", "route", "opened", "due", "evidence", "declaration", "history", "decisions",
  ]

  /// Reads one item. What is wrong becomes diagnostics with their places; the item is `nil` only when a field that
  /// everything hangs on is missing or unreadable. A bad decision is left out and reported; the others stand.
  package static func read(_ file: SourceFile) -> (item: ReviewItem?, diagnostics: [Diagnostic]) {
    let (matter, diagnostics) = FrontMatter.read(file.bytes, path: file.path)
    guard let matter else { return (nil, diagnostics) }
    var reader = MappingReader(matter.document.root, kind: "review item", keys: keys)
    let item = read(&reader, file)
    return (item, diagnostics + reader.diagnostics)
  }

  private static func read(_ reader: inout MappingReader, _ file: SourceFile) -> ReviewItem? {
    let id = reader.required("item", .text)
    let campaign = reader.required("campaign", .text)
    let policy = reader.required("policy", .text)
    let severity = reader.required("severity", .choice as Reading<Severity>)
    let status = reader.required("status", .choice as Reading<ReviewStatus>)
    let opened = reader.required("opened", .day)
    let due = reader.required("due", .day)
    let evidence = reader.required("evidence", Evidence.reading)
    let risk = reader.optional("risk", .int(in: 0...100))
    let route = reader.optional("route", .choice as Reading<ReviewRoute>)
    let identity = reader.optional("identity", .text)
    let principal = reader.optional("principal", .text)
    let subject = reader.optional("subject", .text)
    let code = reader.optional("code", .text)
    let field = reader.optional("field", .text)
    let owner = reader.optional("owner", .owner)
    let resolved = reader.optional("owner-resolved", .choice as Reading<OwnerSource>)
    let backup = reader.optional("backup", .owner)
    let declaration = reader.optional("declaration", .text)
    let history = list("history", of: ItemEvent.reading, &reader)
    let decisions = list("decisions", of: Decision.reading, &reader)
    guard let id, let campaign, let policy, let severity, let status, let opened, let due, let evidence else {
      return nil
    }
    checkName(of: file, id, &reader)
    var places: [String: SourceLocation] = [:]
    for (key, _) in reader.node.members { if let name = key.text { places[name] = key.location } }
    return ReviewItem(
      id: id.value, campaign: campaign.value, identity: identity?.value,
      principal: principal.map { PrincipalKey($0.value) },
      subject: subject?.value, policy: policy.value, code: code?.value, field: field?.value, severity: severity.value,
      risk: Int(risk?.value ?? 0), status: status.value, owner: owner?.value, ownerResolved: resolved?.value,
      backup: backup?.value, route: route?.value ?? .owner, opened: opened.value, due: due.value,
      evidence: evidence.value,
      declaration: declaration?.value, decisions: decisions, history: history, source: file, keyLocations: places)
  }

  private static func checkName(of file: SourceFile, _ id: Located<String>, _ reader: inout MappingReader) {
    if file.path.hasSuffix("/\(id.value).md") || file.path == "\(id.value).md" { return }
    reader.add(
      "the file's name is not that of the item `\(id.value)`", at: id.location,
      hint: "name the file \(id.value).md, or put the id back")
  }

  /// A list that may be absent, empty or null; bad elements are reported and left out.
  private static func list<Element: Sendable>(
    _ key: String, of reading: Reading<Element>, _ reader: inout MappingReader
  ) -> [Element] {
    guard reader.has(key) else { return [] }
    return reader.optional(key, .list(of: reading))?.value.map(\.value) ?? []
  }
}

extension ReviewItem.Evidence {
  static let reading = Reading<ReviewItem.Evidence>.mapping("evidence", keys: ["facts", "digest", "window"]) { reader in
    let facts = reader.optional("facts", .text)
    let digest = reader.required("digest", .digest)
    let window = reader.optional("window", .dayRange)
    guard let digest else { return nil }
    return ReviewItem.Evidence(facts: facts?.value, digest: digest.value, window: window?.value)
  }
}

extension Decision {
  static let keys = [
    "decision", "by", "at", "until", "owner", "approver", "route", "reason", "ticket", "on", "signature",
  ]

  static let reading = Reading<Decision>.mapping("decision", keys: keys) { reader in
    let kind = reader.required("decision", .choice as Reading<Decision.Kind>)
    let by = reader.required("by", .owner)
    let at = reader.required("at", .instant)
    let reason = reader.required("reason", .text)
    let on = reader.required("on", .digest)
    let until = reader.optional("until", .day)
    let owner = reader.optional("owner", .owner)
    let approver = reader.optional("approver", .owner)
    let route = reader.optional("route", .choice as Reading<ReviewRoute>)
    let ticket = reader.optional("ticket", .text)
    let signature = reader.optional("signature", .text)
    guard let kind, let by, let at, let reason, let on else { return nil }
    var decision = Decision(
      kind: kind.value, by: by.value, at: at.value, reason: reason.value, on: on.value,
      location: reader.anchor.location)
    decision.until = until?.value
    decision.owner = owner?.value
    decision.approver = approver?.value
    decision.route = route?.value
    decision.ticket = ticket?.value
    decision.signature = signature?.value
    for problem in DecisionRules.missing(decision) {
      reader.add(problem.message, at: kind.location, hint: problem.hint)
    }
    return decision
  }
}

extension ItemEvent {
  static let reading = Reading<ItemEvent>.mapping(
    "history entry", keys: ["event", "at", "to", "level", "facts", "note"]
  ) {
    reader in
    let kind = reader.required("event", .choice as Reading<ItemEvent.Kind>)
    let at = reader.required("at", .instant)
    let to = reader.optional("to", .owner)
    let level = reader.optional("level", .int(in: 0...99))
    let facts = reader.optional("facts", .text)
    let note = reader.optional("note", .text)
    guard let kind, let at else { return nil }
    return ItemEvent(
      kind.value, at: at.value, to: to?.value, level: level.map { Int($0.value) }, facts: facts?.value,
      note: note?.value)
  }
}

extension Reading where Value == OwnerReference {
  /// `team:NAME` or `person:NAME`.
  static var owner: Reading {
    Reading("`team:NAME` or `person:NAME`") { $0.text.flatMap { OwnerReference($0) } }
  }
}

extension Reading where Value == String {
  /// `sha256:` and 64 hexadecimal digits.
  static var digest: Reading {
    Reading("`sha256:` and 64 hexadecimal digits", hint: { _ in "copy `digest` from the item's `evidence`" }) { node in
      guard let text = node.text, text.hasPrefix("sha256:"), text.utf8.count == 71,
        text.utf8.dropFirst(7).allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
      else { return nil }
      return text
    }
  }
}

extension Reading where Value == ClosedRange<Day> {
  /// `YYYY-MM-DD/YYYY-MM-DD`.
  static var dayRange: Reading {
    Reading("two dates like 2026-08-22/2026-11-20") { node in
      let parts = node.text?.split(separator: "/", omittingEmptySubsequences: false) ?? []
      guard parts.count == 2, let first = Day(parts[0]), let last = Day(parts[1]), first <= last else { return nil }
      return first...last
    }
  }
}
