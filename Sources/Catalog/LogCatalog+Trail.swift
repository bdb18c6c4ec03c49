import Base
import Model
import Synchronization
package import Usage

extension LogCatalog {
  /// The trail of identities (principal keys) or of a credential, within a period in milliseconds since the epoch. At most `limit`
  /// credentials and sessions are followed, the earliest first. `progress` is of the reading that goes on.
  package borrowing func trail(
    of ids: [String], period: ClosedRange<Int64>, limit: Int, threads: Int,
    progress: @escaping @Sendable (UsageProgress) -> Void = { _ in }
  ) throws(CatalogError) -> Trail {
    var graph = TrailGraph(limit: limit, period: period)
    try graph.follow(try seeds(ids), in: self)
    var trail = Trail()
    trail.omitted = graph.omitted
    trail.unknown = graph.unknown.sorted()
    let (order, marks) = try arrange(graph, into: &trail)
    let told = TrailEvents()
    try read(marks, into: told, &trail, threads, progress)
    try readUses(&trail, period, into: told, threads, progress)
    try attach(told, order, graph, to: &trail)
    return trail
  }

  /// Who the ids stand for: a credential, a session, or all credentials and sessions of an identity.
  private borrowing func seeds(_ ids: [String]) throws(CatalogError) -> [CatalogActor] {
    var seeds: [CatalogActor] = []
    for id in ids {
      let credentials = try actors(withCredential: id)
      let own = credentials.isEmpty ? try actors(of: id) : credentials
      seeds += own
      let isNamed = try known(id) != nil
      let issues = try !marks(actor: catalogHash(id)).isEmpty
      if credentials.isEmpty && isNamed && (own.isEmpty || issues) {
        // An identity that acts without a credential: a service of the platform.
        var actor = CatalogActor(hash: catalogHash(id), identity: id, at: Instant(milliseconds: .min))
        actor.last = Instant(milliseconds: .max)
        seeds.append(actor)
      } else if own.isEmpty, let mark = try marks(credential: catalogHash(id)).first {
        seeds.append(CatalogActor(hash: catalogHash(id), identity: "", at: mark.time))
      }
    }
    return seeds
  }

  /// Who acted with the credential, or in the session, of that id.
  private borrowing func actors(withCredential id: String) throws(CatalogError) -> [CatalogActor] {
    // A token of Kubernetes may be named by its id alone.
    for name in [id, "JTI=\(id)"] {
      let found = try actors(hash: catalogHash(name)).filter { $0.credential == name }
      if !found.isEmpty { return try found + withoutKey(in: found) }
    }
    // As `muster events` prints it, with the start.
    if let slash = id.lastIndex(of: "/"), let start = Instant(String(id[id.index(after: slash)...])) {
      return try actors(session: catalogHash(String(id[..<slash]))).filter { $0.started == start }
    }
    return try actors(session: catalogHash(id))
  }

  /// The sessions of those who acted, in records that do not name the key.
  private borrowing func withoutKey(in actors: [CatalogActor]) throws(CatalogError) -> [CatalogActor] {
    var found: [CatalogActor] = []
    for actor in actors where actor.session != 0 && actor.started != nil {
      found += try self.actors(session: actor.session).filter {
        $0.credential.isEmpty && $0.started == actor.started && $0.identity == actor.identity
      }
    }
    return found
  }

