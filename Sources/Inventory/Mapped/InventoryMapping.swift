import Base
import Documents
import Model

/// A kind of export that a YAML file describes: where its fields stand, and what they mean. For everything that has no reader here.
///
/// Values are templates: `{place}` is replaced by the field at that place (of CSV, the column's name; of JSON and YAML, keys with `/`
/// between them, `*` for each element of a list), all else stands as written. A template with a field that the record lacks comes to
/// nothing: no name is ever half invented.
struct InventoryMapping: Sendable {
  enum Records: String, CaseIterable, Sendable { case json, csv, yaml }

  /// Fields of an identity or a credential that are one text each.
  enum Target: String, CaseIterable, Sendable {
    case principal, kind, name, created, expires, owner, enabled, status, id
    case lastUsed = "last-used"
    case lastRotated = "last-rotated"
    case uniqueID = "unique-id"
  }

  /// Records in which the field at the place matches the pattern.
  struct Condition: Sendable {
    let place: String
    let pattern: Glob
  }

  /// Credentials or grants: one a record, or one for each element of the list at `from`.
  struct Part: Sendable {
    var from: String?
    var texts: [Target: MappedTemplate] = [:]
    var actions: [MappedTemplate] = []
    var resources: [MappedTemplate] = []
    var effect: MappedTemplate?
    var via: MappedTemplate?
  }

  let name: String
  var records = Records.json
  var lists: [String] = []
  var separator = UInt8(ascii: ",")
  /// What stands between several values in one field.
  var split: String?
  var when: [Condition] = []
  var skip: [Condition] = []
  var texts: [Target: MappedTemplate] = [:]
  /// Words of the export for kinds of identity.
  var kinds: [String: IdentityKind] = [:]
  var tags: [(key: String, template: MappedTemplate)] = []
  var credentials: [Part] = []
  var grants: [Part] = []

  init(name: String) { self.name = name }

  /// What no template gives, so that unknown is not read as no.
  var unknowable: [String] {
    var unknown = ["trusts"]
    if texts[.created] == nil { unknown.append("created") }
    if texts[.uniqueID] == nil { unknown.append("uniqueID") }
    if texts[.owner] == nil { unknown.append("owners") }
    if texts[.lastUsed] == nil { unknown.append("lastUsed") }
    if texts[.enabled] == nil, texts[.status] == nil { unknown.append("isEnabled") }
    if tags.isEmpty { unknown.append("tags") }
    if grants.isEmpty { unknown.append("grants") }
    if credentials.isEmpty { unknown.append("credentials") }
    if !credentials.contains(where: { $0.texts[.lastUsed] != nil }) { unknown.append("credentials.lastUsed") }
    return unknown.sorted()
  }
}

/// Text with places of fields in it.
struct MappedTemplate: Sendable {
  enum Part: Sendable {
    case text(String)
    case field(String)
  }

  let parts: [Part]

  /// `nil` where a brace is without its other.
  init?(_ text: String) {
    var parts: [Part] = []
    var rest = text[...]
    while let open = rest.firstIndex(of: "{") {
      if open > rest.startIndex { parts.append(.text(String(rest[..<open]))) }
      guard let close = rest[open...].firstIndex(of: "}"), rest.index(after: open) < close else { return nil }
      parts.append(.field(String(rest[rest.index(after: open)..<close])))
      rest = rest[rest.index(after: close)...]
    }
    if !rest.isEmpty { parts.append(.text(String(rest))) }
    self.parts = parts
  }

  /// The places that it needs.
  var places: [String] {
    parts.compactMap { part in
      if case .field(let place) = part { place } else { nil }
    }
  }

  /// The texts that it comes to in the record: one for each value of a field that has several.
  func texts(in record: MappedRecord) -> [String] {
    var made = [""]
    for part in parts {
      switch part {
      case .text(let text): made = made.map { $0 + text }
      case .field(let place):
        let values = record.values(at: place)
        made = made.flatMap { start in values.map { start + $0 } }
      }
    }
    return made.filter { !$0.isEmpty }
  }
}

/// A record of an export that a mapping describes, or an element of a list in it, which sees the record around it.
struct MappedRecord {
  enum Content {
    case row(ExportRow)
    case node(Node, around: Node?)
  }

  let content: Content
  let split: String?

  var place: Place {
    switch content {
    case .row(let row): row.place
    case .node(let node, _): .node(node)
    }
  }

  /// The values at a place, without empty ones.
  func values(at place: String) -> [String] {
    let found: [String]
    switch content {
    case .row(let row): found = [row[place.lowercased()]].compactMap(\.self)
    case .node(let node, let around):
      let own = MappedRecord.nodes(at: place, in: node)
      let nodes = own.isEmpty ? around.map { MappedRecord.nodes(at: place, in: $0) } ?? [] : own
      found = nodes.flatMap(\.texts)
    }
    guard let split else { return found.filter { !$0.isEmpty } }
    return found.flatMap { $0.split(separator: split).map { String($0.drop { $0 == " " }) } }.filter { !$0.isEmpty }
  }

  /// The elements of the list at the place, each as a record of its own.
  func elements(at place: String) -> [MappedRecord] {
    guard case .node(let node, _) = content else { return [self] }
    return MappedRecord.nodes(at: place, in: node).flatMap { found in
      found.kind == .sequence ? found.elements : [found]
    }.map { MappedRecord(content: .node($0, around: node), split: split) }
  }

  /// `a/b`, `a/*/b`; `.` is the value itself.
  static func nodes(at place: String, in node: Node) -> [Node] {
    if place == "." { return [node] }
    var nodes = [node]
    for step in place.split(separator: "/") {
      nodes = nodes.flatMap { node -> [Node] in
        if step == "*" { return node.kind == .sequence ? node.elements : node.members.map(\.value) }
        return [node[String(step)]].compactMap(\.self).filter { $0.kind != .null }
      }
    }
    return nodes
  }
}
