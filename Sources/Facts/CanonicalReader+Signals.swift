import Base
import Model

extension CanonicalReader {
  mutating func signal() throws(FactsError) -> SignalFact {
    try beginObject()
    let kind: SignalFact.Kind = try choice("kind")
    let (source, rule) = (try required("source"), try required("rule"))
    var signal = SignalFact(kind, source: source, rule: rule, place: try required("place"))
    signal.at = try instant("at")
    signal.credential = try text("credential")
    signal.hash = try text("hash")
    signal.principal = try text("principal")
    signal.isLive = try flag("live")
    try endObject()
    return signal
  }

  mutating func person() throws(FactsError) -> PersonFact {
    try beginObject()
    let kind: PersonFact.Kind = try choice("kind")
    let name = try required("name")
    var person = PersonFact(kind, name: name, source: try required("source"))
    person.title = try text("title")
    person.emails = try texts("emails")
    person.teams = try texts("teams")
    if let text = try text("left") {
      guard let day = Day(text) else { throw error("expected a day as YYYY-MM-DD") }
      person.left = day
    }
    try endObject()
    return person
  }
}
