package import Base
package import Model

/// A usage source as `muster.yaml` names it.
package struct UsageSource: Sendable, Hashable {
  package var name: String
  /// Globs of the places that it shows: `aws:111122223333`.
  package var covers: [String]
  /// Without events for longer than that, it is stale.
  package var every: Milliseconds?
  /// How late events may arrive.
  package var lateness: Milliseconds?
  /// A name of `usageFormats`: all files are then read as that. `nil` recognises each file by its content.
  package var format: String?

  package init(
    name: String, covers: [String] = [], every: Milliseconds? = nil, lateness: Milliseconds? = nil,
    format: String? = nil
  ) {
    self.name = name
    self.covers = covers
    self.every = every
    self.lateness = lateness
    self.format = format
  }

  /// As configured; a mapping file is looked for below `root`.
  package init(_ configuration: SourceConfiguration, root: String) {
    let isMapping = configuration.format.map { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") } ?? false
    let format = configuration.format.map { isMapping && !$0.hasPrefix("/") ? "\(root)/\($0)" : $0 }
    self.init(
      name: configuration.name.value, covers: configuration.covers, every: configuration.every,
      lateness: configuration.lateness, format: format)
  }
}

/// The names of the kinds of log that can be read, sorted.
package var usageFormats: [String] { LogFormat.all.map(\.name).sorted() }

/// What the logs of one source come to.
package struct UsageResult: Sendable {
  /// Sorted by principal, each once.
  package var facts: [UsageFact]
  /// Of long-lived credentials; sorted by id, each once.
  package var lifecycles: [CredentialLifecycle]
  package var coverage: SourceCoverage
  /// In the order of the files and their bytes. `.unreadable` ones mean that the run is incomplete.
  package var diagnostics: [Diagnostic]
}

/// How far a run has come.
package struct UsageProgress: Sendable, Hashable {
  /// Bytes as the files store them.
  package var bytes: UInt64
  package var totalBytes: UInt64
  package var files: Int
  package var totalFiles: Int
}
