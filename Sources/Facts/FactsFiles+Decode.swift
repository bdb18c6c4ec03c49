import Base
import Documents
package import Model

extension FactsFiles {
  /// The facts that the files hold, each with its place. `principals` limits identities and usage to those; of the
  /// credentials' lives all that are in the files are read. Files of other names are left alone.
  package static func decode(
    _ files: [String: [UInt8]], principals: Set<PrincipalKey>? = nil
  ) throws(FactsError) -> FactSet {
    var decoding = FactsDecoding(principals: principals)
    try decoding.readSchema(files[schemaPath])
    for (path, bytes) in files.sorted(by: { bytesPrecede($0.key, $1.key) }) { try decoding.read(path, bytes) }
    return decoding.finish()
  }

  /// The paths of the shards that hold what is known of the principals, and the files that are always needed.
  static func paths(of principals: Set<PrincipalKey>) -> Set<String> {
    var paths: Set<String> = [schemaPath, coveragePath]
    for principal in principals {
      paths.insert(path(.identities, principal.description))
      paths.insert(path(.usage, principal.description))
    }
    return paths
  }

  /// The paths of the shards that hold the lives of the identities' credentials.
  static func credentialPaths(of facts: FactSet) -> Set<String> {
    var paths: Set<String> = []
    for identity in facts.identities {
      for credential in identity.credentials { paths.insert(path(.credentials, credential.id)) }
    }
    for usage in facts.usage { for use in usage.credentials { paths.insert(path(.credentials, use.id)) } }
    return paths
  }
}

/// Facts while their files are read.
struct FactsDecoding {
  private(set) var facts = FactSet()
  private let principals: Set<PrincipalKey>?
  private static let operation = "read the facts"

  init(principals: Set<PrincipalKey>?) { self.principals = principals }

  func readSchema(_ bytes: [UInt8]?) throws(FactsError) {
    let path = FactsFiles.schemaPath
    guard let bytes else {
      throw FactsError(
        .unknownSchema, Self.operation, at: SourceLocation(path: path), "the file is missing: these are no facts")
    }
    let (document, problems) = Document.json(bytes, path: path)
    guard let schema = document?.root["schema"], let text = schema.text else {
      let place = problems.first?.location ?? SourceLocation(path: path, line: 1, column: 1)
      throw FactsError(.unknownSchema, Self.operation, at: place, problems.first?.message ?? "no `schema`")
    }
    if text != FactsFiles.schema {
      throw FactsError(
        .unknownSchema, Self.operation, at: schema.location, "the schema is `\(text)`, known is `\(FactsFiles.schema)`")
    }
  }

  mutating func read(_ path: String, _ bytes: [UInt8]) throws(FactsError) {
    let folder = path.split(separator: "/", maxSplits: 1).first.flatMap { FactsFiles.Folder(rawValue: String($0)) }
    guard folder != nil || path == FactsFiles.coveragePath else { return }
    let (document, problems) = Document.jsonLines(bytes, path: path)
    if let problem = problems.first {
      throw FactsError(.malformed, Self.operation, at: problem.location, problem.message)
    }
    // No line is blank and none is skipped, so that the number of the record is the line's.
    for (index, node) in (document?.roots ?? []).enumerated() {
      try take(node, folder, SourceLocation(path: path, line: index + 1, column: 1))
    }
  }

  /// A record; without a folder, a source's coverage.
  private mutating func take(
    _ node: Node, _ folder: FactsFiles.Folder?, _ location: SourceLocation
  ) throws(FactsError) {
    switch folder {
    case .identities where isWanted(node):
      facts.identities.append(try IdentityFact(node))
      facts.identities[facts.identities.count - 1].location = location
    case .usage where isWanted(node):
      facts.usage.append(try UsageFact(node))
      facts.usage[facts.usage.count - 1].location = location
    case .credentials:
      facts.lifecycles.append(try CredentialLifecycle(node))
      facts.lifecycles[facts.lifecycles.count - 1].location = location
    case nil:
      facts.sources.append(try SourceCoverage(node))
      facts.sources[facts.sources.count - 1].location = location
    case .identities, .usage: return
    }
  }

  private func isWanted(_ node: Node) -> Bool {
    guard let principals else { return true }
    return node["principal"]?.text.map { principals.contains(PrincipalKey($0)) } ?? true
  }

  /// The facts in their order.
  consuming func finish() -> FactSet {
    facts.identities.sort(by: FactsFiles.identityOrder)
    facts.usage.sort { $0.principal < $1.principal }
    facts.lifecycles.sort { FactsFiles.bytesPrecede($0.id, $1.id) }
    facts.sources.sort(by: FactsFiles.sourceOrder)
    return facts
  }
}
