import Base
import Expressions
import Model

/// A term of usage (a region, a place) with its counts.
struct TermSubject: Sendable {
  let use: TermUse
  let environments: [String]
}

/// One action on one resource, in use.
struct UseSubject: Sendable {
  let use: ActionUse
  let identity: IdentitySubject
  let scope: DeclaredScope
  /// What the identity's own policies allow; `nil` where no inventory shows them.
  let access: EffectiveAccess?
}

extension PolicyVocabulary {
  static let usage = Vocabulary<IdentitySubject>(
    "Usage", "what an identity did, over all usage sources",
    [
      Word("events", .int, "distinct events") { .count($0.joined.usage?.events ?? 0) },
      Word("denied", .int, "events that authorization refused") { .count($0.joined.usage?.denied ?? 0) },
      Word("failed", .int, "events that failed in any way") { .count($0.joined.usage?.failed ?? 0) },
      Word("first", .timestamp, "the first event", optional: true) { .moment($0.joined.usage?.first) },
      Word("last", .timestamp, "the last event", optional: true) { .moment($0.joined.usage?.last) },
      Word(
        "coveredSince", .timestamp, "since when the logs of its place are whole up to now; absent where they are not",
        optional: true
      ) { .moment($0.joined.coveredSince) },
      Word("actions", .list(.object("Use")), "what it used") { subject in .list(uses(of: subject)) },
      Word("regions", .list(.object("Term")), "regions it acted in; aws-global for global services") { subject in
        terms(subject.joined.usage?.regions, subject)
      },
      Word("places", .list(.object("Term")), "accounts it acted in, with their environments") { subject in
        terms(subject.joined.usage?.places, subject)
      },
      Word("addresses", .list(.object("Term")), "literal source addresses") { subject in
        terms(subject.joined.usage?.addresses, subject)
      },
      Word("agents", .list(.object("Term")), "user agents without versions") { subject in
        terms(subject.joined.usage?.agents, subject)
      },
      Word("days", .list(.object("Day")), "its active days") { subject in
        .list((subject.joined.usage?.days ?? []).map { day.object($0) })
      },
      Word("outsideSchedule", .list(.timestamp), "active hours outside the declared schedule") { subject in
        guard let schedule = subject.declaration?.behaviour.schedule, let usage = subject.joined.usage else {
          return .list([])
        }
        return .list(usage.activeHours.filter { !schedule.includes(hourFrom: $0) }.map { .instant($0) })
      },
    ])

  private static func terms(_ uses: [TermUse]?, _ subject: IdentitySubject) -> Value {
    let configuration = subject.estate.governance.configuration
    return .list(
      (uses ?? []).map { use in
        term.object(TermSubject(use: use, environments: configuration.environments(of: use.term)))
      })
  }

  static func uses(of subject: IdentitySubject) -> [Value] {
    let scope = DeclaredScope(subject.declaration?.scope ?? [])
    let access = subject.joined.fact.map { EffectiveAccess(of: $0) }
    return (subject.joined.usage?.actions ?? []).map {
      use.object(UseSubject(use: $0, identity: subject, scope: scope, access: access))
    }
  }

  static let term = Vocabulary<TermSubject>(
    "Term", "a region, place, address or agent in use", text: { $0.use.term },
    [
      Word("name", .string, "the term itself") { .string($0.use.term) },
      Word("environments", .list(.string), "the environments that muster.yaml maps it to") { .texts($0.environments) },
      Word("count", .int, "distinct events") { .count($0.use.count) },
      Word("failed", .int, "events that failed") { .count($0.use.failed) },
      Word("first", .timestamp, "the first event") { .instant($0.use.first) },
      Word("last", .timestamp, "the last event") { .instant($0.use.last) },
    ])

  static let day = Vocabulary<DayUse>(
    "Day", "a UTC day of an identity", text: { $0.day.description },
    [
      Word("day", .string, "the day: 2026-11-20") { .string($0.day.description) },
      Word("count", .int, "distinct events") { .count($0.count) },
      Word("denied", .int, "events that authorization refused") { .count($0.denied) },
      Word("bytesIn", .int, "bytes sent to the service") { .count($0.bytesIn) },
      Word("bytesOut", .int, "bytes received from the service") { .count($0.bytesOut) },
    ])

  static let use = Vocabulary<UseSubject>(
    "Use", "an action on a resource, in use", text: { $0.use.action },
    [
      Word("action", .string, "the platform's permission") { .string($0.use.action) },
      Word("resource", .string, "the resource or what contains it; empty where the log names none") {
        .string($0.use.resource)
      },
      Word("count", .int, "distinct events") { .count($0.use.count) },
      Word("denied", .int, "events that authorization refused") { .count($0.use.denied) },
      Word("failed", .int, "events that failed") { .count($0.use.failed) },
      Word("first", .timestamp, "the first event") { .instant($0.use.first) },
      Word("last", .timestamp, "the last event") { .instant($0.use.last) },
      Word("lastSuccess", .timestamp, "the last event that succeeded", optional: true) { .moment($0.use.lastSuccess) },
      Word("granted", .bool, "its own policies allow it, as far as the inventory shows them") { subject in
        switch subject.access?.allows(action: subject.use.action, resource: subject.use.resource) {
        case .yes: .bool(true)
        case .no: .bool(false)
        case .unknown: .unknown("a condition, a variable or a missing document decides about \(subject.use.action)")
        case nil: .unknown(subject.identity.joined.inventoryGap)
        }
      },
      Word("declared", .bool, "the declared scope holds it") { subject in
        switch subject.scope.declares(action: subject.use.action, resource: subject.use.resource) {
        case .yes: .bool(true)
        case .no: .bool(false)
        case .unknown: .unknown("the log does not name the resource of \(subject.use.action)")
        }
      },
    ])
}

extension UsageFact {
  /// The first instants of the hours with at least one event.
  var activeHours: [Instant] {
    days.flatMap { day in
      (0..<24).filter { day.hours >> UInt32($0) & 1 == 1 }
        .map { Instant(milliseconds: day.day.start.milliseconds + Int64($0) * 3_600_000) }
    }
  }
}
