import Base

/// What a job takes from the program that runs it.
package struct JobWorld: Sendable {
  /// The path to open for a path as the user gave it.
  package var resolve: @Sendable (String) -> String
  /// A line about the run, and one about a problem.
  package var note: @Sendable (String) -> Void
  package var problem: @Sendable (String) -> Void
  /// Text to standard output.
  package var out: @Sendable ([UInt8]) -> Void
  package var progress: @Sendable (UsageProgress) -> Void
  package var outputIsTerminal: Bool
  package var cores: Int
  package var environment: [String: String]

  package init(
    resolve: @escaping @Sendable (String) -> String, note: @escaping @Sendable (String) -> Void,
    problem: @escaping @Sendable (String) -> Void, out: @escaping @Sendable ([UInt8]) -> Void,
    progress: @escaping @Sendable (UsageProgress) -> Void, outputIsTerminal: Bool, cores: Int,
    environment: [String: String]
  ) {
    self.resolve = resolve
    self.note = note
    self.problem = problem
    self.out = out
    self.progress = progress
    self.outputIsTerminal = outputIsTerminal
    self.cores = cores
    self.environment = environment
  }
}

/// Why a job stopped without a result.
package struct JobError: Error, Sendable {
  /// As exit codes of DESIGN.md §7: 2 and 3.
  package enum Kind: Int32, Sendable { case usage = 2, incomplete = 3 }

  package var kind: Kind
  package var message: String
  package var hint: String

  init(_ kind: Kind, _ message: String, hint: String = "") {
    self.kind = kind
    self.message = message
    self.hint = hint
  }

  init(_ error: PartError) { self.init(error.kind == .conflict ? .usage : .incomplete, error.description) }
  init(_ error: FileError) { self.init(.incomplete, error.description) }
}

/// The work of `rollup`, `rollup merge`, `rollup show` and `plan`, the same for both programs: arguments, and options by their
/// long names (a flag's value is empty).
package struct RollupJob: Sendable {
  let arguments: [String]
  private let options: [String: String]
  let world: JobWorld

  package init(arguments: [String], options: [String: String], world: JobWorld) {
    self.arguments = arguments
    self.options = options
    self.world = world
  }

  func has(_ option: String) -> Bool { options[option] != nil }
  func value(_ option: String) -> String? { options[option] }

  /// The exit code of a result: 3 where something of the inputs is missing from it.
  func code(_ isComplete: Bool) -> Int32 { isComplete ? 0 : JobError.Kind.incomplete.rawValue }

  /// The files of all arguments. A path where nothing is, or that cannot be listed, stays in the list: its row says so.
  func files() -> [String] {
    arguments.flatMap { argument in
      let path = world.resolve(argument)
      let (found, errors) = FileSystem.listing(at: path)
      let all = found + errors.map(\.path)
      return all.isEmpty ? [argument] : all.map { path == argument ? $0 : given($0, path, argument) }
    }
  }

  /// The name as it would be had the job run where the paths are relative to.
  private func given(_ file: String, _ path: String, _ argument: String) -> String {
    let root = String(path.dropLast(argument.utf8.count))
    return path.hasSuffix(argument) && file.hasPrefix(root) ? String(file.dropFirst(root.count)) : file
  }

  func manifest() throws(JobError) -> Manifest? {
    guard let path = value("manifest") else { return nil }
    let text: [UInt8]
    do throws(FileError) {
      text = try FileSystem.read(world.resolve(path))
    } catch { throw JobError(error) }
    return try Manifest(text, path: path)
  }

  /// Writes the part where the options say: to a file, else to standard output.
  func write(_ part: UsagePart, to output: String?) throws(JobError) {
    if (output ?? "-") == "-" && world.outputIsTerminal {
      throw JobError(.usage, "a rollup is no text for a terminal", hint: "name a file: --output PART")
    }
    try ofParts { () throws(PartError) in
      if let output, output != "-" {
        try part.write(to: world.resolve(output))
      } else {
        try part.write(to: 1, path: "standard output")
      }
    }
  }

  /// What goes wrong with parts as what stops the job.
  func ofParts<Result>(_ body: () throws(PartError) -> Result) throws(JobError) -> Result {
    do throws(PartError) { return try body() } catch { throw JobError(error) }
  }

  /// Says what came of it, in one line.
  func summarise(_ part: UsagePart) {
    let bad = part.ledger.reduce(0) { $0 + $1.bad }
    let broken = part.ledger.count { !$0.isWhole }
    let (events, identities) = (counted(part.used, "event"), counted(part.identityCount, "identity", "identities"))
    var line = "\(events) of \(identities) from \(counted(part.ledger.count, "input"))"
    if part.duplicates > 0 { line += ", \(counted(part.duplicates, "second delivery", "second deliveries"))" }
    if bad > 0 { line += ", \(counted(bad, "unreadable record"))" }
    if broken > 0 { line += ", \(counted(broken, "input")) not whole" }
    world.note(line)
  }

  func report(_ diagnostics: [Diagnostic]) {
    for diagnostic in diagnostics.sorted().prefix(50) { world.problem(diagnostic.description) }
    if diagnostics.count > 50 { world.problem("… and \(diagnostics.count - 50) more problems like these") }
  }
}
