import Base
import Foundation
import Model
import Synchronization
import Testing

@testable import Usage

/// Collects what is printed.
final class Printed: Sendable {
  private let bytes = Mutex<[UInt8]>([])
  func add(_ more: [UInt8]) { bytes.withLock { $0 += more } }
  var all: [UInt8] { bytes.withLock { $0 } }
}

func events(of files: [String]) throws -> (rows: [EventRow], listing: EventListing) {
  let printed = Printed()
  let listing = writeEvents(of: files) {
    printed.add($0)
    return true
  }
  return (try rows(printed.all), listing)
}

@Suite(.enabled(if: Corpora.arePresent, "the shared corpora are not here; set MUSTER_SHARED"))
struct TruthTests {
  /// Folder, a part of the names of its files, and how many rows of the truth table are of them: one line a kind of log.
  static let sources = [
    ("invictus-aws", "CloudTrail/", 2111), ("stratus", "cloudtrail", 310), ("otrf", "cloudtrail", 103),
    ("panther", "aws-cloudtrail", 449), ("c7n-events", "cloudtrail", 10), ("trailscraper", "cloudtrail", 5),
    ("audit2rbac", "k8s-audit", 37), ("panther", "amazon-eks-audit", 15), ("panther", "aws-s3serveraccess", 11),
    ("c7n-events", "gcp-audit", 46), ("panther", "gcp-auditlog", 15), ("datadog-azure", "events/", 36),
    ("panther", "azure-audit", 37), ("panther", "azure-monitoractivity", 216), ("panther", "microsoft365-audit", 9),
    ("panther", "gravitational-teleportaudit", 26),
    ("panther", "github-audit", 15), ("panther", "okta-systemlog", 38), ("panther", "gsuite-activityevent", 154),
    ("panther", "slack-auditlogs", 43), ("panther", "openai-audit", 33), ("panther", "anthropic-activity", 38),
    ("panther", "mongodb-organizationevent", 20), ("panther", "mongodb-projectevent", 2),
    ("panther", "snowflake-loginhistory", 18), ("panther", "snowflake-queryhistory", 10),
    ("panther", "snowflake-grantstoroles", 2), ("panther", "snowflake-grantstousers", 2),
  ]

  @Test(arguments: sources)
  func agreesWithTheTruthTable(_ folder: String, _ part: String, _ count: Int) throws {
    let base = try Corpora.path("logs/\(folder)")
    let truth = try rows(FileSystem.read("\(base)/truth.jsonl"), of: TruthRow.self)
      .compactMap { row in place(of: row).map { (place: $0, row: row) } }.filter { $0.place.file.contains(part) }
    #expect(truth.count == count)
    let files = Set(truth.map { "\(base)/\($0.place.file)" }).sorted()
    let (events, listing) = try events(of: files)
    #expect(listing.diagnostics == [])
    var byPlace: [String: EventRow] = [:]
    for event in events { byPlace["\(event.file)#\(event.line)"] = event }
    var comparison = Comparison(isTrail: part.lowercased().contains("cloudtrail"))
    for (place, row) in truth {
      let event = byPlace["\(base)/\(place.file)#\(place.line)"]
      comparison.compare(row, event, at: "\(folder)/\(place.file)", line: place.line)
    }
    #expect(events.count == count - comparison.filtered)
    #expect(comparison.unexplained == [])
    #expect(comparison.disputed == [], "fields on which a peer agrees")
    for (field, tally) in comparison.tallies where tally.set > 0 {
      #expect(Double(tally.agreed) >= 0.99 * Double(tally.set), "\(field): \(tally.agreed) of \(tally.set)")
    }
  }

  /// File and 1-based record number.
  private func place(of row: TruthRow) -> (file: String, line: Int)? {
    if let file = row.file, let line = row.line { return (file, line) }
    guard let parts = row.src?.split(separator: "#"), parts.count == 2, let index = Int(parts[1]) else { return nil }
    return (String(parts[0]), index + 1)
  }
}

