import Base
import Git
import Model
import Policies

extension CommandSpecification {
  static let diff = CommandSpecification(
    "diff", "what access a change gives or takes",
    details: """
      Compares two versions of the declarations: BASE (default HEAD) with HEAD (default the work tree), and shows with each
      action what the logs say of its use. With --facts compares two snapshots of the inventory instead, BASE and HEAD of the facts (by default the last two):
      who was created or deleted, whose privilege was raised, which key was added, with the commit that explains it or its absence.
      """,
    arguments: [
      ArgumentSpecification("BASE", "a revision; HEAD by default", required: false),
      ArgumentSpecification("HEAD", "a revision; the work tree by default", required: false),
    ],
    options: [
      OptionSpecification("json", "as JSON"),
      OptionSpecification("facts", "compare snapshots of the inventory: BASE and HEAD are revisions of the facts"),
      OptionSpecification("evidence", value: "REV", "take what the logs say from that revision of the facts"),
    ],
    examples: [
      ("muster diff --facts", "what changed in the inventory at the last sync"),
      ("muster diff", "what the uncommitted changes give or take"),
      ("muster diff origin/main", "what the branch gives or takes"),
    ]
  ) { invocation throws(CommandError) in
    let workspace = try Workspace(invocation.world)
    if invocation.has("facts") { return try compareInventories(workspace, invocation) }
    let base = try workspace.commit(invocation.arguments.first ?? "HEAD")
    let head: Workspace.Source =
      invocation.arguments.count > 1 ? .commit(try workspace.commit(invocation.arguments[1])) : .workTree
    let (before, problems) = try workspace.governance(.commit(base))
    let (after, more) = try workspace.governance(head)
    invocation.console.report(Array(Set(problems + more)))
    let facts = try workspace.facts(after.configuration, revision: invocation.value("evidence"))
    let changes = accessChanges(from: before, to: after, facts: facts)
    invocation.console.out(invocation.has("json") ? json(changes) : text(changes, invocation.world.usesColour))
    return more.contains { $0.kind == .invalid } ? .usage : .clean
  }
}

private func compareInventories(
  _ workspace: borrowing Workspace, _ invocation: Invocation
) throws(CommandError) -> ExitCode {
  let configuration = try workspace.governance(.workTree).governance.configuration
  let branch = try workspace.fetchedFacts(configuration) ?? configuration.factsBranch
  let comparison = try FactsComparison(
    workspace, from: invocation.arguments.first ?? "\(branch)~1",
    to: invocation.arguments.count > 1 ? invocation.arguments[1] : branch, invocation)
  invocation.console.out(invocation.has("json") ? comparison.json : comparison.text(invocation.world.usesColour))
  return .clean
}

private func text(_ changes: [AccessChange], _ colour: Bool) -> String {
  if changes.isEmpty { return "no declaration gives or takes anything\n" }
  var out = ""
  var last = ""
  for change in changes {
    if change.identity != last { out += "\(last.isEmpty ? "" : "\n")\(change.identity)\n" }
    last = change.identity
    let (sign, code) = change.direction == .gives ? ("+", "32") : change.direction == .takes ? ("-", "31") : ("~", "33")
    let evidence = change.evidence.isEmpty ? "" : "   (\(change.evidence))"
    let line = "  \(sign) \(change.field): \(change.text)\(evidence)   \(change.location)".escapedOnOneLine
    out += colour ? "\u{1B}[\(code)m\(line)\u{1B}[0m\n" : "\(line)\n"
  }
  let gives = changes.filter { $0.direction == .gives }.count
  let takes = changes.filter { $0.direction == .takes }.count
  return out + "\n\(gives) given, \(takes) taken\n"
}

private func json(_ changes: [AccessChange]) -> String {
  var writer = JSONWriter(pretty: true)
  writer.object { writer in
    writer.field("schema", "muster.diff/1")
    writer.key("changes")
    writer.array { writer in
      for change in changes {
        writer.object { writer in
          writer.field("direction", change.direction.rawValue)
          writer.field("identity", change.identity)
          writer.field("field", change.field)
          writer.field("text", change.text)
          writer.field("evidence", change.evidence.isEmpty ? nil : change.evidence)
          writer.field("path", change.location.path)
          writer.field("line", change.location.line)
        }
      }
    }
  }
  return writer.text + "\n"
}
