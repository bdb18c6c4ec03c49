import Base
private import Glibc

/// Runs a command line (without the program's name) and gives the exit code.
package func run(_ words: [String], in world: World) async -> Int32 {
  signal(SIGPIPE, SIG_IGN)
  giveBackLargeBlocks()
  let quiet = words.contains("--quiet") || words.contains("-q")
  let console = Console(quiet: quiet, progress: world.errorIsTerminal)
  do throws(CommandError) {
    return try await dispatch(words, world, console).rawValue
  } catch {
    console.problem("muster: \(error.message)")
    for line in error.excerpt { console.problem("  \(line)") }
    if !error.hint.isEmpty { console.problem("  help: \(error.hint)") }
    return error.code.rawValue
  }
}

private func dispatch(
  _ words: [String], _ world: World, _ console: Console
) async throws(CommandError) -> ExitCode {
  var world = world
  var words = words[...]
  while words.first == "-C", words.count > 1 {
    world.workingDirectory = world.absolute(words[words.startIndex + 1])
    words = words.dropFirst(2)
  }
  if words.first == "help", words.count > 1 { words = words.dropFirst() + ["--help"] }
  guard let first = words.first, first != "--help", first != "-h", first != "help" else {
    console.out(Help.overview(CommandTable.commands))
    return words.isEmpty ? .usage : .clean
  }
  if first == "--version" || first == "-V" || first == "version" {
    console.out("muster \(Version.text)\n")
    return .clean
  }
  let named = CommandTable.commands.filter { words.starts(with: $0.words) }.max { $0.words.count < $1.words.count }
  guard let command = named else { return try explainUnknown(words, console) }
  let invocation = try Invocation(
    command: command, world: world, console: console, words: Array(words.dropFirst(command.words.count)))
  if invocation.has("help") {
    console.out(Help.page(command))
    return .clean
  }
  var placed = invocation
  if let directory = invocation.value("directory") { placed.world.workingDirectory = world.absolute(directory) }
  guard FileSystem.kind(placed.world.workingDirectory) == .folder else {
    throw CommandError(.usage, "no such folder: '\(placed.world.workingDirectory)'")
  }
  return try await command.run(placed)
}

private func explainUnknown(_ words: ArraySlice<String>, _ console: Console) throws(CommandError) -> ExitCode {
  let word = words.first ?? ""
  let group = CommandTable.commands.filter { $0.words.count > 1 && $0.words[0] == word }
  if !group.isEmpty {
    let rest = words.dropFirst()
    if rest.first == "--help" || rest.first == "-h" {
      console.out(Help.group(word, group))
      return .clean
    }
    let wanted = rest.first ?? ""
    throw CommandError(
      .usage, wanted.isEmpty ? "`muster \(word)` needs one of its commands" : "unknown command `\(word) \(wanted)`",
      hint: suggestion(for: wanted, among: group.map { $0.words[1] }))
  }
  if word == "-C" { throw CommandError(.usage, "-C needs a folder", hint: "muster -C DIR COMMAND") }
  if word.hasPrefix("-") {
    throw CommandError(
      .usage, "unknown option \(word) before the command", hint: "options follow the command: muster COMMAND \(word)")
  }
  throw CommandError(
    .usage, "unknown command `\(word)`",
    hint: suggestion(for: word, among: CommandTable.commands.map { $0.words[0] }.uniqued()))
}

/// The program's version.
enum Version {
  static let text = "0.1.0"
}
