import Base
import Model
import Policies

extension CommandSpecification {
  static let access = CommandSpecification(
    "access", "who or what can reach a resource, and by which path",
    details: """
      Lists every identity whose effective grants overlap the pattern (after denies, boundaries, role resolution and inheritance),
      where it is granted, whether the declaration holds it and the logs show its use, and who may become the identity, over all
      platforms. What cannot be known is said: grants under a condition, and grants whose content is not in the inventory.
      """,
    arguments: [
      ArgumentSpecification("PATTERN", "resources in the platform's own spelling; `*` and `?` match")
    ],
    options: [
      OptionSpecification("action", value: "PATTERN", "only what allows such an action: `s3:Get*`"),
      OptionSpecification("facts", value: "REV", "take the facts of that revision"),
      OptionSpecification("all", "all paths and all grants of unknown content"), DataOutput.option,
    ],
    examples: [
      ("muster access 'arn:aws:s3:::ledger/*'", "who can reach those objects"),
      ("muster access 'arn:aws:kms:*:*:key/*' --action kms:Decrypt -o json", "for a program"),
    ]
  ) { invocation throws(CommandError) in
    let output = try DataOutput(invocation)
    let workspace = try Workspace(invocation.world)
    let (governance, problems) = try workspace.governance(.workTree)
    invocation.console.report(problems.filter { $0.kind != .warning })
    let facts = try workspace.facts(governance.configuration, revision: invocation.value("facts"))
    if facts.commit == nil {
      throw CommandError(.incomplete, "there are no facts yet", hint: "run `muster sync` first")
    }
    let question = AccessQuestion(resource: invocation.arguments[0], action: invocation.value("action"))
    let estate = Estate(
      governance: governance, facts: facts.limited(to: question), now: try invocation.now())
    let page = AccessPage(
      estate.access(question), graph: IdentityGraph(facts.identities), pattern: invocation.arguments[0],
      action: invocation.value("action"), showsAll: invocation.has("all"))
    try output.write(text: { page.text(Ink($0)) }, json: { page.json(facts.commit ?? "") }, invocation)
    return .clean
  }
}

extension FactSet {
  /// The facts without the identities that have nothing to do with what is asked about.
  fileprivate func limited(to question: AccessQuestion) -> FactSet {
    let usageOf = Dictionary(usage.map { ($0.principal, $0) }, uniquingKeysWith: { first, _ in first })
    var principals = Set(identities.filter { question.mayConcern($0, usageOf[$0.principal]) }.map(\.principal))
    principals.formUnion(usage.filter { question.mayConcern(nil, $0) }.map(\.principal))
    return limited(to: principals)
  }

  /// The facts about those alone.
  func limited(to principals: Set<PrincipalKey>) -> FactSet {
    var limited = self
    limited.identities = identities.filter { principals.contains($0.principal) }
    limited.usage = usage.filter { principals.contains($0.principal) }
    return limited
  }
}

/// Colours for pages that people read; none where they are not wanted.
struct Ink: Sendable {
  private let isOn: Bool

  init(_ isOn: Bool) { self.isOn = isOn }

  func bold(_ text: String) -> String { colour(text, "1") }
  func faint(_ text: String) -> String { colour(text, "2") }
  func good(_ text: String) -> String { colour(text, "32") }
  func bad(_ text: String) -> String { colour(text, "31") }
  func doubt(_ text: String) -> String { colour(text, "35") }

  private func colour(_ text: String, _ code: String) -> String {
    isOn && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}

/// The answer of `muster access`.
private struct AccessPage {
  private let answer: AccessAnswer
  private let graph: IdentityGraph
  private let pattern: String
  private let action: String?
  private let showsAll: Bool
  /// Routes of one identity side by side, in the order of the identities.
  private let groups: [[AccessRoute]]

  init(_ answer: AccessAnswer, graph: IdentityGraph, pattern: String, action: String?, showsAll: Bool) {
    (self.answer, self.graph, self.pattern) = (answer, graph, pattern)
    (self.action, self.showsAll) = (action, showsAll)
    var groups: [[AccessRoute]] = []
    for route in answer.routes {
      if let last = groups.last?.first, last.identity === route.identity {
        groups[groups.count - 1].append(route)
      } else {
        groups.append([route])
      }
    }
    self.groups = groups
  }

  func text(_ ink: Ink) -> [UInt8] {
    var text = ""
    for group in groups { text += block(group, ink) + "\n" }
    for (identity, uses) in answer.unexplained {
      text += ink.bold(identity.title.escapedOnOneLine) + "\n"
      for use in uses.prefix(5) {
        let line = "\(use.action) on \(use.resource)  used \(use.count)×, last \(use.last.day): no grant explains it"
        text += "  " + ink.bad(line.escapedOnOneLine) + "\n"
      }
      text += "\n"
    }
    text += summary(ink)
    return Array(text.utf8)
  }

