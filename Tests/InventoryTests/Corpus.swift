import Base
import Inventory
import TestSupport

/// The shared corpora, where they are present: beside the package's root, or at `MUSTER_SHARED`.
enum Corpus {
  static let root: String? = {
    let package = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    let candidates = [environmentVariable("MUSTER_SHARED"), "/\(package)/../shared"].compactMap(\.self)
    return candidates.map { "\($0)/corpora" }.first { FileSystem.kind($0) == .folder }
  }()

  static var isPresent: Bool { root != nil }
  static let absence = "the shared corpora are not beside the package; set MUSTER_SHARED"

  /// The files at a path or glob of the corpora.
  static func files(_ pattern: String) throws -> [InventoryFile] {
    guard let root else { return [] }
    return try FileSystem.files(at: "\(root)/\(pattern)").map {
      InventoryFile(path: $0, bytes: try FileSystem.read($0))
    }
  }

  /// The number that jq's filter gives over a file.
  static func count(_ filter: String, _ path: String) throws -> Int {
    let result = try runProgram("jq", [filter, path])
    guard let number = Int(result.line) else { throw ProgramFailure(text: result.error) }
    return number
  }

  static let hasJQ: Bool = (try? runProgram("jq", ["--version"]).status) == 0
}

struct ProgramFailure: Error { let text: String }

/// Reads texts as the files of one source.
func read(_ files: [(String, String)], covers: [String] = [], format: String? = nil) -> InventoryResult {
  readInventory(
    InventorySource(name: "aws", covers: covers, format: format),
    files: files.map { InventoryFile(path: $0.0, bytes: Array($0.1.utf8)) })
}

extension InventoryResult {
  /// The messages of what went wrong.
  var messages: [String] { diagnostics.map(\.message) }
}
