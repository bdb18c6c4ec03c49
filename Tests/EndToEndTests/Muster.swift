import Base
import TestSupport
import Testing

/// The built program, run as a person or a hook would run it.
enum Muster {
  /// The program of this build; `nil` where there is none yet.
  static let path = PackageFolder.program("muster")

  /// What the tests say when they are skipped for want of it.
  static let missing: Comment = "there is no muster program beside the tests; run `swift build` or set MUSTER_BINARY"

  /// The environment of a run: nothing of the person who runs the tests, and the program on `PATH`.
  static func environment(home: String) throws -> [String: String] {
    var environment = ScratchRepository.environment(home: home)
    let folder = try #require(path).split(separator: "/").dropLast().map { "/" + $0 }.joined()
    environment["PATH"] = "\(folder):\(environment["PATH"] ?? "")"
    return environment
  }

  /// Runs `muster` in a folder.
  static func run(_ arguments: String..., in folder: String) throws -> ProgramResult {
    try run(arguments, in: folder)
  }

  /// Runs `muster` in a folder.
  static func run(_ arguments: [String], in folder: String) throws -> ProgramResult {
    try runProgram(#require(path), arguments, environment: environment(home: folder), in: folder, seconds: 120)
  }
}

/// Lines that `jq -r` gives for a filter over JSON text.
func jq(_ filter: String, _ json: [UInt8]) throws -> [String] {
  let result = try runProgram("jq", ["-r", filter], input: json)
  try #require(result.status == 0, "jq: \(result.error)")
  return result.output.split(separator: "\n").map(String.init)
}
