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

  /// Silence between two hours with events.
  typealias Silence = (before: Int64, after: Int64)

  /// The hours with events, from the epoch; sorted.
  private let hours: [Int64]
  /// Silence that is explained, each within a pause of these hours, before or behind them: nothing is concluded from it.
  private let explained: [Silence]

  init(_ hours: [Int64], explained: [Silence] = []) {
    self.hours = hours
    self.explained = explained
  }

  /// Neighbours in `hours` with silence between them that is unlike the source.
  var gaps: [Silence] {
    let pauses = Array(zip(hours, hours.dropFirst()))
    if pauses.count < Self.leastPauses { return [] }
    let long = pauses.filter { $1 - $0 > Self.shortest }
    var found: [Silence] = []
    for _ in 0..<Self.rounds {
      let surprise = surprise(without: found)
      let all = long.filter { unexplained(after: $0, before: $1, surprise) >= Self.mostLikely }
      if all.count == found.count { break }
      found = all.map { (before: $0.0, after: $0.1) }
    }
    return found
  }

  /// Whether silence that began after the last hour and has lasted up to `end` is unlike the source.
  func isUnlike(silentUpTo end: Int64) -> Bool {
    guard let last = hours.last, hours.count > Self.leastPauses, end - last > Self.shortest else { return false }
    return unexplained(after: last, before: end, surprise(without: gaps)) >= Self.mostLikely
  }

  /// How surprising it is that an hour of the week is silent: the negative logarithm of its likelihood.
  private func surprise(without gaps: [Silence]) -> [Double] {
    guard let first = hours.first, let last = hours.last else { return [] }
    let ones = [Double](repeating: 1, count: Int(Self.week))
    var known = Self.counts(from: first, upTo: last + 1)
    let others = explained.filter { gap in
      first <= gap.before && gap.after <= last && !gaps.contains { $0.before <= gap.before && gap.after <= $0.after }
    }
    for gap in gaps + others {
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

  /// How surprising the silence is that is not explained.
  private func unexplained(after before: Int64, before after: Int64, _ surprise: [Double]) -> Double {
    func sum(_ first: Int64, _ end: Int64) -> Double {
      zip(surprise, Self.counts(from: first, upTo: end)).reduce(0) { $0 + $1.0 * $1.1 }
    }
    return explained.reduce(sum(before + 1, after)) { rest, gap in
      rest - sum(max(before, gap.before) + 1, min(after, gap.after))
    }
  }
}
