import Base
import Declarations
import Expressions
import Model
import Policies
import Reviews

extension CommandSpecification {
  private static let factsOption = OptionSpecification("facts", value: "REV", "take the facts of that revision")

  static let reviewOpen = CommandSpecification(
    "review open", "findings become review items, one Markdown file each",
    details: """
      A campaign of campaigns/*.yaml says which findings take part. Items are written to reviews/CAMPAIGN/ in the work tree;
      commit them to ask their owners. Running again never opens an item twice.
      """,
    arguments: [
      ArgumentSpecification("CAMPAIGN", "the campaign's id or file; needed where there are several", required: false)
    ],
    options: [factsOption, OptionSpecification("dry-run", "say what would be written, and write nothing")],
    examples: [("muster review open 2026-q4", "open or refresh the items of a campaign")]
  ) { invocation throws(CommandError) in
    let workspace = try Workspace(invocation.world)
    let assessment = try await workspace.assessWorkTree(invocation)
    invocation.console.report(assessment.result.diagnostics)
    let template = try campaign(invocation.arguments.first, assessment.governance)
    let filter = try FindingFilter(template, assessment)
    let owners = assessment.governance.codeOwners.map { CodeOwners($0) }
    let request = CampaignRequest(
      template: template, result: assessment.result, governance: assessment.governance, facts: assessment.facts,
      reviews: assessment.reviews, now: try invocation.now(), codeOwners: { owners?.owners(of: $0) ?? [] },
      includes: { filter.takes($0) })
    let plan: CampaignPlan
    do throws(ReviewError) { plan = try openCampaign(request) } catch { throw CommandError(error) }
    if !invocation.has("dry-run") { try workspace.write(plan.files) }
    for (word, items) in [("opened", plan.opened), ("updated", plan.updated), ("regressed", plan.regressed)] {
      for item in items { invocation.console.line("\(word.padded(to: 10)) \(item.path)") }
    }
    invocation.console.out(
      "\(plan.opened.count) opened, \(plan.updated.count) updated, \(plan.regressed.count) regressed, \(plan.unchanged) unchanged, \(plan.unowned) without an owner\n"
    )
    if !plan.files.isEmpty && !invocation.has("dry-run") {
      invocation.console.note("next: git add reviews && git commit, then send the files to their owners for review")
    }
    return assessment.result.diagnostics.map(\.kind).max().map { $0 == .warning ? .clean : .incomplete } ?? .clean
  }

  static let reviewList = CommandSpecification(
    "review list", "the items, the most urgent first",
    options: [
      OptionSpecification("campaign", value: "ID", "only that campaign"),
      OptionSpecification("owner", value: "OWNER", "only items of team:NAME or person:NAME"),
      OptionSpecification("waiting", "only what waits for a decision"),
      OptionSpecification("overdue", "only what is late"),
      OptionSpecification("json", "as JSON"),
    ],
    examples: [("muster review list --owner team:payments --waiting", "what a team has to decide")]
  ) { invocation throws(CommandError) in
    let (governance, reviews) = try loadReviews(invocation)
    var filter = ReviewFilter()
    filter.campaign = invocation.value("campaign")
    filter.onlyWaiting = invocation.has("waiting")
    filter.onlyOverdue = invocation.has("overdue")
    if let text = invocation.value("owner") {
      guard let owner = OwnerReference(text) else {
        throw CommandError(.usage, "'\(text)' is no owner", hint: "write team:NAME or person:NAME")
      }
      filter.owner = owner
    }
    let rows = reviews.rows(filter, owners: governance.owners, now: try invocation.now())
    invocation.console.out(invocation.has("json") ? rowsJSON(rows) : rowsTable(rows))
    return reviews.diagnostics.isEmpty ? .clean : .usage
  }

