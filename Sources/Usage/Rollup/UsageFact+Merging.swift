import Base
package import Model

/// How much of a list a fact keeps. Beyond it, terms are chosen by a fixed hash of the term (the k least), not by arrival: so
/// the kept ones have whole counts and every order of merging keeps the same ones.
enum UsageLimit {
  static let actions = 1024
  /// Distinct resources of an action; beyond it they are reduced to what contains them.
  static let resources = 256
  static let regions = 64
  static let addresses = 256
  static let agents = 64
  static let places = 64
  static let longLivedCredentials = 256
  static let temporaryCredentials = 16
  static let temporaryMark = "temporary-credentials"
  /// The latest ones are kept.
  static let days = 400
}

extension UsageFact {
  /// What both saw of the same principal. The parts must hold disjoint events. Commutative and associative; merging with a
  /// fact of no events changes nothing.
  package func merged(with other: UsageFact) -> UsageFact {
    precondition(principal == other.principal, "facts of one principal are merged")
    var sum = self
    sum.first = min(first, other.first)
    sum.last = max(last, other.last)
    sum.events += other.events
    sum.denied += other.denied
    sum.failed += other.failed
    sum.actions += other.actions
    sum.regions += other.regions
    sum.addresses += other.addresses
    sum.agents += other.agents
    sum.places += other.places
    sum.credentials += other.credentials
    sum.days += other.days
    sum.saturated += other.saturated
    sum.location = nil
    sum.settle()
    return sum
  }

  /// Brings the lists into their one form: each key once, sorted, within the limits.
  mutating func settle() {
    var marks = Set(saturated.map { ExactText($0) })
    settleActions(&marks)
    regions = Self.settled(regions, UsageLimit.regions, "regions", &marks)
    addresses = Self.settled(addresses, UsageLimit.addresses, "addresses", &marks)
    agents = Self.settled(agents, UsageLimit.agents, "agents", &marks)
    places = Self.settled(places, UsageLimit.places, "places", &marks)
    settleCredentials(&marks)
    settleDays(&marks)
    saturated = marks.sorted().map(\.description)
  }

  private static func settled(
    _ terms: [TermUse], _ limit: Int, _ name: String, _ marks: inout Set<ExactText>
  ) -> [TermUse] {
    var terms = joined(terms, by: { byteOrder($0.term, $1.term) }) {
      $0.count += $1.count
      $0.failed += $1.failed
      $0.first = min($0.first, $1.first)
      $0.last = max($0.last, $1.last)
    }
    if keepLeast(&terms, limit, { $0.term }) { marks.insert(ExactText(name)) }
    return terms
  }

  private mutating func settleCredentials(_ marks: inout Set<ExactText>) {
    let all = joined(credentials, by: { byteOrder($0.id, $1.id) }) {
      $0.isTemporary = $0.isTemporary || $1.isTemporary
      $0.count += $1.count
      $0.failed += $1.failed
      $0.first = min($0.first, $1.first)
      $0.last = max($0.last, $1.last)
      $0.lastSuccess = later($0.lastSuccess, $1.lastSuccess)
    }
    // Sessions' keys come and go by the thousand; they must not push out the long-lived ones.
    var long = all.filter { !$0.isTemporary }
    var short = all.filter(\.isTemporary)
    if keepLeast(&long, UsageLimit.longLivedCredentials, { $0.id }) { marks.insert("credentials") }
    if keepLeast(&short, UsageLimit.temporaryCredentials, { $0.id }) {
      marks.insert(ExactText(UsageLimit.temporaryMark))
    }
    credentials = (long + short).sorted { precedes($0.id, $1.id) }
  }

  private mutating func settleDays(_ marks: inout Set<ExactText>) {
    days = joined(days, by: { $0.day < $1.day ? .before : $0.day == $1.day ? .same : .after }) {
      $0.count += $1.count
      $0.denied += $1.denied
      $0.bytesIn = $0.bytesIn.addingSaturated($1.bytesIn)
      $0.bytesOut = $0.bytesOut.addingSaturated($1.bytesOut)
      $0.hours |= $1.hours
    }
    if days.count > UsageLimit.days {
      days.removeFirst(days.count - UsageLimit.days)
      marks.insert("days")
    }
  }
}

/// The facts of both parts, one a principal; both sorted by principal, as is the result. The parts must hold disjoint events.
package func mergeUsage(_ a: [UsageFact], _ b: [UsageFact]) -> [UsageFact] {
  var merged: [UsageFact] = []
  merged.reserveCapacity(max(a.count, b.count))
  var (i, j) = (0, 0)
  while i < a.count && j < b.count {
    switch byteOrder(a[i].principal.description, b[j].principal.description) {
    case .same:
      merged.append(a[i].merged(with: b[j]))
      (i, j) = (i + 1, j + 1)
    case .before:
      merged.append(a[i])
      i += 1
    case .after:
      merged.append(b[j])
      j += 1
    }
  }
  merged += a[i...]
  merged += b[j...]
  return merged
}

extension UInt64 {
  /// The sum, at most `UInt64.max`: a cut sum stays cut in any order of adding.
  fileprivate func addingSaturated(_ other: UInt64) -> UInt64 {
    let (sum, over) = addingReportingOverflow(other)
    return over ? .max : sum
  }
}
