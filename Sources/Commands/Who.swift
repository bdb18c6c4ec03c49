import Base
import Catalog
import Model
import Usage

extension CommandSpecification {
  static let who = CommandSpecification(
    "who", "who accessed what and when, from the cataloged logs",
    details: """
      Reads only the records that the catalog points to: an identity, a credential, an action and a period narrow them, a resource
      where its name does not begin with a wildcard. Where nothing narrows them, every cataloged file is read, and that is said. Each
      event counts once, however often it was delivered. The logs are cataloged by `muster sync`.
      """,
    options: [
      OptionSpecification("resource", value: "PATTERN", "the event names such a resource; `*` and `?` match"),
      OptionSpecification(
        "identity", value: "ID", "a declared identity's handle, a principal key, or a pattern of keys"),
      OptionSpecification("credential", value: "ID", "the id of a key, token or session credential"),
      OptionSpecification("action", value: "PATTERN", "a permission or call, `s3:Get*`; letters match both ways"),
    ] + PeriodOptions.all + [
      OptionSpecification("events", "each event, with its place in the logs"), DataOutput.option,
    ],
    examples: [
      ("muster who --resource 'arn:aws:s3:::ledger/*' --since 30d", "who touched those objects, how often"),
      ("muster who --identity release-publisher --events -o json", "each call, with file, record and byte"),
    ]
  ) { invocation throws(CommandError) in
    let output = try DataOutput(invocation)
    let workspace = try Workspace(invocation.world)
    let catalog = try workspace.searchableCatalog()
    let question = try WhoQuestion(invocation, workspace, catalog)
    var answer: CatalogAnswer
    do throws(CatalogError) {
      answer = try catalog.find(question.query)
      answer.diagnostics += try catalog.gaps(in: question.query.period)
    } catch { throw CommandError(error) }
    let table = AccessTable(events: invocation.has("events"))
    let progress = Progress("who", invocation)
    let reading = readSlices(
      answer.slices, question.filter, threads: invocation.world.cores, progress: { progress.set($0) }
    ) { table.add($0) }
    progress.end()
    let result = WhoResult(table, answer, reading, root: workspace.root, period: question.query.period)
    invocation.console.report(result.diagnostics)
    try output.write(text: { _ in result.text }, json: { result.json }, invocation)
    invocation.console.note(result.note)
    if answer.events == 0, let name = invocation.value("resource"), !name.contains("*") {
      invocation.console.note(
        "no event names a resource '\(name)': names are whole, such as arn:aws:s3:::bucket/key; try '*\(name)*'")
    }
    return result.diagnostics.contains { $0.kind != .warning } ? .incomplete : .clean
  }
}

/// What was asked, for the catalog and for the reading.
private struct WhoQuestion {
  var query = CatalogQuery()
  var filter = EventFilter()

  init(
    _ invocation: Invocation, _ workspace: borrowing Workspace, _ catalog: borrowing LogCatalog
  ) throws(CommandError) {
    let period = try PeriodOptions.period(invocation)
    query.period = period
    filter.since = Instant(milliseconds: period.lowerBound)
    filter.until = period.upperBound == .max ? nil : Instant(milliseconds: period.upperBound + 1)
    query.resource = invocation.value("resource").map { Glob($0) }
    filter.resource = query.resource
    filter.action = invocation.value("action").map { Glob($0, ignoringCase: true) }
    query.action = filter.action
    if query.resource == nil && filter.action == nil && invocation.value("identity") == nil
      && invocation.value("credential") == nil && invocation.value("since") == nil && invocation.value("until") == nil
    {
      throw CommandError(
        .usage, "`muster who` needs something to look for",
        hint: "--resource PATTERN, --identity ID, --credential ID, --action PATTERN or --since TIME")
    }
    if let identity = invocation.value("identity") {
      let principals = try known(workspace.principals(named: identity), of: identity, catalog, workspace)
      filter.identities = Set(principals.map { ExactText($0) })
      query.identities = principals.map { ($0, .min ... .max) }
    }
    if let credential = invocation.value("credential") { try narrow(to: credential, catalog) }
  }

  /// Those of the principals, or of the patterns of principals, that acted. Of a declared identity nothing need be known.
  private func known(
    _ names: [String], of identity: String, _ catalog: borrowing LogCatalog, _ workspace: borrowing Workspace
  ) throws(CommandError) -> [String] {
    let all: [String]
    do throws(CatalogError) { all = try catalog.identities() } catch { throw CommandError(error) }
    let globs = names.map { Glob($0) }
    let found = all.filter { name in globs.contains { $0.matches(name) } }
    if found.isEmpty && names.contains(identity) {
      if try workspace.knowsIdentity(identity) { return [] }
      throw CommandError(
        .usage, "the cataloged logs hold no event of '\(identity)'", hint: suggestion(for: identity, among: all))
    }
    return found
  }

  private mutating func narrow(
    to credential: String, _ catalog: borrowing LogCatalog
  ) throws(CommandError) {
    // A token of Kubernetes may be named by its id alone.
    let names = [credential, "JTI=\(credential)"]
    filter.credentials = Set(names.map { ExactText($0) })
    do throws(CatalogError) {
      let actors = try (catalog.actors(hash: catalogHash(names[0])) + catalog.actors(hash: catalogHash(names[1])))
        .filter { actor in filter.identities.map { $0.contains(ExactText(actor.identity)) } ?? true }
      query.identities = actors.map { ($0.identity, $0.first.milliseconds...$0.last.milliseconds) }
    } catch { throw CommandError(error) }
  }
}
