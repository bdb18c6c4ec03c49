import Base
import Documents
import Model

/// Reads the `given` of a policy's example: facts in the words of the declarations, so that authors need not know the facts'
/// own format. The declared parts are read by the same reader as the repository's files.
struct ExampleReader {
  static let keys = [
    "now", "declared", "owners", "environments", "exceptions", "granted", "used", "sources", "lifecycles", "reviewed",
    "files", "base", "base-exceptions", "switched-off", "decisions", "signals", "people",
  ]

  let now: Instant
  let granted: [IdentityFact]
  let used: [UsageFact]
  let lifecycles: [CredentialLifecycle]
  let sources: [SourceCoverage]?
  let reviewed: [String: Instant]
  let files: [SourceFile]
  let declared: [Node]
  let owners: Node?
  let environments: [Environment]
  let exceptions: [Node]
  /// The declarations and exceptions at the base; `nil` where there is no base.
  let base: (declared: [Node], exceptions: [Node])?
  /// Policies that are switched off now and were not at the base.
  let switchedOff: [Located<String>]
  let decisions: [ReviewDecision]
  let signals: [SignalFact]
  let people: [PersonFact]
  let diagnostics: [Diagnostic]

  init(_ given: Node) {
    var reader = MappingReader(given, kind: "given", keys: ExampleReader.keys)
    now = reader.required("now", .instant)?.value ?? Instant(milliseconds: 0)
    declared = (reader.optional("declared", .list(of: .node))?.value ?? []).map(\.value)
    owners = reader.optional("owners", .node)?.value
    let names = reader.optional("environments", .entries(of: Reading<[Located<String>]>.list(of: .text)))?.value ?? []
    environments = names.map { Environment(name: $0.name.value, places: $0.value.value) }
    exceptions = (reader.optional("exceptions", .list(of: .node))?.value ?? []).map(\.value)
    granted = (reader.optional("granted", .list(of: ExampleReader.identity))?.value ?? []).map(\.value)
    let fallback = granted.first?.principal ?? ExampleReader.principal(of: declared.first)
    used = (reader.optional("used", .list(of: ExampleReader.usage(fallback)))?.value ?? []).map(\.value)
    sources = reader.optional("sources", .list(of: ExampleReader.source))?.value.map(\.value)
    lifecycles = (reader.optional("lifecycles", .list(of: ExampleReader.lifecycle))?.value ?? []).map(\.value)
    let dates = reader.optional("reviewed", .entries(of: .instant))?.value ?? []
    reviewed = Dictionary(dates.map { ($0.name.value, $0.value.value) }, uniquingKeysWith: { first, _ in first })
    let texts = reader.optional("files", .entries(of: .anyText))?.value ?? []
    files = texts.map { SourceFile(path: $0.name.value, bytes: Array($0.value.value.utf8)) }
    let before = reader.optional("base", .list(of: .node))?.value
    let waived = reader.optional("base-exceptions", .list(of: .node))?.value ?? []
    base = before.map { ($0.map(\.value), waived.map(\.value)) }
    switchedOff = reader.optional("switched-off", .list(of: .text))?.value ?? []
    decisions = (reader.optional("decisions", .list(of: ReviewDecision.example))?.value ?? []).map(\.value)
    signals = (reader.optional("signals", .list(of: SignalFact.example))?.value ?? []).map(\.value)
    people = (reader.optional("people", .list(of: PersonFact.example))?.value ?? []).map(\.value)
    diagnostics = reader.diagnostics
  }

  private static func principal(of declared: Node?) -> PrincipalKey {
    let first = declared?["principals"]?.elements.first?.text ?? declared?["principals"]?.text
    return PrincipalKey(first ?? "arn:aws:iam::111122223333:role/example")
  }

