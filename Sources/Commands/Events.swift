import Base
import Usage

extension CommandSpecification {
  static let events = CommandSpecification(
    "events", "logs as normalised events, one JSON object a line",
    details: """
      The keys are OCSF's dotted names, with Muster's own under `muster.`: time, muster.identity, muster.action, resources,
      status_id, src_endpoint.ip, … Absent values are left out. Each delivery of an event is printed.
      """,
    arguments: LogFiles.arguments,
    options: LogFiles.options,
    examples: [
      ("muster events logs/ | jq -r '.\"muster.identity\"' | sort | uniq -c", "who acted, how often"),
      ("zcat access.log.*.gz | muster events - --format access-log", "one stream of many files"),
    ]
  ) { invocation throws(CommandError) in
    let files = try LogFiles(invocation)
    let root = invocation.world.workingDirectory
    let console = invocation.console
    let listing = writeEvents(of: files.paths, format: LogFiles.format(invocation), names: files.names) {
      console.write($0)
    }
    let problems = listing.diagnostics.map { diagnostic in
      var diagnostic = diagnostic
      diagnostic.location.path = files.names[diagnostic.location.path] ?? shown(diagnostic.location.path, root)
      return diagnostic
    }
    console.report(problems)
    let timeless =
      listing.timeless == 0 ? "" : "; \(listing.timeless) have no time that can be read, and rollups do not count them"
    console.note(
      "\(counted(Int(clamping: listing.events), "event", "events")) from \(counted(listing.inputs.count, "file", "files"))\(timeless)"
    )
    if listing.inputs.isEmpty && problems.contains(where: { $0.kind == .invalid }) { return .usage }
    return problems.contains { $0.kind != .warning } ? .incomplete : .clean
  }
}
