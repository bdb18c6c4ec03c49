import Synchronization

/// Tells an event from its second delivery, over all files and threads of a run.
///
/// Events are kept by the hour they happened in, 8 bytes each: 48 bits of a hash of the event's id and 16 of what it says. An id
/// that comes again with other content is no second delivery: both count, and `conflicts` says so. That way nothing depends on
/// which of them came first.
final class DistinctEvents: Sendable {
  /// Seeds of the hashes: nobody can prepare ids that collide.
  let seed = UInt64.random(in: .min ... .max)
  private let stripes: [Stripe]

  init() { stripes = (0..<64).map { _ in Stripe() } }

  /// Whether the event is new.
  @inline(__always)
  func insert(id: UInt64, content: UInt64, time: Int64) -> Bool {
    let hour = time.flooredDivision(by: 3_600_000)
    let stripe = stripes[Int(truncatingIfNeeded: hour & 63)]
    let entry = id & 0xFFFF_FFFF_FFFF_0000 | content >> 48
    // 0 marks free room.
    return stripe.hours.withLock { $0.insert(entry == 0 ? 1 : entry, hour) }
  }

  /// How often an id came with new content.
  var conflicts: UInt64 { stripes.reduce(0) { $0 + $1.hours.withLock { $0.conflicts } } }

  private final class Stripe: Sendable {
    let hours = Mutex(Hours())
  }

  private struct Hours: Sendable {
    var numbers: [Int64: Int] = [:]
    var sets: [HourSet] = []
    var last = (hour: Int64.min, index: 0)
    var conflicts: UInt64 = 0

    mutating func insert(_ entry: UInt64, _ hour: Int64) -> Bool {
      if last.hour != hour {
        let index = numbers[hour] ?? sets.count
        if index == sets.count {
          numbers[hour] = index
          sets.append(HourSet())
        }
        last = (hour, index)
      }
      return sets[last.index].insert(entry, &conflicts)
    }
  }
}

/// The events of one hour: open addressing by the upper bits, filled to at most four fifths.
private struct HourSet: Sendable {
  private var slots = [UInt64](repeating: 0, count: 8)
  private var count = 0

  mutating func insert(_ entry: UInt64, _ conflicts: inout UInt64) -> Bool {
    var at = home(entry)
    var isKnownID = false
    while slots[at] != 0 {
      if slots[at] == entry { return false }
      if (slots[at] ^ entry) >> 16 == 0 { isKnownID = true }
      at = at + 1 == slots.count ? 0 : at + 1
    }
    slots[at] = entry
    count += 1
    if isKnownID { conflicts += 1 }
    if count * 5 > slots.count * 4 { grow() }
    return true
  }

  /// Multiplied instead of masked: the room may grow by halves.
  private func home(_ entry: UInt64) -> Int { Int(entry.multipliedFullWidth(by: UInt64(slots.count)).high) }

  private mutating func grow() {
    let old = slots
    slots = [UInt64](repeating: 0, count: old.count + max(8, old.count / 2))
    for entry in old where entry != 0 {
      var at = home(entry)
      while slots[at] != 0 { at = at + 1 == slots.count ? 0 : at + 1 }
      slots[at] = entry
    }
  }
}
