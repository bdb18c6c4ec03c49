/// What one worker evaluates with: the bound variables, the memory of lazies, and the cost so far. Used again and again; not
/// shared between threads.
package final class Evaluation {
  /// What changes with every step: behind a pointer, since every access to a class's own variable is checked for exclusivity.
  struct State {
    var cost = 0
    var costLimit = 10_000_000
    /// Why `truth` gave neither yes nor no.
    var failure = Value.null
    /// Grows with each change of a variable: what is remembered from before does not count.
    var generation: UInt64 = 1
    var memo: [(generation: UInt64, value: Value)] = []
    /// The environment whose lazies are remembered.
    var memoOwner: Environment.Identity?
    var localCount = 16
    var locals: UnsafeMutablePointer<Value>
    var tracer: Tracer?
  }

  let slots: UnsafeMutablePointer<Value>
  private let slotCount: Int
  let state: UnsafeMutablePointer<State>
  /// For one value that belongs to somebody else, while it is taken from here.
  let scratch: UnsafeMutablePointer<Value>

  /// For programs compiled in the environment or in one derived from it.
  package init(_ environment: Environment) {
    slotCount = max(1, environment.variables.count)
    slots = .allocate(capacity: slotCount)
    slots.initialize(repeating: .absent, count: slotCount)
    state = .allocate(capacity: 1)
    scratch = .allocate(capacity: 1)
    let locals = UnsafeMutablePointer<Value>.allocate(capacity: 16)
    locals.initialize(repeating: .absent, count: 16)
    state.initialize(to: State(locals: locals))
  }

  deinit {
    slots.deinitialize(count: slotCount)
    slots.deallocate()
    state.pointee.locals.deinitialize(count: state.pointee.localCount)
    state.pointee.locals.deallocate()
    state.deinitialize(count: 1)
    state.deallocate()
    scratch.deallocate()
  }

  /// The cost above which an evaluation is given up. A unit is about a step over one element or ten bytes of text.
  package var costLimit: Int {
    get { state.pointee.costLimit }
    set { state.pointee.costLimit = newValue }
  }

  /// The cost of the last evaluation.
  package var cost: Int { state.pointee.cost }

  /// The variable with that number in `Environment.variables`; `absent` until it is bound.
  package subscript(slot: Int) -> Value {
    get {
      precondition(slot >= 0 && slot < slotCount, "a variable's number is its place in the environment")
      return slots[slot]
    }
    set {
      precondition(slot >= 0 && slot < slotCount, "a variable's number is its place in the environment")
      // Not assigned: that would hold the new value once more until the old one is gone.
      (slots + slot).deinitialize(count: 1)
      (slots + slot).initialize(to: newValue)
      state.pointee.generation &+= 1
    }
  }

  /// Gives back what the variable was before, for `endLending`.
  func lend(_ value: UnsafePointer<Value>, to slot: Int) -> Value {
    precondition(slot >= 0 && slot < slotCount, "a variable's number is its place in the environment")
    let bound = (slots + slot).move()
    (slots + slot).borrow(value)
    state.pointee.generation &+= 1
    return bound
  }

  func endLending(_ slot: Int, _ bound: consuming Value) {
    (slots + slot).initialize(to: bound)
    state.pointee.generation &+= 1
  }

  var locals: UnsafeMutablePointer<Value> {
    @inline(__always) get { state.pointee.locals }
  }

  var failure: Value {
    @inline(__always) get { state.pointee.failure }
  }

  func start(_ program: Program) {
    precondition(
      program.variableCount <= slotCount, "an evaluation is for one environment and those derived")
    state.pointee.cost = 0
    if state.pointee.localCount < program.localCount { grow(program.localCount) }
    if state.pointee.memoOwner !== program.environment.identity { forget(program.environment) }
  }

  private func forget(_ environment: Environment) {
    state.pointee.memoOwner = environment.identity
    state.pointee.generation += 1
    let missing = environment.lazies.count - state.pointee.memo.count
    if missing > 0 { state.pointee.memo += Array(repeating: (0, .absent), count: missing) }
  }

  private func grow(_ count: Int) {
    locals.deinitialize(count: state.pointee.localCount)
    locals.deallocate()
    state.pointee.locals = .allocate(capacity: count)
    locals.initialize(repeating: .absent, count: count)
    state.pointee.localCount = count
  }

  /// The value of a lazy, computed when it is not remembered.
  func lazy(_ number: Int, _ lazies: [Environment.Lazy]) -> Value {
    let generation = state.pointee.generation
    if state.pointee.memo[number].generation == generation { return state.pointee.memo[number].value }
    let value = lazies[number].program.code.value(self)
    state.pointee.memo[number] = (generation, value)
    return value
  }

  /// Adds to the cost; `false` when it is more than the limit.
  @inline(__always)
  func charge(_ units: Int) -> Bool {
    state.pointee.cost &+= units
    return state.pointee.cost <= state.pointee.costLimit
  }

  /// Charges for a walk over all of the value.
  @inline(__always)
  func chargeAll(_ value: Value) -> Bool {
    switch value {
    case .list, .map, .optional: charge(value.deepWeight(costLimit - cost + 1))
    default: charge(value.weight)
    }
  }

  var isExhausted: Bool { state.pointee.cost > state.pointee.costLimit }

  var exhaustion: Value { makeExhaustion() }

  @inline(never)
  private func makeExhaustion() -> Value {
    .failure("the cost limit of \(costLimit) was reached: the expression does too much work over its data")
  }
}
