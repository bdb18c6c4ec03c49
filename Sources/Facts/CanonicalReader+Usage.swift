import Base
import Model

extension CanonicalReader {
  /// As `identity`.
  mutating func usage(_ isWanted: (PrincipalKey) -> Bool) throws(FactsError) -> UsageFact? {
    try beginObject()
    let principal = PrincipalKey(try required("principal"))
    guard isWanted(principal) else { return nil }
    let first = try requiredInstant("first")
    var usage = UsageFact(principal: principal, first: first, last: try requiredInstant("last"))
    usage.events = try count("events")
    usage.denied = try count("denied")
    usage.failed = try count("failed")
    usage.actions = try list("actions") { reader throws(FactsError) in try reader.actionUse() }
    usage.regions = try terms("regions")
    usage.addresses = try terms("addresses")
    usage.agents = try terms("agents")
    usage.places = try terms("places")
    usage.credentials = try list("credentials") { reader throws(FactsError) in try reader.credentialUse() }
    usage.days = try list("days") { reader throws(FactsError) in try reader.dayUse() }
    usage.saturated = try texts("saturated")
    try endObject()
    return usage
  }

  private mutating func actionUse() throws(FactsError) -> ActionUse {
    try beginObject()
    let (action, resource) = (try required("action"), try text("resource") ?? "")
    let (all, denied, failed) = (try count("count"), try count("denied"), try count("failed"))
    let first = try requiredInstant("first")
    var use = ActionUse(action: action, resource: resource, first: first, last: try requiredInstant("last"))
    (use.count, use.denied, use.failed) = (all, denied, failed)
    use.lastSuccess = try instant("lastSuccess")
    try endObject()
    return use
  }

  private mutating func terms(_ name: StaticString) throws(FactsError) -> [TermUse] {
    try list(name) { reader throws(FactsError) in
      try reader.beginObject()
      let term = try reader.required("term")
      let (all, failed) = (try reader.count("count"), try reader.count("failed"))
      let first = try reader.requiredInstant("first")
      let use = TermUse(term: term, count: all, failed: failed, first: first, last: try reader.requiredInstant("last"))
      try reader.endObject()
      return use
    }
  }

  private mutating func credentialUse() throws(FactsError) -> CredentialUse {
    try beginObject()
    let (id, isTemporary) = (try required("id"), try flag("temporary") ?? false)
    let (all, failed) = (try count("count"), try count("failed"))
    let first = try requiredInstant("first")
    var use = CredentialUse(id: id, isTemporary: isTemporary, first: first, last: try requiredInstant("last"))
    (use.count, use.failed) = (all, failed)
    use.lastSuccess = try instant("lastSuccess")
    try endObject()
    return use
  }

  private mutating func dayUse() throws(FactsError) -> DayUse {
    try beginObject()
    try require("day")
    var use = DayUse(day: try withText({ Day.parse($0) }, orSay: "a date"))
    use.count = try count("count")
    use.denied = try count("denied")
    use.bytesIn = try count("bytesIn")
    use.bytesOut = try count("bytesOut")
    guard let hours = UInt32(exactly: try count("hours")) else { throw error("`hours` is not a set of hours") }
    use.hours = hours
    try endObject()
    return use
  }

  mutating func lifecycle() throws(FactsError) -> CredentialLifecycle {
    try beginObject()
    var life = CredentialLifecycle(id: try required("id"))
    life.owner = try principal("owner")
    life.created = try instant("created")
    life.createdBy = try principal("createdBy")
    life.disabled = try instant("disabled")
    life.enabled = try instant("enabled")
    life.deleted = try instant("deleted")
    life.deletedBy = try principal("deletedBy")
    try endObject()
    return life
  }

  mutating func coverage() throws(FactsError) -> SourceCoverage {
    try beginObject()
    let name = try required("name")
    var source = SourceCoverage(name: name, kind: try choice("kind"))
    source.formats = try texts("formats")
    source.covers = try texts("covers")
    source.collected = try instant("collected")
    source.first = try instant("first")
    source.last = try instant("last")
    source.every = try milliseconds("every")
    source.lateness = try milliseconds("lateness")
    source.gaps = try gaps()
    source.used = try count("used")
    source.duplicate = try count("duplicate")
    source.filtered = try count("filtered")
    source.unreadable = try count("unreadable")
    source.unattributed = try count("unattributed")
    source.places = try list("places") { reader throws(FactsError) in try reader.place() }
    source.inputs = try list("inputs") { reader throws(FactsError) in try reader.input() }
    try endObject()
    return source
  }

  private mutating func gaps() throws(FactsError) -> [Gap] {
    try list("gaps") { reader throws(FactsError) in
      let (from, to) = try reader.pair { reader throws(FactsError) in try reader.instant() }
      return Gap(from: from, to: to)
    }
  }

  private mutating func place() throws(FactsError) -> PlaceCoverage {
    // Earlier versions wrote names alone.
    if peek == UInt8(ascii: "\"") { return PlaceCoverage(name: try text()) }
    try beginObject()
    var place = PlaceCoverage(name: try required("name"))
    place.first = try instant("first")
    place.last = try instant("last")
    place.gaps = try gaps()
    try endObject()
    return place
  }

  private mutating func input() throws(FactsError) -> InputFile {
    try beginObject()
    let (path, digest) = (try required("path"), try required("sha256"))
    let (size, records) = (try count("bytes"), try count("records"))
    let input = InputFile(path: path, sha256: digest, bytes: size, records: records, status: try required("status"))
    try endObject()
    return input
  }
}
