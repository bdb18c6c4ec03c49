/// Something wrong with an expression, found before it runs.
package struct Problem: Hashable, Sendable, CustomStringConvertible {
  /// The part of the expression to point at, in UTF-8 bytes.
  package let range: SourceRange
  /// 1-based; columns count Unicode scalars.
  package let line: Int
  /// 1-based, in Unicode scalars.
  package let column: Int
  /// What is wrong, one sentence without a full stop.
  package let message: String
  /// What to do; empty where nothing useful can be said.
  package let hint: String

  init(_ message: String, hint: String = "", at range: SourceRange, in source: Source) {
    self.range = range
    self.message = message
    self.hint = hint
    (line, column) = source.position(of: range.start)
  }

  /// `line:column: message (hint)`.
  package var description: String { "\(line):\(column): \(message)\(hint.isEmpty ? "" : " (\(hint))")" }
}

/// The expression cannot be used: all that is wrong with it, in the order of the text; never empty.
package struct ExpressionError: Error, Sendable, CustomStringConvertible {
  /// In the order of the text.
  package let problems: [Problem]

  /// A line for each problem.
  package var description: String { problems.map(\.description).joined(separator: "\n") }
}

/// A problem before its line and column are known.
struct SyntaxError: Error {
  let message: String
  var hint = ""
  let range: SourceRange

  init(_ message: String, hint: String = "", at range: SourceRange) {
    self.message = message
    self.hint = hint
    self.range = range
  }
}
