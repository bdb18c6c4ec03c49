import Base
import Model
import Usage

/// The logs of all usage sources, read.
struct UsageReading: Sendable {
  let usage: [UsageFact]
  let lifecycles: [CredentialLifecycle]
  let coverages: [SourceCoverage]
  let diagnostics: [Diagnostic]

  init(_ inputs: [(source: SourceConfiguration, files: [String])], root: String, _ invocation: Invocation) async {
    (usage, lifecycles, coverages, diagnostics) = ([], [], [], [])
  }
}
