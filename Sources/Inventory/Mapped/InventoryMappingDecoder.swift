import Base
import Documents
import Model

/// Reads a mapping file.
struct InventoryMappingDecoder {
  private var reader: MappingReader
  private var more: [Diagnostic] = []

  private static let identityTargets: [InventoryMapping.Target] = [
    .principal, .kind, .name, .created, .owner, .enabled, .status, .lastUsed, .uniqueID,
  ]
  private static let credentialTargets: [InventoryMapping.Target] = [
    .id, .kind, .status, .created, .expires, .lastUsed, .lastRotated,
  ]
  private static let keys =
    ["mapping", "records", "lists", "separator", "split", "when", "skip", "kinds", "tags", "credentials", "grants"]
    + identityTargets.map(\.rawValue)

  init(_ root: Node) { reader = MappingReader(root, kind: "inventory mapping", keys: Self.keys) }

  var diagnostics: [Diagnostic] { reader.diagnostics + more }

  /// The mapping in the file; `nil` where it is wrong.
  static func read(_ path: String) -> (mapping: InventoryMapping?, diagnostics: [Diagnostic]) {
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try FileSystem.read(path, limit: 1 << 20)
    } catch {
      return (nil, [Diagnostic(.invalid, at: SourceLocation(path: path), error.description)])
    }
    let read = Document.yaml(bytes, path: path)
    guard let root = read.document?.root, read.diagnostics.allSatisfy({ $0.kind == .warning }) else {
      return (nil, read.diagnostics)
    }
    var decoder = InventoryMappingDecoder(root)
    let mapping = decoder.decode()
    return (decoder.diagnostics.isEmpty ? mapping : nil, read.diagnostics + decoder.diagnostics)
  }

  private mutating func decode() -> InventoryMapping? {
    let name = reader.required("mapping", .text)
    if let name,
      inventoryFormats.contains(name.value) || !name.value.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "-" })
    {
      problem("a mapping's name is letters, digits and `-`, and not one of the built-in formats", at: name.location)
    }
    var mapping = InventoryMapping(name: name?.value ?? "")
    mapping.records = reader.optional("records", Reading<InventoryMapping.Records>.choice)?.value ?? .json
    mapping.lists = reader.optional("lists", .list(of: .text))?.value.map(\.value) ?? []
    if let separator = reader.optional("separator", .text) { mapping.separator = byte(separator) }
    mapping.split = reader.optional("split", .text)?.value
    mapping.when = conditions("when")
    mapping.skip = conditions("skip")
    _ = reader.required("principal", .text)
    _ = reader.required("kind", .text)
    mapping.texts = templates(Self.identityTargets)
    for entry in reader.optional("kinds", .entries(of: Reading<IdentityKind>.choice))?.value ?? [] {
      mapping.kinds[entry.name.value] = entry.value.value
    }
    checkKind(mapping)
    for entry in reader.optional("tags", .entries(of: .text))?.value ?? [] {
      if let template = template(entry.value) { mapping.tags.append((entry.name.value, template)) }
    }
    mapping.credentials = parts("credentials", Self.credentialTargets.map(\.rawValue))
    for part in mapping.credentials where part.texts[.id] == nil {
      more.append(Diagnostic(.invalid, at: reader.node.location, "a credential of the mapping has no `id`"))
    }
    mapping.grants = parts("grants", ["actions", "resources", "effect", "via"])
    return name == nil ? nil : mapping
  }

  /// A kind that is written as it stands must be one.
  private mutating func checkKind(_ mapping: InventoryMapping) {
    guard let template = mapping.texts[.kind], template.places.isEmpty, case .text(let text)? = template.parts.first,
      IdentityKind(rawValue: text) == nil, mapping.kinds[text] == nil, let node = reader.value("kind")
    else { return }
    let known = IdentityKind.allCases.map(\.rawValue)
    problem(
      "`\(text.escapedOnOneLine)` is not a kind of identity", at: node.location,
      hint: suggestion(for: text, among: known))
  }

  private mutating func problem(_ message: String, at location: SourceLocation, hint: String = "") {
    more.append(Diagnostic(.invalid, at: location, message, hint: hint))
  }

  private mutating func byte(_ separator: Located<String>) -> UInt8 {
    let bytes = Array(separator.value == "\\t" || separator.value == "tab" ? "\t".utf8 : separator.value.utf8)
    if bytes.count == 1, bytes[0] != UInt8(ascii: "\"") { return bytes[0] }
    problem("a separator is one character, such as `;` or `tab`", at: separator.location)
    return UInt8(ascii: ",")
  }

  private mutating func template(_ text: Located<String>) -> MappedTemplate? {
    if let template = MappedTemplate(text.value) { return template }
    problem(
      "a `{` without a place and a `}` behind it", at: text.location, hint: "a field is written as {path/of/keys}")
    return nil
  }

  private mutating func templates(_ targets: [InventoryMapping.Target]) -> [InventoryMapping.Target: MappedTemplate] {
    var found: [InventoryMapping.Target: MappedTemplate] = [:]
    for target in targets {
      if let text = reader.optional(target.rawValue, .text) { found[target] = template(text) }
    }
    return found
  }

  private mutating func conditions(_ key: String) -> [InventoryMapping.Condition] {
    (reader.optional(key, .entries(of: .text))?.value ?? []).map {
      InventoryMapping.Condition(place: $0.name.value, pattern: Glob($0.value.value))
    }
  }

  /// A mapping, or a list of them.
  private mutating func parts(_ key: String, _ keys: [String]) -> [InventoryMapping.Part] {
    struct Raw: Sendable {
      var texts: [(String, Located<String>)]
      var actions: [Located<String>]
      var resources: [Located<String>]
    }
    let single = keys.filter { $0 != "actions" && $0 != "resources" } + ["from"]
    let reading = Reading<Raw>.mapping(key, keys: keys + ["from"]) { inner in
      let texts = single.compactMap { name in inner.optional(name, .text).map { (name, $0) } }
      let isGrant = keys.contains("actions")
      let actions = isGrant ? inner.required("actions", .list(of: .text))?.value ?? [] : []
      let resources = isGrant ? inner.optional("resources", .list(of: .text))?.value ?? [] : []
      return Raw(texts: texts, actions: actions, resources: resources)
    }
    return (reader.optional(key, .list(of: reading))?.value ?? []).map { raw in
      var part = InventoryMapping.Part()
      for (name, text) in raw.value.texts {
        switch name {
        case "from": part.from = text.value
        case "effect": part.effect = template(text)
        case "via": part.via = template(text)
        default:
          if let target = InventoryMapping.Target(rawValue: name) { part.texts[target] = template(text) }
        }
      }
      part.actions = raw.value.actions.compactMap { template($0) }
      part.resources = raw.value.resources.compactMap { template($0) }
      return part
    }
  }
}
