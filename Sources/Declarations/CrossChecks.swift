import Base
import Model

/// Problems that no file shows alone.
enum CrossChecks {
  static func problems(in governance: Governance) -> [Diagnostic] {
    twins(governance.declarations.map(\.handle), "identity handle")
      + twins(
        governance.declarations.flatMap { $0.principals.map { Located($0.value.description, at: $0.location) } },
        "principal")
      + twins(governance.exceptions.map(\.id), "exception id") + twins(governance.campaigns.map(\.id), "campaign id")
      + environments(governance)
  }

  /// What two files claim: the second place is reported with the first.
  private static func twins(_ names: [Located<String>], _ what: String) -> [Diagnostic] {
    var seen: [String: SourceLocation] = [:]
    var found: [Diagnostic] = []
    for name in names.sorted(by: { $0.location < $1.location }) {
      if let first = seen[name.value] {
        found.append(
          Diagnostic(
            .invalid, at: name.location, "the \(what) '\(name.value)' is used twice, first at \(first)",
            hint: "keep it in one place"))
      } else {
        seen[name.value] = name.location
      }
    }
    return found
  }

  private static func environments(_ governance: Governance) -> [Diagnostic] {
    let known = governance.configuration.environments.map(\.name)
    return governance.declarations.flatMap(\.environments).filter { !known.contains($0.value) }.map { name in
      Diagnostic(
        .invalid, at: name.location, "muster.yaml has no environment '\(name.value)'",
        hint: known.isEmpty ? "name it under `environments:` there" : suggestion(for: name.value, among: known))
    }
  }
}
