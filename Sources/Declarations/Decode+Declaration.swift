package import Base
package import Documents
package import Model

/// Reads the declarations of a file: one mapping, or a list of them.
package func decodeDeclarations(_ root: Node) -> (declarations: [Declaration], diagnostics: [Diagnostic]) {
  var declarations: [Declaration] = []
  var diagnostics: [Diagnostic] = []
  for node in root.kind == .sequence ? root.elements : [root] {
    var decoder = DeclarationDecoder(node)
    if let declaration = decoder.decode() { declarations.append(declaration) }
    diagnostics += decoder.reader.diagnostics
  }
  return (declarations, diagnostics)
}

private struct DeclarationDecoder {
  var reader: MappingReader

  init(_ node: Node) { reader = MappingReader(node, kind: "declaration", keys: Keys.declaration) }

  /// `nil` without a handle: nothing could speak of it.
  mutating func decode() -> Declaration? {
    let handle = reader.required("identity", Readings.handle)
    let members = reader.node.members
    var declaration = Declaration(
      handle: handle ?? Located("", at: reader.node.location), location: reader.node.location)
    declaration.keyLocations.reserveCapacity(members.count)
    for member in members {
      if let name = member.key.text { declaration.keyLocations[name] = member.key.location }
    }
    declaration.location = declaration.location(of: "identity")
    people(&declaration)
    purpose(&declaration)
    limits(&declaration)
    return handle == nil ? nil : declaration
  }

  private mutating func people(_ declaration: inout Declaration) {
    declaration.principals = reader.optional("principals", Readings.principals)?.value ?? []
    declaration.kind = reader.optional("kind", Readings.kind)
    declaration.owner = reader.optional("owner", Readings.owner)
    declaration.backup = reader.optional("backup", Readings.owner)
    declaration.thirdParty = pairs("third-party", Parts.texts)
    declaration.agent = pairs("agent", Parts.values)
  }

  private mutating func purpose(_ declaration: inout Declaration) {
    declaration.purpose = reader.optional("purpose", Readings.anyText)
    declaration.serves = pairs("serves", Parts.texts)
    declaration.environments = reader.optional("environments", Readings.texts)?.value ?? []
    declaration.criticality = reader.optional("criticality", Parts.criticality)
    declaration.data = reader.optional("data", Readings.texts)?.value ?? []
    _ = reader.optional("notes", Readings.anyText)
    declaration.sharedWhy = reader.optional("shared", Parts.shared)?.value
  }

  private mutating func limits(_ declaration: inout Declaration) {
    declaration.expires = reader.optional("expires", Readings.day)
    if let ages = reader.optional("credentials", Parts.credentials)?.value {
      (declaration.credentialMaxAge, declaration.credentialOverlap) = (ages[0], ages[1])
    }
    declaration.scope = (reader.optional("scope", Parts.scope)?.value ?? []).map(\.value)
    declaration.behaviour = reader.optional("behaviour", Parts.behaviour)?.value ?? Behaviour()
    declaration.reviewEvery = reader.optional("review", Parts.review)?.value
  }

  private mutating func pairs(_ key: String, _ reading: Reading<[Entry<String>]>) -> [Tag] {
    guard let entries = reader.optional(key, reading)?.value else { return [] }
    return entries.map { Tag(key: $0.name.value, value: $0.value.value) }
  }
}

/// The mappings inside a declaration.
private enum Parts {
  static let texts = Reading<[Entry<String>]>.entries(of: Readings.anyText)
  /// What has no shape of its own is kept as JSON.
  static let values = Reading<[Entry<String>]>.entries(of: Reading<Node>.node.map { $0.text ?? $0.canonicalJSON() })
  static let criticality = Reading<String>.word(["low", "medium", "high", "critical"])
  static let shared = Reading<Located<String>>.mapping("shared", keys: ["why"]) { $0.required("why", Readings.text) }
  static let review = Reading<Located<Milliseconds>>.mapping("review", keys: ["every"]) {
    $0.required("every", Readings.duration)
  }
  static let credentials = Reading<[Located<Milliseconds>?]>.mapping("credentials", keys: ["max-age", "overlap"]) {
    [$0.optional("max-age", Readings.duration), $0.optional("overlap", Readings.duration)]
  }
  static let scope = Reading<[Located<ScopeEntry>]>.list(
    of: .mapping("scope entry", keys: ["actions", "resources"]) { inner in
      guard let actions = inner.required("actions", Readings.texts) else { return nil }
      return ScopeEntry(actions: actions.value, resources: inner.optional("resources", Readings.texts)?.value ?? [])
    })
  static let behaviour = Reading<Behaviour>.mapping("behaviour", keys: Keys.behaviour) { reader in
    var behaviour = Behaviour()
    behaviour.regions = reader.optional("regions", Readings.texts)?.value ?? []
    behaviour.networks = reader.optional("networks", Readings.networks)?.value ?? []
    behaviour.destinations = reader.optional("destinations", Readings.texts)?.value ?? []
    behaviour.schedule = reader.optional("schedule", Readings.schedule)?.value
    behaviour.maxBytesPerDay = reader.optional("max-bytes-per-day", Readings.size)
    return behaviour
  }
}
