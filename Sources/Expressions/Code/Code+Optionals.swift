/// Code whose value is an optional, and that can say what is in it without making one: conditions then allocate nothing.
protocol OptionalCode: Code {
  /// `absent` for none; a failure as it is.
  func content(_ evaluation: Evaluation) -> Value
}

/// `operand.?field`, and `operand.field` where the operand is an optional.
final class OptionalField: OptionalCode, Reader {
  let operand: Operand
  private let inner: (any OptionalCode)?
  /// The field's number where the type is declared.
  let number: Int?
  let name: String
  let range: SourceRange

  init(_ operand: any Code, _ number: Int?, _ name: String, _ range: SourceRange) {
    (self.operand, self.number, self.name, self.range) = (Operand(operand), number, name, range)
    inner = operand as? any OptionalCode
  }

  func content(_ evaluation: Evaluation) -> Value {
    // `switch`, since `if let` counts a reference to what it finds.
    switch inner {
    case nil: return read(evaluation)
    case .some(let inner):
      let holder = inner.content(evaluation)
      return holder.isAbsent ? holder : read(holder, evaluation)
    }
  }

  func read(_ holder: Value, _ evaluation: Evaluation) -> Value {
    guard let number else { return OptionalField.content(holder, nil, name, range) }
    switch holder {
    case .object(let object): return OptionalField.flattened(object.field(number))
    default: return OptionalField.content(holder, number, name, range)
    }
  }

  func value(_ evaluation: Evaluation) -> Value { OptionalField.wrapped(content(evaluation)) }

  static func content(_ holder: Value, _ number: Int?, _ name: String, _ range: SourceRange) -> Value {
    let found: Value
    switch holder {
    case .optional(let optional): return optional.value.map { content($0, number, name, range) } ?? .absent
    case .object(let object):
      guard let number = number ?? object.type.index(of: name) else { return .absent }
      found = object.field(number)
    default:
      guard let value = DynamicField.find(holder, name) else {
        return holder.isFailure ? .joinedFailure(holder, holder) : .noFields(holder, name, range)
      }
      found = value
    }
    return flattened(found)
  }

  @inline(__always)
  private static func flattened(_ found: Value) -> Value {
    switch found {
    case .optional(let optional): optional.value ?? .absent
    default: found
    }
  }

  static func wrapped(_ content: Value) -> Value {
    switch content {
    case .absent: .emptyOptional
    case .error, .unknown: content
    default: .optional(of: content)
    }
  }
}

/// `optional.hasValue()` of code that can say so without making an optional.
final class OptionalTest: Condition {
  let optional: any OptionalCode
  init(_ optional: any OptionalCode) { self.optional = optional }

  func truth(_ evaluation: Evaluation) -> Truth {
    switch optional.content(evaluation) {
    case .absent: .no
    case let value: value.isFailure ? evaluation.fail(value) : .yes
    }
  }
}

/// `optMap` and `optFlatMap`
final class OptionalMap: Code {
  let (number, target, body): (Int, any Code, any Code)
  let isFlat: Bool
  let range: SourceRange

  init(_ number: Int, _ target: any Code, _ body: any Code, isFlat: Bool, _ range: SourceRange) {
    (self.number, self.target, self.body, self.isFlat, self.range) = (number, target, body, isFlat, range)
  }

  func value(_ evaluation: Evaluation) -> Value {
    let holder = target.value(evaluation)
    guard case .optional(let optional) = holder else {
      return holder.isFailure ? .joinedFailure(holder, holder) : .noOverload("optMap", [holder], range)
    }
    guard let inner = optional.value else { return holder }
    evaluation.locals[number] = inner
    let value = body.value(evaluation)
    if value.isFailure { return .joinedFailure(value, value) }
    if !isFlat { return .optional(of: value) }
    if case .optional = value { return value }
    return .failed("optFlatMap wants an optional as its result, not \(value.typeName)", range)
  }
}

/// `optional.orValue(other)` of code that need not make an optional.
final class ContentElse: Code {
  let optional: any OptionalCode
  let other: any Code
  init(_ optional: any OptionalCode, _ other: any Code) { (self.optional, self.other) = (optional, other) }

  func value(_ evaluation: Evaluation) -> Value {
    let value = optional.content(evaluation)
    return value.isAbsent ? other.value(evaluation) : value
  }
}

/// `optional.or(other)` and `optional.orValue(other)`: the other is only computed when it is needed.
final class OptionalElse: Code {
  let (optional, other): (any Code, any Code)
  /// Whether the result is an optional.
  let isOptional: Bool
  let range: SourceRange

  init(_ optional: any Code, _ other: any Code, isOptional: Bool, _ range: SourceRange) {
    (self.optional, self.other, self.isOptional, self.range) = (optional, other, isOptional, range)
  }

  func value(_ evaluation: Evaluation) -> Value {
    let holder = optional.value(evaluation)
    guard case .optional(let content) = holder else {
      return holder.isFailure
        ? .joinedFailure(holder, holder) : .noOverload(isOptional ? "or" : "orValue", [holder], range)
    }
    if let value = content.value { return isOptional ? holder : value }
    let value = other.value(evaluation)
    if isOptional, !value.isFailure, value.asOptional == nil { return .noOverload("or", [holder, value], range) }
    return value
  }
}
