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
    for (path, bytes) in files.sorted(by: { utf8Precedes($0.key, $1.key) }) { try decoding.read(path, bytes) }
    return decoding.finish()
  }

  /// The paths of the shards that hold what is known of the principals, and the files that are always needed.
  static func paths(of principals: Set<PrincipalKey>) -> Set<String> {
    var paths: Set<String> = wholePaths.union([schemaPath])
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
  private let pool = GrantPool()
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
    guard folder != nil || FactsFiles.wholePaths.contains(path) else { return }
    try bytes.withUnsafeBufferPointer { bytes throws(FactsError) in
      var reader = CanonicalReader(bytes, path: path, pool: pool)
      while !reader.isAtEnd { try take(&reader, folder, path) }
    }
  }

  /// A line of a folder's shard, or of one of the files beside them.
  private mutating func take(
    _ reader: inout CanonicalReader, _ folder: FactsFiles.Folder?, _ path: String
  ) throws(FactsError) {
    let location = reader.lineLocation
    switch folder {
    case .identities:
      guard var fact = try reader.identity(isWanted) else { return try reader.skipLine() }
      fact.location = location
      facts.identities.append(fact)
    case .usage:
      guard var usage = try reader.usage(isWanted) else { return try reader.skipLine() }
      usage.location = location
      facts.usage.append(usage)
    case .credentials:
      var lifecycle = try reader.lifecycle()
      lifecycle.location = location
      facts.lifecycles.append(lifecycle)
    case nil where path == FactsFiles.signalsPath:
      var signal = try reader.signal()
      signal.location = location
      facts.signals.append(signal)
    case nil where path == FactsFiles.peoplePath:
      var person = try reader.person()
      person.location = location
      facts.people.append(person)
    case nil:
      var source = try reader.coverage()
      source.location = location
      facts.sources.append(source)
    }
    try reader.endLine()
  }

  private func isWanted(_ principal: PrincipalKey) -> Bool { principals?.contains(principal) ?? true }

  /// The facts in their order.
  consuming func finish() -> FactSet {
    facts.identities.arrange(by: { $0.principal.description }, then: { $0.source })
    facts.usage.arrange { $0.principal.description }
    facts.lifecycles.arrange { $0.id }
    facts.signals.arrange { $0.key }
    facts.people.arrange(by: { $0.key }, then: { $0.source })
    facts.sources.sort(by: FactsFiles.sourceOrder)
    return facts
  }
}
