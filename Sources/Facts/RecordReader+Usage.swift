import Base
import Documents
import Model

extension UsageFact {
  init(_ node: Node) throws(FactsError) {
    var reader = try RecordReader(node)
    self.init(
      principal: PrincipalKey(try reader.required("principal")), first: try reader.requiredInstant("first"),
      last: try reader.requiredInstant("last"))
    events = try reader.count("events")
    denied = try reader.count("denied")
    failed = try reader.count("failed")
    actions = try reader.list("actions") { node throws(FactsError) in try ActionUse(node) }
    regions = try reader.list("regions") { node throws(FactsError) in try TermUse(node) }
    addresses = try reader.list("addresses") { node throws(FactsError) in try TermUse(node) }
    agents = try reader.list("agents") { node throws(FactsError) in try TermUse(node) }
    places = try reader.list("places") { node throws(FactsError) in try TermUse(node) }
    credentials = try reader.list("credentials") { node throws(FactsError) in try CredentialUse(node) }
    days = try reader.list("days") { node throws(FactsError) in try DayUse(node) }
    saturated = try reader.texts("saturated")
    try reader.end()
  }
}

extension ActionUse {
  fileprivate init(_ node: Node) throws(FactsError) {
    var reader = try RecordReader(node)
    self.init(
      action: try reader.required("action"), resource: try reader.text("resource") ?? "",
      first: try reader.requiredInstant("first"), last: try reader.requiredInstant("last"))
    count = try reader.count("count")
    denied = try reader.count("denied")
    failed = try reader.count("failed")
    lastSuccess = try reader.instant("lastSuccess")
    try reader.end()
  }
}

extension TermUse {
  fileprivate init(_ node: Node) throws(FactsError) {
    var reader = try RecordReader(node)
    self.init(
      term: try reader.required("term"), count: try reader.count("count"), failed: try reader.count("failed"),
      first: try reader.requiredInstant("first"), last: try reader.requiredInstant("last"))
    try reader.end()
  }
}

extension CredentialUse {
  fileprivate init(_ node: Node) throws(FactsError) {
    var reader = try RecordReader(node)
    self.init(
      id: try reader.required("id"), isTemporary: try reader.flag("temporary") ?? false,
      first: try reader.requiredInstant("first"), last: try reader.requiredInstant("last"))
    count = try reader.count("count")
    failed = try reader.count("failed")
    lastSuccess = try reader.instant("lastSuccess")
    try reader.end()
  }
}

extension DayUse {
  fileprivate init(_ node: Node) throws(FactsError) {
    var reader = try RecordReader(node)
    guard let day = Day(try reader.required("day")) else { throw FactsError.malformed(node, "`day` is not a date") }
    self.init(day: day)
    count = try reader.count("count")
    denied = try reader.count("denied")
    bytesIn = try reader.count("bytesIn")
    bytesOut = try reader.count("bytesOut")
    guard let hours = UInt32(exactly: try reader.count("hours")) else {
      throw FactsError.malformed(node, "`hours` is not a set of hours")
    }
    self.hours = hours
    try reader.end()
  }
}

extension CredentialLifecycle {
  init(_ node: Node) throws(FactsError) {
    var reader = try RecordReader(node)
    self.init(id: try reader.required("id"))
    owner = try reader.text("owner").map { PrincipalKey($0) }
    created = try reader.instant("created")
    createdBy = try reader.text("createdBy").map { PrincipalKey($0) }
    disabled = try reader.instant("disabled")
    enabled = try reader.instant("enabled")
    deleted = try reader.instant("deleted")
    deletedBy = try reader.text("deletedBy").map { PrincipalKey($0) }
    try reader.end()
  }
}

extension SourceCoverage {
  init(_ node: Node) throws(FactsError) {
    var reader = try RecordReader(node)
    self.init(name: try reader.required("name"), kind: try reader.choice("kind"))
    formats = try reader.texts("formats")
    covers = try reader.texts("covers")
    collected = try reader.instant("collected")
    first = try reader.instant("first")
    last = try reader.instant("last")
    every = try reader.milliseconds("every")
    lateness = try reader.milliseconds("lateness")
    gaps = try reader.list("gaps") { node throws(FactsError) in
      let (from, to) = try RecordReader.pair(node, "gaps")
      return Gap(from: try RecordReader.instant(from, "gaps"), to: try RecordReader.instant(to, "gaps"))
    }
    used = try reader.count("used")
    duplicate = try reader.count("duplicate")
    filtered = try reader.count("filtered")
    unreadable = try reader.count("unreadable")
    unattributed = try reader.count("unattributed")
    places = try reader.texts("places")
    inputs = try reader.list("inputs") { node throws(FactsError) in try InputFile(node) }
    try reader.end()
  }
}

extension InputFile {
  fileprivate init(_ node: Node) throws(FactsError) {
    var reader = try RecordReader(node)
    self.init(
      path: try reader.required("path"), sha256: try reader.required("sha256"), bytes: try reader.count("bytes"),
      records: try reader.count("records"), status: try reader.required("status"))
    try reader.end()
  }
}
