import Base
import Model

extension CanonicalReader {
  /// An identity; `nil`, with the rest of its line unread, where `isWanted` says no to its principal.
  mutating func identity(_ isWanted: (PrincipalKey) -> Bool) throws(FactsError) -> IdentityFact? {
    try beginObject()
    let principal = PrincipalKey(try required("principal"))
    guard isWanted(principal) else { return nil }
    let source = try required("source")
    let kind: IdentityKind = try choice("kind")
    var fact = IdentityFact(principal: principal, kind: kind, name: try required("name"), source: source)
    fact.uniqueID = try text("uniqueID")
    fact.created = try instant("created")
    fact.lastUsed = try instant("lastUsed")
    fact.isEnabled = try flag("enabled")
    fact.deleted = try instant("deleted")
    fact.tags = try list("tags") { reader throws(FactsError) in
      let (key, value) = try reader.pair { reader throws(FactsError) in try reader.text() }
      return Tag(key: key, value: value)
    }
    fact.owners = try texts("owners")
    fact.credentials = try list("credentials") { reader throws(FactsError) in try reader.credential() }
    fact.grants = try list("grants") { reader throws(FactsError) in try reader.grant() }
    if has("boundary") { fact.boundary = try list { reader throws(FactsError) in try reader.grant() } }
    fact.trusts = try list("trusts") { reader throws(FactsError) in try reader.trust() }
    fact.links = try list("links") { reader throws(FactsError) in try reader.link() }
    fact.accessed = try list("accessed") { reader throws(FactsError) in try reader.access() }
    fact.unknowable = try texts("unknowable")
    try endObject()
    return fact
  }

  private mutating func credential() throws(FactsError) -> CredentialFact {
    try beginObject()
    let (id, kind) = (try required("id"), try required("kind"))
    var fact = CredentialFact(id: id, kind: kind, status: try choice("status"))
    fact.created = try instant("created")
    fact.expires = try instant("expires")
    fact.neverExpires = try flag("neverExpires") ?? false
    fact.lastUsed = try instant("lastUsed")
    fact.lastRotated = try instant("lastRotated")
    fact.lastService = try text("lastService")
    fact.lastRegion = try text("lastRegion")
    fact.deleted = try instant("deleted")
    fact.hash = try text("hash")
    try endObject()
    return fact
  }

  private mutating func link() throws(FactsError) -> LinkFact {
    try beginObject()
    let kind: LinkFact.Kind = try choice("kind")
    let link = LinkFact(kind, to: try required("to"), via: try required("via"))
    try endObject()
    return link
  }

  private mutating func access() throws(FactsError) -> AccessFact {
    try beginObject()
    let access = AccessFact(action: try required("action"), last: try instant("last"))
    try endObject()
    return access
  }

  private mutating func grant() throws(FactsError) -> GrantFact {
    try pooled { reader throws(FactsError) in try reader.newGrant() }
  }

  private mutating func newGrant() throws(FactsError) -> GrantFact {
    try beginObject()
    let effect: GrantFact.Effect = try choice("effect")
    let (actions, notActions) = (try texts("actions"), try texts("notActions"))
    let (resources, notResources) = (try texts("resources"), try texts("notResources"))
    let condition = try text("condition")
    var grant = GrantFact(effect: effect, actions: actions, resources: resources, via: try required("via"))
    (grant.notActions, grant.notResources, grant.condition) = (notActions, notResources, condition)
    try endObject()
    return grant
  }

  private mutating func trust() throws(FactsError) -> TrustFact {
    try beginObject()
    let effect: GrantFact.Effect = try choice("effect")
    let (principals, notPrincipals) = (try texts("principals"), try texts("notPrincipals"))
    let actions = try texts("actions")
    var trust = TrustFact(effect: effect, principals: principals, actions: actions, condition: try text("condition"))
    trust.notPrincipals = notPrincipals
    try endObject()
    return trust
  }
}
