import Base
import Documents
import Model

extension SignalFact {
  /// A signal of a policy's example.
  static let example = Reading<SignalFact>.mapping(
    "signal", keys: ["kind", "credential", "hash", "principal", "at", "rule", "place", "live"]
  ) { reader in
    guard let kind: Located<SignalFact.Kind> = reader.required("kind", .choice) else { return nil }
    let rule = reader.optional("rule", .text)?.value ?? kind.value.rawValue
    let place = reader.optional("place", .text)?.value ?? "example"
    var signal = SignalFact(kind.value, source: "example", rule: rule, place: place)
    signal.credential = reader.optional("credential", .text)?.value
    signal.hash = reader.optional("hash", .text)?.value
    signal.principal = reader.optional("principal", .text)?.value
    signal.at = reader.optional("at", .instant)?.value
    signal.isLive = reader.optional("live", .bool)?.value
    return signal
  }
}

extension PersonFact {
  /// A person of a policy's example.
  static let example = Reading<PersonFact>.mapping("person", keys: ["name", "emails", "left"]) { reader in
    guard let name = reader.required("name", .text) else { return nil }
    var person = PersonFact(.person, name: name.value, source: "example")
    person.emails = (reader.optional("emails", .list(of: .text))?.value ?? []).map { $0.value.lowercased() }.sorted()
    person.left = reader.optional("left", .day)?.value
    return person
  }
}
