import Base
import Reports

/// Texts made from the command table: `--help`, completion, the man page.
enum Help {
  static let tagline =
    "muster: who owns each machine identity, what may it do, what did it do, who decided that it may stay"

  /// The page of `muster --help`.
  static func overview(_ commands: [CommandSpecification]) -> String {
    let width = commands.map(\.name.count).max() ?? 0
    let rows = commands.map { "  \($0.name.padded(to: width))  \($0.summary)" }.joined(separator: "\n")
    return """
      \(tagline)

      usage: muster COMMAND [OPTIONS] [ARGUMENTS]

      \(rows)

      options of every command:
      \(options(CommandTable.commonOptions))

      examples:
        muster init                                  a governance repository, ready to commit
        muster sync                                  exports and logs become facts on muster/observed
        muster check                                 what is wrong now
        muster check --base origin/main -o github    what a pull request makes new or worse

      exit codes: 0 clean, 1 findings at or above --fail-on, 2 usage or configuration, 3 input unreadable or
      incomplete, 4 internal error

      `muster COMMAND --help` shows a command's options and examples.

      """
  }

  /// The page of `muster COMMAND --help`.
  static func page(_ command: CommandSpecification) -> String {
    let arguments = command.arguments.map { argument -> String in
      let name = argument.isRepeated ? "\(argument.name)…" : argument.name
      return argument.isRequired ? name : "[\(name)]"
    }
    var text = "muster \(command.name): \(command.summary)\n\n"
    text +=
      "usage: muster \(([command.name] + (command.options.isEmpty ? [] : ["[OPTIONS]"]) + arguments).joined(separator: " "))\n"
    if !command.details.isEmpty { text += "\n\(command.details)\n" }
    if !command.arguments.isEmpty {
      let width = command.arguments.map(\.name.count).max() ?? 0
      text += "\narguments:\n"
      for argument in command.arguments {
        text += "  \(argument.name.padded(to: width))  \(argument.help)\(choices(argument.choices))\n"
      }
    }
    if !command.options.isEmpty { text += "\noptions:\n\(options(command.options))\n" }
    text += "\noptions of every command:\n\(options(CommandTable.commonOptions))\n"
    if !command.examples.isEmpty {
      text += "\nexamples:\n"
      for example in command.examples { text += "  \(example.command)\n      \(example.effect)\n" }
    }
    return text
  }

  /// The page of a word that only groups commands: `muster review`.
  static func group(_ word: String, _ commands: [CommandSpecification]) -> String {
    let width = commands.map(\.name.count).max() ?? 0
    let rows = commands.map { "  muster \($0.name.padded(to: width))  \($0.summary)" }.joined(separator: "\n")
    return "muster \(word): one of\n\n\(rows)\n\n`muster \(word) COMMAND --help` shows more.\n"
  }

  private static func options(_ options: [OptionSpecification]) -> String {
    let names = options.map { option in
      (option.short.map { "-\($0), " } ?? "    ") + "--\(option.name)" + (option.value.map { " \($0)" } ?? "")
    }
    let width = names.map(\.count).max() ?? 0
    return zip(names, options).map { "  \($0.padded(to: width))  \($1.help)\(choices($1.choices))" }
      .joined(separator: "\n")
  }

  /// The words that a value can be; many of them stand below.
  private static func choices(_ words: [String]) -> String {
    let list = words.joined(separator: ", ")
    if list.count > 60 { return list.wrapped(to: 110).map { "\n      \($0)" }.joined() }
    return words.isEmpty ? "" : " (\(list))"
  }

