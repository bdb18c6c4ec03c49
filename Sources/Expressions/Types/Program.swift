/// A compiled expression: made once, evaluated for each subject, shared between threads.
package final class Program: Sendable {
  /// The text that it was compiled from.
  package let source: Source
  /// The type that its value has.
  package let type: CELType
  let environment: Environment
  let code: any Code
  let localCount: Int
  let variableCount: Int
  let checker: Checker

  init(_ checker: Checker) {
    let compiler = Compiler(checker)
    source = checker.source
    type = checker.types[Int(checker.syntax.root)]
    environment = checker.environment
    localCount = checker.localCount
    variableCount = checker.environment.variables.count
    code = compiler.code(checker.syntax.root)
    self.checker = checker
  }

  /// The value of every part of the expression over the bound variables.
  package func explain(_ evaluation: Evaluation) -> Explanation {
    explain(evaluation, Told())
  }

  /// Named expressions that were explained already: those that name each other would grow without end.
  private final class Told {
    var lazies: Set<Int> = []
  }

  private func explain(_ evaluation: Evaluation, _ told: Told) -> Explanation {
    var compiler = Compiler(checker)
    compiler.isTracing = true
    let code = compiler.code(checker.syntax.root)
    let tracer = Tracer(checker.syntax)
    evaluation.start(self)
    let outer = evaluation.state.pointee.tracer
    evaluation.state.pointee.tracer = tracer
    let value = code.value(evaluation)
    evaluation.state.pointee.tracer = outer
    let (references, environment) = (checker.references, environment)
    return tracer.finish(source, value) { id in
      guard case .meaning(.lazy(let number, _)) = references[Int(id)], told.lazies.insert(number).inserted else {
        return nil
      }
      return environment.lazies[number].program.explain(evaluation, told)
    }
  }

  /// Whether it comes to the same whatever the variables are.
  package var isConstant: Bool { code is Constant }

  /// The value over the bound variables: also an error or an unknown, never a crash, never more work than the cost limit.
  package func evaluate(_ evaluation: Evaluation) -> Value {
    evaluation.start(self)
    let value = code.value(evaluation)
    if evaluation.isExhausted { return evaluation.exhaustion }
    if case .absent = value { return .failed("no value", SourceRange(0, source.bytes.count)) }
    return value
  }

  /// What a condition comes to.
  package enum Answer: Sendable {
    case yes
    case no
    /// The reasons, sorted.
    case unknown([String])
    case error(EvaluationError)
  }

  /// As `evaluate`, for a condition: the fast way, without a value in between.
  package func test(_ evaluation: Evaluation) -> Answer {
    evaluation.start(self)
    let truth = code.truth(evaluation)
    if evaluation.isExhausted { return answer(evaluation.exhaustion) }
    switch truth {
    case .yes: return .yes
    case .no: return .no
    case .failed: return answer(evaluation.failure)
    }
  }

  /// As `test`, with a variable lent for this once: for one program over many subjects, where binding each would count
  /// references to it.
  package func test(_ evaluation: Evaluation, _ slot: Int, lent value: UnsafePointer<Value>) -> Answer {
    let bound = evaluation.lend(value, to: slot)
    let answer = test(evaluation)
    evaluation.endLending(slot, bound)
    return answer
  }

  private func answer(_ failure: Value) -> Answer {
    switch failure {
    case .unknown(let unknown): .unknown(unknown.reasons)
    case .error(let error): .error(error)
    default: .error(EvaluationError("no value", at: nil))
    }
  }
}

extension Environment {
  /// Checks and compiles an expression; with `expecting`, its value must be of that type. All that is wrong is told at once.
  package func compile(_ text: String, expecting: CELType? = nil) throws(ExpressionError) -> Program {
    try compile(Source(text), expecting: expecting, options: ParseOptions(), strict: true)
  }

  /// Compiles without checking types: names and functions are looked for when it runs.
  package func compileUnchecked(_ text: String, macros: Bool = true) throws(ExpressionError) -> Program {
    try compile(Source(text), expecting: nil, options: ParseOptions(hasMacros: macros), strict: false)
  }

  /// As `compile`, without macros.
  package func compileWithoutMacros(_ text: String) throws(ExpressionError) -> Program {
    try compile(Source(text), expecting: nil, options: ParseOptions(hasMacros: false), strict: true)
  }

  private func compile(_ source: Source, expecting: CELType?, options: ParseOptions, strict: Bool)
    throws(ExpressionError) -> Program
  {
    guard source.bytes.count <= Environment.longest else {
      let problem = Problem(
        "the expression is longer than \(Environment.longest) bytes", at: SourceRange(0, 0), in: source)
      throw ExpressionError(problems: [problem])
    }
    let syntax: Syntax
    do {
      syntax = try Parser.parse(source, options: options)
    } catch {
      throw ExpressionError(problems: [Problem(error.message, hint: error.hint, at: error.range, in: source)])
    }
    return try compile(syntax, source, expecting: expecting, strict: strict)
  }

  func compile(_ syntax: Syntax, _ source: Source, expecting: CELType?, strict: Bool) throws(ExpressionError) -> Program
  {
    var checker = Checker(syntax, source, self, strict: strict)
    checker.check()
    if let expecting { checker.expect(expecting) }
    var problems =
      syntax.problems.map { Problem($0.message, hint: $0.hint, at: $0.range, in: source) } + checker.problems
    if refusesMistakes {
      var finder = MistakeFinder(checker)
      // What is said of a part that is wrong already says nothing.
      problems += finder.run().filter { mistake in !problems.contains { mistake.range.contains($0.range) } }
    }
    if !problems.isEmpty { throw ExpressionError(problems: problems.sorted { $0.range.start < $1.range.start }) }
    return Program(checker)
  }

  /// Longer texts are refused.
  static let longest = 100_000
}

extension Checker {
  /// The whole must be of that type.
  mutating func expect(_ wanted: CELType) {
    let type = types[Int(syntax.root)]
    if !problems.isEmpty || unifier.assign(type, to: wanted) { return }
    let hint = wanted == .bool ? Checker.boolHint(type, source.text(syntax[syntax.root].range)) : ""
    report("this is \(type.withArticle), it must be \(wanted.withArticle)", hint: hint, at: syntax.root, whole: true)
  }
}
