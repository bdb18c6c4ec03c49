import Base
import Expressions

/// What an expression sees of a subject: as in Muster's policies, an object that gives its fields by number.
final class LentObject: HostObject {
  static let grant = ObjectType(
    "Grant",
    fields: [.init("action", .string, ""), .init("resource", .string, ""), .init("admin", .bool, "")])
  static let usage = ObjectType(
    "Usage",
    fields: [
      .init("events", .int, ""), .init("failures", .int, ""), .init("lastSuccess", .timestamp, "", optional: true),
    ])
  static let identity = ObjectType(
    "Identity",
    fields: [
      .init("handle", .string, ""), .init("kind", .string, ""), .init("environment", .string, ""),
      .init("region", .string, ""), .init("enabled", .bool, ""), .init("isMachine", .bool, ""),
      .init("created", .timestamp, ""), .init("expires", .timestamp, "", optional: true),
      .init("lastUsed", .timestamp, "", optional: true), .init("maxAge", .duration, ""),
      .init("owner", .string, "", optional: true), .init("sessions", .int, ""), .init("failures", .int, ""),
      .init("risk", .double, ""), .init("groups", .list(.string), ""), .init("tags", .map(.string, .string), ""),
      .init("grants", .list(.object("Grant")), ""), .init("credentials", .list(.map(.string, .dyn)), ""),
      .init("usage", .object("Usage"), ""),
    ])
  static let environment = Environment(
    types: [grant, usage, identity],
    variables: [.init("identity", .object("Identity")), .init("now", .timestamp)])

  let type: ObjectType
  private nonisolated(unsafe) let values: UnsafeMutablePointer<Value>

  init(_ type: ObjectType, _ fields: [Value]) {
    self.type = type
    values = .allocate(capacity: fields.count)
    for (at, field) in fields.enumerated() { (values + at).initialize(to: field) }
  }

  deinit {
    values.deinitialize(count: type.fields.count)
    values.deallocate()
  }

  func field(_ index: Int) -> Value { values[index] }
  func kept(_ index: Int) -> UnsafePointer<Value>? { UnsafePointer(values + index) }
}

extension ExpressionSubject {
  var object: Value {
    let tags = tags.sorted { $0.key < $1.key }.map { ($0.key, Value.string($0.value)) }
    let credentials = credentials.map {
      MapValue([("kind", .string($0.kind)), ("active", .bool($0.active)), ("created", .moment($0.created))])
    }
    let grants = grants.map {
      LentObject(LentObject.grant, [.string($0.action), .string($0.resource), .bool($0.admin)])
    }
    let usage = LentObject(
      LentObject.usage, [.int(usage.events), .int(usage.failures), .moment(usage.lastSuccess)])
    return .object(
      LentObject(
        LentObject.identity,
        [
          .string(handle), .string(kind), .string(environment), .string(region), .bool(enabled), .bool(isMachine),
          .moment(created), .moment(expires), .moment(lastUsed),
          .duration(TimeSpan(nanoseconds: maxAge * 1_000_000_000)), owner.map { .string($0) } ?? .absent,
          .int(sessions), .int(failures), .double(risk), .list(groups.map { .string($0) }), .map(MapValue(tags)),
          .list(grants.map { .object($0) }), .list(credentials.map { .map($0) }), .object(usage),
        ]))
  }
}

extension Value {
  /// Seconds since 1970, or nothing.
  static func moment(_ seconds: Int64?) -> Value {
    seconds.flatMap { Timestamp(seconds: $0) }.map { .timestamp($0) } ?? .absent
  }
}

extension ExpressionSubject {
  /// As a line of JSON, for programs in other languages: instants as `{"t": seconds}`, lengths of time as `{"d": seconds}`;
  /// what is not there is left out. No text in it needs an escape.
  var json: String {
    var fields = [
      "\"handle\":\"\(handle)\"", "\"kind\":\"\(kind)\"", "\"environment\":\"\(environment)\"",
      "\"region\":\"\(region)\"", "\"enabled\":\(enabled)", "\"isMachine\":\(isMachine)",
      "\"created\":{\"t\":\(created)}", "\"maxAge\":{\"d\":\(maxAge)}", "\"sessions\":\(sessions)",
      "\"failures\":\(failures)", "\"risk\":\(risk)",
      "\"groups\":[\(groups.map { "\"\($0)\"" }.joined(separator: ","))]",
      "\"tags\":{\(tags.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\"\($0.value)\"" }.joined(separator: ","))}",
      "\"grants\":[\(grants.map(\.json).joined(separator: ","))]",
      "\"credentials\":[\(credentials.map(\.json).joined(separator: ","))]", "\"usage\":\(usage.json)",
    ]
    if let expires { fields.append("\"expires\":{\"t\":\(expires)}") }
    if let lastUsed { fields.append("\"lastUsed\":{\"t\":\(lastUsed)}") }
    if let owner { fields.append("\"owner\":\"\(owner)\"") }
    return "{\(fields.joined(separator: ","))}"
  }
}

extension ExpressionSubject.Grant {
  fileprivate var json: String { "{\"action\":\"\(action)\",\"resource\":\"\(resource)\",\"admin\":\(admin)}" }
}

extension ExpressionSubject.Credential {
  fileprivate var json: String { "{\"kind\":\"\(kind)\",\"active\":\(active),\"created\":{\"t\":\(created)}}" }
}

extension ExpressionSubject.Usage {
  fileprivate var json: String {
    let last = lastSuccess.map { ",\"lastSuccess\":{\"t\":\($0)}" } ?? ""
    return "{\"events\":\(events),\"failures\":\(failures)\(last)}"
  }
}
