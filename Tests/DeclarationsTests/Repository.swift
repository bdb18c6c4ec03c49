import Base
import Declarations
import Model

/// Nothing can be read at the path.
struct Missing: Error {}

/// A governance repository in memory.
struct Repository {
  var files: [String: String]

  /// With a `muster.yaml` that knows the environment `prod`, unless one is given.
  init(_ files: [String: String]) {
    self.files = files
    if files["muster.yaml"] == nil { self.files["muster.yaml"] = "muster: 1\nenvironments: { prod: aws:1 }\n" }
  }

  /// One declaration file.
  init(declaration: String) { self.init(["identities/a.yaml": declaration]) }

  func load(
    only paths: Set<String>? = nil, established: Set<String> = [], opened: (String) -> Void = { _ in }
  ) -> (governance: Governance, diagnostics: [Diagnostic]) {
    loadGovernance(files: Array(files.keys), declarations: paths, established: established) { path in
      opened(path)
      guard let text = files[path] else { throw Missing() }
      return Array(text.utf8)
    }
  }

  /// Diagnostics as `path:line:column: error: …`.
  var problems: [String] { load().diagnostics.map(\.description) }
}
