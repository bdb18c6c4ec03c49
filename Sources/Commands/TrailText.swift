import Base
import Catalog
import Usage

/// A trail as a tree of lines on a time line.
struct TrailText {
  private enum Line {
    case use(Trail.Use)
    case change(LoggedEvent, isOfSession: Bool)
    case child(Int)
  }

  /// Kinds of call that are shown of one session.
  private static let shownUses = 20

  private let view: TrailView
  private let usesColour: Bool
  private var text = ""
  private var children: [Int: [Int]] = [:]

  init(_ view: TrailView, colour: Bool) {
    self.view = view
    usesColour = colour
    for (index, node) in view.trail.nodes.enumerated() {
      if let parent = node.parent { children[parent, default: []].append(index) }
    }
    for (index, node) in view.trail.nodes.enumerated() where node.parent == nil {
      text += head(node) + "\n"
      writeBody(index, "")
    }
    for line in view.trail.unknown.prefix(10) { text += paint("33", "unknown: \(line.escapedOnOneLine)") + "\n" }
    let unsaid = view.trail.unknown.count - 10
    if unsaid > 0 { text += "unknown: \(counted(unsaid, "more join", "more joins")), all of them in the JSON\n" }
    if view.trail.omitted > 0 {
      text +=
        "\(view.trail.omitted) more credentials and sessions are left out: narrow the period, or raise --sessions\n"
    }
  }

  var bytes: [UInt8] { Array(text.utf8) }

  private func paint(_ code: String, _ text: String) -> String { usesColour ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text }

  private func head(_ node: Trail.Node) -> String {
    let name = node.actor.identity.isEmpty ? "(nobody used it)" : node.actor.identity
    let credential = node.actor.credential.isEmpty ? "" : "  \(node.actor.credential)"
    return paint("1", name.escapedOnOneLine) + credential.escapedOnOneLine
  }

  private mutating func writeBody(_ index: Int, _ indent: String) {
    let node = view.trail.nodes[index]
    // Calls that only opened the sessions below are told with them.
    let below = (children[index] ?? []).compactMap { view.trail.nodes[$0].issue }
    let uses = node.uses.filter { use in
      use.outcome != "success" || use.count != UInt64(below.count { $0.permission == use.permission })
    }
    var lines: [(time: Instant, line: Line)] = uses.prefix(Self.shownUses).map { ($0.first.time, .use($0)) }
    lines += node.changes.map { ($0.time, .change($0, isOfSession: node.actor.isTemporary)) }
    lines += (children[index] ?? []).map { child in
      let below = view.trail.nodes[child]
      return (below.issue?.time ?? below.actor.first, .child(child))
    }
    // Sorting keeps no order of equals by itself.
    let sorted = lines.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
    let hidden = uses.count - min(uses.count, Self.shownUses)
    for (number, line) in sorted.map(\.element).enumerated() {
      let isLast = number == sorted.count - 1 && hidden == 0
      write(line.line, at: line.time, indent, isLast)
    }
    if hidden > 0 { text += "\(indent)└─ and \(counted(hidden, "other kind", "other kinds")) of call\n" }
  }

  private mutating func write(_ line: Line, at time: Instant, _ indent: String, _ isLast: Bool) {
    let branch = indent + (isLast ? "└─ " : "├─ ")
    switch line {
    case .use(let use):
      let outcome = use.outcome == "success" ? "" : " " + paint("31", use.outcome)
      let count = use.count > 1 ? " ×\(use.count) until \(use.last.time)" : ""
      let via = use.first.via.isEmpty ? "" : " via \(use.first.via.escapedOnOneLine)"
      text += "\(branch)\(time)  \(use.permission.escapedOnOneLine)\(count)\(via)\(outcome)"
      text += "\(resources(use))  \(paint("2", view.place(use.first).escapedOnOneLine))\n"
    case .change(let event, let isOfSession):
      let word = event.changed.map { isOfSession && $0.kind == .deleted ? "session ended" : "key \($0.kind)" }
      text += "\(branch)\(time)  \(paint("33", word ?? "key changed")) by \(event.identity.escapedOnOneLine)"
      text += "  \(paint("2", view.place(event).escapedOnOneLine))\n"
    case .child(let child):
      let node = view.trail.nodes[child]
      text += "\(branch)\(time)  \(joint(node))→ \(head(node))"
      text += (node.issue.map { "  " + paint("2", view.place($0).escapedOnOneLine) } ?? "") + "\n"
      writeBody(child, indent + (isLast ? "   " : "│  "))
    }
  }

  private func joint(_ node: Trail.Node) -> String {
    let call = node.issue.map { $0.permission.escapedOnOneLine + " " } ?? ""
    switch node.join {
    case .session: return call + "(by session and time) "
    case .sharedEvent: return call + "(by shared event) "
    case .made, .issuedKey, .sessionID, nil: return call
    }
  }

  private func resources(_ use: Trail.Use) -> String {
    let names = use.resources.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key.description)
    if names.isEmpty { return "" }
    let more = names.count > 1 ? " and \(names.count - 1)\(names.count == 1000 ? " or more" : "") others" : ""
    return "  \(names[0].escapedOnOneLine)\(more)"
  }
}