  /// A bash completion script; zsh reads it through `bashcompinit`.
  static func bashCompletion(_ commands: [CommandSpecification]) -> String {
    var text = """
      # bash completion of muster: source it, or put it where bash-completion looks (e.g. ~/.local/share/bash-completion/completions/muster)
      _muster() {
        local cur=${COMP_WORDS[COMP_CWORD]} words="" i
        for ((i = 1; i < COMP_CWORD; i++)); do
          case ${COMP_WORDS[i]} in -*) ;; *) words="$words ${COMP_WORDS[i]}" ;; esac
        done
        case ${COMP_WORDS[COMP_CWORD - 1]} in
          -C | --directory) COMPREPLY=($(compgen -d -- "$cur")) && return ;;

      """
    let options = commands.flatMap { $0.options + CommandTable.commonOptions }.filter { $0.value != nil }
    for (name, same) in Dictionary(grouping: options, by: \.name).sorted(by: { $0.key < $1.key }) {
      let short = same[0].short.map { "-\($0) | " } ?? ""
      let words = same[0].choices.isEmpty ? "-f" : "-W '\(same[0].choices.joined(separator: " "))'"
      if name != "directory" {
        text += "    \(short)--\(name)) COMPREPLY=($(compgen \(words) -- \"$cur\")) && return ;;\n"
      }
    }
    text += "  esac\n  case \"${words# }\" in\n"
    var groups: [String: [String]] = [:]
    for command in commands where command.words.count > 1 {
      groups[command.words[0], default: []].append(command.words[1])
    }
    let first = commands.map { $0.words[0] }.uniqued()
    text += "    '') COMPREPLY=($(compgen -W '\(first.joined(separator: " ")) --help --version' -- \"$cur\")) ;;\n"
    for (group, words) in groups.sorted(by: { $0.key < $1.key }) {
      text += "    '\(group)') COMPREPLY=($(compgen -W '\(words.joined(separator: " ")) --help' -- \"$cur\")) ;;\n"
    }
    for command in commands {
      let names = (command.options + CommandTable.commonOptions).map { "--\($0.name)" }
      let choices = command.arguments.flatMap(\.choices)
      // Options when a hyphen is there; else what the arguments can be, and files where they can be anything.
      let files = !command.arguments.isEmpty && command.arguments.allSatisfy(\.choices.isEmpty) ? " -f" : ""
      let words = choices.isEmpty && files.isEmpty ? names : choices
      text += "    '\(command.name)'*)\n      case $cur in\n"
      text += "        -*) COMPREPLY=($(compgen -W '\(names.joined(separator: " "))' -- \"$cur\")) ;;\n"
      text +=
        "        *) COMPREPLY=($(compgen -W '\(words.joined(separator: " "))'\(files) -- \"$cur\")) ;;\n      esac ;;\n"
    }
    return text + "  esac\n}\ncomplete -o filenames -F _muster muster\n"
  }

  /// A fish completion script.
  static func fishCompletion(_ commands: [CommandSpecification]) -> String {
    var text = "# fish completion of muster: put it into ~/.config/fish/completions/muster.fish\n"
    for command in commands {
      let condition =
        command.words.count == 1 ? "__fish_use_subcommand" : "__fish_seen_subcommand_from \(command.words[0])"
      let word = command.words[command.words.count - 1]
      text += "complete -c muster -f -n '\(condition)' -a '\(word)' -d '\(command.summary.withoutQuotes)'\n"
      for option in command.options {
        text += "complete -c muster -n '__fish_seen_subcommand_from \(word)' -l '\(option.name)'"
        text += "\(option.value == nil ? "" : " -r") -d '\(option.help.withoutQuotes)'\n"
      }
    }
    return text
  }

  /// The manual page in man(7) markup.
  static func manual(_ commands: [CommandSpecification]) -> String {
    func plain(_ text: String) -> String {
      text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
        let escaped = line.replacing("\\", with: "\\e").replacing("-", with: "\\-")
        return escaped.hasPrefix(".") || escaped.hasPrefix("'") ? "\\&\(escaped)" : String(escaped)
      }.joined(separator: "\n")
    }
    var text = ".TH MUSTER 1\n.SH NAME\nmuster \\- checks machine identities against what git declares\n"
    text += ".SH SYNOPSIS\n.B muster\nCOMMAND [OPTIONS] [ARGUMENTS]\n.SH COMMANDS\n"
    for command in commands {
      text += ".SS \(plain(command.name))\n\(plain(command.summary)).\n"
      if !command.details.isEmpty { text += ".PP\n\(plain(command.details))\n" }
      for option in command.options {
        text += ".TP\n.B \(plain("--\(option.name)\(option.value.map { " \($0)" } ?? "")"))\n\(plain(option.help))\n"
      }
    }
    return text
  }
}

extension String {
  /// The text with spaces up to a width.
  func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }

  fileprivate var withoutQuotes: String { filter { $0 != "'" } }
}

extension Substring {
  fileprivate func replacing(_ character: Character, with text: String) -> Substring {
    Substring(map { $0 == character ? text : String($0) }.joined())
  }
}
