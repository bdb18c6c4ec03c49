import Declarations

extension CommandSpecification {
  static let schema = CommandSpecification(
    "schema", "the JSON Schema of a kind of file, for editors",
    arguments: [ArgumentSpecification("KIND", "which kind", choices: FileKind.allCases.map(\.rawValue))],
    examples: [
      ("muster schema declaration > .muster/declaration.schema.json", "then name it in your editor's settings")
    ]
  ) { invocation throws(CommandError) in
    guard let kind = FileKind(rawValue: invocation.arguments[0]) else { return .usage }
    invocation.console.out(jsonSchema(kind))
    return .clean
  }
}
