import Base
import Documents

/// A kind of log that a YAML file describes: where its fields stand, and what they mean. For everything that has no reader here.
///
/// Each value is a template: `{place}` is replaced by the field at that place (as `JSONField` has places; of CSV, the column's name), all
/// else stands as written. A template with a field that the record lacks comes to nothing: no name is ever half invented.
struct Mapping: Sendable {
  /// What a template fills.
  enum Target: String, CaseIterable, Sendable {
    case time, id, identity, name, kind, action, permission, credential, session, address, agent, region, account, place
    case sessionIssuer = "session-issuer"
    case issuedCredential = "issued-credential"
    case issuedSession = "issued-session"
    case invokedBy = "invoked-by"
    case bytesIn = "bytes-in"
    case bytesOut = "bytes-out"
  }

  /// Records in which the field at the place matches the pattern.
  struct Condition: Sendable {
    let field: Int
    let pattern: Glob
  }

  /// How a record says how the call ended.
  struct Outcome: Sendable {
    let field: Int
    /// A status that matches one of these means success; any other, failure. Where the list is empty, numbers are statuses of HTTP.
    let success: [Glob]
    let denied: [Glob]
  }

  enum Records: String, CaseIterable, Sendable { case json, csv }

  let name: String
  var records = Records.json
  /// Keys of the list of records, joined by `/` where it stands in objects inside of objects.
  var lists: [String] = []
  var separator = UInt8(ascii: ",")
  /// The offset of times without one, as RFC 3339 has it: `+02:00`; empty for UTC.
  var zone = ""
  /// What a record must look like to be of this log; those that match `skip` are of it, but no calls.
  var when: [Condition] = []
  var skip: [Condition] = []
  var templates: [(target: Target, template: Template)] = []
  var resources: [Template] = []
  var outcome: Outcome?
  /// The places of all fields, by their numbers.
  var places: [String] = []

  init(name: String) { self.name = name }
}

/// Text with places of fields in it.
struct Template: Sendable {
  enum Part: Sendable {
    case text(String)
    case field(Int)
  }

  let parts: [Part]
}

extension LogFormat {
  /// The kind of log that the file describes.
  static func mapped(_ path: String) -> (format: LogFormat?, diagnostics: [Diagnostic]) {
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try FileSystem.read(path, limit: 1 << 20)
    } catch {
      return (nil, [Diagnostic(.invalid, at: SourceLocation(path: path), error.description)])
    }
    let read = Document.yaml(bytes, path: path)
    guard let root = read.document?.root, read.diagnostics.allSatisfy({ $0.kind == .warning }) else {
      return (nil, read.diagnostics)
    }
    var decoder = MappingDecoder(root)
    let mapping = decoder.decode()
    let diagnostics = read.diagnostics + decoder.diagnostics
    guard let mapping, decoder.diagnostics.isEmpty else { return (nil, diagnostics) }
    return (LogFormat(name: mapping.name) { MappedReader(mapping) }, diagnostics)
  }
}
