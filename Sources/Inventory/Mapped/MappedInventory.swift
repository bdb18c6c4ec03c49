import Base
import Documents
import Model

extension InventoryReading {
  /// Reads a file as the mapping says.
  mutating func readMapped(_ file: InventoryFile, _ mapping: InventoryMapping) {
    for record in mappedRecords(file, mapping) {
      guard mapping.when.allSatisfy({ record.holds($0) }), !mapping.skip.contains(where: { record.holds($0) }) else {
        countFiltered()
        continue
      }
      readMapped(record, mapping)
    }
  }

  private mutating func mappedRecords(_ file: InventoryFile, _ mapping: InventoryMapping) -> [MappedRecord] {
    if mapping.records == .csv {
      var content = InventoryContent(value: .text(file.bytes), path: file.path)
      content.separator = mapping.separator
      return rows(content).map { MappedRecord(content: .row($0), split: mapping.split) }
    }
    var roots: [Node] = []
    if mapping.records == .yaml {
      let (documents, problems) = Document.yamlStream(file.bytes, path: file.path, limits: .exports)
      roots = documents.map(\.root)
      note(problems)
    } else {
      let (document, problems) = Document.json(file.bytes, path: file.path)
      if let document {
        roots = [document.root]
        note(problems)
      } else {
        let (lines, others) = Document.jsonLines(file.bytes, path: file.path)
        roots = lines?.roots ?? []
        note(roots.count > 1 ? others : problems)
        for _ in 0..<(lines?.unreadableLines ?? 0) { countUnreadable() }
      }
    }
    let found = roots.flatMap { root -> [Node] in
      if root.kind == .sequence { return root.elements }
      let listed = mapping.lists.flatMap { MappedRecord.nodes(at: $0, in: root) }
      return listed.isEmpty && mapping.lists.isEmpty
        ? [root] : listed.flatMap { $0.kind == .sequence ? $0.elements : [$0] }
    }
    if found.isEmpty, !roots.isEmpty {
      diagnose(
        .warning, .node(roots[0]), "no record stands at \(mapping.lists.joined(separator: ", "))",
        hint: "`lists` of the mapping names the places of the lists")
    }
    return found.map { MappedRecord(content: .node($0, around: nil), split: mapping.split) }
  }

  private mutating func note(_ problems: [Diagnostic]) {
    diagnose(problems)
    if problems.contains(where: { $0.kind != .warning }) { countUnreadable() }
  }

  private mutating func readMapped(_ record: MappedRecord, _ mapping: InventoryMapping) {
    guard let principal = mapping.texts[.principal]?.texts(in: record).first else {
      let places = mapping.texts[.principal]?.places.map { "`\($0)`" }.joined(separator: " or ") ?? "``"
      return refuse(record.place, "the record has no \(places), so it has no principal")
    }
    let word = mapping.texts[.kind]?.texts(in: record).first ?? ""
    guard let kind = mapping.kinds[word] ?? IdentityKind(rawValue: word) else {
      return refuse(
        record.place, "`\(word.escapedOnOneLine)` is not a kind of identity",
        hint: "`kinds` of the mapping says what it stands for: {\(word.escapedOnOneLine): service-account}")
    }
    func text(_ target: InventoryMapping.Target) -> String? { mapping.texts[target]?.texts(in: record).first }
    let key = PrincipalKey(principal)
    var fact = identity(principal, kind, text(.name) ?? key.shortName, unknowable: mapping.unknowable)
    fact.uniqueID = text(.uniqueID)
    fact.created = time(text(.created), record)
    fact.lastUsed = time(text(.lastUsed), record)
    fact.isEnabled = (text(.enabled) ?? text(.status)).flatMap { credentialStatus($0) }.map { $0 == .active }
    fact.owners = Set(mapping.texts[.owner]?.texts(in: record) ?? []).sorted()
    fact.tags = mapping.tags.flatMap { tag in
      tag.template.texts(in: record).prefix(1).map { Tag(key: tag.key, value: $0) }
    }.sorted()
    for part in mapping.credentials {
      for element in part.from.map({ record.elements(at: $0) }) ?? [record] { addCredential(part, element, to: &fact) }
    }
    for part in mapping.grants {
      for element in part.from.map({ record.elements(at: $0) }) ?? [record] { addGrant(part, element, to: &fact) }
    }
    fact.credentials.sort { $0.id < $1.id }
    complete(fact, at: record.place)
  }

  private mutating func addCredential(
    _ part: InventoryMapping.Part, _ record: MappedRecord, to fact: inout IdentityFact
  ) {
    func text(_ target: InventoryMapping.Target) -> String? { part.texts[target]?.texts(in: record).first }
    // A record without the id has none of these.
    guard let id = text(.id), !fact.credentials.contains(where: { $0.id == id }) else { return }
    let status = text(.status).map { credentialStatus($0) ?? .unknown } ?? .unknown
    var credential = CredentialFact(id: id, kind: text(.kind) ?? "key", status: status)
    credential.created = time(text(.created), record)
    if let end = text(.expires), ["never", "none", "-1", "0", "9999-12-31"].contains(end.lowercased()) {
      credential.neverExpires = true
    } else {
      credential.expires = time(text(.expires), record)
    }
    credential.lastUsed = time(text(.lastUsed), record)
    credential.lastRotated = time(text(.lastRotated), record)
    fact.credentials.append(credential)
  }

  private func addGrant(_ part: InventoryMapping.Part, _ record: MappedRecord, to fact: inout IdentityFact) {
    let actions = part.actions.flatMap { $0.texts(in: record) }
    if actions.isEmpty { return }
    let isDeny = part.effect?.texts(in: record).first?.lowercased() == "deny"
    let resources = part.resources.flatMap { $0.texts(in: record) }
    let grant = GrantFact(
      effect: isDeny ? .deny : .allow, actions: actions, resources: resources.isEmpty ? ["*"] : resources,
      via: part.via?.texts(in: record).first ?? "export")
    if !fact.grants.contains(grant) { fact.grants.append(grant) }
  }

  private mutating func time(_ text: String?, _ record: MappedRecord) -> Instant? {
    guard let text else { return nil }
    if let instant = readServiceInstant(text) { return instant }
    diagnose(
      .unreadable, record.place, "`\(text.escapedOnOneLine)` is not a time",
      hint: "expected RFC 3339, such as 2026-11-20T06:00:00Z")
    return nil
  }

  private func credentialStatus(_ word: String) -> CredentialFact.Status? {
    switch word.lowercased() {
    case "active", "enabled", "true", "yes", "1", "on", "valid": .active
    case "inactive", "disabled", "false", "no", "0", "off", "suspended", "revoked", "locked": .inactive
    case "expired": .expired
    case "deleted", "removed": .deleted
    default: nil
    }
  }
}

extension MappedRecord {
  func holds(_ condition: InventoryMapping.Condition) -> Bool {
    values(at: condition.place).contains { condition.pattern.matches($0) }
  }
}
