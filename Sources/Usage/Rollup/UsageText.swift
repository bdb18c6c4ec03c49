package import Base
package import Model

extension UsageFact {
  /// The fact as one line of JSON without its line feed: equal facts give equal bytes.
  package func write(to json: inout JSONWriter) {
    json.object { json in
      json.field("principal", principal.description)
      json.field("first", first.description)
      json.field("last", last.description)
      json.field("events", events)
      json.field("denied", denied)
      json.field("failed", failed)
      Self.list("actions", actions, &json) { use, json in
        json.field("action", use.action)
        json.field("resource", use.resource)
        json.field("count", use.count)
        json.field("denied", use.denied)
        json.field("failed", use.failed)
        json.field("first", use.first.description)
        json.field("last", use.last.description)
        json.field("lastSuccess", use.lastSuccess?.description)
      }
      for (name, terms) in [("regions", regions), ("addresses", addresses), ("agents", agents), ("places", places)] {
        Self.list(name, terms, &json, Self.write)
      }
      Self.list("credentials", credentials, &json, Self.write)
      Self.list("days", days, &json, Self.write)
      json.field("saturated", saturated)
    }
  }

  private static func list<Element>(
    _ name: String, _ elements: [Element], _ json: inout JSONWriter, _ write: (Element, inout JSONWriter) -> Void
  ) {
    json.key(name)
    json.array { json in for element in elements { json.object { write(element, &$0) } } }
  }

  private static func write(_ use: TermUse, _ json: inout JSONWriter) {
    json.field("term", use.term)
    json.field("count", use.count)
    json.field("failed", use.failed)
    json.field("first", use.first.description)
    json.field("last", use.last.description)
  }

  private static func write(_ use: CredentialUse, _ json: inout JSONWriter) {
    json.field("id", use.id)
    json.field("temporary", use.isTemporary)
    json.field("count", use.count)
    json.field("failed", use.failed)
    json.field("first", use.first.description)
    json.field("last", use.last.description)
    json.field("lastSuccess", use.lastSuccess?.description)
  }

  private static func write(_ day: DayUse, _ json: inout JSONWriter) {
    json.field("day", day.day.description)
    json.field("count", day.count)
    json.field("denied", day.denied)
    json.field("bytesIn", day.bytesIn)
    json.field("bytesOut", day.bytesOut)
    json.field("hours", day.hours)
  }
}

extension CredentialLifecycle {
  /// The lifecycle as one JSON object.
  func write(to json: inout JSONWriter) {
    json.object { json in
      json.field("credential", id)
      json.field("owner", owner?.description)
      json.field("created", created?.description)
      json.field("createdBy", createdBy?.description)
      json.field("disabled", disabled?.description)
      json.field("enabled", enabled?.description)
      json.field("deleted", deleted?.description)
      json.field("deletedBy", deletedBy?.description)
    }
  }
}

extension UsageResult {
  /// All facts and lifecycles as JSON Lines, in their order: the rollup's canonical bytes.
  package var canonicalBytes: [UInt8] {
    var json = JSONWriter()
    for fact in facts {
      fact.write(to: &json)
      json.endLine()
    }
    for life in lifecycles {
      life.write(to: &json)
      json.endLine()
    }
    return json.bytes
  }
}