  /// The vertices as a tree; with the marks whose events are wanted.
  private borrowing func arrange(
    _ graph: borrowing TrailGraph, into trail: inout Trail
  ) throws(CatalogError) -> (order: [TrailGraph.Key], marks: [CatalogMark]) {
    let vertices = graph.vertices
    var children: [TrailGraph.Key: [TrailGraph.Key]] = [:]
    var roots: [TrailGraph.Key] = []
    func begins(_ key: TrailGraph.Key) -> Int64 {
      vertices[key].map { ($0.mark?.time ?? $0.actor.first).milliseconds } ?? 0
    }
    for key in vertices.keys.sorted(by: { (begins($0), $0.identity, $0.hash) < (begins($1), $1.identity, $1.hash) }) {
      if let parent = vertices[key]?.parent { children[parent, default: []].append(key) } else { roots.append(key) }
    }
    var order: [TrailGraph.Key] = []
    var marks: [CatalogMark] = []
    var stack = roots.reversed().map { (key: $0, parent: Int?.none, depth: 0) }
    while let (key, parent, depth) = stack.popLast() {
      guard let vertex = vertices[key] else { continue }
      if let mark = vertex.mark { marks.append(mark) }
      marks += try self.marks(credential: key.hash).filter { $0.kind != .issued }
      for child in (children[key] ?? []).reversed() { stack.append((child, order.count, depth + 1)) }
      order.append(key)
      trail.nodes.append(
        Trail.Node(
          actor: vertex.actor, parent: parent, join: vertex.join, issue: nil, depth: depth,
          isFollowed: vertex.isFollowed))
    }
    return (order, marks)
  }

  private borrowing func read(
    _ marks: [CatalogMark], into told: TrailEvents, _ trail: inout Trail, _ threads: Int,
    _ progress: @escaping @Sendable (UsageProgress) -> Void
  ) throws(CatalogError) {
    var chosen: [Int64: Set<UInt32>] = [:]
    for mark in marks { chosen[mark.segment, default: []].insert(mark.event) }
    let answer = try answer(chosen)
    trail.add(
      answer, readSlices(answer.slices, EventFilter(), threads: threads, progress: progress) { told.addMark($0) })
  }

  private borrowing func readUses(
    _ trail: inout Trail, _ period: ClosedRange<Int64>, into told: TrailEvents, _ threads: Int,
    _ progress: @escaping @Sendable (UsageProgress) -> Void
  ) throws(CatalogError) {
    var query = CatalogQuery()
    query.period = period
    var filter = EventFilter()
    filter.since = Instant(milliseconds: period.lowerBound)
    filter.until = period.upperBound == .max ? nil : Instant(milliseconds: period.upperBound + 1)
    let followed = trail.nodes.map(\.actor).enumerated().filter { trail.nodes[$0.offset].isFollowed }.map(\.element)
    filter.actors = Set(followed.map(\.hash))
    query.identities = followed.filter { !$0.identity.isEmpty }.map {
      ($0.identity, $0.first.milliseconds...$0.last.milliseconds)
    }
    let answer = try find(query)
    trail.add(answer, readSlices(answer.slices, filter, threads: threads, progress: progress) { told.addUse($0) })
  }

  private borrowing func attach(
    _ told: TrailEvents, _ order: [TrailGraph.Key], _ graph: borrowing TrailGraph, to trail: inout Trail
  ) throws(CatalogError) {
    for (index, key) in order.enumerated() {
      guard let vertex = graph.vertices[key] else { continue }
      if let mark = vertex.mark { trail.nodes[index].issue = told.event(of: mark) }
      // Who never acted with it is known from the call that issued it.
      if trail.nodes[index].actor.credential.isEmpty, vertex.mark?.credential == key.hash {
        let issue = trail.nodes[index].issue
        trail.nodes[index].actor.credential =
          vertex.mark?.kind == .created ? issue?.changed?.credential ?? "" : issue?.issuedCredential ?? ""
      }
      trail.nodes[index].changes = told.changes(of: key.hash, except: trail.nodes[index].issue)
      trail.nodes[index].uses = told.uses(of: key)
      if vertex.hasNoIssuer && vertex.isFollowed && (vertex.actor.isTemporary || vertex.actor.session != 0) {
        let name = vertex.actor.credential.isEmpty ? "a session" : vertex.actor.credential
        trail.unknown.append("no log shows who issued \(name) of \(vertex.actor.identity)")
      }
    }
  }
}

