import Base
import Foundation
import Model
import Synchronization
import TestSupport
import Testing

@testable import Usage

/// Collects how far a run came.
final class Seen: Sendable {
  private let list = Mutex<[UsageProgress]>([])
  func add(_ progress: UsageProgress) { list.withLock { $0.append(progress) } }
  var all: [UsageProgress] { list.withLock { $0 } }
}

/// No bytes crash the reader, and every record is accounted for. `MUSTER_FUZZ_SECONDS` says how long to try.
struct FuzzTests {
  @Test func accountsForAnyBytes() throws {
    let environment = ProcessInfo.processInfo.environment
    let seconds = environment["MUSTER_FUZZ_SECONDS"].flatMap(Double.init) ?? 1
    var dice = Dice(seed: environment["MUSTER_FUZZ_SEED"].flatMap(UInt64.init) ?? 1)
    let folder = try TemporaryFolder()
    let clock = ContinuousClock()
    let end = clock.now.advanced(by: .seconds(seconds))
    var rounds = 0
    while clock.now < end || rounds < 50 {
      let bytes = mutated(&dice)
      let file = try folder.write("fuzz.json", bytes: bytes)
      let small = try read(file, windowSize: Int.random(in: 32...400, using: &dice))
      let large = try read(file, windowSize: 1 << 18)
      #expect(small.records == small.used + small.duplicate + small.filtered + small.unreadable)
      #expect(large.input.sha256 == SHA256Digest(of: bytes).hex)
      #expect((large.unreadable > 0) == large.diagnostics(tried: []).contains { $0.kind == .unreadable })
      if bytes.isEmpty { #expect(large.input.status == "empty") }
      rounds += 1
    }
  }

  private static let seeds: [[UInt8]] = {
    let records = (0..<6).map {
      TrailText(id: "e-\($0)", name: "C\($0)", more: ",\"x\":[{\"a\":\"\\u00e9\\\"\"},null,1.5]").json
    }
    return [
      "{\"Records\":[" + records.joined(separator: ",") + "]}", records.joined(separator: "\n"),
      "[" + records.joined(separator: ",\n") + "]", "{\"detail\":" + records[0] + "}",
      records.joined(separator: "\r\n"), clusters, clouds, lake, hits, rows, texts,
    ].map { Array($0.utf8) }
  }()

  /// A text as JSON has it.
  private static func wrapped(_ text: String) -> String {
    "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }

  private static let some = (0..<4).map { TrailText(id: "e-\($0)", name: "C\($0)", more: #","x":["\u00e9",1.5]"#).json }
  private static let hits: String = {
    let list = some.map { #"{"_source":\#($0)}"# }.joined(separator: ",")
    return #"{"hits":{"hits":[\#(list)]},"x":[1]}"#
  }()
  private static let rows: String = {
    let list = some.map { #"[{"eventJson":\#(wrapped($0))}]"# }.joined(separator: ",")
    return #"{"QueryResultRows":[\#(list)]}"#
  }()
  private static let texts: String = {
    let inner = some.map { #"{"Message":\#(wrapped($0))}"# }
    return inner.map { #"{"message":\#(wrapped($0))}"# }.joined(separator: "\n")
  }()

  private static let lake =
    #"{"eventID":"l1","eventName":"x","eventData":{"eventName":"E","eventSource":"s","eventTime":"2026-01-02T03:04:05Z"},"#
    + #""eventSource":"y","requestParameters":{"names":["a",{"b":[1]},"c"],"instancesSet":{"items":[{"instanceId":"i"}]}}}"#

  /// What holds a list names the cluster; a bare list follows.
  private static let clusters: String = {
    let event = #"{\"apiVersion\":\"audit.k8s.io/v1\",\"auditID\":\"a\\u00e9\",\"user\":{\"username\":\"u\"}}"#
    let list = (0..<4).map { #"{"id":"\#($0)","timestamp":1767323045678,"message":"\#(event)"}"# }.joined(
      separator: ",")
    return #"{"logGroup":"/aws/eks/a\u00e9/cluster","logEvents":[\#(list)]}"# + "\n[\(list)]"
  }()

  /// A stream that several kinds of log share.
  private static let clouds = (0..<6).map { number in
    let category = ["SignInLogs", "AuditLogs", "kube-audit", "Administrative"][number % 4]
    let log = #"{\"apiVersion\":\"audit.k8s.io/v1\",\"auditID\":\"a\"}"#
    return #"{"time":"2026-01-02T03:04:0\#(number)Z","resourceId":"/s","operationName":"o","resultType":"0","#
      + #""category":"\#(category)","properties":{"activityDisplayName":"é","log":"\#(log)"}}"#
  }.joined(separator: "\n")

  private func mutated(_ dice: inout Dice) -> [UInt8] {
    var bytes = Self.seeds[Int.random(in: 0..<Self.seeds.count, using: &dice)]
    let tokens = [
      "{", "}", "[", "]", ",", ":", "\"", "\\", "\n", "\u{0}", "null", "{\"eventVersion\"", "},{\"", "\\ud800", "é",
    ]
    for _ in 0..<Int.random(in: 0..<6, using: &dice) where !bytes.isEmpty {
      let at = Int.random(in: 0..<bytes.count, using: &dice)
      let token = Array(tokens[Int.random(in: 0..<tokens.count, using: &dice)].utf8)
      switch Int.random(in: 0..<6, using: &dice) {
      case 0: bytes[at] = UInt8.random(in: 0...255, using: &dice)
      case 1: bytes.insert(contentsOf: token, at: at)
      case 2: bytes.removeSubrange(at..<min(bytes.count, at + Int.random(in: 1...40, using: &dice)))
      case 3: bytes.removeSubrange(at...)
      case 4: bytes.replaceSubrange(at..<min(bytes.count, at + token.count), with: token)
      default: bytes.insert(contentsOf: bytes[at..<min(bytes.count, at + 200)], at: at)
      }
    }
    return bytes
  }

  private func read(_ file: String, windowSize: Int) throws -> FileAccount {
    var reading = FileReading(formats: LogFormat.all, digest: .sha256, windowSize: windowSize)
    var rollup = RollupOnly()
    let account = reading.read(.whole(file), into: &rollup) { _ in }
    _ = try rollup.finish()
    return account
  }
}

/// Counts everything that has a time.
private struct RollupOnly: EventConsumer, ~Copyable {
  private var rollup = Rollup()

  mutating func begin(format: String) {}
  mutating func endWindow() {}

  mutating func consume(_ event: borrowing LogEvent, record: UInt64) -> Receipt {
    if event.time == LogEvent.noTime { return .unreadable("no time") }
    rollup.add(event)
    return .used
  }

  consuming func finish() throws -> UsagePart { try rollup.drain() }
}
