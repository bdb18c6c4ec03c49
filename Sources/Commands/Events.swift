import Base
import Usage

extension CommandSpecification {
  static let events = CommandSpecification(
    "events", "logs as normalised events, one JSON object a line",
    details: """
      The keys are OCSF's dotted names, with Muster's own under `muster.`: time, muster.identity, muster.action, resources,
      status_id, src_endpoint.ip, … Absent values are left out. Each delivery of an event is printed.
      """,
    arguments: [ArgumentSpecification("PATH", "files, folders or globs", repeated: true)],
    options: [
      OptionSpecification("format", value: "FORMAT", "read the files as that", choices: usageFormats)
    ],
    examples: [
      ("muster events logs/ | jq -r '.\"muster.identity\"' | sort | uniq -c", "who acted, how often")
    ]
  ) { invocation throws(CommandError) in
    var files: [String] = []
    for path in invocation.arguments {
      do throws(FileError) {
        let found = try FileSystem.files(at: invocation.world.absolute(path))
        if found.isEmpty { throw FileError(path: path, operation: "open", code: 2) }
        files += found
      } catch { throw CommandError(error) }
    }
    let root = invocation.world.workingDirectory
    let console = invocation.console
    let listing = writeEvents(of: files, format: invocation.value("format")) { console.write($0) }
    let problems = listing.diagnostics.map { diagnostic in
      var diagnostic = diagnostic
      diagnostic.location.path = shown(diagnostic.location.path, root)
      return diagnostic
    }
    console.report(problems)
    console.note(
      "\(counted(Int(clamping: listing.events), "event", "events")) from \(counted(listing.inputs.count, "file", "files"))"
    )
    return problems.contains { $0.kind != .warning } ? .incomplete : .clean
  }
}
