package import Base
package import Documents
package import Model

/// Reads `muster.yaml`.
package func decodeConfiguration(_ root: Node) -> (configuration: Configuration, diagnostics: [Diagnostic]) {
  var reader = MappingReader(root, kind: "configuration", keys: Keys.configuration)
  var configuration = Configuration(location: reader.anchor.location)
  _ = reader.required("muster", .word(["1"]))
  let places = reader.optional("environments", .entries(of: Reading<[Located<String>]>.list(of: .text)))?.value ?? []
  configuration.environments = places.map { Environment(name: $0.name.value, places: $0.value.value) }
  let sources = Reading<[[SourceConfiguration]]>.mapping("sources", keys: Keys.sources) { inner in
    ["inventory", "usage"].map { (inner.optional($0, .list(of: .source))?.value ?? []).map(\.value) }
  }
  if let sources = reader.optional("sources", sources)?.value {
    (configuration.inventory, configuration.usage) = (sources[0], sources[1])
  }
  readFacts(&reader, &configuration)
  readPolicies(&reader, &configuration)
  let signed = Reading<[Located<Severity>]>.mapping("reviews", keys: ["signed"]) {
    $0.optional("signed", .list(of: .choice))?.value ?? []
  }
  configuration.signedSeverities = Set((reader.optional("reviews", signed)?.value ?? []).map(\.value))
  for rows in [configuration.inventory, configuration.usage] { reportTwins(rows, &reader) }
  return (configuration, reader.diagnostics)
}

private func readFacts(_ reader: inout MappingReader, _ configuration: inout Configuration) {
  let facts = Reading<[String?]>.mapping("facts", keys: Keys.facts) {
    [$0.optional("branch", .text)?.value, $0.optional("repository", .text)?.value]
  }
  guard let facts = reader.optional("facts", facts)?.value else { return }
  configuration.factsBranch = facts[0] ?? configuration.factsBranch
  configuration.factsRepository = facts[1]
}

private func readPolicies(_ reader: inout MappingReader, _ configuration: inout Configuration) {
  let empty = configuration
  let policies = Reading<Configuration>.mapping("policies", keys: Keys.policies) { inner in
    var configuration = empty
    if let packs = inner.optional("packs", .list(of: .text)) { configuration.policyPacks = packs.value.map(\.value) }
    configuration.policyProfile = inner.optional("profile", .text)?.value
    configuration.disabledPolicies = inner.optional("disabled", .list(of: .text))?.value ?? []
    let parameters = Reading<[Entry<String>]>.entries(of: .text)
    for entry in inner.optional("params", .entries(of: parameters))?.value ?? [] {
      let pairs = entry.value.value.map { ($0.name.value, $0.value) }
      configuration.policyParameters[entry.name.value] = Dictionary(pairs, uniquingKeysWith: { first, _ in first })
    }
    return configuration
  }
  if let read = reader.optional("policies", policies)?.value {
    configuration.policyPacks = read.policyPacks
    configuration.policyProfile = read.policyProfile
    configuration.disabledPolicies = read.disabledPolicies
    configuration.policyParameters = read.policyParameters
  }
}

private func reportTwins(_ rows: [SourceConfiguration], _ reader: inout MappingReader) {
  var seen: [String: SourceLocation] = [:]
  for row in rows {
    if let first = seen[row.name.value] {
      reader.add("two sources have the name '\(row.name.value)', also at \(first)", at: row.name.location)
    }
    seen[row.name.value] = row.name.location
  }
}

extension Reading where Value == SourceConfiguration {
  fileprivate static var source: Reading {
    .mapping("source", keys: Keys.source) { reader in
      guard let name = reader.required("name", .text), let path = reader.required("path", .text) else { return nil }
      var source = SourceConfiguration(name: name, path: path)
      source.covers = (reader.optional("covers", .list(of: .text))?.value ?? []).map(\.value)
      source.every = reader.optional("every", .duration)?.value
      source.lateness = reader.optional("lateness", .duration)?.value
      source.format = reader.optional("format", .text)?.value
      return source
    }
  }
}
