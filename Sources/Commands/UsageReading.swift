import Base
import Catalog
import Model
import Usage

/// The logs of all usage sources, read.
struct UsageReading: Sendable {
  private(set) var usage: [UsageFact] = []
  private(set) var lifecycles: [CredentialLifecycle] = []
  private(set) var coverages: [SourceCoverage] = []
  private(set) var diagnostics: [Diagnostic] = []

  init(
    _ inputs: [(source: SourceConfiguration, files: [String])], root: String, catalog: CatalogWriter?,
    _ invocation: Invocation
  ) throws(CommandError) {
    for input in inputs {
      let label = input.source.name.value
      let console = invocation.console
      do throws(CatalogError) {
        let stamps = FileStamps(of: input.files)
        try catalog?.withCatalog { (catalog) throws(CatalogError) in
          try catalog.forget(try catalog.files(of: label).map(\.path), source: label)
        }
        let (part, accounts, diagnostics) = rollUp(
          input.files, format: input.source.format, name: label, threads: invocation.world.cores,
          index: catalog?.indexing(of: label)
        ) { progress in
          console.progress(label, done: Int(clamping: progress.bytes), total: Int(clamping: progress.totalBytes))
        }
        try catalog?.withCatalog { (catalog) throws(CatalogError) in
          try catalog.record(accounts, stamps: stamps.byPath, source: label)
        }
        console.endProgress()
        add(part, UsageSource(input.source), diagnostics, below: root)
      } catch { throw CommandError(error) }
    }
  }

  private mutating func add(
    _ part: UsagePart, _ source: UsageSource, _ problems: [Diagnostic], below root: String
  ) {
    usage = mergeUsage(usage, part.facts)
    lifecycles = mergeLifecycles(lifecycles, part.lifecycles)
    var coverage = part.coverage(of: source)
    for index in coverage.inputs.indices { coverage.inputs[index].path = shown(coverage.inputs[index].path, root) }
    coverages.append(coverage)
    diagnostics += problems.map { $0.shown(below: root) }
  }
}

/// A path as findings show it: relative to the root where it lies below.
func shown(_ path: String, _ root: String) -> String {
  path.hasPrefix(root + "/") ? String(path.dropFirst(root.count + 1)) : path
}