  private static let identity = Reading<IdentityFact>.mapping(
    "granted",
    keys: ["principal", "kind", "enabled", "created", "last-used", "credentials", "grants", "tags", "accessed"]
  ) { reader in
    guard let principal = reader.required("principal", .text),
      let kind: Located<IdentityKind> = reader.required("kind", .choice)
    else { return nil }
    let key = PrincipalKey(principal.value)
    var fact = IdentityFact(principal: key, kind: kind.value, name: key.shortName, source: "example")
    fact.isEnabled = reader.optional("enabled", .bool)?.value
    fact.created = reader.optional("created", .instant)?.value
    fact.lastUsed = reader.optional("last-used", .instant)?.value
    fact.credentials = (reader.optional("credentials", .list(of: credential))?.value ?? []).map(\.value)
    fact.grants = (reader.optional("grants", .list(of: grant))?.value ?? []).map(\.value)
    fact.accessed = (reader.optional("accessed", .list(of: access))?.value ?? []).map(\.value).sorted()
    fact.tags = (reader.optional("tags", .entries(of: .anyText))?.value ?? [])
      .map { Tag(key: $0.name.value, value: $0.value.value) }.sorted()
    return fact
  }

  private static let credential = Reading<CredentialFact>.mapping(
    "credential", keys: ["id", "kind", "status", "created", "expires", "last-used", "last-rotated", "hash"]
  ) { reader in
    guard let id = reader.required("id", .text),
      let status: Located<CredentialFact.Status> = reader.required("status", .choice)
    else { return nil }
    let kind = reader.optional("kind", .text)?.value ?? "access-key"
    var fact = CredentialFact(id: id.value, kind: kind, status: status.value)
    fact.created = reader.optional("created", .instant)?.value
    fact.expires = reader.optional("expires", .instant)?.value
    fact.lastUsed = reader.optional("last-used", .instant)?.value
    fact.lastRotated = reader.optional("last-rotated", .instant)?.value
    fact.hash = reader.optional("hash", .text)?.value
    return fact
  }

  private static let access = Reading<AccessFact>.mapping("access", keys: ["action", "last"]) { reader in
    guard let action = reader.required("action", .text) else { return nil }
    return AccessFact(action: action.value, last: reader.optional("last", .instant)?.value)
  }

  private static let grant = Reading<GrantFact>.mapping(
    "grant", keys: ["effect", "actions", "not-actions", "resources", "condition", "via"]
  ) { reader in
    func list(_ key: String, _ reader: inout MappingReader) -> [String] {
      (reader.optional(key, .list(of: .text))?.value ?? []).map(\.value)
    }
    let effect: Located<GrantFact.Effect>? = reader.optional("effect", .choice)
    var fact = GrantFact(
      effect: effect?.value ?? .allow, actions: list("actions", &reader), resources: list("resources", &reader),
      via: reader.optional("via", .text)?.value ?? "inline:example")
    fact.notActions = list("not-actions", &reader)
    fact.condition = reader.optional("condition", .text)?.value
    return fact
  }

  private static func usage(_ fallback: PrincipalKey) -> Reading<UsageFact> {
    .mapping(
      "used", keys: ["principal", "first", "last", "events", "actions", "regions", "places", "credentials", "days"]
    ) { reader in
      guard let first = reader.required("first", .instant)?.value, let last = reader.required("last", .instant)?.value
      else { return nil }
      let principal = reader.optional("principal", .text).map { PrincipalKey($0.value) } ?? fallback
      var usage = UsageFact(principal: principal, first: first, last: last)
      usage.events = UInt64(clamping: reader.optional("events", .int)?.value ?? 1)
      let span = (first, last)
      usage.actions = (reader.optional("actions", .list(of: action(span)))?.value ?? []).map(\.value)
      usage.regions = (reader.optional("regions", .list(of: term(span)))?.value ?? []).map(\.value)
      usage.places = (reader.optional("places", .list(of: term(span)))?.value ?? []).map(\.value)
      usage.credentials = (reader.optional("credentials", .list(of: credentialUse(span)))?.value ?? []).map(\.value)
      usage.days = (reader.optional("days", .list(of: day))?.value ?? []).map(\.value)
      return usage
    }
  }

