import Base
import Usage

/// Who issued what to whom, as far as the catalog's index tells; no log is read.
struct TrailGraph: ~Copyable {
  struct Key: Hashable {
    let hash: UInt64
    let identity: String

    init(_ actor: CatalogActor) {
      hash = actor.hash
      identity = actor.identity
    }
  }

  struct Vertex {
    var actor: CatalogActor
    var parent: Key?
    var join: Trail.Join?
    var mark: CatalogMark?
    var isFollowed = false
    var hasNoIssuer = false
  }

  /// So many sessions that were silent in the period are looked at for what they issued.
  private static let mostSilent = 20_000

  private let limit: Int
  private let period: ClosedRange<Int64>
  private var silent = 0
  private(set) var vertices: [Key: Vertex] = [:]
  private(set) var omitted = 0
  private(set) var unknown: Set<String> = []

  init(limit: Int, period: ClosedRange<Int64>) {
    self.limit = limit
    self.period = period
  }

  /// Follows each actor up to its root and down to its leaves, as far as the period shows it or what came of it.
  mutating func follow(_ seeds: [CatalogActor], in catalog: borrowing LogCatalog) throws(CatalogError) {
    for seed in seeds {
      if vertices.count >= limit {
        omitted += seed.isActive(in: period) ? 1 : 0
        continue
      }
      let isActive = seed.isActive(in: period)
      if !isActive {
        silent += 1
        if silent > Self.mostSilent { continue }
      }
      let key = Key(seed)
      let isNew = vertices[key] == nil
      if isNew { vertices[key] = Vertex(actor: seed) }
      vertices[key]?.isFollowed = true
      let isShown = try descend(from: key, 1, catalog)
      // Its own issue and end are of it, too.
      let isTold = try catalog.marks(credential: seed.hash).contains { period.contains($0.time.milliseconds) }
      if !isShown && !isTold && !isActive && isNew {
        vertices[key] = nil
      } else {
        try climb(from: key, catalog)
      }
    }
    if silent > Self.mostSilent {
      unknown.insert(
        "of more than \(Self.mostSilent) sessions silent in the period it was not looked for what they issued")
    }
  }

  private mutating func climb(from start: Key, _ catalog: borrowing LogCatalog) throws(CatalogError) {
    var key = start
    for _ in 0..<Trail.hops {
      guard let vertex = vertices[key], vertex.parent == nil, !vertex.hasNoIssuer else { return }
      guard let (mark, join) = try issue(of: vertex.actor, catalog) else {
        vertices[key]?.hasNoIssuer = true
        return
      }
      let issuer = try actor(of: mark, catalog)
      let above = Key(issuer)
      if isAbove(key, above) || above == key { return }
      if vertices[above] == nil { vertices[above] = Vertex(actor: issuer) }
      vertices[key]?.parent = above
      vertices[key]?.join = join
      vertices[key]?.mark = mark
      key = above
    }
    unknown.insert("the chain above \(start.identity) is longer than \(Trail.hops) hops")
  }

  /// Whether the one is an issuer of the other, however far up: forged logs may hold circles.
  private func isAbove(_ one: Key, _ other: Key) -> Bool {
    var at: Key? = other
    for _ in 0...(Trail.hops * 4) {
      guard let key = at else { return false }
      if key == one { return true }
      at = vertices[key]?.parent
    }
    return true
  }

  /// Follows what the actor issued; whether the period shows anything of it.
  private mutating func descend(
    from key: Key, _ depth: Int, _ catalog: borrowing LogCatalog
  ) throws(CatalogError) -> Bool {
    guard let actor = vertices[key]?.actor else { return false }
    var isAnyShown = false
    for mark in try catalog.marks(actor: actor.hash)
    where (mark.kind == .issued || mark.kind == .created) && mark.identity == actor.identity
      && mark.time.milliseconds <= period.upperBound
    {
      let isIssueShown = period.contains(mark.time.milliseconds)
      for (child, join) in try issued(by: mark, catalog) {
        if depth > Trail.hops {
          unknown.insert("the chain below \(actor.identity) is longer than \(Trail.hops) hops")
          return isAnyShown
        }
        let isShown = isIssueShown || child.isActive(in: period)
        isAnyShown = try add(child, below: key, depth, join, mark, isShown, catalog) || isAnyShown
      }
    }
    return isAnyShown
  }

  /// Adds what was issued, where the period shows it or what came of it: whether it does.
  private mutating func add(
    _ child: CatalogActor, below key: Key, _ depth: Int, _ join: Trail.Join, _ mark: CatalogMark, _ isShown: Bool,
    _ catalog: borrowing LogCatalog
  ) throws(CatalogError) -> Bool {
    let below = Key(child)
    let before = vertices[below]
    if let before, before.parent != nil || isAbove(below, key) || below == key {
      if before.parent == key && !before.isFollowed {
        vertices[below]?.isFollowed = true
        _ = try descend(from: below, depth + 1, catalog)
      }
      return isShown
    }
    if before == nil && vertices.count >= limit {
      omitted += isShown ? 1 : 0
      return isShown
    }
    if !isShown {
      silent += 1
      if silent > Self.mostSilent { return false }
    }
    var vertex = before ?? Vertex(actor: child)
    (vertex.parent, vertex.join, vertex.mark, vertex.isFollowed) = (key, join, mark, true)
    vertices[below] = vertex
    if try descend(from: below, depth + 1, catalog) || isShown { return true }
    vertices[below] = before
    return false
  }

