/// What one identity did, in numbers of a part's texts: joining by integers makes the merge of 100,000 identities a matter of
/// tenths of a second (`Model.UsageFact` is the same for readers).
struct UsageRecord: Sendable {
  var identity: UInt32
  var total = Tally()
  /// Sorted by `key`, each once.
  var cells: [UsageCell] = []
  /// Sorted by day, each once.
  var days: [DayCell] = []
  /// Bits by `UsageCell.Kind`, and `daysBit`: those lists are not whole.
  var saturated: UInt16 = 0
  static let daysBit: UInt16 = 1 << 15
  /// How far the resources of an action are reduced, where they are; sorted by action.
  var reductions: [ActionReduction] = []

  func isSaturated(_ kind: UsageCell.Kind) -> Bool { saturated & 1 << kind.rawValue != 0 }
  mutating func saturate(_ kind: UsageCell.Kind) { saturated |= 1 << kind.rawValue }
}

/// How often an identity met something: an action on a resource, or a term of a kind.
struct UsageCell: Sendable {
  /// `session` are credentials of sessions.
  enum Kind: UInt8, CaseIterable { case action, region, address, agent, place, credential, session }

  /// The kind in the upper half, the number of the term's text in the lower one.
  var head: UInt64
  /// Of an action, the number of the resource's text; else 0.
  var resource: UInt32
  var tally: Tally

  init(_ kind: Kind, _ term: UInt32, resource: UInt32 = 0, _ tally: Tally) {
    head = UInt64(kind.rawValue) << 32 | UInt64(term)
    self.resource = resource
    self.tally = tally
  }

  var kind: Kind { Kind(rawValue: UInt8(truncatingIfNeeded: head >> 32)) ?? .action }

  var term: UInt32 {
    get { UInt32(truncatingIfNeeded: head) }
    set { head = head & 0xFFFF_FFFF_0000_0000 | UInt64(newValue) }
  }

  @inline(__always)
  static func precedes(_ a: UsageCell, _ b: UsageCell) -> Bool {
    a.head == b.head ? a.resource < b.resource : a.head < b.head
  }

  @inline(__always)
  static func isSame(_ a: UsageCell, _ b: UsageCell) -> Bool { a.head == b.head && a.resource == b.resource }
}

/// One UTC day of an identity. Sums of bytes have room for any number of events: second deliveries are taken out again.
struct DayCell: Sendable {
  var day: Int32
  var hours: UInt32 = 0
  var count: UInt64 = 0
  var denied: UInt64 = 0
  var bytesIn: UInt128 = 0
  var bytesOut: UInt128 = 0

  mutating func add(_ other: DayCell) {
    hours |= other.hours
    count += other.count
    denied += other.denied
    bytesIn += other.bytesIn
    bytesOut += other.bytesOut
  }
}

/// How far an action's resources are reduced: 1 to what contains them, 2 to `*`.
struct ActionReduction: Sendable, Equatable {
  var action: UInt32
  var level: UInt8
}

extension Tally {
  mutating func add(_ other: Tally) {
    count += other.count
    failed += other.failed
    denied += other.denied
    first = min(first, other.first)
    last = max(last, other.last)
    lastSuccess = max(lastSuccess, other.lastSuccess)
  }
}
