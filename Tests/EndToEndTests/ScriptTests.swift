import Base
import TestSupport
import Testing

/// The scripts that a new user runs first.
@Suite struct ScriptTests {
  @Test(.enabled(if: Muster.path != nil, Muster.missing)) func quickstartShowsTheMainJob() throws {
    let before = try checkout()
    let result = try run("examples/quickstart.sh", [], with: ["MUSTER": try #require(Muster.path)])
    #expect(result.status == 0, "\(result.output)\(result.error)")
    for step in ["muster sync", "muster check", "muster review open", "muster decide", "muster audit verify"] {
      #expect(result.output.contains("$ \(step)"))
    }
    #expect(try checkout() == before)
  }

  @Test(arguments: [["--nonsense"], ["--keep", "more"]])
  func quickstartRefusesWhatItDoesNotKnow(_ arguments: [String]) throws {
    let result = try run("examples/quickstart.sh", arguments, with: ["MUSTER": "/nonexistent"])
    #expect(result.status == 2)
    #expect(result.error.contains("usage:"))
  }

  @Test func testsRefuseWhatTheyDoNotKnow() throws {
    let result = try run("Tests/run.sh", ["--nonsense"])
    #expect(result.status == 2)
    #expect(result.error.contains("usage:"))
  }

  @Test func installTellsHowToGetSwift() throws {
    let machine = try Machine(without: "swift")
    let result = try machine.run()
    #expect(result.status == 2)
    #expect(result.error.contains("swift.org"))
  }

  @Test func installRefusesAnOldSwift() throws {
    let machine = try Machine()
    try machine.add("swift", "echo 'Swift version 5.10 (swift-5.10-RELEASE)'")
    let result = try machine.run()
    #expect(result.status == 2)
    #expect(result.error.contains("6.1 or later"))
  }

  @Test func installSaysWhatItInstalls() throws {
    let machine = try Machine()
    try machine.add("dpkg-query", "echo 'git ii'; exit 1")
    try machine.add("apt-get", "echo \"apt-get $*\" >&2")
    try machine.add("id", "echo 0")
    try machine.add("swift", "echo 'Swift version 6.1'")
    let result = try machine.run()
    #expect(result.status == 0, "\(result.error)")
    #expect(result.error.contains("Installing Debian packages: "))
    #expect(result.error.contains("apt-get install"))
    #expect(result.error.contains("libgit2-dev"))
    #expect(!result.error.contains(" git "), "git is there already")
  }

  @Test func installWithoutRightsSaysWhatToRun() throws {
    let machine = try Machine(without: "sudo")
    try machine.add("dpkg-query", "exit 1")
    try machine.add("apt-get", "echo called >&2")
    try machine.add("id", "echo 1000")
    let result = try machine.run()
    #expect(result.status == 2)
    #expect(result.error.contains("As root, run: apt-get install"))
    #expect(!result.error.contains("called"))
  }

  @Test func installElsewhereNamesThePackages() throws {
    let machine = try Machine(without: "dpkg-query", "apt-get")
    try machine.add("swift", "echo 'Swift version 6.1'")
    let result = try machine.run()
    #expect(result.status == 0)
    #expect(result.error.contains("not a Debian system"))
    #expect(result.error.contains("libyaml-dev"))
  }

  @Test func installIsSilentWhereNothingIsMissing() throws {
    let machine = try Machine()
    try machine.add("dpkg-query", "shift 3; for name; do echo \"$name ii\"; done")
    try machine.add("swift", "echo 'Swift version 6.3.1'")
    let result = try machine.run()
    #expect(result.status == 0)
    #expect(result.output + result.error == "")
  }

  private func run(_ script: String, _ arguments: [String], with more: [String: String] = [:]) throws -> ProgramResult {
    let environment = scrubbedEnvironment().merging(more) { $1 }
    return try runProgram(PackageFolder.path(script), arguments, environment: environment, seconds: 120)
  }

  /// What git says of the checkout; nothing where it is no checkout.
  private func checkout() throws -> String {
    try runProgram("git", ["status", "--porcelain"], in: PackageFolder.path).output
  }
}

/// A folder that is the whole `PATH`: this machine's own programs, but those left out or put in their place.
final class Machine: Sendable {
  private let folder: TemporaryFolder

  init(without names: String...) throws {
    folder = try TemporaryFolder()
    for name in ["bash", "sh", "dirname", "comm", "sort", "awk", "sed", "head", "id", "env", "uname", "dpkg-query"] {
      if names.contains(name) { continue }
      let found = try runProgram("bash", ["-c", "type -P \(name)"]).line
      if !found.isEmpty { try folder.link("bin/\(name)", to: found) }
    }
    if !names.contains("apt-get") { try add("apt-get", "exit 1") }
  }

  /// Puts a program into its folder.
  func add(_ name: String, _ script: String) throws {
    folder.remove("bin/\(name)")
    try folder.write("bin/\(name)", bytes: Array("#!/bin/sh\n\(script)\n".utf8), mode: 0o755)
  }

  /// Runs `Tests/install.sh build` with that `PATH`.
  func run() throws -> ProgramResult {
    try runProgram(
      folder.path("bin/bash"), [PackageFolder.path("Tests/install.sh"), "build"],
      environment: ["PATH": folder.path("bin"), "HOME": folder.path, "LC_ALL": "C.UTF-8"])
  }
}
