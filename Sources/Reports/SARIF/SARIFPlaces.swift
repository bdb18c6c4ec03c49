import Base
import Model

/// Where results stand and by what GitHub tells them apart.
struct SARIFPlaces {
  struct Place {
    var location: SourceLocation
    var hash: String
    /// Whether the finding's own place is outside the tree.
    var isSubstitute: Bool
  }

  /// Stands for the repository where a finding's own place is not a file of the tree (facts live on their own branch).
  private static let root = SourceLocation(path: "muster.yaml", line: 1, column: 1)

  private let source: @Sendable (String) -> [UInt8]?
  private var files: [String: [String]?] = [:]
  private var taken: Set<[String]> = []

  init(_ options: ReportOptions) { source = options.source }

  /// GitHub takes results of one rule in one file with one hash for the same alert: a second one gets a hash of its own.
  mutating func place(of finding: Finding) -> Place {
    let hashes = hashes(of: finding.location.path)
    let isInTree = hashes != nil || finding.line != nil
    let own = SHA256Digest(
      of: "\(finding.policy)\u{0}\(finding.fingerprint)\u{0}\(finding.subject)\u{0}\(finding.message)")
    let substitute = "\(own.hex.prefix(16)):1"
    let line = max(1, finding.location.line)
    var hash = substitute
    if let hashes, line <= hashes.count,
      taken.insert([finding.policy, finding.location.path, hashes[line - 1]]).inserted
    {
      hash = hashes[line - 1]
    }
    return Place(location: isInTree ? finding.location : SARIFPlaces.root, hash: hash, isSubstitute: !isInTree)
  }

  private mutating func hashes(of path: String) -> [String]? {
    if let known = files[path] { return known }
    let hashes = source(path).map { LineHash.hashes(of: $0) }
    files[path] = .some(hashes)
    return hashes
  }

  /// `physicalLocation` with a region of one line: GitHub shows an alert on a pull request only where all its lines are changed.
  static func physical(_ location: SourceLocation, length: Int, to writer: inout JSONWriter) {
    writer.key("physicalLocation")
    writer.object { writer in
      writer.key("artifactLocation")
      writer.object { $0.field("uri", uri(location.path)) }
      writer.key("region")
      writer.object { writer in
        let (line, column) = (max(1, location.line), max(1, location.column))
        writer.field("startLine", line)
        writer.field("startColumn", column)
        writer.field("endLine", line)
        writer.field("endColumn", column + max(1, length))
      }
    }
  }

  /// A URI reference of RFC 3986: relative to the repository's root, percent-encoded where need be.
  static func uri(_ path: String) -> String {
    var out = path.hasPrefix("/") ? "file://" : ""
    let path = path.hasPrefix("./") ? String(path.dropFirst(2)) : path
    for byte in path.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"),
        UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: "/"):
        out.unicodeScalars.append(Unicode.Scalar(byte))
      default: out += "%" + [byte].hex.uppercased()
      }
    }
    return out.isEmpty ? "muster.yaml" : out
  }
}