  static let reviewShow = CommandSpecification(
    "review show", "an item as its owner reads it",
    arguments: [ArgumentSpecification("ITEM", "its id, the beginning of it, or its path")],
    options: [
      OptionSpecification("signed-bytes", value: "N", "the exact bytes that the Nth decision's signature covers")
    ],
    examples: [("muster review show 7f3a9c", "one item")]
  ) { invocation throws(CommandError) in
    let (_, reviews) = try loadReviews(invocation)
    let item: ReviewItem
    do throws(ReviewError) {
      item = try reviews.item(named: invocation.arguments[0], at: try clock(invocation))
    } catch { throw CommandError(error) }
    if let text = invocation.value("signed-bytes") {
      guard let number = Int(text), item.decisions.indices.contains(number - 1),
        let bytes = DecisionBlock.signedBytes(of: item.decisions[number - 1], in: item)
      else { throw CommandError(.usage, "the item has \(counted(item.decisions.count, "decision", "decisions"))") }
      invocation.console.out(bytes)
      return .clean
    }
    invocation.console.out(item.body.escapedForTerminal)
    return .clean
  }

  static let reviewRemind = CommandSpecification(
    "review remind", "who must be reminded or asked next, by deadline",
    details:
      "Writes each reminder into its item. Silence is never approval: after the deadline the next in line is asked.",
    options: [OptionSpecification("dry-run", "say who, and write nothing")],
    examples: [("muster review remind", "once a day, from a scheduled job")]
  ) { invocation throws(CommandError) in
    let workspace = try Workspace(invocation.world)
    let (governance, reviews) = try loadReviews(invocation)
    let plan: ReminderPlan
    do throws(ReviewError) {
      plan = try remind(reviews, governance: governance, now: try clock(invocation))
    } catch { throw CommandError(error) }
    for reminder in plan.reminders {
      invocation.console.line("\((reminder.to?.description ?? "nobody").padded(to: 20)) \(reminder.message)")
    }
    if plan.reminders.isEmpty { invocation.console.note("nobody need be reminded now") }
    if !invocation.has("dry-run") {
      try workspace.write(plan.files)
      if !plan.files.isEmpty { invocation.console.note("next: git add reviews && git commit, and send the reminders") }
    }
    return .clean
  }

  static let reviewReconcile = CommandSpecification(
    "review reconcile", "bring the items up to what the facts show",
    details: "An item closes only when later facts no longer show its finding: claimed is not done.",
    options: [factsOption, OptionSpecification("dry-run", "say what would change, and write nothing")],
    examples: [("muster review reconcile", "after each sync")]
  ) { invocation throws(CommandError) in
    let workspace = try Workspace(invocation.world)
    let assessment = try await workspace.assessWorkTree(invocation)
    let plan: ReconciliationPlan
    do throws(ReviewError) {
      plan = try reconcile(
        assessment.reviews, with: assessment.result, governance: assessment.governance, facts: assessment.facts,
        now: try clock(invocation))
    } catch { throw CommandError(error) }
    invocation.console.report(plan.notes)
    for change in plan.changes {
      invocation.console.line("\(change.item.id): \(change.from.rawValue) → \(change.to.rawValue): \(change.why)")
    }
    invocation.console.out("\(counted(plan.changes.count, "item", "items")) changed\n")
    if !invocation.has("dry-run") { try workspace.write(plan.files) }
    return .clean
  }

  static let reviewClose = CommandSpecification(
    "review close", "close a campaign when everything in it is answered",
    arguments: [ArgumentSpecification("CAMPAIGN", "the campaign's id")],
    options: [factsOption],
    examples: [("muster review close 2026-q4", "refused while an item waits")]
  ) { invocation throws(CommandError) in
    let workspace = try Workspace(invocation.world)
    let assessment = try await workspace.assessWorkTree(invocation)
    let report: ClosingReport
    do throws(ReviewError) {
      report = try closeCampaign(
        invocation.arguments[0], in: assessment.reviews, result: assessment.result, now: try clock(invocation))
    } catch { throw CommandError(error) }
    for (status, items) in report.counts where items > 0 {
      invocation.console.out("\(status.rawValue.padded(to: 22)) \(items)\n")
    }
    invocation.console.report(report.obstacles)
    guard report.mayClose else { return .findings }
    if let file = report.file { try workspace.write([file]) }
    invocation.console.line("closed \(report.campaign)")
    return .clean
  }
}

