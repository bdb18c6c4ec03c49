import Base
import Model

/// How far the resources of an action are reduced. The level follows from the set of all its resources alone (the least at which
/// they are few enough), so merging parts in any order ends at the same one.
private enum Reduction: Int, Comparable {
  case none, container, all

  static func < (a: Reduction, b: Reduction) -> Bool { a.rawValue < b.rawValue }

  /// The entry of `saturated` that says so.
  func mark(_ action: String) -> ExactText? {
    switch self {
    case .none: nil
    case .container: ExactText("resources of \(action)")
    case .all: ExactText("all resources of \(action)")
    }
  }

  static func isMark(_ mark: ExactText) -> Bool {
    ["resources of ", "all resources of "].contains(where: mark.description.hasPrefix)
  }

  func apply(_ resource: String) -> String {
    switch self {
    case .none: resource
    case .container: ResourceContainer.name(of: resource)
    case .all: resource.isEmpty ? "" : "*"
    }
  }
}

extension UsageFact {
  mutating func settleActions(_ marks: inout Set<ExactText>) {
    var uses = Self.joinedUses(actions)
    var names: [String] = []
    for use in uses where names.last.map({ byteOrder($0, use.action) != .same }) ?? true { names.append(use.action) }
    if keepLeast(&names, UsageLimit.actions, { $0 }) {
      marks.insert("actions")
      let kept = Set(names.map { ExactText($0) })
      uses.removeAll { !kept.contains(ExactText($0.action)) }
    }
    var settled: [ActionUse] = []
    settled.reserveCapacity(uses.count)
    var start = 0
    while start < uses.count {
      var end = start + 1
      while end < uses.count && byteOrder(uses[end].action, uses[start].action) == .same { end += 1 }
      settled += Self.reduced(uses[start..<end], &marks)
      start = end
    }
    actions = settled
    // Marks of actions that are no longer kept would depend on the order of merging.
    let kept = Set(names.flatMap { name in [Reduction.container, .all].compactMap { $0.mark(name) } })
    marks = marks.filter { !Reduction.isMark($0) || kept.contains($0) }
  }

  private static func joinedUses(_ uses: [ActionUse]) -> [ActionUse] {
    joined(uses) { a, b in
      let byAction = byteOrder(a.action, b.action)
      return byAction == .same ? byteOrder(a.resource, b.resource) : byAction
    } add: {
      $0.count += $1.count
      $0.denied += $1.denied
      $0.failed += $1.failed
      $0.first = min($0.first, $1.first)
      $0.last = max($0.last, $1.last)
      $0.lastSuccess = later($0.lastSuccess, $1.lastSuccess)
    }
  }

  /// The uses of one action, reduced as far as needed.
  private static func reduced(_ uses: ArraySlice<ActionUse>, _ marks: inout Set<ExactText>) -> [ActionUse] {
    guard let action = uses.first?.action else { return [] }
    var level = Reduction.none
    for known in [Reduction.container, .all] where known.mark(action).map({ marks.contains($0) }) ?? false {
      level = known
    }
    var result = Array(uses)
    while true {
      if level != .none {
        for index in result.indices { result[index].resource = level.apply(result[index].resource) }
        result = joinedUses(result)
      }
      guard result.count > UsageLimit.resources, let next = Reduction(rawValue: level.rawValue + 1) else { break }
      level = next
    }
    for known in [Reduction.container, .all] { _ = known.mark(action).map { marks.remove($0) } }
    if let mark = level.mark(action) { marks.insert(mark) }
    return result
  }
}
