import Base
import Catalog
import Model
import Usage

extension CommandSpecification {
  static let trail = CommandSpecification(
    "trail", "one identity's or credential's path from issuance to data",
    details: """
      From who issued what, through sessions and role chains, to what was done with them and what ended them, as a tree with times.
      Sessions are joined by the issued key or token id, by the session's id and its start within two seconds, by a token's id that one
      call alone issued, and by the id that two accounts' records of one call share; at most eight hops up and down. A period shows
      what was done in it, and what came of what was issued before. Each step names its log file, record, byte and event. What no log
      shows is said.
      """,
    arguments: [
      ArgumentSpecification("ID", "a declared identity's handle, a principal key, or the id of a credential or session")
    ],
    options: PeriodOptions.all + [
      OptionSpecification("sessions", value: "N", "follow so many credentials and sessions at most (200)"),
      DataOutput.option,
    ],
    examples: [
      ("muster trail ASIAEXAMPLE", "who opened the session, and what it did"),
      ("muster trail release-publisher --since 7d -o json", "everything of a week, for a case file"),
    ]
  ) { invocation throws(CommandError) in
    let output = try DataOutput(invocation)
    let period = try PeriodOptions.period(invocation)
    let limit = Int(invocation.value("sessions") ?? "200") ?? 0
    if limit < 1 { throw CommandError(.usage, "--sessions needs a number") }
    let workspace = try Workspace(invocation.world)
    let catalog = try workspace.searchableCatalog()
    let id = invocation.arguments[0]
    let ids = try catalog.naming(workspace.principals(named: id))
    var trail: Trail
    let progress = Progress("trail", invocation)
    do throws(CatalogError) {
      trail = try catalog.trail(of: ids, period: period, limit: limit, threads: invocation.world.cores) {
        progress.set($0)
      }
      trail.diagnostics += try catalog.gaps(in: period)
    } catch { throw CommandError(error) }
    progress.end()
    if trail.nodes.isEmpty {
      let when = period == .min ... .max ? "" : " in that period"
      if try !workspace.knowsIdentity(id) {
        throw CommandError(
          .usage, "no cataloged log shows '\(id)'\(when)",
          hint: "write a handle, a principal key, or a credential's or session's id as `muster events` prints it")
      }
      invocation.console.note("no cataloged log shows '\(id)'\(when)")
    }
    invocation.console.report(trail.diagnostics.map { $0.shown(below: workspace.root) })
    let view = TrailView(trail, root: workspace.root, id: id, ids: ids, period: period)
    try output.write(text: { TrailText(view, colour: $0).bytes }, json: { view.json }, invocation)
    invocation.console.note(
      "read \(counted(trail.files.count, "file", "files")) of \(trail.allFiles), \(megabytes(trail.bytes))")
    return trail.diagnostics.contains { $0.kind != .warning } ? .incomplete : .clean
  }
}

/// A trail with what its printing needs.
struct TrailView {
  let trail: Trail
  let root: String
  let id: String
  /// What the id stands for.
  let ids: [String]
  let period: ClosedRange<Int64>

  init(_ trail: Trail, root: String, id: String, ids: [String], period: ClosedRange<Int64>) {
    (self.trail, self.root, self.id, self.ids, self.period) = (trail, root, id, ids, period)
  }

  /// `logs/a.json.gz:12@3456 <event id>`.
  func place(_ event: LoggedEvent) -> String {
    let place = "\(shown(event.file, root)):\(event.record)" + (event.offset.map { "@\($0)" } ?? "")
    return event.id.isEmpty ? place : "\(place) \(event.id)"
  }

  var json: [UInt8] {
    var writer = JSONWriter(pretty: true)
    writer.object { json in
      json.field("schema", "muster.trail/1")
      json.field("id", id)
      json.field("principals", ids)
      json.field("since", period.lowerBound == .min ? nil : Instant(milliseconds: period.lowerBound).description)
      json.field("until", period.upperBound == .max ? nil : Instant(milliseconds: period.upperBound).description)
      json.key("nodes")
      json.array { json in
        for (index, node) in trail.nodes.enumerated() { json.object { write(node, index, &$0) } }
      }
      json.field("unknown", trail.unknown)
      json.field("omitted", trail.omitted)
      json.field("problems", trail.diagnostics.map { $0.shown(below: root).description })
    }
    return writer.bytes + [0x0A]
  }

  private func write(_ node: Trail.Node, _ index: Int, _ json: inout JSONWriter) {
    json.field("node", index)
    json.field("parent", node.parent)
    json.field("depth", node.depth)
    json.field("join", node.join?.rawValue)
    json.field("identity", node.actor.identity.isEmpty ? nil : node.actor.identity)
    json.field("credential", node.actor.credential.isEmpty ? nil : node.actor.credential)
    json.field("temporary", node.actor.isTemporary)
    json.field("started", node.actor.started?.description)
    json.field("followed", node.isFollowed)
    if let issue = node.issue {
      json.key("issue")
      json.object { issue.write(to: &$0, root) }
    }
    json.key("uses")
    json.array { json in for use in node.uses { json.object { write(use, &$0) } } }
    json.key("changes")
    json.array { json in for event in node.changes { json.object { event.write(to: &$0, root) } } }
  }

  private func write(_ use: Trail.Use, _ json: inout JSONWriter) {
    json.field("permission", use.permission)
    json.field("outcome", use.outcome)
    json.field("count", use.count)
    json.key("resources")
    json.array { json in
      for (name, count) in use.resources.sorted(by: { $0.key < $1.key }) {
        json.object { json in
          json.field("resource", name.description)
          json.field("count", count)
        }
      }
    }
    json.key("first")
    json.object { use.first.write(to: &$0, root) }
    json.key("last")
    json.object { use.last.write(to: &$0, root) }
  }
}
