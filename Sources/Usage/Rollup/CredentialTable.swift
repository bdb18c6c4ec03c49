/// Uses of credentials by identities. Keys of sessions come by the hundred thousand and few of them are kept: once an identity has
/// too many, those whose hash is too large to be kept are passed over on arrival (see `UsageLimit`).
struct CredentialTable: ~Copyable {
  private var cells = CellTable<(tally: Tally, isTemporary: Bool)>(capacity: 4096)
  /// By identity.
  private var sessions: [SessionKeys] = []

  private struct SessionKeys {
    /// Greater hashes are not kept.
    var threshold = UInt64.max
    /// Hash and place of the keys that are.
    var kept: [(hash: UInt64, place: Int)] = []
    var isSaturated = false

    /// Remembers a new key; with twice too many, the half with the greater hashes goes.
    mutating func keep(_ hash: UInt64, _ place: Int) {
      kept.append((hash, place))
      let limit = UsageLimit.temporaryCredentials
      if kept.count < limit * 2 { return }
      kept.sort { $0.hash < $1.hash }
      kept.removeLast(kept.count - limit)
      threshold = kept[limit - 1].hash
      isSaturated = true
    }
  }

  init() {}

  var memory: Int { cells.memory + sessions.count * 1024 }

  /// Counts the event; the number of the credential plus one, 0 where it is not kept. `hash` is its fixed one.
  @inline(__always)
  mutating func add(
    _ identity: UInt32, _ event: borrowing LogEvent, _ hash: UInt64, _ texts: inout TextTable
  ) -> UInt32 {
    let isTemporary = event.isTemporary
    if isTemporary {
      while sessions.count <= Int(identity) { sessions.append(SessionKeys()) }
      if hash > sessions[Int(identity)].threshold { return 0 }
    }
    let before = cells.count
    let number = texts.number(of: event.credential)
    let place = cells.place(identity, number, initial: (Tally(), isTemporary))
    cells[place].tally.add(time: event.time, isFailed: event.isFailed, isDenied: event.isDenied)
    if isTemporary && place == before { sessions[Int(identity)].keep(hash, place) }
    return number + 1
  }

  /// Hands each use to `give`: the number of its identity, whether it is of a session, the number of its text, its counts.
  borrowing func drain(_ give: (Int, Bool, UInt32, Tally) -> Void, markSaturated: (Int) -> Void) {
    func hand(_ place: Int) {
      let cell = cells.cell(at: place)
      give(cell.owner, cell.value.isTemporary, cell.term, cell.value.tally)
    }
    for place in 0..<cells.count where !cells[place].isTemporary { hand(place) }
    for (identity, keys) in sessions.enumerated() {
      for key in keys.kept { hand(key.place) }
      if keys.isSaturated { markSaturated(identity) }
    }
  }
}