/// Compares field by field, and knows the differences that are right.
struct Comparison {
  /// CloudTrail's tables name principals and operations as Muster does, the others as the platform does.
  let isTrail: Bool
  var tallies: [String: (set: Int, agreed: Int)] = [:]
  var unexplained: [String] = []
  var disputed: [String] = []
  /// Rows whose records are no events of their own, as `KnownDifference` explains.
  var filtered = 0
  private var place = (file: "", line: 0)
  private var agreed: Set<String> = []

  init(isTrail: Bool) { self.isTrail = isTrail }

  mutating func compare(_ truth: TruthRow, _ event: EventRow?, at file: String, line: Int) {
    place = (file, line)
    guard let event else {
      filtered += 1
      if KnownDifference.of("event", file, line) == nil { unexplained.append("\(file)#\(line): no event") }
      return
    }
    agreed = Set(truth.agree ?? [])
    check("actor", truth.actor, event.identity ?? event.userName, matches: truth.actor.map { isSameActor($0, event) })
    check("action", truth.action, event.action, matches: truth.action.map { isSameAction($0, event) })
    check("outcome", truth.outcome, ["unknown", "success", "failure"][event.status ?? 0])
    check("source_ip", truth.sourceIp, event.address)
    check("source_host", truth.sourceHost, event.host)
    check("region", truth.region, event.region)
    check("user_agent", truth.userAgent, event.agent)
    let time = truth.timestamp.flatMap { Instant($0) ?? Instant($0 + "Z") ?? Instant.ofSnowflake($0) }
    check("time", time.map(\.description), event.time.map { Instant(milliseconds: $0).description })
    if isTrail { compareTrail(truth, event) } else { compareOther(truth, event) }
    if truth.sourceIp == nil && event.address != nil && KnownDifference.of("source_ip", file, line) == nil {
      unexplained.append("\(file)#\(line): invented an address")
    }
  }

  private mutating func compareTrail(_ truth: TruthRow, _ event: EventRow) {
    check("account", truth.account, event.identityAccount ?? event.account)
    check("session key", truth.session?.accessKeyId, event.credential)
    check("issued key", truth.session?.issuedKey, event.issued)
    let start = event.session?.split(separator: "/").last.map(String.init)
    if truth.session?.accessKeyId != nil { check("session start", truth.session?.created, start) }
  }

  private mutating func compareOther(_ truth: TruthRow, _ event: EventRow) {
    check(
      "account", truth.account, event.account, matches: [event.identityAccount, event.account].contains(truth.account))
    check("event_id", truth.eventId, event.id)
    check("via", truth.via, event.invokedBy, matches: [event.invokedBy, event.host].contains(truth.via))
    let (into, out) = (event.bytesIn ?? 0, event.bytesOut ?? 0)
    check(
      "bytes", truth.bytes.map { "\($0)" }, "\(into) and \(out)",
      matches: [into, out, into + out].contains(truth.bytes))
    let found = event.resources?.description
    check("target", truth.target, found, matches: truth.target.map { isAmong($0, event.resources) })
    if truth.actor == nil, let identity = event.identity, KnownDifference.of("actor", place.file, place.line) == nil {
      unexplained.append("\(place.file)#\(place.line): invented an identity, \(identity)")
    }
  }

  private mutating func check(_ field: String, _ expected: String?, _ found: String?, matches: Bool? = nil) {
    guard let expected, !expected.isEmpty else { return }
    let (file, line) = place
    let known = KnownDifference.of(field, file, line)
    if known?.isUncounted == true { return }
    tallies[field, default: (0, 0)].set += 1
    if matches ?? (expected == found) {
      tallies[field]?.agreed += 1
    } else if agreed.contains(field) {
      disputed.append("\(file)#\(line) \(field)")
    } else if known == nil {
      unexplained.append("\(file)#\(line) \(field): truth \(expected), found \(found ?? "nothing")")
    }
  }

