import Base
import Documents
import Model

extension Node {
  /// The text of the first of the keys that has one.
  func text(_ keys: String...) -> String? {
    for key in keys {
      if let text = self[key]?.text, !text.isEmpty { return text }
    }
    return nil
  }

  /// The value of the first of the keys that is there and not null.
  func value(_ keys: String...) -> Node? {
    for key in keys {
      if let value = self[key], value.kind != .null { return value }
    }
    return nil
  }

  /// The texts of a list, also where one stands without its brackets.
  var texts: [String] { kind == .sequence ? elements.compactMap(\.text) : [text].compactMap(\.self) }

  /// Whether it says yes, as JSON or as a word of a table.
  var isTrue: Bool { bool == true || ["true", "yes", "y", "1"].contains(text?.lowercased()) }
}

/// An instant as forges and services write it: as `readInstant`, and milliseconds since 1970, and `2024-05-01 10:00:00.000 -0700`.
func readServiceInstant(_ text: String) -> Instant? {
  if let instant = readInstant(text) { return instant }
  if let number = Double(text), number.isFinite, (253_402_300_800..<253_402_300_800_000).contains(number) {
    return Instant(milliseconds: Int64(number))
  }
  let words = text.split(separator: " ")
  guard words.count == 3 || words.count == 2, words[0].utf8.count == 10 else { return nil }
  guard words.count == 3 else { return Instant("\(words[0])T\(words[1])Z") }
  let offset = words[2]
  if ["UTC", "Z", "GMT"].contains(offset) { return Instant("\(words[0])T\(words[1])Z") }
  guard offset.utf8.count == 5 else { return nil }
  return Instant("\(words[0])T\(words[1])\(offset.prefix(3)):\(offset.suffix(2))")
}

extension InventoryReading {
  /// As `readInstant`, with the forms of forges and services.
  mutating func readTime(_ node: Node?) -> Instant? {
    guard let node, let text = node.text, !text.isEmpty else { return nil }
    if let instant = readServiceInstant(text) { return instant }
    diagnose(
      .unreadable, .node(node), "`\(text.escapedOnOneLine)` is not a time",
      hint: "expected RFC 3339, such as 2026-11-20T06:00:00Z")
    return nil
  }

  /// A field without which a record is nothing; `nil`, said and counted, where it is missing.
  mutating func require(_ object: Node, _ keys: String..., of what: String) -> String? {
    for key in keys {
      if let text = object[key]?.text, !text.isEmpty { return text }
    }
    refuse(.node(object), "\(what) has no `\(keys[0])`, so it cannot be told from others")
    return nil
  }

  /// Says once a source what its exports leave open, and how to name it.
  mutating func sayOnce(_ topic: String, _ place: Place, _ message: String, hint: String) {
    if said.insert(topic).inserted { diagnose(.warning, place, message, hint: hint) }
  }

  /// An identity of a platform that tells more of it elsewhere.
  func identity(_ key: String, _ kind: IdentityKind, _ name: String, unknowable: [String]) -> IdentityFact {
    var fact = IdentityFact(principal: PrincipalKey(key), kind: kind, name: name, source: source.name)
    fact.unknowable = unknowable.sorted()
    return fact
  }
}
