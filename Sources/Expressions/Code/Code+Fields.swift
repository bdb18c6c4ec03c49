/// `operand.field` where the operand's declared type has the field under a number.
final class ObjectField: Reader {
  let operand: Operand
  let number: Int
  let name: String
  let range: SourceRange

  init(_ operand: any Code, _ number: Int, _ name: String, _ range: SourceRange) {
    (self.operand, self.number, self.name, self.range) = (Operand(operand), number, name, range)
  }

  func value(_ evaluation: Evaluation) -> Value {
    let value = read(evaluation)
    return value.isAbsent ? .noSuchKey(name, range) : value
  }

  func read(_ holder: Value, _ evaluation: Evaluation) -> Value {
    switch holder {
    case .object(let object): object.field(number)
    default: DynamicField.select(holder, name, range)
    }
  }

  /// The value in the evaluation's own memory, where it is nobody's to release, if the host object keeps it.
  func kept(_ evaluation: Evaluation) -> UnsafeMutablePointer<Value>? {
    guard let memory = operand.memory(evaluation) else { return nil }
    let holder = memory.move()
    defer { memory.initialize(to: holder) }
    switch holder {
    case .object(let object):
      guard let kept = object.kept(number), !kept.pointee.isAbsent else { return nil }
      evaluation.scratch.borrow(kept)
      return evaluation.scratch
    default: return nil
    }
  }
}

/// `operand.field` on a map, an optional, or an object known only when it runs.
final class DynamicField: Reader {
  let operand: Operand
  let name: String
  let range: SourceRange
  private let key: MapValue.Name

  init(_ operand: any Code, _ name: String, _ range: SourceRange) {
    (self.operand, self.name, self.range) = (Operand(operand), name, range)
    key = MapValue.Name(name)
  }

  func value(_ evaluation: Evaluation) -> Value { read(evaluation) }

  func read(_ holder: Value, _ evaluation: Evaluation) -> Value {
    switch holder {
    case .map(let map): map[key] ?? .noSuchKey(name, range)
    default: DynamicField.select(holder, name, range)
    }
  }

  @inline(never)
  static func select(_ holder: Value, _ name: String, _ range: SourceRange) -> Value {
    if case .optional(let optional) = holder {
      guard let inner = optional.value else { return holder }
      return OptionalField.wrapped(OptionalField.content(inner, nil, name, range))
    }
    guard let found = find(holder, name) else {
      return holder.isFailure ? .joinedFailure(holder, holder) : .noFields(holder, name, range)
    }
    if case .absent = found { return .noSuchKey(name, range) }
    return found
  }

  /// `absent` where the holder has no such field; `nil` where it can have none.
  static func find(_ holder: Value, _ name: String) -> Value? {
    switch holder {
    case .map(let map): map[name] ?? .absent
    case .object(let object): object.type.index(of: name).map(object.field) ?? .absent
    default: nil
    }
  }
}

/// `has(operand.field)`
final class Presence: Condition, Reader {
  let operand: Operand
  /// The field's number where the type is declared.
  let number: Int?
  let name: String
  let range: SourceRange

  init(_ operand: any Code, _ number: Int?, _ name: String, _ range: SourceRange) {
    (self.operand, self.number, self.name, self.range) = (Operand(operand), number, name, range)
  }

  func truth(_ evaluation: Evaluation) -> Truth { read(evaluation) }

  func read(_ holder: Value, _ evaluation: Evaluation) -> Truth {
    guard let number else { return find(holder, evaluation) }
    switch holder {
    case .object(let object): return presence(object.field(number), evaluation)
    default: return find(holder, evaluation)
    }
  }

  private func find(_ holder: Value, _ evaluation: Evaluation) -> Truth {
    if case .optional(let optional) = holder {
      return optional.value.map { find($0, evaluation) } ?? .no
    }
    guard let found = DynamicField.find(holder, name) else {
      return evaluation.fail(holder.isFailure ? .joinedFailure(holder, holder) : .noFields(holder, name, range))
    }
    return presence(found, evaluation)
  }

  private func presence(_ value: Value, _ evaluation: Evaluation) -> Truth {
    switch value {
    case .absent: .no
    case .unknown, .error: evaluation.fail(value)
    default: .yes
    }
  }
}

/// `operand[key]` and `operand[?key]`
final class Index: Reader {
  let operand: Operand
  let key: any Code
  let isOptional: Bool
  let range: SourceRange
  /// A literal text.
  private let name: MapValue.Name?

  init(_ operand: any Code, _ key: any Code, isOptional: Bool, _ range: SourceRange) {
    (self.operand, self.key, self.isOptional, self.range) = (Operand(operand), key, isOptional, range)
    name = (key as? Constant)?.text.map { MapValue.Name($0) }
  }

  func value(_ evaluation: Evaluation) -> Value { read(evaluation) }

  func read(_ holder: Value, _ evaluation: Evaluation) -> Value {
    switch holder {
    case .map(let map):
      guard let name, let value = map[name] else { break }
      guard evaluation.charge(1) else { return evaluation.exhaustion }
      return isOptional ? .optional(of: value) : value
    default: break
    }
    return find(holder, key.value(evaluation), evaluation)
  }

  private func find(_ holder: Value, _ key: Value, _ evaluation: Evaluation) -> Value {
    if holder.isFailure || key.isFailure { return .joinedFailure(holder, key) }
    guard evaluation.charge(1 + key.weight) else { return evaluation.exhaustion }
    if case .optional(let optional) = holder {
      return optional.value.map { find($0, key, isOptional: true) } ?? holder
    }
    return find(holder, key, isOptional: isOptional)
  }

  private func find(_ holder: Value, _ key: Value, isOptional: Bool) -> Value {
    switch holder {
    case .list(let elements):
      guard let at = key.listIndex else { return .failed("a list is indexed by an int, not \(key.typeName)", range) }
      if elements.indices.contains(at) { return isOptional ? .optional(of: elements[at]) : elements[at] }
      return isOptional
        ? .emptyOptional : .failed("index out of range: \(at), the list has \(elements.count) elements", range)
    case .map(let map):
      if let value = map[key] { return isOptional ? .optional(of: value) : value }
      return isOptional ? .emptyOptional : .noSuchKey(key.displayText, range)
    default: return .noOverload("[]", [holder, key], range)
    }
  }
}

extension Value {
  /// Whole numbers of any type index a list.
  var listIndex: Int? {
    switch self {
    case .int(let value): Int(value)
    case .uint(let value): Int(exactly: value)
    case .double(let value): Int(exactly: value)
    default: nil
    }
  }

  // Out of line, so that what comes often stays small.

  @inline(never)
  static func failed(_ message: String, _ range: SourceRange) -> Value {
    .error(EvaluationError(message, at: range))
  }

  @inline(never)
  static func noSuchKey(_ name: String, _ range: SourceRange) -> Value { .failed("no such key: \(name)", range) }

  @inline(never)
  static func noFields(_ holder: Value, _ name: String, _ range: SourceRange) -> Value {
    .failed("\(holder.typeName) has no fields, so no `\(name)`", range)
  }
}
