extension CommandSpecification {
  static let completion = CommandSpecification(
    "completion", "completion for a shell, or the manual page",
    arguments: [ArgumentSpecification("SHELL", "bash, zsh, fish or man", choices: ["bash", "zsh", "fish", "man"])],
    examples: [("source <(muster completion bash)", "complete commands and options in this shell")]
  ) { invocation throws(CommandError) in
    let commands = CommandTable.commands
    switch invocation.arguments[0] {
    case "fish": invocation.console.out(Help.fishCompletion(commands))
    case "man": invocation.console.out(Help.manual(commands))
    case "zsh":
      invocation.console.out("autoload -U +X bashcompinit && bashcompinit\n" + Help.bashCompletion(commands))
    default: invocation.console.out(Help.bashCompletion(commands))
    }
    return .clean
  }
}
