import Base
import Catalog
import Model
import Usage

/// The logs of all usage sources, read.
struct UsageReading {
  private(set) var usage: [UsageFact] = []
  private(set) var lifecycles: [CredentialLifecycle] = []
  private(set) var coverages: [SourceCoverage] = []
  private(set) var diagnostics: [Diagnostic] = []

  /// Without a `store`, everything is read and nothing kept.
  init(
    _ inputs: [(source: SourceConfiguration, files: [String])], root: String, store: SourceReading.Store?,
    _ invocation: Invocation
  ) throws(CommandError) {
    for input in inputs {
      let reading = try SourceReading(
        UsageSource(input.source, root: root), files: input.files, store: store, invocation)
      usage = mergeUsage(usage, reading.part.facts)
      lifecycles = mergeLifecycles(lifecycles, reading.part.lifecycles)
      var coverage = reading.coverage
      for index in coverage.inputs.indices { coverage.inputs[index].path = shown(coverage.inputs[index].path, root) }
      coverages.append(coverage)
      diagnostics += reading.diagnostics.map { $0.shown(below: root) }
      let events = counted(Int(coverage.records), "event", "events")
      let files = counted(coverage.inputs.count, "file", "files")
      invocation.console.note(
        "\(coverage.name): \(events), \(coverage.duplicate) twice, \(coverage.unreadable) unreadable, from \(files)"
          + (reading.summary.isEmpty ? "" : " (\(reading.summary))")
      )
    }
  }
}

/// A path as findings show it: relative to the root where it lies below.
func shown(_ path: String, _ root: String) -> String {
  path.hasPrefix(root + "/") ? String(path.dropFirst(root.count + 1)) : path
}
