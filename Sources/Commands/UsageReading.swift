import Base
import Model
import Usage

/// The logs of all usage sources, read.
struct UsageReading: Sendable {
  private(set) var usage: [UsageFact] = []
  private(set) var lifecycles: [CredentialLifecycle] = []
  private(set) var coverages: [SourceCoverage] = []
  private(set) var diagnostics: [Diagnostic] = []

  init(_ inputs: [(source: SourceConfiguration, files: [String])], root: String, _ invocation: Invocation) {
    for input in inputs {
      let label = input.source.name.value
      let console = invocation.console
      let result = readUsage(UsageSource(input.source, root: root), files: input.files, threads: invocation.world.cores)
      {
        progress in
        console.progress(label, done: Int(clamping: progress.bytes), total: Int(clamping: progress.totalBytes))
      }
      console.endProgress()
      add(result, below: root)
    }
  }

  private mutating func add(_ result: UsageResult, below root: String) {
    usage = mergeUsage(usage, result.facts)
    lifecycles = mergeLifecycles(lifecycles, result.lifecycles)
    var coverage = result.coverage
    for index in coverage.inputs.indices { coverage.inputs[index].path = shown(coverage.inputs[index].path, root) }
    coverages.append(coverage)
    diagnostics += result.diagnostics.map { diagnostic in
      var diagnostic = diagnostic
      diagnostic.location.path = shown(diagnostic.location.path, root)
      return diagnostic
    }
  }
}

/// A path as findings show it: relative to the root where it lies below.
func shown(_ path: String, _ root: String) -> String {
  path.hasPrefix(root + "/") ? String(path.dropFirst(root.count + 1)) : path
}
