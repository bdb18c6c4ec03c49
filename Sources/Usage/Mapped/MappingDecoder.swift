import Base
import Documents

/// Reads a mapping file.
struct MappingDecoder {
  private var reader: MappingReader
  private var more: [Diagnostic] = []
  private var places: [String] = []

  private static let keys =
    ["mapping", "records", "lists", "separator", "zone", "when", "skip", "resources", "outcome"]
    + Mapping.Target.allCases.map(\.rawValue)

  init(_ root: Node) { reader = MappingReader(root, kind: "mapping", keys: Self.keys) }

  var diagnostics: [Diagnostic] { reader.diagnostics + more }

  mutating func decode() -> Mapping? {
    let name = reader.required("mapping", .text)
    if let name,
      usageFormats.contains(name.value) || !name.value.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "-" })
    {
      problem("a mapping's name is letters, digits and `-`, and not one of the built-in formats", at: name.location)
    }
    var mapping = Mapping(name: name?.value ?? "")
    mapping.records = reader.optional("records", Reading<Mapping.Records>.choice)?.value ?? .json
    mapping.lists = reader.optional("lists", .list(of: .text))?.value.map(\.value) ?? []
    if let separator = reader.optional("separator", .text) { mapping.separator = byte(separator) }
    if let zone = reader.optional("zone", .text) { mapping.zone = offset(zone) }
    mapping.when = conditions("when")
    mapping.skip = conditions("skip")
    _ = reader.required("time", .text)
    _ = reader.required("action", .text)
    for target in Mapping.Target.allCases {
      guard let text = reader.optional(target.rawValue, .text), let template = template(text) else { continue }
      mapping.templates.append((target, template))
    }
    mapping.resources = (reader.optional("resources", .list(of: .text))?.value ?? []).compactMap { template($0) }
    mapping.outcome = outcome()
    mapping.places = places
    return name == nil ? nil : mapping
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

  private mutating func offset(_ zone: Located<String>) -> String {
    if zone.value == "Z" || Instant("2000-01-01T00:00:00\(zone.value)") != nil { return zone.value }
    problem("a zone is an offset from UTC, such as `+02:00` or `Z`", at: zone.location)
    return ""
  }

  private mutating func field(_ place: String) -> Int {
    if let known = places.firstIndex(of: place) { return known }
    places.append(place)
    return places.count - 1
  }

  /// `apikey:billing/{key_id}`
  private mutating func template(_ text: Located<String>) -> Template? {
    var parts: [Template.Part] = []
    var rest = text.value[...]
    while let open = rest.firstIndex(of: "{") {
      if open > rest.startIndex { parts.append(.text(String(rest[..<open]))) }
      guard let close = rest[open...].firstIndex(of: "}"), rest.index(after: open) < close else {
        problem(
          "a `{` without a place and a `}` behind it", at: text.location, hint: "a field is written as {path/of/keys}")
        return nil
      }
      parts.append(.field(field(String(rest[rest.index(after: open)..<close]))))
      rest = rest[rest.index(after: close)...]
    }
    if !rest.isEmpty { parts.append(.text(String(rest))) }
    return Template(parts: parts)
  }

  /// Places with patterns for their values.
  private mutating func conditions(_ key: String) -> [Mapping.Condition] {
    let entries = reader.optional(key, .entries(of: .text))?.value ?? []
    return entries.map { Mapping.Condition(field: field($0.name.value), pattern: Glob($0.value.value)) }
  }

  private mutating func outcome() -> Mapping.Outcome? {
    let reading = Reading<(from: Located<String>, success: [String], denied: [String])>.mapping(
      "outcome", keys: ["from", "success", "denied"]
    ) { inner in
      guard let from = inner.required("from", .text) else { return nil }
      let success = inner.optional("success", .list(of: .text))?.value.map(\.value) ?? []
      let denied = inner.optional("denied", .list(of: .text))?.value.map(\.value) ?? []
      return (from, success, denied)
    }
    guard let outcome = reader.optional("outcome", reading)?.value else { return nil }
    return Mapping.Outcome(
      field: field(outcome.from.value), success: outcome.success.map { Glob($0) },
      denied: outcome.denied.map { Glob($0) })
  }
}
