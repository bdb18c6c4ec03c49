import Base

/// A field on which two sources, or two files of one, do not agree.
package struct Contradiction: Sendable, Hashable {
  /// As the identity's fields are called; `credentials ID status` and `tags KEY` for what is inside.
  package var field: String
  package var kept: String
  package var other: String

  package init(field: String, kept: String, other: String) {
    self.field = field
    self.kept = kept
    self.other = other
  }
}

extension IdentityFact {
  /// Takes over what `other` knows of the same identity and this does not. Known beats unknown, a later use beats an earlier one,
  /// credentials join by id; of values that contradict, this one's stay.
  package mutating func complete(with other: IdentityFact) -> [Contradiction] {
    var found: [Contradiction] = []
    if kind != other.kind {
      found.append(Contradiction(field: "kind", kept: kind.rawValue, other: other.kind.rawValue))
    }
    join(&uniqueID, other.uniqueID, "uniqueID", &found)
    join(&created, other.created, "created", &found)
    join(&deleted, other.deleted, "deleted", &found)
    join(&isEnabled, other.isEnabled, "isEnabled", &found)
    lastUsed = later(lastUsed, other.lastUsed)
    joinTags(other.tags, &found)
    joinCredentials(other.credentials, &found)
    joinGrants(other, &found)
    if other.knows("trusts") && knows("trusts") && Set(trusts) != Set(other.trusts) {
      found.append(Contradiction(field: "trusts", kept: "\(trusts.count)", other: "\(other.trusts.count)"))
    }
    owners = Set(owners + other.owners).sorted()
    links = Set(links + other.links).sorted()
    accessed = accessed.joined(with: other.accessed)
    trusts += other.trusts.filter { !trusts.contains($0) }
    let known = Set(unknowable).intersection(other.unknowable)
    unknowable = known.sorted()
    return found
  }

  /// Whether the source could know the field.
  package func knows(_ field: String) -> Bool { !unknowable.contains(field) }

  private mutating func joinTags(_ others: [Tag], _ found: inout [Contradiction]) {
    let (mine, theirs) = (Dictionary(grouping: tags, by: \.key), Dictionary(grouping: others, by: \.key))
    for (key, values) in theirs.sorted(by: { $0.key < $1.key }) {
      guard let kept = mine[key] else {
        tags += values
        continue
      }
      if Set(kept) != Set(values) {
        found.append(Contradiction(field: "tags \(key)", kept: kept[0].value, other: values[0].value))
      }
    }
    tags.sort()
  }

  private mutating func joinCredentials(_ others: [CredentialFact], _ found: inout [Contradiction]) {
    for other in others {
      if let index = credentials.firstIndex(where: { $0.id == other.id }) {
        found += credentials[index].complete(with: other)
      } else {
        credentials.append(other)
      }
    }
    credentials.sort { $0.id < $1.id }
  }

  private mutating func joinGrants(_ other: IdentityFact, _ found: inout [Contradiction]) {
    if knows("grants") && other.knows("grants") {
      if Set(grants) != Set(other.grants) {
        found.append(Contradiction(field: "grants", kept: "\(grants.count)", other: "\(other.grants.count)"))
      }
      if let mine = boundary, let theirs = other.boundary, Set(mine) != Set(theirs) {
        found.append(Contradiction(field: "boundary", kept: "\(mine.count)", other: "\(theirs.count)"))
      }
    }
    grants += other.grants.filter { !grants.contains($0) }
    boundary = boundary ?? other.boundary
  }
}

extension CredentialFact {
  /// As `IdentityFact.complete`, of one credential.
  package mutating func complete(with other: CredentialFact) -> [Contradiction] {
    var found: [Contradiction] = []
    let field = "credentials \(id)"
    if status == .unknown {
      status = other.status
    } else if other.status != .unknown && other.status != status {
      found.append(Contradiction(field: "\(field) status", kept: status.rawValue, other: other.status.rawValue))
    }
    join(&created, other.created, "\(field) created", &found)
    join(&expires, other.expires, "\(field) expires", &found)
    join(&deleted, other.deleted, "\(field) deleted", &found)
    hash = hash ?? other.hash
    neverExpires = neverExpires || other.neverExpires
    if let theirs = other.lastUsed, lastUsed.map({ theirs > $0 }) ?? true {
      (lastUsed, lastService, lastRegion) = (theirs, other.lastService, other.lastRegion)
    }
    lastRotated = later(lastRotated, other.lastRotated)
    return found
  }
}

private func join<Value: Equatable>(
  _ mine: inout Value?, _ theirs: Value?, _ field: String, _ found: inout [Contradiction]
) {
  guard let known = mine, let other = theirs else { return mine = mine ?? theirs }
  if known != other { found.append(Contradiction(field: field, kept: "\(known)", other: "\(other)")) }
}

private func later(_ a: Instant?, _ b: Instant?) -> Instant? {
  guard let a, let b else { return a ?? b }
  return max(a, b)
}
