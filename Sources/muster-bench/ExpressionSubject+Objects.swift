import Base
import Expressions

/// What an expression sees of a subject: as in Muster's policies, an object that gives its fields by number.
final class LentSubject: HostObject {
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

  private let subject: ExpressionSubject
  /// Of the fields from `groups` on.
  private nonisolated(unsafe) let values: UnsafeMutablePointer<Value>

  init(_ subject: ExpressionSubject) {
    self.subject = subject
    let tags = subject.tags.sorted { $0.key < $1.key }
    let credentials = subject.credentials.map {
      MapValue([("kind", .string($0.kind)), ("active", .bool($0.active)), ("created", .moment($0.created))])
    }
    let kept: [Value] = [
      .list(subject.groups.map { .string($0) }), .map(MapValue(tags.map { ($0.key, .string($0.value)) })),
      .list(subject.grants.map { .object(LentGrant($0)) }), .list(credentials.map { .map($0) }),
      .object(LentUsage(subject.usage)),
    ]
    values = .allocate(capacity: kept.count)
    for (at, value) in kept.enumerated() { (values + at).initialize(to: value) }
  }

  deinit {
    values.deinitialize(count: 5)
    values.deallocate()
  }

  var type: ObjectType { LentSubject.identity }

  func field(_ index: Int) -> Value {
    switch index {
    case 0: .string(subject.handle)
    case 1: .string(subject.kind)
    case 2: .string(subject.environment)
    case 3: .string(subject.region)
    case 4: .bool(subject.enabled)
    case 5: .bool(subject.isMachine)
    case 6: .moment(subject.created)
    case 7: .moment(subject.expires)
    case 8: .moment(subject.lastUsed)
    case 9: .duration(TimeSpan(nanoseconds: subject.maxAge * 1_000_000_000))
    case 10: subject.owner.map { .string($0) } ?? .absent
    case 11: .int(subject.sessions)
    case 12: .int(subject.failures)
    case 13: .double(subject.risk)
    default: values[index - 14]
    }
  }

  func kept(_ index: Int) -> UnsafePointer<Value>? { index < 14 ? nil : UnsafePointer(values + (index - 14)) }
}

private final class LentGrant: HostObject {
  private let grant: ExpressionSubject.Grant
  init(_ grant: ExpressionSubject.Grant) { self.grant = grant }
  var type: ObjectType { LentSubject.grant }

  func field(_ index: Int) -> Value {
    switch index {
    case 0: .string(grant.action)
    case 1: .string(grant.resource)
    case 2: .bool(grant.admin)
    default: .absent
    }
  }
}

private final class LentUsage: HostObject {
  private let usage: ExpressionSubject.Usage
  init(_ usage: ExpressionSubject.Usage) { self.usage = usage }
  var type: ObjectType { LentSubject.usage }

  func field(_ index: Int) -> Value {
    switch index {
    case 0: .int(usage.events)
    case 1: .int(usage.failures)
    case 2: .moment(usage.lastSuccess)
    default: .absent
    }
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
