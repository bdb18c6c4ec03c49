package import Base
import Documents
import Expressions

/// An expression or a message as it stands in a policy's file.
package struct PolicyText: Sendable {
  package let value: String
  /// The scalar that holds it: finds the place of each character through quotes and block scalars.
  let node: Node

  package var location: SourceLocation { node.location }

  /// What is wrong with the expression, at its place in the policy's file.
  func diagnostic(_ kind: Diagnostic.Kind, _ problem: Problem) -> Diagnostic {
    let before = value.utf8.prefix(problem.range.start)
    let place = node.at(scalarOffset: String(decoding: before, as: UTF8.self).unicodeScalars.count)
    return Diagnostic(kind, at: place, problem.message, hint: problem.hint)
  }
}

/// A case that the policy's author wrote down: documentation and test at once.
package struct PolicyExample: Sendable {
  /// What the policy must say of the subject that the case is about.
  package enum Expectation: String, Sendable, CaseIterable { case pass, fail, unknown, skip }

  package let name: String
  package let expect: Expectation
  package let location: SourceLocation
  let given: Node
}

extension Reading where Value == PolicyText {
  /// An expression or message: text that is not empty.
  static var expression: Reading {
    Reading("an expression") { node in
      guard let text = node.text, !text.isEmpty else { return nil }
      return PolicyText(value: text, node: node)
    }
  }
}
