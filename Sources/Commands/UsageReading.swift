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
    _ sources: [SourceConfiguration], root: String, store: SourceReading.Store?, _ invocation: Invocation
  ) throws(CommandError) {
    for source in sources {
      let list = logFiles(of: source, root: root)
      if let problem = list.problem { diagnostics.append(problem) }
      let reading = try SourceReading(UsageSource(source, root: root), list, store: store, invocation)
      usage = mergeUsage(usage, UsageReading.placed(reading.part.facts, source.covers))
      lifecycles = mergeLifecycles(
        lifecycles,
        reading.part.lifecycles.map { lifecycle in
          var lifecycle = lifecycle
          lifecycle.owner = lifecycle.owner?.completed(covering: source.covers)
          return lifecycle
        })
      var coverage = reading.coverage
      for index in coverage.inputs.indices { coverage.inputs[index].path = shown(coverage.inputs[index].path, root) }
      coverages.append(coverage)
      diagnostics += reading.diagnostics.map { $0.shown(below: root) }
      let events = counted(Int(clamping: coverage.used), "event", "events")
      let files = counted(coverage.inputs.count, "file", "files")
      invocation.console.note(
        "\(coverage.name): \(events), \(coverage.duplicate) twice, \(coverage.unreadable) unreadable, from \(files)"
          + (reading.summary.isEmpty ? "" : " (\(reading.summary))")
      )
    }
  }

  /// The facts by keys that name the cluster, where the source does and the log does not; sorted, each principal once.
  private static func placed(_ facts: [UsageFact], _ covers: [String]) -> [UsageFact] {
    if covers.isEmpty { return facts }
    var placed: [UsageFact] = []
    for var fact in facts {
      fact.principal = fact.principal.completed(covering: covers)
      placed.append(fact)
    }
    placed.sort { $0.principal < $1.principal }
    var joined: [UsageFact] = []
    for fact in placed {
      if let last = joined.last, last.principal == fact.principal {
        joined[joined.count - 1] = last.merged(with: fact)
      } else {
        joined.append(fact)
      }
    }
    return joined
  }
}

/// A path as findings show it: relative to the root where it lies below.
func shown(_ path: String, _ root: String) -> String {
  path.hasPrefix(root + "/") ? String(path.dropFirst(root.count + 1)) : path
}
