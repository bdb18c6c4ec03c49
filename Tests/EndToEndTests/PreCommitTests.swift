import Base
import TestSupport
import Testing

/// The real pre-commit, with our hook, in a repository of its own.
@Suite(
  .enabled(if: Muster.path != nil, Muster.missing),
  .enabled(if: PreCommit.path != nil, "pre-commit is not installed; Tests/install.sh tests gets it from PyPI"))
struct PreCommitTests {
  @Test func refusesWhatMakesItWorse() throws {
    let repository = try PreCommit()
    try repository.edit("identities/payments/payments-signer.yaml") {
      $0.replacing("owner: team:payments\n", with: "")
    }
    let result = try repository.commit()
    #expect(result.status == 1)
    #expect((result.output + result.error).contains("owner-missing"))
    // What was wrong before does not stand in the way.
    #expect(!(result.output + result.error).contains("wildcard-or-admin"))
  }

  @Test func letsThroughWhatDoesNot() throws {
    let repository = try PreCommit()
    try repository.edit("identities/payments/payments-signer.yaml") {
      $0.replacing("purpose: Signs", with: "purpose: Signs all")
    }
    let result = try repository.commit()
    #expect(result.status == 0, "\(result.output)\(result.error)")
  }

  @Test func judgesTheIndexAndNotTheWorkTree() throws {
    let repository = try PreCommit()
    let file = "identities/payments/payments-signer.yaml"
    try repository.edit("campaigns/q4.yaml") { $0 + "# reviewed\n" }
    try repository.acme.git("add", "--all")
    // Not staged: the commit does not hold it.
    try repository.edit(file) { $0.replacing("owner: team:payments\n", with: "") }
    let result = try repository.commit(adding: false)
    #expect(result.status == 0, "\(result.output)\(result.error)")
    #expect(!(try repository.acme.read(file).contains("owner:")))
  }

  @Test func looksAtCommitsThatOnlyDelete() throws {
    let repository = try PreCommit()
    repository.acme.remove("identities/payments/payments-signer.yaml")
    let result = try repository.commit()
    #expect(result.status == 1)
    #expect((result.output + result.error).contains("undeclared-identity"))
  }

  @Test func offersTheHookUnderItsName() throws {
    // `try-repo` reads `.pre-commit-hooks.yaml` as it is published.
    let repository = try PreCommit()
    let result = try repository.run(PreCommit.path, "validate-manifest", PackageFolder.path(".pre-commit-hooks.yaml"))
    #expect(result.status == 0, "\(result.output)\(result.error)")
  }
}

/// A copy of the example with the hook installed.
final class PreCommit: Sendable {
  /// The program of `.build/pre-commit`, else the one on `PATH`.
  static let path: String? = {
    let own = PackageFolder.path(".build/pre-commit/bin/pre-commit")
    if FileSystem.kind(own) == .file { return own }
    let found = try? runProgram("bash", ["-c", "command -v pre-commit"])
    return found.flatMap { $0.status == 0 ? $0.line : nil }
  }()

  let acme: Acme
  private let home: TemporaryFolder

  init() throws {
    acme = try Acme()
    home = try TemporaryFolder()
    // The hook as published, from a repository that holds only its manifest.
    try home.write("hooks/.pre-commit-hooks.yaml", PackageFolder.read(".pre-commit-hooks.yaml"))
    let hooks = home.path("hooks")
    for command in [["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "-m", "Offer the hook"]] {
      try #require(try run("git", ["-C", hooks] + command).status == 0)
    }
    let revision = try run("git", ["-C", hooks, "rev-parse", "HEAD"]).line
    try acme.write(
      ".pre-commit-config.yaml",
      """
      repos:
        - repo: \(hooks)
          rev: \(revision)
          hooks:
            - id: muster
              args: [--as-of, "\(Acme.now)"]

      """)
    try acme.git("add", "--all")
    try acme.git("commit", "--quiet", "-m", "Check each commit")
    let installed = try run(PreCommit.path, "install")
    try #require(installed.status == 0, "\(installed.error)")
  }

  func edit(_ file: String, _ change: (String) -> String) throws {
    let text = try acme.read(file)
    let changed = change(text)
    try #require(changed != text)
    try acme.write(file, changed)
  }

  func commit(adding: Bool = true) throws -> ProgramResult {
    if adding { try acme.git("add", "--all") }
    return try run("git", ["commit", "-m", "Change it"])
  }

  func run(_ program: String?, _ arguments: String...) throws -> ProgramResult { try run(#require(program), arguments) }

  private func run(_ program: String, _ arguments: [String]) throws -> ProgramResult {
    var environment = try Muster.environment(home: home.path)
    environment["PRE_COMMIT_HOME"] = home.path("cache")
    return try runProgram(program, arguments, environment: environment, in: acme.path, seconds: 120)
  }
}
