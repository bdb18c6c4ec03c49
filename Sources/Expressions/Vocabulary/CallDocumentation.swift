/// What the documentation says of something that can be called: a function, a macro or an operator.
package struct CallDocumentation: Sendable {
  /// What it is to the language.
  package enum Kind: String, Sendable, CaseIterable { case function, macro, `operator` }

  /// As an expression writes it: `math.abs`, `filter`, `+`.
  package let name: String
  package let kind: Kind
  /// What it belongs to: text, lists, time, …
  package let group: String
  /// One line without a full stop.
  package let summary: String
  /// The ways to call it, with what it gives: `string.contains(string) → bool`.
  package let signatures: [String]
  /// A call that works.
  package let example: String
  /// What the example comes to, as a literal.
  package let value: String
}

extension Environment {
  /// Everything that can be called, by group, then name; the values of the examples are computed here. `now` is the instant for those
  /// that ask for it.
  package func callDocumentation(now: Value) -> [CallDocumentation] {
    let environment = Environment(
      types: Array(types.values), variables: [Variable("now", .timestamp)],
      // The standard ones are there by themselves, and would be taken for the host's if given again.
      functions: functions.values.filter { StandardLibrary.functions[$0.name] == nil })
    let evaluation = Evaluation(environment)
    evaluation[0] = now
    func value(_ example: String) -> String {
      do { return try environment.compile(example).evaluate(evaluation).literalText } catch {
        return error.problems.first?.message ?? ""
      }
    }
    let called = functions.values.map { function in
      let example = CallDocumentation.examples[function.name] ?? ""
      return CallDocumentation(
        name: function.name.isOperatorName ? function.name.operatorText : function.name,
        kind: function.name.isOperatorName ? .operator : .function, group: CallDocumentation.group(of: function.name),
        summary: function.summary, signatures: function.overloads.map { $0.documented(function.name) },
        example: example,
        value: value(example))
    }
    let others = CallDocumentation.macros.map { macro in
      CallDocumentation(
        name: macro.name, kind: macro.kind, group: macro.group, summary: macro.summary, signatures: [macro.signature],
        example: macro.example, value: value(macro.example))
    }
    return (called + others).sorted { a, b in
      let (left, right) = (CallDocumentation.rank(a.group), CallDocumentation.rank(b.group))
      return (left, a.name, a.signatures.count) < (right, b.name, b.signatures.count)
    }
  }
}

extension CallDocumentation {
  /// Operators first, then what every policy needs, then the rest.
  static let groups: [(name: String, functions: [Function])] = [
    ("operators", Operators.functions), ("macros", []), ("policies", MusterLibrary.functions),
    ("text", StringLibrary.functions + RegexLibrary.functions + RegexLibrary.finding),
    ("time", TimeLibrary.functions), ("conversions", Conversions.functions),
    ("lists", ListLibrary.functions + ListLibrary.aggregates), ("sets", SetLibrary.functions),
    ("optionals", OptionalLibrary.functions), ("numbers", MathLibrary.functions + MathLibrary.bits),
    ("networks", NetworkLibrary.functions), ("encodings", EncoderLibrary.functions),
    ("addresses", URLLibrary.functions),
    ("versions and amounts", VersionLibrary.functions + QuantityLibrary.functions + OrderLibrary.functions),
  ]

  private static let groupByName: [String: String] = {
    var found: [String: String] = [:]
    for group in groups {
      for function in group.functions where found[function.name] == nil { found[function.name] = group.name }
    }
    return found
  }()

  /// What no library of the language has, the host added for policies.
  static func group(of name: String) -> String { groupByName[name] ?? "policies" }

  static func rank(_ group: String) -> Int { groups.firstIndex { $0.name == group } ?? groups.count }
}

extension Function.Overload {
  /// With what it gives; operators as they are written.
  fileprivate func documented(_ name: String) -> String {
    guard name.isOperatorName else { return "\(shown(name)) → \(result)" }
    let sign = name.operatorText
    if parameters.count == 1 { return "\(sign)\(parameters[0]) → \(result)" }
    return "\(parameters.map(\.description).joined(separator: " \(sign) ")) → \(result)"
  }
}
