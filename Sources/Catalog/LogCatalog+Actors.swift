package import Base
package import Usage

/// A credential or a session of an identity, as logs saw it act.
package struct CatalogActor: Sendable, Hashable {
  /// `catalogHash` of the credential, else of the session's id, else of the identity.
  package var hash: UInt64
  package var identity: String
  /// Empty where the logs hide it.
  package var credential: String
  package var isTemporary: Bool
  /// Hash of the session's id; 0 for none.
  package var session: UInt64
  package var started: Instant?
  package var first: Instant
  package var last: Instant
}

/// An event about a credential or a session, and where it is.
package struct CatalogMark: Sendable, Hashable {
  package var kind: LogSegment.CredentialMark.Kind
  package var credential: UInt64
  package var session: UInt64
  package var actor: UInt64
  package var identity: String
  package var shared: UInt64
  package var time: Instant
  package var segment: Int64
  package var event: UInt32
}

extension LogCatalog {
  /// Who acted with the credential or session, or is the identity, of the hash; sorted by first use.
  package borrowing func actors(hash: UInt64) throws(CatalogError) -> [CatalogActor] {
    try actors("a.hash = ?1", Int64(bitPattern: hash))
  }

  /// All credentials and sessions of an identity; sorted by first use.
  package borrowing func actors(of identity: String) throws(CatalogError) -> [CatalogActor] {
    guard let name = try known(identity) else { return [] }
    return try actors("a.identity = ?1", name)
  }

  /// The identities that acted, sorted.
  package borrowing func identities() throws(CatalogError) -> [String] {
    // Service accounts of clusters and services of platforms act without a credential that the log names: they are no actors.
    let select = try database.prepare(
      """
      SELECT text FROM name WHERE id IN (SELECT identity FROM actor UNION SELECT identity FROM identity_hours)
      ORDER BY text
      """)
    var found: [String] = []
    while try select.step() { found.append(select.text(0)) }
    return found
  }

  /// Sessions of the id; sorted by first use.
  package borrowing func actors(session: UInt64) throws(CatalogError) -> [CatalogActor] {
    try actors("a.session = ?1 AND a.session <> 0", Int64(bitPattern: session))
  }

  /// Sessions of the id that began within two seconds of the instant, or that no log says the start of.
  package borrowing func actors(session: UInt64, issued: Instant) throws(CatalogError) -> [CatalogActor] {
    try actors(
      "a.session = ?1 AND a.session <> 0 AND (a.started IS NULL OR a.started BETWEEN ?2 AND ?3)",
      Int64(bitPattern: session), issued)
  }

  private borrowing func actors(
    _ condition: String, _ value: Int64, _ instant: Instant? = nil
  ) throws(CatalogError) -> [CatalogActor] {
    let select = try database.prepare(
      """
      SELECT a.hash, n.text, a.credential, a.isTemporary, a.session, a.started, a.first, a.last
      FROM actor a JOIN name n ON n.id = a.identity WHERE \(condition) ORDER BY a.first, n.text, a.hash
      """)
    select.bind(1, value)
    if let instant {
      select.bind(2, instant.milliseconds - 2000)
      select.bind(3, instant.milliseconds + 2000)
    }
    var found: [CatalogActor] = []
    while try select.step() {
      found.append(
        CatalogActor(
          hash: UInt64(bitPattern: select.integer(0)), identity: select.text(1), credential: select.text(2),
          isTemporary: select.integer(3) != 0, session: UInt64(bitPattern: select.integer(4)),
          started: select.isNull(5) ? nil : Instant(milliseconds: select.integer(5)),
          first: Instant(milliseconds: select.integer(6)), last: Instant(milliseconds: select.integer(7))))
    }
    return found
  }

  /// What is known of a credential itself; sorted by time.
  package borrowing func marks(credential: UInt64) throws(CatalogError) -> [CatalogMark] {
    try marks("m.credential = ?1 AND m.credential <> 0", Int64(bitPattern: credential))
  }

  /// Events that issued the session within two seconds of its start.
  package borrowing func marks(session: UInt64, started: Instant) throws(CatalogError) -> [CatalogMark] {
    try marks("m.session = ?1 AND m.session <> 0 AND m.time BETWEEN ?2 AND ?3", Int64(bitPattern: session), started)
  }

  /// Events that issued a session of that id; sorted by time.
  package borrowing func marks(session: UInt64) throws(CatalogError) -> [CatalogMark] {
    try marks("m.session = ?1 AND m.session <> 0", Int64(bitPattern: session))
  }

  /// What an actor issued, made or ended; sorted by time.
  package borrowing func marks(actor: UInt64) throws(CatalogError) -> [CatalogMark] {
    try marks("m.actor = ?1", Int64(bitPattern: actor))
  }

  /// What several accounts' logs say of the same call.
  package borrowing func marks(shared: UInt64) throws(CatalogError) -> [CatalogMark] {
    try marks("m.shared = ?1 AND m.shared <> 0", Int64(bitPattern: shared))
  }

  private borrowing func marks(
    _ condition: String, _ value: Int64, _ instant: Instant? = nil
  ) throws(CatalogError) -> [CatalogMark] {
    let select = try database.prepare(
      """
      SELECT m.kind, m.credential, m.session, m.actor, n.text, m.shared, m.time, m.segment, m.event
      FROM mark m JOIN name n ON n.id = m.identity LEFT JOIN piece p ON p.segment = m.segment
        AND p.start = (SELECT max(start) FROM piece WHERE segment = m.segment AND start <= m.event)
      WHERE \(condition) ORDER BY m.time, m.kind, n.text, m.credential,
        (SELECT min(path) FROM file WHERE content = p.content), p.part, m.segment, m.event
      """)
    select.bind(1, value)
    if let instant {
      select.bind(2, instant.milliseconds - 2000)
      select.bind(3, instant.milliseconds + 2000)
    }
    var found: [CatalogMark] = []
    while try select.step() {
      guard let kind = LogSegment.CredentialMark.Kind(rawValue: select.integer(0)) else { continue }
      found.append(
        CatalogMark(
          kind: kind, credential: UInt64(bitPattern: select.integer(1)), session: UInt64(bitPattern: select.integer(2)),
          actor: UInt64(bitPattern: select.integer(3)), identity: select.text(4),
          shared: UInt64(bitPattern: select.integer(5)), time: Instant(milliseconds: select.integer(6)),
          segment: select.integer(7), event: UInt32(truncatingIfNeeded: select.integer(8))))
    }
    return found
  }
}