  /// The truth tables hold what the record says; principal keys put the platform and the kind before what is no ARN.
  private func isSameActor(_ truth: String, _ event: EventRow) -> Bool {
    let found = event.identity ?? ""
    if found == truth { return true }
    if isTrail { return !truth.hasPrefix("arn:") && found.hasPrefix("aws:") && found.hasSuffix("/" + truth) }
    return event.userName == truth || [":", "/"].contains { found.lowercased().hasSuffix($0 + truth.lowercased()) }
  }

  private func isSameAction(_ truth: String, _ event: EventRow) -> Bool {
    event.action == truth || !isTrail && (event.operation == truth || event.action?.hasSuffix(":" + truth) == true)
  }

  private func isAmong(_ truth: String, _ resources: [String]?) -> Bool {
    let truth = truth.lowercased()
    return (resources ?? []).map { $0.lowercased() }
      .contains { $0 == truth || $0.hasSuffix("/" + truth) || $0.hasSuffix(":" + truth) }
  }
}

extension Instant {
  /// `2024-10-10 12:56:35.822 -0700`
  fileprivate static func ofSnowflake(_ text: String) -> Instant? {
    let parts = text.split(separator: " ")
    guard parts.count == 3, parts[2].count == 5 else { return nil }
    return Instant("\(parts[0])T\(parts[1])\(parts[2].prefix(3)):\(parts[2].suffix(2))")
  }
}

/// What a truth table says that an identity did.
private struct UsageTruth: Decodable {
  struct Identity: Decodable {
    var events: UInt64
    var failures: UInt64
    var firstSeen: String
    var lastSeen: String
    var ips: [String: UInt64]
    var regions: [String: UInt64]
  }

  var identities: [String: Identity]
}

@Suite(.enabled(if: Corpora.arePresent, "the shared corpora are not here; set MUSTER_SHARED"))
struct UsageTruthTests {
  @Test(arguments: ["stratus/events/cloudtrail.jsonl", "otrf/events/cloudtrail-logstash.jsonl"])
  func countsWhatEachIdentityDid(_ name: String) throws {
    let file = try Corpora.path("logs/\(name)")
    let folder = try #require(name.split(separator: "/").first)
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let table = try FileSystem.read(Corpora.path("logs/\(folder)/usage_truth.json"))
    let truth = try decoder.decode(UsageTruth.self, from: Data(table)).identities
    let result = usage(of: [file])
    #expect(result.coverage.duplicate == 0)
    #expect(result.facts.count == truth.count)
    for fact in result.facts {
      let key = fact.principal.description
      let wanted = try #require(truth[key])
      #expect(fact.events == wanted.events)
      #expect(fact.failed == wanted.failures)
      #expect(fact.first == Instant(wanted.firstSeen))
      #expect(fact.last == Instant(wanted.lastSeen))
      #expect(Dictionary(uniqueKeysWithValues: fact.addresses.map { ($0.term, $0.count) }) == wanted.ips)
      #expect(fact.regions.reduce(0) { $0 + $1.count } == wanted.regions.values.reduce(0, +))
      #expect(fact.days.reduce(0) { $0 + $1.count } == wanted.events)
    }
  }

  /// One real account, a red-team run: everything is read, quickly, and nothing is left unexplained.
  @Test func readsARealAccount() throws {
    let folder = try Corpora.path("logs/invictus-aws/CloudTrail")
    let result = usage(of: try FileSystem.files(at: folder), threads: 2)
    let coverage = result.coverage
    #expect(result.diagnostics == [])
    #expect(coverage.used == 2111)
    #expect(coverage.records == 2111)
    #expect(coverage.unattributed == 0)
    #expect(coverage.place("aws:123837392027") != nil)
    #expect(result.facts.contains { $0.principal.description == "arn:aws:iam::123837392027:user/bert-jan" })
    #expect(result.facts.reduce(0) { $0 + $1.events } == 2111)
  }
}
