import Base
import Model

extension JSONWriter {
  mutating func write(_ usage: UsageFact) {
    object { writer in
      writer.field("principal", usage.principal.description)
      writer.field("first", usage.first)
      writer.field("last", usage.last)
      writer.field("events", usage.events)
      writer.field("denied", nonZero: usage.denied)
      writer.field("failed", nonZero: usage.failed)
      writer.list("actions", usage.actions) { $0.write($1) }
      writer.list("regions", usage.regions) { $0.write($1) }
      writer.list("addresses", usage.addresses) { $0.write($1) }
      writer.list("agents", usage.agents) { $0.write($1) }
      writer.list("places", usage.places) { $0.write($1) }
      writer.list("credentials", usage.credentials) { $0.write($1) }
      writer.list("days", usage.days) { $0.write($1) }
      writer.field("saturated", usage.saturated)
    }
  }

  private mutating func write(_ use: ActionUse) {
    object { writer in
      writer.field("action", use.action)
      if !use.resource.isEmpty { writer.field("resource", use.resource) }
      writer.field("count", use.count)
      writer.field("denied", nonZero: use.denied)
      writer.field("failed", nonZero: use.failed)
      writer.field("first", use.first)
      writer.field("last", use.last)
      writer.field("lastSuccess", use.lastSuccess)
    }
  }

  private mutating func write(_ use: TermUse) {
    object { writer in
      writer.field("term", use.term)
      writer.field("count", use.count)
      writer.field("failed", nonZero: use.failed)
      writer.field("first", use.first)
      writer.field("last", use.last)
    }
  }

  private mutating func write(_ use: CredentialUse) {
    object { writer in
      writer.field("id", use.id)
      if use.isTemporary { writer.field("temporary", true) }
      writer.field("count", use.count)
      writer.field("failed", nonZero: use.failed)
      writer.field("first", use.first)
      writer.field("last", use.last)
      writer.field("lastSuccess", use.lastSuccess)
    }
  }

  private mutating func write(_ use: DayUse) {
    object { writer in
      writer.field("day", use.day.description)
      writer.field("count", use.count)
      writer.field("denied", nonZero: use.denied)
      writer.field("bytesIn", nonZero: use.bytesIn)
      writer.field("bytesOut", nonZero: use.bytesOut)
      writer.field("hours", nonZero: UInt64(use.hours))
    }
  }

  mutating func write(_ lifecycle: CredentialLifecycle) {
    object { writer in
      writer.field("id", lifecycle.id)
      writer.field("owner", lifecycle.owner?.description)
      writer.field("created", lifecycle.created)
      writer.field("createdBy", lifecycle.createdBy?.description)
      writer.field("disabled", lifecycle.disabled)
      writer.field("enabled", lifecycle.enabled)
      writer.field("deleted", lifecycle.deleted)
      writer.field("deletedBy", lifecycle.deletedBy?.description)
    }
  }

  mutating func write(_ source: SourceCoverage) {
    object { writer in
      writer.field("name", source.name)
      writer.field("kind", source.kind.rawValue)
      writer.field("formats", source.formats)
      writer.field("covers", source.covers)
      writer.field("collected", source.collected)
      writer.field("first", source.first)
      writer.field("last", source.last)
      writer.field("every", source.every?.count)
      writer.field("lateness", source.lateness?.count)
      writer.write(source.gaps)
      writer.field("used", nonZero: source.used)
      writer.field("duplicate", nonZero: source.duplicate)
      writer.field("filtered", nonZero: source.filtered)
      writer.field("unreadable", nonZero: source.unreadable)
      writer.field("unattributed", nonZero: source.unattributed)
      writer.list("places", source.places) { writer, place in
        writer.object { writer in
          writer.field("name", place.name)
          writer.field("first", place.first)
          writer.field("last", place.last)
          writer.write(place.gaps)
        }
      }
      writer.list("inputs", source.inputs) { $0.write($1) }
    }
  }

  private mutating func write(_ gaps: [Gap]) {
    list("gaps", gaps) { writer, gap in
      writer.array {
        $0.string(gap.from.description)
        $0.string(gap.to.description)
      }
    }
  }

  private mutating func write(_ input: InputFile) {
    object { writer in
      writer.field("path", input.path)
      writer.field("sha256", input.sha256)
      writer.field("bytes", input.bytes)
      writer.field("records", input.records)
      writer.field("status", input.status)
    }
  }
}
