import Base
import Usage

/// Who acted, not yet written.
struct KeptActor {
  var hash: UInt64
  /// The number of the name.
  var identity: Int64
  var credential: String
  var isTemporary: Bool
  var session: UInt64
  var started: Instant?
  var first: Instant
  var last: Instant

  fileprivate func precedes(_ other: KeptActor) -> Bool {
    // The order of the table: neighbours share its pages.
    identity == other.identity
      ? Int64(bitPattern: hash) < Int64(bitPattern: other.hash) : identity < other.identity
  }

  /// Takes in what else is known of the same actor.
  fileprivate mutating func join(_ other: KeptActor) {
    first = min(first, other.first)
    last = max(last, other.last)
    if session == 0 || (other.session != 0 && other.beginsBefore(self)) {
      (session, started) = (other.session, other.started)
    }
  }

  /// Whether its session is to be kept of two: the one that began first, so that any order of reading keeps the same.
  private func beginsBefore(_ other: KeptActor) -> Bool {
    let (own, others) = (started?.milliseconds ?? .min, other.started?.milliseconds ?? .min)
    return (own, Int64(bitPattern: session)) < (others, Int64(bitPattern: other.session))
  }
}

extension LogCatalog {
  /// So many actors are written at once: they are spread over the whole table, and each time much of it is written again.
  static var mostActors: Int { 1 << 17 }

  /// Keeps the actors to be written with those of other segments.
  mutating func keep(_ uses: [LogSegment.ActorUse]) throws(CatalogError) {
    for use in uses {
      actors.append(
        KeptActor(
          hash: use.credential.isEmpty ? use.session : catalogHash(use.credential), identity: try name(use.identity),
          credential: use.credential, isTemporary: use.isTemporary, session: use.session, started: use.started,
          first: use.first, last: use.last))
    }
  }

  /// Writes the actors that are kept, all or none of them.
  mutating func writeActors() throws(CatalogError) {
    if actors.isEmpty { return }
    try transaction { (catalog) throws(CatalogError) in try catalog.insertActors() }
  }

  /// First and last uses only ever widen: writing the same again changes nothing.
  mutating func insertActors() throws(CatalogError) {
    var list: [KeptActor] = []
    swap(&list, &actors)
    list.sort { $0.precedes($1) }
    // As `KeptActor.join` has it.
    let isEarlier = """
      (excluded.session <> 0 AND (session = 0 OR
        (coalesce(excluded.started, -1 << 63), excluded.session) < (coalesce(started, -1 << 63), session)))
      """
    let insert = try database.prepare(
      """
      INSERT INTO actor VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT(identity, hash) DO UPDATE SET
        first = min(first, excluded.first), last = max(last, excluded.last),
        session = iif(\(isEarlier), excluded.session, session), started = iif(\(isEarlier), excluded.started, started)
        WHERE excluded.first < first OR excluded.last > last OR \(isEarlier)
      """)
    var next = 0
    while next < list.count {
      var actor = list[next]
      next += 1
      while next < list.count, !actor.precedes(list[next]) {
        actor.join(list[next])
        next += 1
      }
      insert.bind(1, Int64(bitPattern: actor.hash))
      insert.bind(2, actor.identity)
      insert.bind(3, actor.credential)
      insert.bind(4, actor.isTemporary ? 1 : 0)
      insert.bind(5, Int64(bitPattern: actor.session))
      insert.bind(6, actor.started?.milliseconds)
      insert.bind(7, actor.first.milliseconds)
      insert.bind(8, actor.last.milliseconds)
      try insert.run()
    }
  }
}