  private func block(_ group: [AccessRoute], _ ink: Ink) -> String {
    guard let identity = group.first?.identity else { return "" }
    var text = ink.bold(identity.title.escapedOnOneLine) + "\n"
    for route in group {
      text += "  \(route.grant.scopeWords)".escapedOnOneLine + "\n"
      let used = route.used.map { ink.good("used \($0.count)×, last \($0.last.day)") } ?? ink.faint(identity.silence)
      let undeclared =
        identity.holder == "machine"
        ? ink.bad("nobody declared the identity") : ink.faint("a \(identity.holder), not declared")
      let declared = route.isDeclared.map { $0 ? ink.good("declared") : ink.bad("not declared") } ?? undeclared
      let doubt =
        route.certainty == .yes
        ? "" : ink.doubt(route.grant.condition == nil ? "  not for certain" : "  under a condition")
      text += "    granted by \(route.grant.via)".escapedOnOneLine + "   \(declared)   \(used)\(doubt)\n"
    }
    guard let principal = identity.principal else { return text }
    let (paths, isWhole) = graph.paths(to: principal, limit: showsAll ? 1000 : 8)
    for path in paths {
      let steps = path.map { "\($0.from) → " }.joined() + "it"
      let via = path.map(\.via).joined(separator: ", then ")
      let line = "    ← \(steps)   by \(via)".escapedOnOneLine
      text += (path.allSatisfy { $0.certainty == .yes } ? line : ink.doubt(line + "   not for certain")) + "\n"
    }
    if !isWhole { text += ink.faint("    ← … more ways; --all shows them") + "\n" }
    return text
  }

  private func summary(_ ink: Ink) -> String {
    let what = (action.map { "\($0) on " } ?? "") + pattern
    var text = "\(counted(groups.count, "identity", "identities")) can reach \(what)".escapedOnOneLine + "\n"
    if answer.opaque.isEmpty { return text }
    text +=
      ink.doubt(
        "unknown for \(counted(answer.opaque.count, "identity", "identities")) with grants whose content is not in the inventory"
      ) + "\n"
    for (identity, via) in answer.opaque.prefix(showsAll ? .max : 5) {
      text += ink.faint("  \(identity.title): \(via.joined(separator: ", "))".escapedOnOneLine) + "\n"
    }
    if !showsAll && answer.opaque.count > 5 { text += ink.faint("  … --all shows them") + "\n" }
    return text
  }

  func json(_ commit: String) -> [UInt8] {
    var writer = JSONWriter(pretty: true)
    writer.object { json in
      json.field("schema", "muster.access/1")
      json.field("resource", pattern)
      json.field("action", action)
      json.field("facts", commit)
      json.key("access")
      json.array { json in for group in groups { write(group, &json) } }
      json.key("unexplained")
      json.array { json in
        for (identity, uses) in answer.unexplained {
          for use in uses {
            json.object { json in
              json.field("principal", identity.principal?.description)
              json.field("action", use.action)
              json.field("resource", use.resource)
              json.field("count", use.count)
              json.field("last", use.last.description)
            }
          }
        }
      }
      json.key("unknown")
      json.array { json in
        for (identity, via) in answer.opaque {
          json.object { json in
            json.field("principal", identity.principal?.description)
            json.field("via", via)
          }
        }
      }
    }
    return writer.bytes + [0x0A]
  }

  private func write(_ group: [AccessRoute], _ json: inout JSONWriter) {
    guard let identity = group.first?.identity else { return }
    json.object { json in
      json.field("principal", identity.principal?.description)
      json.field("identity", identity.declaration?.handle.value)
      json.field("owner", identity.declaration?.owner?.value.description)
      json.field("holder", identity.holder)
      json.key("routes")
      json.array { json in
        for route in group {
          json.object { json in
            route.grant.write(to: &json)
            json.field("certain", route.certainty == .yes)
            json.field("declared", route.isDeclared)
            json.field("used", route.used?.count ?? 0)
            json.field("lastUsed", route.used?.last.description)
          }
        }
      }
      json.key("paths")
      let found = identity.principal.map { graph.paths(to: $0, limit: 1000) }
      json.array { json in
        for path in found?.paths ?? [] { json.array { json in for edge in path { edge.write(to: &json) } } }
      }
      json.field("pathsWhole", found?.isWhole ?? true)
    }
  }
}

extension JoinedIdentity {
  /// The principal key, with handle and owner where it is declared.
  var title: String {
    let name = principal?.description ?? handle
    guard let declaration else { return name }
    let owner = declaration.owner.map { ", \($0.value)" } ?? ", no owner"
    return "\(name)  (\(declaration.handle.value)\(owner))"
  }

  /// What it means that the logs show no use.
  var silence: String { coveredSince.map { "not used since \($0.day)" } ?? "use unknown: \(usageGap)" }
}

extension GrantFact {
  /// `s3:GetObject, s3:PutObject on arn:…`.
  var scopeWords: String {
    var text = actions.joined(separator: ", ")
    if !notActions.isEmpty { text = "\(text.isEmpty ? "*" : text) except \(notActions.joined(separator: ", "))" }
    if isOpaque { text = "unknown actions" }
    if !notResources.isEmpty { return "\(text) on everything except \(notResources.joined(separator: ", "))" }
    return resources.isEmpty ? "\(text) on everything" : "\(text) on \(resources.joined(separator: ", "))"
  }

  /// The members of a statement.
  func write(to json: inout JSONWriter) {
    json.field("actions", actions)
    json.field("notActions", notActions)
    json.field("resources", resources)
    json.field("notResources", notResources)
    json.field("via", via)
    json.field("condition", condition)
  }
}

extension IdentityGraph.Edge {
  /// An edge as an object.
  func write(to json: inout JSONWriter) {
    json.object { json in
      json.field("from", from)
      json.field("to", to.description)
      json.field("via", via)
      json.field("certain", certainty == .yes)
      json.field("known", isKnown)
    }
  }
}
