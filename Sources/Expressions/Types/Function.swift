/// A function that expressions can call: its signatures for the checker and the code for each number of arguments.
package struct Function: Sendable {
  /// One way to call it.
  package struct Overload: Sendable {
    /// Whether it is called as `target.name(…)`; then the target is the first of the parameters.
    package let isMember: Bool
    /// Types of the arguments, the target first.
    package let parameters: [CELType]
    /// The type of what it gives.
    package let result: CELType

    /// With `member`, called on the first of the parameters.
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
    /// Of the second argument, a pattern, comes the code for the first: once where the pattern is a constant.
    case pattern(@Sendable (Value) -> (@Sendable (Value) -> Value?)?)
    case ternary(@Sendable (Value, Value, Value) -> Value?)
    case any(@Sendable ([Value]) -> Value?)
  }

  /// The name, dotted where it is in a namespace: `math.abs`.
  package let name: String
  /// One line for the documentation.
  package let summary: String
  /// The ways to call it.
  package let overloads: [Overload]
  /// What a call costs besides the size of its arguments, in the units of `Evaluation.costLimit`.
  package let unitCost: Int
  /// Tried in turn for the number of arguments, the target included.
  package let bodies: [Body]

  /// A function with code for each number of arguments that its overloads have.
  package init(_ name: String, _ summary: String, cost: Int = 1, _ overloads: [Overload], _ bodies: Body...) {
    self.name = name
    unitCost = cost
    self.summary = summary
    self.overloads = overloads
    self.bodies = bodies
  }

  /// Whether no host has added to it.
  var isStandard: Bool { overloads.count == StandardLibrary.functions[name]?.overloads.count }

  func body(arguments count: Int) -> Body? {
    for body in bodies {
      switch body {
      case .unary where count == 1: return body
      case .binary where count == 2, .pattern where count == 2: return body
      case .ternary where count == 3: return body
      case .any: return body
      default: continue
      }
    }
    return nil
  }

  private init(_ name: String, _ summary: String, _ cost: Int, _ overloads: [Overload], _ bodies: [Body]) {
    (self.name, self.summary, unitCost, self.overloads, self.bodies) = (name, summary, cost, overloads, bodies)
  }

  /// This function with the signatures and code of another of the same name; where both have code for a number of arguments,
  /// what the other does not take goes to this one.
  func merged(with other: Function) -> Function {
    var bodies = other.bodies
    for body in self.bodies {
      if let at = bodies.firstIndex(where: { $0.count == body.count }) {
        bodies[at] = bodies[at].falling(to: body)
      } else {
        bodies.append(body)
      }
    }
    return Function(name, other.summary, max(unitCost, other.unitCost), other.overloads + overloads, bodies)
  }
}

extension Function.Body {
  fileprivate var count: Int? {
    switch self {
    case .unary: 1
    case .binary, .pattern: 2
    case .ternary: 3
    case .any: nil
    }
  }

  fileprivate func falling(to other: Function.Body) -> Function.Body {
    switch (self, other) {
    case (.unary(let a), .unary(let b)): .unary { a($0) ?? b($0) }
    case (.binary(let a), .binary(let b)): .binary { a($0, $1) ?? b($0, $1) }
    case (.ternary(let a), .ternary(let b)): .ternary { a($0, $1, $2) ?? b($0, $1, $2) }
    case (.any(let a), .any(let b)): .any { a($0) ?? b($0) }
    default: self
    }
  }
}