extension Trail {
  fileprivate mutating func add(_ answer: CatalogAnswer, _ reading: SliceReading) {
    // The same file may tell of a credential and of its use.
    files.formUnion(answer.slices.map { ExactText($0.path) })
    allFiles = answer.allFiles
    bytes += reading.bytes
    diagnostics = Set(diagnostics + answer.diagnostics + reading.diagnostics).sorted()
  }
}

/// Events as they are read, from several threads; each counts once.
private final class TrailEvents: Sendable {
  private struct State {
    var marks: [LoggedEvent] = []
    var seen: Set<UInt64> = []
    var uses: [TrailGraph.Key: [UseKey: Trail.Use]] = [:]
  }

  private struct UseKey: Hashable { let permission, outcome: String }

  private let state = Mutex(State())

  func addMark(_ event: LoggedEvent) { state.withLock { $0.marks.append(event) } }

  func addUse(_ event: LoggedEvent) {
    let outcome = event.isDenied ? "denied" : event.isFailed ? "failed" : "success"
    let key = TrailGraph.Key(CatalogActor(hash: event.actor, identity: event.identity, at: event.time))
    let use = UseKey(permission: event.permission, outcome: outcome)
    state.withLock { state in
      let isNew = state.seen.insert(event.fingerprint).inserted
      // In place: a copy of all resources costs more than the event.
      state.uses[key, default: [:]][use, default: Trail.Use(outcome, event)].add(event, isNew: isNew)
    }
  }

  private static func precedes(_ a: LoggedEvent, _ b: LoggedEvent) -> Bool {
    (a.time, a.file, a.record) < (b.time, b.file, b.record)
  }

  /// The event that the mark stands for.
  func event(of mark: CatalogMark) -> LoggedEvent? {
    let found = state.withLock { state in
      state.marks.filter { event in
        event.time == mark.time && event.actor == mark.actor
          && (mark.credential == 0 || catalogHash(event.issuedCredential) == mark.credential
            || event.changed.map { catalogHash($0.credential) == mark.credential } ?? false)
          && (mark.credential != 0 || mark.session == 0 || catalogHash(event.issuedSession) == mark.session)
      }
    }
    return found.min(by: Self.precedes)
  }

  func changes(of credential: UInt64, except issue: LoggedEvent?) -> [LoggedEvent] {
    let found = state.withLock { state in
      state.marks.filter { event in
        guard let change = event.changed, catalogHash(change.credential) == credential else { return false }
        return event.fingerprint != issue?.fingerprint
      }
    }
    var seen: Set<UInt64> = []
    return found.sorted(by: Self.precedes).filter { seen.insert($0.fingerprint).inserted }
  }

  func uses(of key: TrailGraph.Key) -> [Trail.Use] {
    state.withLock { state in
      (state.uses[key] ?? [:]).values.sorted {
        ($0.first.time, $0.permission, $0.outcome) < ($1.first.time, $1.permission, $1.outcome)
      }
    }
  }
}

extension Trail.Use {
  /// Nothing yet, of calls as the event is one.
  fileprivate init(_ outcome: String, _ event: LoggedEvent) {
    self.init(permission: event.permission, outcome: outcome, count: 0, first: event, last: event, resources: [:])
  }

  /// Of several deliveries of an event the first file's is shown, whichever is read first.
  fileprivate mutating func add(_ event: LoggedEvent, isNew: Bool) {
    func order(_ event: LoggedEvent) -> (Instant, UInt64) { (event.time, event.fingerprint) }
    func place(_ event: LoggedEvent) -> (String, UInt64) { (event.file, event.record) }
    if order(event) < order(first) || order(event) == order(first) && place(event) < place(first) { first = event }
    if order(event) > order(last) || order(event) == order(last) && place(event) < place(last) { last = event }
    if !isNew { return }
    count += 1
    for name in event.resources {
      let resource = ExactText(name)
      if resources.count < 1000 || resources[resource] != nil { resources[resource, default: 0] += 1 }
    }
  }
}
