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
      Word("events", .int, "how many distinct events of it the logs hold") { .count($0.joined.usage?.events ?? 0) },
      Word("denied", .int, "how many of these authorization refused") { .count($0.joined.usage?.denied ?? 0) },
      Word("failed", .int, "how many of these failed in any way, refusals included") {
        .count($0.joined.usage?.failed ?? 0)
      },
      Word("first", .timestamp, "when the first event was", absent: "the logs show none") {
        .moment($0.joined.usage?.first)
      },
      Word("last", .timestamp, "when the last event was", absent: "the logs show none") {
        .moment($0.joined.usage?.last)
      },
      Word(
        "coveredSince", .timestamp, "since when the logs of its place are without a gap up to now",
        absent: "no usage source covers its place up to now"
      ) { .moment($0.joined.coveredSince) },
      Word("gap", .string, "why the logs of its place are not whole up to now; empty where they are") {
        .string($0.joined.coveredSince == nil ? $0.joined.usageGap : "")
      },
      Word("actions", .list(.object("Use")), "what it used: one entry for each action and resource") { subject in
        .list(uses(of: subject))
      },
      Word("regions", .list(.object("Term")), "the regions that it acted in; aws-global stands for global services") {
        subject in
        terms(subject.joined.usage?.regions, subject)
      },
      Word("places", .list(.object("Term")), "the accounts that it acted in") { subject in
        terms(subject.joined.usage?.places, subject)
      },
      Word("addresses", .list(.object("Term")), "the literal IP addresses that it called from") { subject in
        terms(subject.joined.usage?.addresses, subject)
      },
      Word("agents", .list(.object("Term")), "the user agents that it called with, without their versions") { subject in
        terms(subject.joined.usage?.agents, subject)
      },
      Word("days", .list(.object("Day")), "the UTC days on which it was active") { subject in
        .list((subject.joined.usage?.days ?? []).map { day.object($0) })
      },
      Word(
        "outsideSchedule", .list(.timestamp),
        "the active hours that lie wholly outside the declared schedule, by their first instant; empty without a schedule"
      ) { subject in
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
    guard let actions = subject.joined.usage?.actions, !actions.isEmpty else { return [] }
    let scope = DeclaredScope(subject.declaration?.scope ?? [])
    let access = subject.joined.fact.map { EffectiveAccess(of: $0) }
    return actions.map {
      use.object(UseSubject(use: $0, identity: subject, scope: scope, access: access))
    }
  }

  static let term = Vocabulary<TermSubject>(
    "Term", "a region, place, address or agent in use", text: { $0.use.term },
    [
      Word("name", .string, "the region, place, address or agent itself") { .string($0.use.term) },
      Word("environments", .list(.string), "the environments that muster.yaml maps it to; for places") {
        .texts($0.environments)
      },
      Word("count", .int, "how many distinct events had it") { .count($0.use.count) },
      Word("failed", .int, "how many of these failed") { .count($0.use.failed) },
      Word("first", .timestamp, "when the first of these was") { .instant($0.use.first) },
      Word("last", .timestamp, "when the last of these was") { .instant($0.use.last) },
    ])

  static let day = Vocabulary<DayUse>(
    "Day", "a UTC day of an identity", text: { $0.day.description },
    [
      Word("day", .string, "the UTC day, as YYYY-MM-DD") { .string($0.day.description) },
      Word("count", .int, "how many distinct events it has") { .count($0.count) },
      Word("denied", .int, "how many of these authorization refused") { .count($0.denied) },
      Word("bytesIn", .int, "how many bytes were sent to the service") { .count($0.bytesIn) },
      Word("bytesOut", .int, "how many bytes were received from the service") { .count($0.bytesOut) },
    ])

  static let use = Vocabulary<UseSubject>(
    "Use", "an action on a resource, in use", text: { $0.use.action },
    [
      Word("action", .string, "the action by the platform's own name of the permission, such as s3:GetObject") {
        .string($0.use.action)
      },
      Word("resource", .string, "the resource, or what contains it; empty where the log names none") {
        .string($0.use.resource)
      },
      Word("count", .int, "how many distinct events there are of it") { .count($0.use.count) },
      Word("denied", .int, "how many of these authorization refused") { .count($0.use.denied) },
      Word("failed", .int, "how many of these failed in any way, refusals included") { .count($0.use.failed) },
      Word("first", .timestamp, "when the first event was") { .instant($0.use.first) },
      Word("last", .timestamp, "when the last event was") { .instant($0.use.last) },
      Word("lastSuccess", .timestamp, "when the last event was that succeeded", absent: "none succeeded") {
        .moment($0.use.lastSuccess)
      },
      Word(
        "granted", .bool, "whether its identity's own policies allow it",
        unknown:
          "a condition, a variable or a document that is not in the export decides, or no inventory shows the identity"
      ) { subject in
        let platform = subject.identity.joined.principal?.platform ?? ""
        if subject.access != nil, !ActionObservability.namesPermissions(platform) {
          return .unknown("the logs of \(platform) do not name the permission behind \(subject.use.action)")
        }
        return switch subject.access?.allows(action: subject.use.action, resource: subject.use.resource) {
        case .yes: .bool(true)
        case .no: .bool(false)
        case .unknown: .unknown("a condition, a variable or a missing document decides about \(subject.use.action)")
        case nil: .unknown(subject.identity.joined.inventoryGap)
        }
      },
      Word(
        "declared", .bool, "whether the declared scope of its identity holds it",
        unknown: "the log does not name the resource, and the scope names some"
      ) { subject in
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
