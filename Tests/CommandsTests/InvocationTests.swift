import Base
import Model
import Testing

@testable import Commands

struct InvocationTests {
  private let world = World(
    clock: Instant(milliseconds: 1_795_176_000_000), environment: [:], workingDirectory: "/", errorIsTerminal: false,
    outputIsTerminal: false, width: 80, cores: 1)

  private func parse(_ words: String...) throws(CommandError) -> Invocation {
    try Invocation(command: .check, world: world, console: Console(quiet: true, progress: false), words: words)
  }

  @Test func readsValuesInEveryForm() throws {
    let invocation = try parse("--base=main", "--facts", "abc", "-ojson=x", "-o", "text", "--staged")
    #expect(invocation.value("base") == "main")
    #expect(invocation.value("facts") == "abc")
    #expect(invocation.values("output") == ["json=x", "text"])
    #expect(invocation.has("staged"))
    #expect(!invocation.has("show-excepted"))
  }

  @Test(arguments: [
    (["--stagd"], "did you mean `--staged`?"), (["--fail-on", "hgih"], "did you mean `high`?"),
    (["-o", "jsn"], "did you mean `json`?"), (["--base"], "--base REV"), (["extra"], "--help"),
  ])
  func teachesWhatWasMeant(words: [String], hint: String) {
    do {
      _ = try Invocation(command: .check, world: world, console: Console(quiet: true, progress: false), words: words)
      Issue.record("\(words) was accepted")
    } catch {
      #expect(error.code == .usage)
      #expect(error.hint.contains(hint), "\(error.message) — \(error.hint)")
    }
  }

  @Test(arguments: [
    ("2026-11-20", "2026-11-20T23:59:59Z"), ("2026-11-20T12:00:00+01:00", "2026-11-20T11:00:00Z"),
    ("+30d", "2026-12-20T12:00:00Z"),
  ])
  func takesAnInstantOrADayOrADistance(text: String, instant: String) throws {
    #expect(try parse("--as-of", text).now() == Instant(instant))
  }

  @Test func refusesAnInstantThatIsNone() {
    #expect(throws: CommandError.self) { try parse("--as-of", "tomorrow").now() }
  }
}

struct CommandTableTests {
  @Test func namesEachCommandOnce() {
    let names = CommandTable.commands.map(\.name)
    #expect(Set(names).count == names.count)
  }

  @Test(arguments: CommandTable.commands.map(\.name))
  func showsExamplesInTheHelpOf(name: String) throws {
    let command = try #require(CommandTable.commands.first { $0.name == name })
    #expect(!command.examples.isEmpty, "\(name) has no example")
    let page = Help.page(command)
    for option in command.options { #expect(page.contains("--\(option.name)")) }
    #expect(page.split(separator: "\n").allSatisfy { $0.count <= 160 }, "a line of the help of \(name) is long")
  }

  @Test func completesEveryCommand() {
    let bash = Help.bashCompletion(CommandTable.commands)
    let manual = Help.manual(CommandTable.commands)
    for command in CommandTable.commands {
      #expect(bash.contains("'\(command.name)'*"))
      #expect(manual.contains(command.name))
    }
  }
}

struct ExitCodeTests {
  @Test func putsConfigurationBeforeInputsBeforeFindings() {
    var result = CheckResult(now: Instant(milliseconds: 0))
    #expect(result.exitCode == .clean)
    var finding = Finding(
      policy: "p", code: "P-01", title: "t", severity: .high, verdict: .fail, message: "m",
      location: SourceLocation(path: "a"))
    result.findings = [finding]
    #expect(result.exitCode == .findings)
    result.failOn = .critical
    #expect(result.exitCode == .clean)
    result.failOn = .low
    finding.verdict = .unknown
    result.findings = [finding]
    #expect(result.exitCode == .clean)
    result.failsOnUnknown = true
    #expect(result.exitCode == .findings)
    result.diagnostics = [Diagnostic(.unreadable, at: SourceLocation(path: "a"), "cut short")]
    #expect(result.exitCode == .incomplete)
    result.diagnostics.append(Diagnostic(.invalid, at: SourceLocation(path: "a"), "wrong"))
    #expect(result.exitCode == .usage)
  }
}
