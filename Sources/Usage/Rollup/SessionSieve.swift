/// Which keys of sessions are counted. They come by the hundred thousand and few of them are kept: once an identity has too many, those
/// whose hash is too large to be kept are passed over on arrival (see `UsageLimit`).
struct SessionSieve: ~Copyable {
  /// By identity.
  private var sessions: [Keys] = []
  /// (identity, key): whether it is known.
  private var known = CellTable<Bool>(capacity: 4096)

  private struct Keys {
    /// Greater hashes are not kept.
    var threshold = UInt64.max
    /// The hashes that are.
    var kept: [UInt64] = []

    var isSaturated: Bool { threshold < .max }

    /// Remembers a new key; with twice too many, the half with the greater hashes goes.
    mutating func keep(_ hash: UInt64) {
      kept.append(hash)
      let limit = UsageLimit.temporaryCredentials
      if kept.count < limit * 2 { return }
      kept.sort()
      kept.removeLast(kept.count - limit)
      threshold = kept[limit - 1]
    }
  }

  init() {}

  var memory: Int { known.memory + sessions.count * 512 }

  /// Whether a key of that fixed hash is still kept.
  @inline(__always)
  func keeps(_ identity: UInt32, _ hash: UInt64) -> Bool {
    sessions.count <= Int(identity) || hash <= sessions[Int(identity)].threshold
  }

  /// Whether some of the identity's keys were passed over.
  func isSaturated(_ identity: Int) -> Bool { identity < sessions.count && sessions[identity].isSaturated }

  /// Learns the key of a new combination.
  mutating func learn(_ identity: UInt32, _ number: UInt32, _ hash: UInt64) {
    let before = known.count
    _ = known.place(identity, number, initial: true)
    if known.count == before { return }
    while sessions.count <= Int(identity) { sessions.append(Keys()) }
    sessions[Int(identity)].keep(hash)
  }
}
