import Base
import Catalog
import Model
import Synchronization
import Usage

/// Accesses as they are read, by who, what and on what; from several threads at once. Each event counts once.
final class AccessTable: Sendable {
  struct Key: Hashable { let identity, action, resource: ExactText }

  struct Use {
    var count: UInt64 = 0
    var failed: UInt64 = 0
    var denied: UInt64 = 0
    var first = Instant(milliseconds: .max)
    var last = Instant(milliseconds: .min)
  }

  private struct State {
    var seen: Set<UInt64> = []
    var uses: [Key: Use] = [:]
    var events: [UInt64: LoggedEvent] = [:]
  }

  let keepsEvents: Bool
  private let state = Mutex(State())

  init(events: Bool) { keepsEvents = events }

  func add(_ event: LoggedEvent) {
    state.withLock { state in
      if keepsEvents {
        // Of several deliveries the first by name, so that the answer does not depend on threads.
        if let known = state.events[event.fingerprint], Self.precedes(known, event) { return }
        state.events[event.fingerprint] = event
        return
      }
      if !state.seen.insert(event.fingerprint).inserted { return }
      for resource in event.resources.isEmpty ? [""] : event.resources {
        let key = Key(
          identity: ExactText(event.identity), action: ExactText(event.permission), resource: ExactText(resource))
        state.uses[key, default: Use()].add(event)
      }
    }
  }

  private static func precedes(_ a: LoggedEvent, _ b: LoggedEvent) -> Bool { (a.file, a.record) < (b.file, b.record) }

  /// Sorted by identity, action, resource.
  var uses: [(key: Key, use: Use)] {
    state.withLock { state in
      state.uses.map { ($0.key, $0.value) }.sorted {
        ($0.0.identity, $0.0.action, $0.0.resource) < ($1.0.identity, $1.0.action, $1.0.resource)
      }
    }
  }

  /// Sorted by time, then file and record.
  var events: [LoggedEvent] {
    state.withLock { state in
      state.events.values.sorted { ($0.time, $0.file, $0.record) < ($1.time, $1.file, $1.record) }
    }
  }
}

extension AccessTable.Use {
  fileprivate mutating func add(_ event: LoggedEvent) {
    count += 1
    if event.isFailed { failed += 1 }
    if event.isDenied { denied += 1 }
    first = min(first, event.time)
    last = max(last, event.time)
  }
}

/// The answer of `muster who`.
struct WhoResult {
  private let table: AccessTable
  private let answer: CatalogAnswer
  private let reading: SliceReading
  private let root: String
  private let period: ClosedRange<Int64>

  init(
    _ table: AccessTable, _ answer: CatalogAnswer, _ reading: SliceReading, root: String, period: ClosedRange<Int64>
  ) {
    (self.table, self.answer, self.reading, self.root, self.period) = (table, answer, reading, root, period)
  }

  var diagnostics: [Diagnostic] { (answer.diagnostics + reading.diagnostics).map { $0.shown(below: root) } }

  /// How much was read for it.
  var note: String {
    let whole = answer.isWhole ? "nothing narrows the logs: " : ""
    return
      "\(whole)read \(counted(answer.files, "file", "files")) of \(answer.allFiles), \(counted(Int(clamping: answer.events), "record", "records")), \(megabytes(reading.bytes))"
  }

  var text: [UInt8] {
    if table.keepsEvents {
      return Array(table.events.map { line(of: $0) + "\n" }.joined().utf8)
    }
    var text = ""
    for (key, use) in table.uses {
      let refused = use.denied > 0 ? " (\(use.denied) denied)" : use.failed > 0 ? " (\(use.failed) failed)" : ""
      text += "\(use.first)  \(use.last)  \(String(use.count).padded(to: 7))"
      text += "\(key.identity == "" ? "(nobody)" : key.identity)  \(key.action)\(refused)".escapedOnOneLine
      text += "\(key.resource == "" ? "" : "  \(key.resource)")".escapedOnOneLine + "\n"
    }
    return Array(text.utf8)
  }

  private func line(of event: LoggedEvent) -> String {
    let place = "\(shown(event.file, root)):\(event.record)" + (event.offset.map { "@\($0)" } ?? "")
    let outcome = event.isFailed ? " \(event.status.isEmpty ? "failed" : event.status)" : ""
    let words = [
      event.identity.isEmpty ? "(nobody)" : event.identity, event.via.isEmpty ? "" : "via \(event.via)",
      event.permission + outcome,
      event.resources.joined(separator: ","), event.source, event.credential, event.id, place,
    ]
    return "\(event.time)  \(words.filter { !$0.isEmpty }.joined(separator: "  "))".escapedOnOneLine
  }

  var json: [UInt8] {
    var writer = JSONWriter(pretty: true)
    writer.object { json in
      json.field("schema", "muster.who/1")
      json.field("since", period.lowerBound == .min ? nil : Instant(milliseconds: period.lowerBound).description)
      json.field("until", period.upperBound == .max ? nil : Instant(milliseconds: period.upperBound).description)
      json.key("read")
      json.object { json in
        json.field("files", answer.files)
        json.field("cataloged", answer.allFiles)
        json.field("records", answer.events)
        json.field("whole", answer.isWhole)
      }
      if table.keepsEvents {
        json.key("events")
        json.array { json in for event in table.events { json.object { event.write(to: &$0, root) } } }
      } else {
        json.key("access")
        json.array { json in for (key, use) in table.uses { json.object { Self.write(key, use, &$0) } } }
      }
      json.field("problems", diagnostics.map(\.description))
    }
    return writer.bytes + [0x0A]
  }

  private static func write(_ key: AccessTable.Key, _ use: AccessTable.Use, _ json: inout JSONWriter) {
    json.field("identity", key.identity.description)
    json.field("action", key.action.description)
    json.field("resource", key.resource.description)
    json.field("count", use.count)
    json.field("failed", use.failed)
    json.field("denied", use.denied)
    json.field("first", use.first.description)
    json.field("last", use.last.description)
  }
}

extension LoggedEvent {
  /// The members of an event with its place; absent values are left out.
  func write(to json: inout JSONWriter, _ root: String) {
    func field(_ name: String, _ text: String) { json.field(name, text.isEmpty ? nil : text) }
    json.field("time", time.description)
    field("id", id)
    field("identity", identity)
    field("via", via)
    field("credential", credential)
    field("session", session)
    field("action", action)
    field("permission", permission)
    json.field("resources", resources)
    json.field("outcome", isDenied ? "denied" : isFailed ? "failed" : "success")
    field("status", status)
    field("source", source)
    field("region", region)
    field("account", account)
    field("issued", issuedCredential)
    json.field("file", shown(file, root))
    json.field("record", record)
    json.field("offset", offset)
  }
}

extension Diagnostic {
  /// With a path as findings show it.
  func shown(below root: String) -> Diagnostic {
    var copy = self
    copy.location.path = Commands.shown(location.path, root)
    return copy
  }
}

/// `12.3 MB`.
func megabytes(_ bytes: UInt64) -> String {
  if bytes < 1_000_000 { return "\((bytes + 999) / 1000) kB" }
  let tenths = bytes / 100_000
  return tenths >= 10_000 ? "\(tenths / 10_000).\(tenths / 1000 % 10) GB" : "\(tenths / 10).\(tenths % 10) MB"
}
