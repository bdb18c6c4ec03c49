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
  /// Folder, the part of the file names that are CloudTrail, and how many rows it has.
  static let sources = [
    ("invictus-aws", "CloudTrail/", 2111), ("stratus", "cloudtrail", 310), ("otrf", "cloudtrail", 103),
    ("panther", "aws-cloudtrail", 449), ("c7n-events", "cloudtrail", 10), ("trailscraper", "cloudtrail", 5),
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
    #expect(events.count == count)
    var byPlace: [String: EventRow] = [:]
    for event in events { byPlace["\(event.file)#\(event.line)"] = event }
    var comparison = Comparison(source: folder)
    for (place, row) in truth {
      let event = try #require(byPlace["\(base)/\(place.file)#\(place.line)"])
      comparison.compare(row, event, at: "\(place.file)#\(place.line)")
    }
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
  let source: String
  var tallies: [String: (set: Int, agreed: Int)] = [:]
  var unexplained: [String] = []
  var disputed: [String] = []

  init(source: String) { self.source = source }

  mutating func compare(_ truth: TruthRow, _ event: EventRow, at place: String) {
    let agreed = Set(truth.agree ?? [])
    func check(
      _ field: String, _ expected: String?, _ found: String?, _ isEqual: (String, String) -> Bool = { $0 == $1 }
    ) {
      guard let expected else { return }
      let matches = found.map { isEqual(expected, $0) } ?? false
      tallies[field, default: (0, 0)].set += 1
      if matches {
        tallies[field]?.agreed += 1
      } else if agreed.contains(field) {
        disputed.append("\(place) \(field)")
      } else if KnownDifference.all["\(source) \(place) \(field)"] == nil {
        unexplained.append("\(source) \(place) \(field): truth \(expected), found \(found ?? "nothing")")
      }
    }
    check("actor", truth.actor, event.identity, Self.isSameActor)
    check("action", truth.action, event.action)
    check("outcome", truth.outcome, event.status == 2 ? "failure" : "success")
    check("source_ip", truth.sourceIp, event.address)
    check("source_host", truth.sourceHost, event.host)
    check("region", truth.region, event.region)
    check("account", truth.account, event.identityAccount ?? event.account)
    check("user_agent", truth.userAgent, event.agent)
    check("session key", truth.session?.accessKeyId, event.credential)
    check("issued key", truth.session?.issuedKey, event.issued)
    let start = event.session?.split(separator: "/").last.map(String.init)
    if truth.session?.accessKeyId != nil { check("session start", truth.session?.created, start) }
    let time = truth.timestamp.flatMap { Instant($0) ?? Instant($0 + "Z") }
    check("time", time.map(\.description), event.time.map { Instant(milliseconds: $0).description })
    if truth.sourceIp == nil && event.address != nil { unexplained.append("\(source) \(place): invented an address") }
  }

  /// The truth tables hold what the record says; principal keys put the platform and the kind before what is no ARN.
  static func isSameActor(_ truth: String, _ found: String) -> Bool {
    found == truth || (!truth.hasPrefix("arn:") && found.hasPrefix("aws:") && found.hasSuffix("/" + truth))
  }
}

/// Where these rows of a truth table are not followed, and why.
enum KnownDifference {
  static let all = [
    "panther events/aws-cloudtrail.jsonl#75 time": "the record holds no time; the table took it from beside the record"
  ]
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
    #expect(coverage.places.contains("aws:123837392027"))
    #expect(result.facts.contains { $0.principal.description == "arn:aws:iam::123837392027:user/bert-jan" })
    #expect(result.facts.reduce(0) { $0 + $1.events } == 2111)
  }
}
