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

  init(_ node: Node) { reader = MappingReader(node, kind: "declaration", keys: FieldTable.declaration.map(\.name)) }

  mutating func decode() -> Declaration? {
    let handle = reader.required("identity", .text)
    var declaration = Declaration(
      handle: handle ?? Located("", at: reader.node.location),
      location: reader.node["identity"]?.key?.location ?? reader.node.location)
    for member in reader.node.members {
      if let name = member.key.text { declaration.keyLocations[name] = member.key.location }
    }
    people(&declaration)
    purpose(&declaration)
    limits(&declaration)
    return handle == nil ? nil : declaration
  }

  private mutating func people(_ declaration: inout Declaration) {
    declaration.principals = reader.optional("principals", .list(of: .principal))?.value ?? []
    declaration.kind = reader.optional("kind", .choice)
    declaration.owner = reader.optional("owner", .owner)
    declaration.backup = reader.optional("backup", .owner)
    declaration.thirdParty = pairs("third-party", .anyText)
    declaration.agent = pairs("agent", Reading<Node>.node.map { $0.text ?? $0.canonicalJSON() })
  }

  private mutating func purpose(_ declaration: inout Declaration) {
    declaration.purpose = reader.optional("purpose", .anyText)
    declaration.serves = pairs("serves", .anyText)
    declaration.environments = reader.optional("environments", .list(of: .text))?.value ?? []
    declaration.criticality = reader.optional("criticality", .word(["low", "medium", "high", "critical"]))
    declaration.data = reader.optional("data", .list(of: .text))?.value ?? []
    _ = reader.optional("notes", .anyText)
    let why = Reading<Located<String>>.mapping("shared", keys: ["why"]) { $0.required("why", .text) }
    declaration.sharedWhy = reader.optional("shared", why)?.value
  }

  private mutating func limits(_ declaration: inout Declaration) {
    declaration.expires = reader.optional("expires", .day)
    let ages = Reading<[Located<Milliseconds>?]>.mapping("credentials", keys: ["max-age", "overlap"]) {
      [$0.optional("max-age", .duration), $0.optional("overlap", .duration)]
    }
    if let ages = reader.optional("credentials", ages)?.value {
      (declaration.credentialMaxAge, declaration.credentialOverlap) = (ages[0], ages[1])
    }
    let entry = Reading<ScopeEntry>.mapping("scope entry", keys: ["actions", "resources"]) { inner in
      guard let actions = inner.required("actions", .list(of: .text)) else { return nil }
      return ScopeEntry(actions: actions.value, resources: inner.optional("resources", .list(of: .text))?.value ?? [])
    }
    declaration.scope = (reader.optional("scope", .list(of: entry))?.value ?? []).map(\.value)
    declaration.behaviour = reader.optional("behaviour", .behaviour)?.value ?? Behaviour()
    let every = Reading<Located<Milliseconds>>.mapping("review", keys: ["every"]) { $0.required("every", .duration) }
    declaration.reviewEvery = reader.optional("review", every)?.value
  }

  private mutating func pairs(_ key: String, _ value: Reading<String>) -> [Tag] {
    (reader.optional(key, .entries(of: value))?.value ?? []).map { Tag(key: $0.name.value, value: $0.value.value) }
  }
}

extension Reading where Value == Behaviour {
  fileprivate static var behaviour: Reading {
    .mapping("behaviour", keys: FieldTable.behaviour.map(\.name)) { reader in
      var behaviour = Behaviour()
      behaviour.regions = reader.optional("regions", .list(of: .text))?.value ?? []
      behaviour.networks = reader.optional("networks", .list(of: .network))?.value ?? []
      behaviour.destinations = reader.optional("destinations", .list(of: .text))?.value ?? []
      behaviour.schedule = reader.optional("schedule", .schedule)?.value
      behaviour.maxBytesPerDay = reader.optional("max-bytes-per-day", .size)
      return behaviour
    }
  }
}
