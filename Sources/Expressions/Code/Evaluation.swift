/// What one worker evaluates with: the bound variables, the memory of lazies, and the cost so far. Used again and again; not
/// shared between threads.
package final class Evaluation {
  /// The cost above which an evaluation is given up. A unit is about a step over one element or ten bytes of text.
  package var costLimit = 10_000_000

  /// The cost of the last evaluation.
  package private(set) var cost = 0
  /// Why `truth` gave neither yes nor no.
  var failure: Value = .null
  let slots: UnsafeMutableBufferPointer<Value>
  private(set) var locals: UnsafeMutableBufferPointer<Value>
  /// Grows with each change of a variable: what is remembered from before does not count.
  private var generation: UInt64 = 1
  private var memo: [(generation: UInt64, value: Value)] = []
  private weak var memoOwner: Environment.Identity?
  var tracer: Tracer?

  /// For programs compiled in the environment or in one derived from it.
  package init(_ environment: Environment) {
    slots = .allocate(capacity: max(1, environment.variables.count))
    slots.initialize(repeating: .absent)
    locals = .allocate(capacity: 16)
    locals.initialize(repeating: .absent)
  }

  deinit {
    slots.deinitialize()
    slots.deallocate()
    locals.deinitialize()
    locals.deallocate()
  }

  /// The variable with that number in `Environment.variables`; `absent` until it is bound.
  package subscript(slot: Int) -> Value {
    get { slots[slot] }
    set {
      slots[slot] = newValue
      generation += 1
    }
  }

  func start(_ program: Program) {
    cost = 0
    if locals.count < program.localCount { grow(program.localCount) }
    let owner = program.environment.identity
    if memoOwner !== owner {
      memoOwner = owner
      generation += 1
      let count = program.environment.lazies.count
      while memo.count < count { memo.append((0, .absent)) }
    }
  }

  private func grow(_ count: Int) {
    locals.deinitialize()
    locals.deallocate()
    locals = .allocate(capacity: count)
    locals.initialize(repeating: .absent)
  }

  /// The value of a lazy, computed when it is not remembered.
  func lazy(_ number: Int, _ lazies: [Environment.Lazy]) -> Value {
    if memo[number].generation == generation { return memo[number].value }
    let value = lazies[number].program.code.value(self)
    memo[number] = (generation, value)
    return value
  }

  /// Adds to the cost; `false` when it is more than the limit.
  @inline(__always)
  func charge(_ units: Int) -> Bool {
    cost &+= units
    return cost <= costLimit
  }

  var isExhausted: Bool { cost > costLimit }

  var exhaustion: Value {
    .failure("the cost limit of \(costLimit) was reached: the expression does too much work over its data")
  }
}
