import Base
import Model

extension Declaration {
  /// What each key says, whatever the order of lists and wherever it stands: for telling which keys a change touches.
  fileprivate var texts: [(key: String, text: [String])] {
    [
      ("principals", principals.map(\.value.description).sorted()),
      ("kind", [kind?.value.rawValue ?? ""]),
      ("owner", [owner?.value.description ?? ""]),
      ("backup", [backup?.value.description ?? ""]),
      ("purpose", [purpose?.value ?? ""]),
      ("serves", serves.map { "\($0.key)=\($0.value)" }.sorted()),
      ("environments", environments.map(\.value).sorted()),
      ("criticality", [criticality?.value ?? ""]),
      ("data", data.map(\.value).sorted()),
      ("expires", [expires?.value.description ?? ""]),
      (
        "credentials",
        [credentialMaxAge?.value.description ?? "", credentialOverlap?.value.description ?? ""]
      ),
      ("scope", [scopeDigest(scope)]),
      ("behaviour", behaviour.texts),
      ("review", [reviewEvery?.value.description ?? ""]),
      ("third-party", thirdParty.map { "\($0.key)=\($0.value)" }.sorted()),
      ("agent", agent.map { "\($0.key)=\($0.value)" }.sorted()),
      ("shared", [sharedWhy?.value ?? ""]),
    ]
  }

  /// The keys that say something else in the other version.
  func changedKeys(since other: Declaration) -> [String] {
    zip(texts, other.texts).filter { $0.text != $1.text }.map(\.0.key)
  }
}

extension Behaviour {
  fileprivate var texts: [String] {
    [regions, networks, destinations].map { $0.map(\.value).sorted().joined(separator: "\n") } + [
      schedule?.words ?? "", maxBytesPerDay.map { String($0.value) } ?? "",
    ]
  }

  /// What the other version's limits did not allow, in words.
  func looser(than other: Behaviour, at now: Instant) -> [String] {
    var found: [String] = []
    for (name, mine, others) in [
      ("region", regions, other.regions), ("network", networks, other.networks),
      ("destination", destinations, other.destinations),
    ] where !others.isEmpty {
      if mine.isEmpty { found.append("any \(name)") }
      found += mine.map(\.value).filter { !others.map(\.value).contains($0) }.map { "\(name) \($0)" }
    }
    if let before = other.schedule {
      if let schedule {
        // A week of quarters tells what words cannot: zones and nights.
        let start = now.day.start
        let hours = (0..<Int64(168)).map { start.advanced(by: Milliseconds($0 * 3_600_000)) }
        if hours.contains(where: { schedule.includes(hourFrom: $0) && !before.includes(hourFrom: $0) }) {
          found.append("schedule \(schedule.words)")
        }
      } else {
        found.append("any time")
      }
    }
    if let before = other.maxBytesPerDay {
      if let most = maxBytesPerDay {
        if most.value > before.value { found.append("\(most.value) bytes a day") }
      } else {
        found.append("any number of bytes a day")
      }
    }
    return found
  }
}
