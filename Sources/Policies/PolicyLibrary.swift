package import Base
package import Model

/// The policies that come with the program, as embedded from `policies/`.
package enum PolicyLibrary {
  /// The built-in policy files, by their path below `policies/`.
  package static var files: [SourceFile] {
    embeddedPolicies.map { entry in
      let bytes = entry.text.withUTF8Buffer { Array($0) }
      return SourceFile(path: "policies/\(entry.path.description)", bytes: bytes)
    }
  }

  /// The built-in policies with the organisation's own: one of the same id takes the built-in one's place, disabled ones and
  /// unknown ids in `muster.yaml` become diagnostics.
  package static func policies(for governance: Governance) -> (policies: [Policy], diagnostics: [Diagnostic]) {
    let builtIn = Policy.load(builtIn: true, files)
    let own = Policy.load(builtIn: false, governance.policyFiles)
    var diagnostics = builtIn.diagnostics + own.diagnostics
    let replaced = Set(own.policies.map(\.id))
    var policies = builtIn.policies.filter { !replaced.contains($0.id) } + own.policies
    let known = policies.map(\.id)
    let configuration = governance.configuration
    for disabled in configuration.disabledPolicies where !known.contains(disabled.value) {
      diagnostics.append(unknown(disabled, known))
    }
    for (id, parameters) in configuration.policyParameters.sorted(by: { $0.key < $1.key }) where !known.contains(id) {
      let place = parameters.values.map(\.location).min() ?? configuration.location
      diagnostics.append(unknown(Located(id, at: place), known))
    }
    let off = Set(configuration.disabledPolicies.map(\.value))
    policies.removeAll { off.contains($0.id) }
    return (policies.sorted { $0.id < $1.id }, diagnostics)
  }

  /// The same, compiled.
  package static func compiled(for governance: Governance) -> PolicySet {
    let (policies, found) = policies(for: governance)
    var compiler = PolicyCompiler(overrides: governance.configuration.policyParameters)
    let compiled = policies.compactMap { compiler.compile($0) }
    return PolicySet(policies: compiled, diagnostics: found + compiler.diagnostics)
  }

  private static func unknown(_ id: Located<String>, _ known: [String]) -> Diagnostic {
    Diagnostic(.invalid, at: id.location, "no policy `\(id.value)`", hint: suggestion(for: id.value, among: known))
  }
}
