import Base
import TestSupport
import Testing

/// A copy of `examples/acme` as a repository of its own, with facts.
final class Acme: Sendable {
  /// The instant of the example.
  static let now = "2026-11-20T12:00:00Z"

  private let folder: TemporaryFolder
  /// The copy's path.
  let path: String

  /// One copy with facts, made once: the others are copies of it.
  private static let synced = Result { () throws -> Acme in
    let acme = try Acme(synced: false)
    let result = try Muster.run("sync", "--as-of", Acme.now, in: acme.path)
    try #require(result.status == 0, "sync: \(result.error)")
    return acme
  }

  /// Copies and commits; unless told otherwise with the facts that `muster sync` makes.
  init(synced: Bool = true) throws {
    folder = try TemporaryFolder()
    path = folder.path("acme")
    let source = synced ? try Acme.synced.get().path : PackageFolder.path("examples/acme")
    try runProgram("cp", ["-a", source, path])
    if synced { return }
    try git("init", "--quiet", "--initial-branch=main")
    try git("config", "user.name", "Ana")
    try git("config", "user.email", "ana@acme.example")
    try git("add", "--all")
    try git("commit", "--quiet", "-m", "Declare our machine identities")
  }

  /// A copy of a copy, as it is now.
  init(copying other: Acme) throws {
    folder = try TemporaryFolder()
    path = folder.path("acme")
    try runProgram("cp", ["-a", other.path, path])
  }

  @discardableResult
  func git(_ arguments: String...) throws -> String {
    let result = try runProgram("git", arguments, environment: Muster.environment(home: folder.path), in: path)
    try #require(result.status == 0, "git \(arguments): \(result.error)")
    return result.line
  }

  func write(_ name: String, _ text: String) throws { try folder.write("acme/\(name)", text) }
  func read(_ name: String) throws -> String { try folder.read("acme/\(name)") }
  func remove(_ name: String) { folder.remove("acme/\(name)") }

  /// What the README's tables say, by subject: the policies that find it; none for what is in order.
  static func table() throws -> [String: Set<String>] {
    var rows: [String: Set<String>] = [:]
    var finds = false
    for line in try PackageFolder.read("examples/acme/README.md").split(separator: "\n") {
      if line.hasPrefix("## ") { finds = line == "## What is wrong here" }
      guard line.hasPrefix("| `") else { continue }
      let cells = line.split(separator: "|").map { cell in
        cell.split(separator: "`", omittingEmptySubsequences: false).enumerated()
          .filter { $0.offset % 2 == 1 }.map { String($0.element) }
      }
      let subject = try #require(cells.first?.first)
      rows[subject] = finds ? Set(cells[1]) : []
    }
    return rows
  }
}
