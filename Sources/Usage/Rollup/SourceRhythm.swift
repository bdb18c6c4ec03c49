private import Glibc

/// At which hours of the week a source speaks, and which silence that does not explain.
///
/// Of each of the 168 hours of the week it is known in how many of the weeks it had events. Silence is told by how little likely it is
/// were each hour on its own: nights and weekends of an office, the one hour of a nightly job, do not count. What is told is no part
/// of the rhythm: the rest is looked at again without it.
struct SourceRhythm {
  private static let week = Int64(168)
  /// Fewer pauses between hours with events are no rhythm yet.
  private static let leastPauses = 20
  /// Silence up to so many hours is never told.
  private static let shortest = Int64(6)
  /// Silence that comes once in a thousand times.
  private static let mostLikely = 7.0
  /// Often enough: silence that is told leaves fewer hours, which are not to be told in turn without end.
  private static let rounds = 4

  /// The hours with events, from the epoch; sorted.
  private let hours: [Int64]

  init(_ hours: [Int64]) { self.hours = hours }

  /// Neighbours in `hours` with silence between them that is unlike the source.
  var gaps: [(before: Int64, after: Int64)] {
    let pauses = Array(zip(hours, hours.dropFirst()))
    if pauses.count < Self.leastPauses { return [] }
    let long = pauses.filter { $1 - $0 > Self.shortest }
    var found: [(before: Int64, after: Int64)] = []
    for _ in 0..<Self.rounds {
      let surprise = surprise(without: found)
      let all = long.filter { Self.sum(surprise, after: $0, before: $1) >= Self.mostLikely }
      if all.count == found.count { break }
      found = all.map { (before: $0.0, after: $0.1) }
    }
    return found
  }

  /// How surprising it is that an hour of the week is silent: the negative logarithm of its likelihood.
  private func surprise(without gaps: [(before: Int64, after: Int64)]) -> [Double] {
    guard let first = hours.first, let last = hours.last else { return [] }
    let ones = [Double](repeating: 1, count: Int(Self.week))
    var known = Self.counts(from: first, upTo: last + 1)
    for gap in gaps {
      for (slot, count) in Self.counts(from: gap.before + 1, upTo: gap.after).enumerated() { known[slot] -= count }
    }
    var active = [Double](repeating: 0, count: ones.count)
    for hour in hours { active[Self.slot(hour)] += 1 }
    // Of few weeks little is known: the source as a whole counts as one week more.
    let usual = Double(hours.count) / max(1, known.reduce(0, +))
    return zip(active, known).map { active, known in
      -log(1 - min(0.95, (active + usual) / (max(active, known) + 1)))
    }
  }

  private static func slot(_ hour: Int64) -> Int { Int(hour - week * hour.flooredDivision(by: week)) }

  /// How often each hour of the week comes in a span of hours.
  private static func counts(from first: Int64, upTo end: Int64) -> [Double] {
    let (weeks, rest) = max(0, end - first).quotientAndRemainder(dividingBy: week)
    var counts = [Double](repeating: Double(weeks), count: Int(week))
    for hour in 0..<rest { counts[slot(first + hour)] += 1 }
    return counts
  }

  private static func sum(_ surprise: [Double], after before: Int64, before after: Int64) -> Double {
    zip(surprise, counts(from: before + 1, upTo: after)).reduce(0) { $0 + $1.0 * $1.1 }
  }
}
