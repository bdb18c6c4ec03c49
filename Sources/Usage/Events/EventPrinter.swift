import Base

/// Prints events as flat JSON objects with the dotted names of DESIGN.md §7.
struct EventPrinter: EventConsumer {
  private(set) var count: UInt64 = 0
  /// Of these, how many have no time that can be read.
  private(set) var timeless: UInt64 = 0
  /// Whether somebody still takes the lines.
  private(set) var isWanted = true
  private var json = JSONWriter()
  private var format = ""
  private let file: String
  private let parents: ParentSessions
  private let write: ([UInt8]) -> Bool

  init(file: String, parents: ParentSessions, write: @escaping ([UInt8]) -> Bool) {
    self.file = file
    self.parents = parents
    self.write = write
  }

  mutating func begin(format: String) { self.format = format }

  mutating func endWindow() {
    if isWanted && !json.bytes.isEmpty { isWanted = write(json.bytes) }
    json = JSONWriter()
  }

  mutating func consume(_ event: borrowing LogEvent, record: UInt64) -> Receipt {
    let resources = event.resources.prefix(event.resourceCount).map(\.string)
    json.object { json in
      json.field("time", event.time == LogEvent.noTime ? nil : event.time)
      Self.writeActor(event, parents.parent(of: event), &json)
      Self.writeCall(event, resources, &json)
      json.field("muster.format", format)
      json.field("muster.file", file)
      json.field("muster.line", record)
    }
    json.endLine()
    count += 1
    if event.time == LogEvent.noTime { timeless += 1 }
    return .used
  }

  private static func writeActor(_ event: borrowing LogEvent, _ parent: String?, _ json: inout JSONWriter) {
    field("metadata.uid", event.id, &json)
    field("muster.identity", event.identity, &json)
    field("actor.user.type", event.identityType, &json)
    field("actor.user.name", event.userName, &json)
    field("actor.user.account.uid", event.identityAccount, &json)
    field("actor.user.credential_uid", event.credential, &json)
    field("actor.session.uid", event.session, &json)
    field("actor.session.created_time", event.sessionStart, &json)
    field("actor.session.issuer", event.sessionIssuer, &json)
    json.field("muster.parent_session", parent)
    field("muster.source_identity", event.sourceIdentity, &json)
    field("actor.invoked_by", event.invokedBy, &json)
  }

  private static func writeCall(_ event: borrowing LogEvent, _ resources: [String], _ json: inout JSONWriter) {
    field("muster.action", event.call.action, &json)
    field("muster.permission", event.call.permission, &json)
    field("api.service.name", event.call.service, &json)
    field("api.operation", event.call.operation, &json)
    json.field("resources", resources)
    json.field("status_id", !event.isOutcomeKnown ? 0 : event.isFailed ? 2 : 1)
    field("status_code", event.status, &json)
    json.field("muster.denied", event.isDenied)
    field("src_endpoint.ip", event.address, &json)
    field("src_endpoint.name", event.host, &json)
    field("cloud.region", event.region, &json)
    field("cloud.account.uid", event.account, &json)
    field("http_request.user_agent", event.agent, &json)
    json.field("muster.bytes_in", event.bytesIn)
    json.field("muster.bytes_out", event.bytesOut)
    field("muster.issued_credential_uid", event.issuedCredential, &json)
    field("muster.issued_session_uid", event.issuedSession, &json)
  }

  private static func field(_ name: String, _ text: RawText, _ json: inout JSONWriter) {
    if !text.isEmpty { json.field(name, text.string) }
  }
}
