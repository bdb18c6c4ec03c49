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

  private let limit: Int
  private(set) var vertices: [Key: Vertex] = [:]
  private(set) var omitted = 0
  private(set) var unknown: Set<String> = []

  init(limit: Int) { self.limit = limit }

  /// Follows each actor up to its root and down to its leaves.
  mutating func follow(_ seeds: [CatalogActor], in catalog: borrowing LogCatalog) throws(CatalogError) {
    for seed in seeds {
      if vertices.count >= limit {
        omitted += 1
        continue
      }
      let key = Key(seed)
      if vertices[key] == nil { vertices[key] = Vertex(actor: seed) }
      vertices[key]?.isFollowed = true
      try climb(from: key, catalog)
      try descend(from: key, catalog)
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

  private mutating func descend(from start: Key, _ catalog: borrowing LogCatalog) throws(CatalogError) {
    var level = [start]
    for _ in 0..<Trail.hops {
      var next: [Key] = []
      for key in level {
        guard let actor = vertices[key]?.actor else { continue }
        for mark in try catalog.marks(actor: actor.hash)
        where (mark.kind == .issued || mark.kind == .created) && mark.identity == actor.identity {
          for (child, join) in try issued(by: mark, catalog) { add(child, below: key, join, mark, &next) }
        }
      }
      if next.isEmpty { return }
      level = next
    }
    unknown.insert("the chain below \(start.identity) is longer than \(Trail.hops) hops")
  }

  private mutating func add(
    _ child: CatalogActor, below key: Key, _ join: Trail.Join, _ mark: CatalogMark, _ next: inout [Key]
  ) {
    let below = Key(child)
    if let known = vertices[below], known.parent != nil || isAbove(below, key) || below == key {
      if known.parent == key && !known.isFollowed {
        vertices[below]?.isFollowed = true
        next.append(below)
      }
      return
    }
    if vertices[below] == nil && vertices.count >= limit {
      omitted += 1
      return
    }
    var vertex = vertices[below] ?? Vertex(actor: child)
    (vertex.parent, vertex.join, vertex.mark, vertex.isFollowed) = (key, join, mark, true)
    vertices[below] = vertex
    next.append(below)
  }

  /// The call that issued the actor's credential or session.
  private func issue(
    of actor: CatalogActor, _ catalog: borrowing LogCatalog
  ) throws(CatalogError) -> (CatalogMark, Trail.Join)? {
    var found: (CatalogMark, Trail.Join)?
    let byKey = try catalog.marks(credential: actor.hash).filter { $0.kind == .issued || $0.kind == .created }
    // The last one before the first use.
    let slack = actor.first.milliseconds + 2000
    if let mark = byKey.last(where: { $0.time.milliseconds <= slack }) ?? byKey.first {
      found = (mark, mark.kind == .created ? .made : .issuedKey)
    } else if actor.session != 0, let started = actor.started {
      let near = try catalog.marks(session: actor.session, started: started)
      let nearest = near.min { distance($0, started) < distance($1, started) }
      found = nearest.map { ($0, .session) }
    }
    guard let (mark, join) = found else { return nil }
    if mark.shared == 0 || !mark.identity.isHiddenCaller { return (mark, join) }
    let twin = try catalog.marks(shared: mark.shared).first { !$0.identity.isHiddenCaller }
    return twin.map { ($0, .sharedEvent) } ?? (mark, join)
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
    if mark.credential != 0 {
      let users = try catalog.actors(hash: mark.credential)
      if !users.isEmpty { return users.map { ($0, join) } }
    }
    if mark.session != 0 {
      let users = try catalog.actors(session: mark.session, issued: mark.time)
      if !users.isEmpty { return users.map { ($0, .session) } }
    }
    if mark.shared != 0 && mark.credential == 0 && mark.session == 0 {
      for twin in try catalog.marks(shared: mark.shared) where twin.credential != 0 || twin.session != 0 {
        return try issued(by: twin, catalog).map { ($0.0, .sharedEvent) }
      }
    }
    let hash = mark.credential != 0 ? mark.credential : mark.session
    return hash == 0 ? [] : [(CatalogActor(hash: hash, identity: "", at: mark.time), join)]
  }
}

extension CatalogActor {
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
