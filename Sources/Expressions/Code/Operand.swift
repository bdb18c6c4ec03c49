/// Code whose value is looked at and not kept.
struct Operand: Sendable {
  private enum Place { case none, slot, local }

  let code: any Code
  private let field: ObjectField?
  private let place: Place
  private let number: Int

  /// Host objects rarely keep texts and numbers: those are made when asked for.
  init(_ code: any Code, isMade: Bool = false) {
    self.code = code
    field = isMade ? nil : code as? ObjectField
    switch code {
    case let slot as Slot: (place, number) = (.slot, slot.number)
    case let local as LocalVariable: (place, number) = (.local, local.number)
    default: (place, number) = (.none, 0)
    }
  }

  /// Where the value lies, if it is a variable's that has one, or a field's that the host object keeps.
  @inline(__always)
  func memory(_ evaluation: Evaluation) -> UnsafeMutablePointer<Value>? {
    switch place {
    case .none: return field?.kept(evaluation)
    case .local: return evaluation.locals + number
    case .slot:
      let memory = evaluation.slots + number
      return memory.pointee.isAbsent ? nil : memory
    }
  }
}

/// Code that looks at the value of an operand.
protocol Reader: Code {
  associatedtype Answer
  var operand: Operand { get }
  func read(_ value: Value, _ evaluation: Evaluation) -> Answer
}

extension Reader {
  /// Reads the value of a variable where it lies: a copy counts references, which costs more than most operators. So the value
  /// is taken out and put back, for nothing. Meanwhile the place still holds the same bits, for others that read it in the same
  /// way, and nobody binds it. For the same reason `read` should `switch` over the value: `if case` copies what it finds
  /// (Swift 6.3).
  @inline(__always)
  func read(_ evaluation: Evaluation) -> Answer {
    guard let memory = operand.memory(evaluation) else { return read(operand.code.value(evaluation), evaluation) }
    let value = memory.move()
    let answer = read(value, evaluation)
    memory.initialize(to: value)
    return answer
  }
}

extension UnsafeMutablePointer<Value> {
  /// Sets a variable, which has nothing to release, to a value without a copy; somebody holds the value until `endBorrowing`.
  @inline(__always)
  func borrow(_ element: UnsafePointer<Value>) {
    UnsafeMutableRawPointer(self).copyMemory(from: element, byteCount: MemoryLayout<Value>.size)
  }

  /// Forgets what was borrowed.
  @inline(__always)
  func endBorrowing() { initialize(to: .absent) }
}
