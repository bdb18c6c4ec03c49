import Base

/// A parsed command line, with the world that it runs in.
struct Invocation: Sendable {
  var command: CommandSpecification
  var arguments: [String]
  private var options: [String: [String]]
  var console: Console
  var world: World

  init(command: CommandSpecification, world: World, console: Console, words: [String]) throws(CommandError) {
    self.command = command
    self.world = world
    self.console = console
    (arguments, options) = ([], [:])
    try parse(words)
  }

  /// Whether the flag was given.
  func has(_ name: String) -> Bool { options[name] != nil }

  /// The last value of an option.
  func value(_ name: String) -> String? { options[name]?.last }

  /// All values of a repeated option, in order.
  func values(_ name: String) -> [String] { options[name] ?? [] }

  /// The instant of the run: `--as-of`, else the clock.
  func now() throws(CommandError) -> Instant {
    guard let text = value("as-of") else { return world.clock }
    if text.hasPrefix("+"), let span = Milliseconds(text.dropFirst()) { return world.clock.advanced(by: span) }
    if let day = Day(text) { return Instant(milliseconds: day.end.milliseconds - 1000) }
    guard let instant = Instant(text) else {
      throw CommandError(
        .usage, "--as-of '\(text)' is no instant",
        hint: "write a day (2026-11-20), an instant (2026-11-20T12:00:00Z) or a distance from now (+30d)")
    }
    return instant
  }

  private mutating func parse(_ words: [String]) throws(CommandError) {
    var rest = words[...]
    var onlyArguments = false
    while let word = rest.popFirst() {
      if !onlyArguments, word == "--" {
        onlyArguments = true
      } else if !onlyArguments, word.hasPrefix("--") {
        try parseLong(word.dropFirst(2), &rest)
      } else if !onlyArguments, word.hasPrefix("-"), word.count > 1 {
        try parseShort(word.dropFirst(), &rest)
      } else {
        arguments.append(word)
      }
    }
    if !has("help") { try checkArguments() }
  }

  private mutating func parseLong(_ word: Substring, _ rest: inout ArraySlice<String>) throws(CommandError) {
    let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let name = String(parts[0])
    guard let option = known.first(where: { $0.name == name }) else {
      throw CommandError(
        .usage, "unknown option --\(name) of `muster \(command.name)`",
        hint: suggestion(for: name, among: known.map(\.name)).replacingBackquote(with: "`--"))
    }
    try store(option, parts.count == 2 ? String(parts[1]) : nil, &rest)
  }

  private mutating func parseShort(_ word: Substring, _ rest: inout ArraySlice<String>) throws(CommandError) {
    guard let letter = word.first, let option = known.first(where: { $0.short == letter }) else {
      throw CommandError(
        .usage, "unknown option -\(word) of `muster \(command.name)`", hint: "see `muster \(command.name) --help`")
    }
    let attached = word.dropFirst()
    try store(option, attached.isEmpty ? nil : String(attached), &rest)
  }

  private mutating func store(
    _ option: OptionSpecification, _ attached: String?, _ rest: inout ArraySlice<String>
  ) throws(CommandError) {
    guard let placeholder = option.value else {
      if let attached {
        throw CommandError(.usage, "--\(option.name) takes no value, found '\(attached)'")
      }
      options[option.name] = [""]
      return
    }
    guard let value = attached ?? rest.popFirst() else {
      throw CommandError(.usage, "--\(option.name) needs a value", hint: "--\(option.name) \(placeholder)")
    }
    if !option.choices.isEmpty, !option.isOpen, !option.choices.contains(String(value.prefix { $0 != "=" })) {
      throw CommandError(
        .usage, "--\(option.name) cannot be '\(value)'", hint: suggestion(for: value, among: option.choices))
    }
    options[option.name, default: []].append(value)
  }

  private func checkArguments() throws(CommandError) {
    let required = command.arguments.filter(\.isRequired)
    if arguments.count < required.count {
      throw CommandError(
        .usage, "`muster \(command.name)` needs \(required[arguments.count].name)",
        hint: "see `muster \(command.name) --help`")
    }
    if arguments.count > command.arguments.count, command.arguments.last?.isRepeated != true {
      throw CommandError(
        .usage, "`muster \(command.name)` does not take '\(arguments[command.arguments.count])'",
        hint: "see `muster \(command.name) --help`")
    }
    for (argument, specification) in zip(arguments, command.arguments)
    where !specification.choices.isEmpty && !specification.choices.contains(argument) {
      throw CommandError(
        .usage, "\(specification.name) cannot be '\(argument)'",
        hint: suggestion(for: argument, among: specification.choices))
    }
  }

  private var known: [OptionSpecification] { command.options + CommandTable.commonOptions }
}

extension String {
  fileprivate func replacingBackquote(with text: String) -> String {
    var out = ""
    var opens = true
    for character in self {
      if character == "`" {
        out += opens ? text : "`"
        opens.toggle()
      } else {
        out.append(character)
      }
    }
    return out
  }
}
