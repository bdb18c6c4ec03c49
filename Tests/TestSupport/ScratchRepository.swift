/// A git repository of its own for one test, driven by the real `git`, deleted when the last reference goes.
/// No setting of the person who runs the tests reaches it. Author and committer are `Ana <ana@acme.example>` at a fixed time.
package final class ScratchRepository: Sendable {
  /// The folder that holds the repository; other files of the test may lie beside it.
  package let folder: TemporaryFolder
  /// The repository's folder: the work tree's root, or the git directory of a bare one.
  package let path: String

  /// Makes an empty repository on branch `main`. `options` go to `git init`, such as `--bare`.
  package init(_ options: String...) throws {
    folder = try TemporaryFolder()
    path = folder.path("repository")
    let git = ["init", "--quiet", "--initial-branch=main"] + options + [path]
    try Self.checked(runProgram("git", git, environment: Self.environment(home: folder.path)), git)
  }

  /// Makes a clone of another repository; `options` go to `git clone`, such as `--depth=1` (then the address must be `file://…`).
  package init(cloneOf source: String, _ options: String...) throws {
    folder = try TemporaryFolder()
    path = folder.path("repository")
    let git = ["clone", "--quiet"] + options + [source, path]
    try Self.checked(runProgram("git", git, environment: Self.environment(home: folder.path)), git)
  }

  /// The environment in which the repository's `git` runs, with `HOME` set to `home`.
  package static func environment(home: String) -> [String: String] {
    let date = "2026-08-01T12:00:00Z"
    return scrubbedEnvironment(home: home).merging(
      [
        "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_TERMINAL_PROMPT": "0", "GIT_EDITOR": "true",
        "GIT_AUTHOR_NAME": "Ana", "GIT_AUTHOR_EMAIL": "ana@acme.example", "GIT_AUTHOR_DATE": date,
        "GIT_COMMITTER_NAME": "Ana", "GIT_COMMITTER_EMAIL": "ana@acme.example", "GIT_COMMITTER_DATE": date,
      ]) { $1 }
  }

  /// The environment in which this repository's `git` runs.
  package var environment: [String: String] { Self.environment(home: folder.path) }

  /// Runs `git` in the repository and gives what it printed, white space at the ends removed; throws where it fails.
  @discardableResult
  package func run(_ arguments: String...) throws -> String {
    try Self.checked(runProgram("git", arguments, environment: environment, in: path), arguments).line
  }

  /// As `run`, with more environment variables, such as `GIT_AUTHOR_DATE`.
  @discardableResult
  package func run(with variables: [String: String], _ arguments: String...) throws -> String {
    let all = environment.merging(variables) { $1 }
    return try Self.checked(runProgram("git", arguments, environment: all, in: path), arguments).line
  }

  /// Runs `git` with bytes on its standard input, such as for `fast-import`.
  @discardableResult
  package func run(_ arguments: [String], input: [UInt8]) throws -> String {
    try Self.checked(
      runProgram("git", arguments, environment: environment, in: path, input: input), arguments
    ).line
  }

  /// Runs `git` and gives status and outputs, whatever they are.
  package func attempt(_ arguments: String...) throws -> ProgramResult {
    try runProgram("git", arguments, environment: environment, in: path)
  }

  /// Writes a file of the work tree, making the folders above it.
  package func write(_ name: String, _ text: String) throws { try folder.write("repository/\(name)", text) }

  /// Writes a file of the work tree, making the folders above it.
  package func write(_ name: String, bytes: [UInt8]) throws { try folder.write("repository/\(name)", bytes: bytes) }

  /// The text of a file of the work tree.
  package func read(_ name: String) throws -> String { try folder.read("repository/\(name)") }

  /// Stages everything and commits; gives the commit's id in hexadecimal digits.
  @discardableResult
  package func commitAll(_ message: String) throws -> String {
    try run("add", "--all")
    try run("commit", "--quiet", "--allow-empty", "-m", message)
    return try run("rev-parse", "HEAD")
  }

  @discardableResult
  private static func checked(_ result: ProgramResult, _ arguments: [String]) throws -> ProgramResult {
    if result.status == 0 { return result }
    let command = arguments.joined(separator: " ")
    throw ProgramError(description: "git \(command) ended with \(result.status): \(result.error)")
  }
}
