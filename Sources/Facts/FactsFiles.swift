import Base
package import Model

/// The files that hold facts, and where each record lies.
package enum FactsFiles {
  /// The name and version of the format.
  package static let schema = "muster.facts/1"
  static let schemaPath = "muster-facts.json"
  static let coveragePath = "coverage.jsonl"
  static let signalsPath = "signals.jsonl"
  static let peoplePath = "people.jsonl"
  /// Files that stand beside the shards; the schema aside, each is there only when it has a line.
  static let wholePaths: Set<String> = [coveragePath, signalsPath, peoplePath]

  /// The folders of shards.
  enum Folder: String, CaseIterable {
    case identities, usage, credentials
  }

  /// The shard of a key: `identities/3f.jsonl` for one whose SHA-256 begins with 3f.
  static func path(_ folder: Folder, _ key: String) -> String {
    "\(folder.rawValue)/\(SHA256Digest(of: key).bytes.prefix(1).hex).jsonl"
  }

  /// The files of the facts, by path. Equal facts give equal bytes.
  package static func encode(_ facts: FactSet) -> [String: [UInt8]] {
    var shards = Shards()
    for identity in ordered(facts.identities, by: identityOrder) {
      shards.add(.identities, identity.principal.description) { $0.write(identity) }
    }
    for usage in ordered(facts.usage, by: { $0.principal < $1.principal }) {
      shards.add(.usage, usage.principal.description) { $0.write(usage) }
    }
    for lifecycle in facts.lifecycles.sorted(by: { utf8Precedes($0.id, $1.id) }) {
      shards.add(.credentials, lifecycle.id) { $0.write(lifecycle) }
    }
    var files = shards.files
    files[schemaPath] = Array("{\"schema\":\"\(schema)\"}\n".utf8)
    var coverage = JSONWriter()
    for source in facts.sources.sorted(by: sourceOrder) {
      coverage.write(source)
      coverage.endLine()
    }
    files[coveragePath] = coverage.bytes
    files[signalsPath] = lines(facts.signals.sorted { utf8Precedes($0.key, $1.key) }) { $0.write($1) }
    files[peoplePath] = lines(facts.people.sorted { utf8Precedes($0.key, $1.key) }) { $0.write($1) }
    return files
  }

  /// One line a record; no file without records.
  private static func lines<Record>(
    _ records: [Record], _ write: (inout JSONWriter, Record) -> Void
  ) -> [UInt8]? {
    if records.isEmpty { return nil }
    var writer = JSONWriter()
    for record in records {
      write(&writer, record)
      writer.endLine()
    }
    return writer.bytes
  }

  /// The elements in order; nearly always they are already.
  private static func ordered<Element>(_ elements: [Element], by precedes: (Element, Element) -> Bool) -> [Element] {
    let isOrdered = zip(elements, elements.dropFirst()).allSatisfy { !precedes($1, $0) }
    return isOrdered ? elements : elements.sorted(by: precedes)
  }

  /// By principal, then source: one identity may be shown by several sources.
  static func identityOrder(_ a: IdentityFact, _ b: IdentityFact) -> Bool {
    a.principal == b.principal ? utf8Precedes(a.source, b.source) : a.principal < b.principal
  }

  static func sourceOrder(_ a: SourceCoverage, _ b: SourceCoverage) -> Bool {
    a.kind == b.kind ? utf8Precedes(a.name, b.name) : a.kind.rawValue < b.kind.rawValue
  }
}

/// The shards while they are written.
private struct Shards {
  private var writers: [JSONWriter?] = Array(repeating: nil, count: 256 * FactsFiles.Folder.allCases.count)

  mutating func add(_ folder: FactsFiles.Folder, _ key: String, _ body: (inout JSONWriter) -> Void) {
    let index = folder.number * 256 + Int(SHA256Digest(of: key).bytes[0])
    // Taken out while it is written: a second reference would copy all its bytes.
    var writer = writers[index] ?? JSONWriter()
    writers[index] = nil
    body(&writer)
    writer.endLine()
    writers[index] = writer
  }

  var files: [String: [UInt8]] {
    var files: [String: [UInt8]] = [:]
    for folder in FactsFiles.Folder.allCases {
      for byte in 0..<256 {
        guard let writer = writers[folder.number * 256 + byte] else { continue }
        files["\(folder.rawValue)/\([UInt8(byte)].hex).jsonl"] = writer.bytes
      }
    }
    return files
  }
}

extension FactsFiles.Folder {
  fileprivate var number: Int {
    switch self {
    case .identities: 0
    case .usage: 1
    case .credentials: 2
    }
  }
}