  private static func action(_ span: (Instant, Instant)) -> Reading<ActionUse> {
    .mapping("used action", keys: ["action", "resource", "count", "denied", "last-success"]) { reader in
      guard let action = reader.required("action", .text) else { return nil }
      let resource = reader.optional("resource", .anyText)?.value ?? ""
      var use = ActionUse(action: action.value, resource: resource, first: span.0, last: span.1)
      use.count = UInt64(clamping: reader.optional("count", .int)?.value ?? 1)
      use.denied = UInt64(clamping: reader.optional("denied", .int)?.value ?? 0)
      use.lastSuccess = reader.optional("last-success", .instant)?.value
      return use
    }
  }

  private static func term(_ span: (Instant, Instant)) -> Reading<TermUse> {
    .mapping("term", keys: ["term", "count"]) { reader in
      guard let term = reader.required("term", .text) else { return nil }
      let count = UInt64(clamping: reader.optional("count", .int)?.value ?? 1)
      return TermUse(term: term.value, count: count, failed: 0, first: span.0, last: span.1)
    }
  }

  private static func credentialUse(_ span: (Instant, Instant)) -> Reading<CredentialUse> {
    .mapping("credential in use", keys: ["id", "count", "last-success"]) { reader in
      guard let id = reader.required("id", .text) else { return nil }
      var use = CredentialUse(id: id.value, isTemporary: id.value.hasPrefix("ASIA"), first: span.0, last: span.1)
      use.count = UInt64(clamping: reader.optional("count", .int)?.value ?? 1)
      use.lastSuccess = reader.optional("last-success", .instant)?.value
      return use
    }
  }

  private static let day = Reading<DayUse>.mapping("day", keys: ["day", "count", "bytes-out", "bytes-in", "hours"]) {
    reader in
    guard let day = reader.required("day", .day) else { return nil }
    var use = DayUse(day: day.value)
    use.count = UInt64(clamping: reader.optional("count", .int)?.value ?? 1)
    use.bytesOut = UInt64(clamping: reader.optional("bytes-out", .int)?.value ?? 0)
    use.bytesIn = UInt64(clamping: reader.optional("bytes-in", .int)?.value ?? 0)
    for hour in reader.optional("hours", .list(of: .int(in: 0...23)))?.value ?? [] {
      use.hours |= 1 << UInt32(hour.value)
    }
    return use
  }

  private static let source = Reading<SourceCoverage>.mapping(
    "source", keys: ["name", "kind", "covers", "every", "collected", "first", "last", "dark"]
  ) { reader in
    guard let name = reader.required("name", .text),
      let kind: Located<SourceCoverage.Kind> = reader.required("kind", .choice)
    else { return nil }
    var source = SourceCoverage(name: name.value, kind: kind.value)
    source.covers = (reader.optional("covers", .list(of: .text))?.value ?? []).map(\.value)
    source.every = reader.optional("every", .duration)?.value
    source.collected = reader.optional("collected", .instant)?.value
    source.first = reader.optional("first", .instant)?.value
    source.last = reader.optional("last", .instant)?.value
    if let first = source.first, let last = source.last {
      let silence = Gap(from: first.advanced(by: Milliseconds(3_600_000)), to: last)
      source.places = (reader.optional("dark", .list(of: .text))?.value ?? []).map {
        PlaceCoverage(name: $0.value, first: first, last: first, gaps: [silence])
      }
    }
    return source
  }

  private static let lifecycle = Reading<CredentialLifecycle>.mapping(
    "lifecycle", keys: ["id", "created", "disabled", "deleted"]
  ) { reader in
    guard let id = reader.required("id", .text) else { return nil }
    var lifecycle = CredentialLifecycle(id: id.value)
    lifecycle.created = reader.optional("created", .instant)?.value
    lifecycle.disabled = reader.optional("disabled", .instant)?.value
    lifecycle.deleted = reader.optional("deleted", .instant)?.value
    return lifecycle
  }
}