/// As `Invocation.now`, where only a review's error may be thrown: the option was read before.
private func clock(_ invocation: Invocation) throws(ReviewError) -> Instant {
  (try? invocation.now()) ?? invocation.world.clock
}

private func loadReviews(_ invocation: Invocation) throws(CommandError) -> (governance: Governance, reviews: ReviewSet)
{
  _ = try invocation.now()
  let workspace = try Workspace(invocation.world)
  let (governance, _) = try workspace.governance(.workTree)
  let reviews = ReviewSet.read(governance.reviewFiles)
  invocation.console.report(reviews.diagnostics)
  return (governance, reviews)
}

private func campaign(_ name: String?, _ governance: Governance) throws(CommandError) -> CampaignTemplate {
  let known = governance.campaigns.map(\.id.value)
  if let name, let found = governance.campaigns.first(where: { $0.id.value == name || $0.location.path == name }) {
    return found
  }
  if name == nil, governance.campaigns.count == 1 { return governance.campaigns[0] }
  if known.isEmpty {
    throw CommandError(.usage, "there is no campaign in campaigns/", hint: "`muster init` writes one to start from")
  }
  guard let name else { throw CommandError(.usage, "which campaign?", hint: known.joined(separator: ", ")) }
  throw CommandError(.usage, "no campaign `\(name)`", hint: suggestion(for: name, among: known))
}

extension CommandError {
  init(_ error: ReviewError) {
    let place = error.location.map { "\($0): " } ?? ""
    self.init(.usage, place + error.message, hint: error.hint)
  }
}

extension Workspace {
  /// Writes files of the tree, each whole or not at all.
  func write(_ files: [SourceFile]) throws(CommandError) {
    do throws(FileError) {
      for file in files {
        let path = "\(root)/\(file.path)"
        if let slash = path.lastIndex(of: "/") { try FileSystem.makeFolder(String(path[..<slash])) }
        try FileSystem.write(file.bytes, to: path)
      }
    } catch { throw CommandError(error) }
  }
}

private func rowsTable(_ rows: [ReviewRow]) -> String {
  if rows.isEmpty { return "no items\n" }
  let columns = rows.map { row in
    let due = row.daysLeft < 0 ? "\(-row.daysLeft)d late" : "in \(row.daysLeft)d"
    return [
      row.item, row.severity.rawValue, "\(row.risk)", row.status.rawValue, due, row.owner,
      row.subject.hasPrefix("finding:") ? "-" : row.subject, row.decision,
    ]
  }
  let head = ["ITEM", "SEVERITY", "RISK", "STATUS", "DUE", "OWNER", "IDENTITY", "DECISION"]
  let widths = head.indices.map { column in ([head] + columns).map { $0[column].count }.max() ?? 0 }
  return ([head] + columns).map { cells in
    var line = zip(cells, widths).map { $0.padded(to: $1) }.joined(separator: "  ")
    while line.last == " " { line.removeLast() }
    return line.escapedOnOneLine + "\n"
  }.joined()
}

private func rowsJSON(_ rows: [ReviewRow]) -> String {
  var writer = JSONWriter(pretty: true)
  writer.array { writer in
    for row in rows {
      writer.object { writer in
        writer.field("item", row.item)
        writer.field("campaign", row.campaign)
        writer.field("subject", row.subject)
        writer.field("policy", row.policy)
        writer.field("severity", row.severity.rawValue)
        writer.field("risk", row.risk)
        writer.field("status", row.status.rawValue)
        writer.field("owner", row.owner)
        writer.field("due", row.due.description)
        writer.field("path", row.path)
        writer.field("decision", row.decision.isEmpty ? nil : row.decision)
      }
    }
  }
  return writer.text + "\n"
}
