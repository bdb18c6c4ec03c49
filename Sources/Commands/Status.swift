import Base
import Catalog
import Model
import Policies

extension CommandSpecification {
  static let status = CommandSpecification(
    "status", "is the monitoring working: sources, freshness, gaps",
    details: """
      For each source: the period that it covers, silence that does not fit its own rhythm, files that changed or vanished, how late
      files are delivered (by the stamps in their names, in a repository whose logs are cataloged), and the share of events that are
      one identity's. The exit code is 1 when a source is older than it may be.
      """,
    options: [
      OptionSpecification("identities", "also each identity: seen, silent, or unobservable with the reason"),
      OptionSpecification("json", "the same as --output json"), DataOutput.option,
      OptionSpecification("facts", value: "REV", "take the facts of that revision"),
    ],
    examples: [("muster status", "one block a source, then who can be seen at all")]
  ) { invocation throws(CommandError) in
    let output = try DataOutput(invocation)
    let workspace = try Workspace(invocation.world)
    let assessment = try await workspace.assessWorkTree(invocation)
    invocation.console.report(assessment.result.diagnostics)
    let files = try workspace.catalogedFiles()
    let report = StatusReport(
      assessment, now: try invocation.now(), files: files, listsIdentities: invocation.has("identities"))
    let writesJSON = invocation.has("json")
    try output.write(text: { _ in writesJSON ? report.json : report.text }, json: { report.json }, invocation)
    let code = assessment.result.exitCode
    return code > .findings ? code : report.stale.isEmpty ? .clean : .findings
  }
}
