/// What the table says of a command: enough for parsing, `--help`, completion and the man page.
package struct CommandSpecification: Sendable {
  /// The words that name it: `["review", "open"]`.
  package var words: [String]
  /// One line, no full stop.
  package var summary: String
  /// A paragraph or two for `--help`.
  package var details: String
  package var arguments: [ArgumentSpecification]
  package var options: [OptionSpecification]
  /// Lines that a user can copy: the command and what it does.
  package var examples: [(command: String, effect: String)]
  let run: @Sendable (Invocation) async throws(CommandError) -> ExitCode

  init(
    _ words: String, _ summary: String, details: String = "", arguments: [ArgumentSpecification] = [],
    options: [OptionSpecification] = [], examples: [(command: String, effect: String)] = [],
    run: @escaping @Sendable (Invocation) async throws(CommandError) -> ExitCode
  ) {
    self.words = words.split(separator: " ").map(String.init)
    self.summary = summary
    self.details = details
    self.arguments = arguments
    self.options = options
    self.examples = examples
    self.run = run
  }

  /// The words with spaces: `review open`.
  package var name: String { words.joined(separator: " ") }
}

/// A positional argument.
package struct ArgumentSpecification: Sendable {
  package var name: String
  package var help: String
  package var isRequired: Bool
  package var isRepeated: Bool
  /// The words that it can be, for completion and for checking; empty for any.
  package var choices: [String]

  init(_ name: String, _ help: String, required: Bool = true, repeated: Bool = false, choices: [String] = []) {
    self.name = name
    self.help = help
    isRequired = required
    isRepeated = repeated
    self.choices = choices
  }
}

/// An option: `--name VALUE`, `--name=VALUE`, or a flag.
package struct OptionSpecification: Sendable {
  package var name: String
  package var short: Character?
  /// What stands for the value in the help; `nil` for a flag.
  package var value: String?
  package var help: String
  package var isRepeated: Bool
  package var choices: [String]
  /// Whether other values than the choices are possible.
  package var isOpen: Bool

  init(
    _ name: String, short: Character? = nil, value: String? = nil, _ help: String, repeated: Bool = false,
    choices: [String] = [], isOpen: Bool = false
  ) {
    self.name = name
    self.short = short
    self.value = value
    self.help = help
    isRepeated = repeated
    self.choices = choices
    self.isOpen = isOpen
  }
}

/// Exit codes; they never depend on the output format (DESIGN.md §7).
package enum ExitCode: Int32, Sendable, Comparable {
  case clean = 0
  case findings = 1
  case usage = 2
  case incomplete = 3
  case internalError = 4

  package static func < (a: ExitCode, b: ExitCode) -> Bool { a.rawValue < b.rawValue }
}

/// Why a command stopped: what is wrong and what to do, with the exit code it means.
package struct CommandError: Error, Sendable {
  package var code: ExitCode
  package var message: String
  package var hint: String
  /// Lines that show the place, such as an expression with a mark below it.
  package var excerpt: [String]

  init(_ code: ExitCode, _ message: String, hint: String = "", excerpt: [String] = []) {
    self.code = code
    self.message = message
    self.hint = hint
    self.excerpt = excerpt
  }
}