  /// The call that issued the actor's credential or session, as the issuer's log tells it.
  private func issue(
    of actor: CatalogActor, _ catalog: borrowing LogCatalog
  ) throws(CatalogError) -> (CatalogMark, Trail.Join)? {
    guard let (mark, join) = try namingIssue(of: actor, catalog) else { return nil }
    if mark.shared == 0 || !mark.identity.isHiddenCaller { return (mark, join) }
    let twin = try catalog.marks(shared: mark.shared).first { !$0.identity.isHiddenCaller }
    return twin.map { ($0, .sharedEvent) } ?? (mark, join)
  }

  /// The call that issued the actor's credential or session, as that log tells it which names what was issued.
  private func namingIssue(
    of actor: CatalogActor, _ catalog: borrowing LogCatalog
  ) throws(CatalogError) -> (CatalogMark, Trail.Join)? {
    let slack = actor.first.milliseconds + 2000
    let all = try catalog.marks(credential: actor.hash).filter { $0.kind == .issued || $0.kind == .created }
    // Of two accounts' records of the call, the one that tells who called.
    let told = all.filter { !$0.identity.isHiddenCaller }
    let byKey = told.isEmpty ? all : told
    // The last one before the first use.
    if let mark = byKey.last(where: { $0.time.milliseconds <= slack }) ?? byKey.first {
      return (mark, mark.kind == .created ? .made : .issuedKey)
    }
    if actor.session == 0 { return nil }
    if let started = actor.started {
      let near = try catalog.marks(session: actor.session, started: started)
      return near.min { distance($0, started) < distance($1, started) }.map { ($0, .session) }
    }
    // An id without a start is the session's own where one call alone issued it.
    let calls = try catalog.marks(session: actor.session).filter { $0.time.milliseconds <= slack }
    guard let first = calls.first, calls.allSatisfy(first.isSameCall) else { return nil }
    return (first, .sessionID)
  }

  private func distance(_ mark: CatalogMark, _ started: Instant) -> Int64 {
    abs(mark.time.milliseconds - started.milliseconds)
  }

  private func actor(of mark: CatalogMark, _ catalog: borrowing LogCatalog) throws(CatalogError) -> CatalogActor {
    let known = try catalog.actors(hash: mark.actor)
    if let actor = known.first(where: { $0.identity == mark.identity }) { return actor }
    return CatalogActor(hash: mark.actor, identity: mark.identity, at: mark.time)
  }

  /// Who acted with what the call issued; a stand-in where nobody did.
  private func issued(
    by mark: CatalogMark, _ catalog: borrowing LogCatalog
  ) throws(CatalogError) -> [(CatalogActor, Trail.Join)] {
    let join: Trail.Join = mark.kind == .created ? .made : .issuedKey
    var users = mark.credential == 0 ? [] : try catalog.actors(hash: mark.credential).map { ($0, join) }
    if mark.session != 0 {
      // Each session has one issuer, looked at from either side; not every record of it names the key.
      for user in try catalog.actors(session: mark.session, issued: mark.time) where user.hash != mark.credential {
        if let (own, join) = try namingIssue(of: user, catalog), own.isSameCall(mark) { users.append((user, join)) }
      }
    }
    if !users.isEmpty { return users }
    if mark.shared != 0 && mark.credential == 0 && mark.session == 0 {
      for twin in try catalog.marks(shared: mark.shared) where twin.credential != 0 || twin.session != 0 {
        return try issued(by: twin, catalog).map { ($0.0, .sharedEvent) }
      }
    }
    // Of a session without a key it is not known that nobody used it: not every log names sessions.
    if mark.credential == 0 { return [] }
    return [(CatalogActor(hash: mark.credential, identity: "", at: mark.time), join)]
  }
}

extension CatalogMark {
  /// Whether both are records of one call, delivered twice.
  fileprivate func isSameCall(_ other: CatalogMark) -> Bool {
    kind == other.kind && credential == other.credential && session == other.session && actor == other.actor
      && identity == other.identity && time == other.time
  }
}

extension CatalogActor {
  /// Whether it may have acted in the period.
  fileprivate func isActive(in period: ClosedRange<Int64>) -> Bool {
    first.milliseconds <= period.upperBound && last.milliseconds >= period.lowerBound
  }

  /// Somebody of whom only the issue is known, or who acts without a credential.
  init(hash: UInt64, identity: String, at time: Instant) {
    self.init(
      hash: hash, identity: identity, credential: "", isTemporary: false, session: 0, started: nil, first: time,
      last: time)
  }
}

extension String {
  /// Whether the record names the caller's account only.
  fileprivate var isHiddenCaller: Bool { isEmpty || hasPrefix("aws:account/") }
}
