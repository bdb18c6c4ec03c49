import Expressions
import Testing

/// What the naive interpreter computes: a value, an error, or not known.
private enum Naive: Equatable {
  case int(Int64)
  case bool(Bool)
  case string(String)
  case list([Int64])
  case error
  case unknown

  var isFailure: Bool { self == .error || self == .unknown }

  /// As a strict operation joins failures.
  static func failure(_ parts: [Naive]) -> Naive? {
    parts.contains(.unknown) ? .unknown : parts.contains(.error) ? .error : nil
  }
}

/// An expression as text, with a function that computes it in the plainest way for the value of the loop variable.
private struct Sample {
  let text: String
  let compute: (Int64) -> Naive
}

/// Makes random well-typed expressions over `identity.uses` (7), `identity.enabled` (unknown), `identity.handle`, `x`.
private struct Generator {
  var random: FuzzRandom

  private mutating func pick(_ count: Int) -> Int { Int.random(in: 0..<count, using: &random) }

  mutating func int(_ depth: Int, loop: Bool) -> Sample {
    switch depth <= 0 ? pick(3) : pick(8) {
    case 0:
      let number = [0, 1, 2, 3, -1, 7, Int64.max, Int64.min, 10][pick(9)]
      return Sample(text: "\(number)") { _ in .int(number) }
    case 1: return Sample(text: "identity.uses") { _ in .int(7) }
    case 2:
      return loop ? Sample(text: "x") { .int($0) } : Sample(text: "1") { _ in .int(1) }
    case 3: return conditional(bool(depth - 1, loop: loop), int(depth - 1, loop: loop), int(depth - 1, loop: loop))
    case 4:
      let list = list(depth - 1, loop: loop)
      return Sample(text: "size(\(list.text))") {
        if case .list(let elements) = list.compute($0) { return .int(Int64(elements.count)) }
        return list.compute($0)
      }
    default: return arithmetic(int(depth - 1, loop: loop), int(depth - 1, loop: loop))
    }
  }

  private mutating func arithmetic(_ a: Sample, _ b: Sample) -> Sample {
    let name = ["+", "-", "*", "/", "%"][pick(5)]
    return Sample(text: "(\(a.text) \(name) \(b.text))") { x in
      let parts = [a.compute(x), b.compute(x)]
      guard case .int(let a) = parts[0], case .int(let b) = parts[1] else { return Naive.failure(parts) ?? .error }
      if b == 0, name == "/" || name == "%" { return .error }
      let result =
        switch name {
        case "+": a.addingReportingOverflow(b)
        case "-": a.subtractingReportingOverflow(b)
        case "*": a.multipliedReportingOverflow(by: b)
        case "/": a.dividedReportingOverflow(by: b)
        default: a.remainderReportingOverflow(dividingBy: b)
        }
      return result.overflow ? .error : .int(result.partialValue)
    }
  }

  private func conditional(_ condition: Sample, _ yes: Sample, _ no: Sample) -> Sample {
    Sample(text: "(\(condition.text) ? \(yes.text) : \(no.text))") { x in
      switch condition.compute(x) {
      case .bool(true): yes.compute(x)
      case .bool(false): no.compute(x)
      case let failure: failure
      }
    }
  }

  mutating func bool(_ depth: Int, loop: Bool) -> Sample {
    switch depth <= 0 ? pick(3) : 3 + pick(6) {
    case 0: return Sample(text: "true") { _ in .bool(true) }
    case 1: return Sample(text: "identity.enabled") { _ in .unknown }
    case 2: return Sample(text: "(identity.owner.left)") { _ in .error }
    case 3: return logic(depth, loop: loop)
    case 4:
      let inner = bool(depth - 1, loop: loop)
      return Sample(text: "!\(inner.text)") {
        if case .bool(let value) = inner.compute($0) { return .bool(!value) }
        return inner.compute($0)
      }
    case 5: return quantifier(depth, loop: loop)
    case 6:
      let (element, list) = (int(depth - 1, loop: loop), list(depth - 1, loop: loop))
      return Sample(text: "(\(element.text) in \(list.text))") { x in
        let parts = [element.compute(x), list.compute(x)]
        guard case .int(let wanted) = parts[0], case .list(let elements) = parts[1] else {
          return Naive.failure(parts) ?? .error
        }
        return .bool(elements.contains(wanted))
      }
    case 7: return texts(depth, loop: loop)
    default: return comparison(int(depth - 1, loop: loop), int(depth - 1, loop: loop))
    }
  }

