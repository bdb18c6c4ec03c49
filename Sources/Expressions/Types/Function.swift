/// A function that expressions can call: its signatures for the checker and the code for each number of arguments.
package struct Function: Sendable {
  /// One way to call it.
  package struct Overload: Sendable {
    /// Whether it is called as `target.name(…)`; then the target is the first of the parameters.
    package let isMember: Bool
    package let parameters: [CELType]
    package let result: CELType

    package init(member: Bool = false, _ parameters: [CELType], _ result: CELType) {
      isMember = member
      self.parameters = parameters
      self.result = result
    }
  }

  /// What runs. Arguments are never errors or unknowns. `nil` says that it does not take arguments of these types.
  package enum Body: Sendable {
    case unary(@Sendable (Value) -> Value?)
    case binary(@Sendable (Value, Value) -> Value?)
    case ternary(@Sendable (Value, Value, Value) -> Value?)
    case any(@Sendable ([Value]) -> Value?)
  }

  /// The name, dotted where it is in a namespace: `math.abs`.
  package let name: String
  /// One line for the documentation.
  package let summary: String
  package let overloads: [Overload]
  /// Tried in turn for the number of arguments, the target included.
  package let bodies: [Body]

  package init(_ name: String, _ summary: String, _ overloads: [Overload], _ bodies: Body...) {
    self.name = name
    self.summary = summary
    self.overloads = overloads
    self.bodies = bodies
  }

  func body(arguments count: Int) -> Body? {
    for body in bodies {
      switch body {
      case .unary where count == 1: return body
      case .binary where count == 2: return body
      case .ternary where count == 3: return body
      case .any: return body
      default: continue
      }
    }
    return nil
  }
}
