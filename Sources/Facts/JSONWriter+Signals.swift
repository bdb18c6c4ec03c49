import Base
import Model

extension JSONWriter {
  mutating func write(_ signal: SignalFact) {
    object { writer in
      writer.field("kind", signal.kind.rawValue)
      writer.field("source", signal.source)
      writer.field("rule", signal.rule)
      writer.field("place", signal.place)
      writer.field("at", signal.at)
      writer.field("credential", signal.credential)
      writer.field("hash", signal.hash)
      writer.field("principal", signal.principal)
      writer.field("live", signal.isLive)
    }
  }

  mutating func write(_ person: PersonFact) {
    object { writer in
      writer.field("kind", person.kind.rawValue)
      writer.field("name", person.name)
      writer.field("source", person.source)
      writer.field("title", person.title)
      writer.field("emails", person.emails)
      writer.field("teams", person.teams)
      writer.field("left", person.left?.description)
    }
  }
}
