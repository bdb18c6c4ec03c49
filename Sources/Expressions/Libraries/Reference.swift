/// A function for the documentation and for completion.
package struct FunctionReference: Sendable {
  /// Dotted where it is in a namespace.
  package let name: String
  /// One line.
  package let summary: String
  /// How it is called and what it gives: `string.startsWith(string) -> bool`.
  package let signatures: [String]
}

extension Environment {
  /// All functions that expressions may call, by name; operators and macros are not among them.
  package var functionReferences: [FunctionReference] {
    functions.values.filter { !$0.name.isOperatorName }.sorted { $0.name < $1.name }.map { function in
      FunctionReference(
        name: function.name, summary: function.summary,
        signatures: function.overloads.map { "\($0.shown(function.name)) -> \($0.result)" })
    }
  }
}