  private mutating func comparison(_ a: Sample, _ b: Sample) -> Sample {
    let name = ["==", "!=", "<", "<=", ">", ">="][pick(6)]
    return Sample(text: "(\(a.text) \(name) \(b.text))") { x in
      let parts = [a.compute(x), b.compute(x)]
      guard case .int(let a) = parts[0], case .int(let b) = parts[1] else { return Naive.failure(parts) ?? .error }
      switch name {
      case "==": return .bool(a == b)
      case "!=": return .bool(a != b)
      case "<": return .bool(a < b)
      case "<=": return .bool(a <= b)
      case ">": return .bool(a > b)
      default: return .bool(a >= b)
      }
    }
  }

  private mutating func texts(_ depth: Int, loop: Bool) -> Sample {
    let name = ["contains", "startsWith", "endsWith"][pick(3)]
    let part = ["ro", "", "bot", "öt", "robot!"][pick(5)]
    return Sample(text: "identity.handle.\(name)('\(part)')") { _ in
      switch name {
      case "contains": .bool(["ro", "", "bot"].contains(part))
      case "startsWith": .bool("robot".hasPrefix(part))
      default: .bool("robot".hasSuffix(part))
      }
    }
  }

  private mutating func logic(_ depth: Int, loop: Bool) -> Sample {
    let isAnd = pick(2) == 0
    let parts = (0..<2 + pick(2)).map { _ in bool(depth - 1, loop: loop) }
    return Sample(text: "(" + parts.map(\.text).joined(separator: isAnd ? " && " : " || ") + ")") { x in
      absorb(parts.map { $0.compute(x) }, decisive: !isAnd)
    }
  }

  private mutating func quantifier(_ depth: Int, loop: Bool) -> Sample {
    let isAll = pick(2) == 0
    let (range, body) = (list(depth - 1, loop: loop), bool(depth - 1, loop: true))
    return Sample(text: "\(range.text).\(isAll ? "all" : "exists")(x, \(body.text))") { x in
      guard case .list(let elements) = range.compute(x) else { return range.compute(x) }
      return absorb(elements.map(body.compute), decisive: !isAll)
    }
  }

  mutating func list(_ depth: Int, loop: Bool) -> Sample {
    switch depth <= 0 ? 0 : pick(3) {
    case 1:
      let (range, body) = (list(depth - 1, loop: loop), int(depth - 1, loop: true))
      return Sample(text: "\(range.text).map(x, \(body.text))") { x in
        guard case .list(let elements) = range.compute(x) else { return range.compute(x) }
        return made(elements.map(body.compute))
      }
    case 2:
      let (range, body) = (list(depth - 1, loop: loop), bool(depth - 1, loop: true))
      return Sample(text: "\(range.text).filter(x, \(body.text))") { x in
        guard case .list(let elements) = range.compute(x) else { return range.compute(x) }
        let tests = elements.map(body.compute)
        if let failure = Naive.failure(tests) { return failure }
        return .list(zip(elements, tests).filter { $0.1 == .bool(true) }.map(\.0))
      }
    default:
      let elements = (0..<pick(4)).map { _ in int(depth - 1, loop: loop) }
      return Sample(text: "[\(elements.map(\.text).joined(separator: ", "))]") { x in
        made(elements.map { $0.compute(x) })
      }
    }
  }
}

private func absorb(_ parts: [Naive], decisive: Bool) -> Naive {
  parts.contains(.bool(decisive)) ? .bool(decisive) : Naive.failure(parts) ?? .bool(!decisive)
}

private func made(_ parts: [Naive]) -> Naive {
  Naive.failure(parts)
    ?? .list(
      parts.compactMap { part in
        if case .int(let value) = part { return value }
        return nil
      })
}

struct ReferenceTests {
  private func naive(_ value: Value) -> Naive {
    switch value {
    case .int(let value): .int(value)
    case .bool(let value): .bool(value)
    case .string(let text): .string(text)
    case .list(let elements): made(elements.map(naive))
    case .unknown: .unknown
    default: .error
    }
  }

  @Test(arguments: 0..<8) func agreesWithNaiveInterpreter(seed: UInt64) throws {
    var generator = Generator(random: FuzzRandom(state: seed &* 77 &+ 5))
    let evaluation = Evaluation(testEnvironment)
    evaluation[0] = .object(TestIdentity("robot", enabled: .unknown("no inventory"), uses: .int(7)))
    for round in 0..<400 {
      let sample = round % 3 == 0 ? generator.int(4, loop: false) : generator.bool(4, loop: false)
      let expected = sample.compute(0)
      guard sample.text.utf8.count < 4000 else { continue }
      let program = try testEnvironment.compile(sample.text)
      try #require(naive(program.evaluate(evaluation)) == expected, "\(sample.text)")
      try #require(naive(try testEnvironment.compileUnchecked(sample.text).evaluate(evaluation)) == expected)
      if round % 10 == 0 {
        let traced = try #require(program.explain(evaluation).value)
        #expect(naive(traced) == expected, "\(sample.text)")
      }
    }
  }
}
