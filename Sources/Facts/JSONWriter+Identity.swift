import Base
import Model

extension JSONWriter {
  mutating func write(_ fact: IdentityFact) {
    object { writer in
      writer.field("principal", fact.principal.description)
      writer.field("source", fact.source)
      writer.field("kind", fact.kind.rawValue)
      writer.field("name", fact.name)
      writer.field("uniqueID", fact.uniqueID)
      writer.field("created", fact.created)
      writer.field("lastUsed", fact.lastUsed)
      writer.field("enabled", fact.isEnabled)
      writer.field("deleted", fact.deleted)
      writer.list("tags", fact.tags) { writer, tag in
        writer.array {
          $0.string(tag.key)
          $0.string(tag.value)
        }
      }
      writer.field("owners", fact.owners)
      writer.list("credentials", fact.credentials) { $0.write($1) }
      writer.list("grants", fact.grants) { $0.write($1) }
      // An empty boundary allows nothing and is not the absence of one.
      if let boundary = fact.boundary {
        writer.key("boundary")
        writer.array { for grant in boundary { $0.write(grant) } }
      }
      writer.list("trusts", fact.trusts) { $0.write($1) }
      writer.list("links", fact.links) { writer, link in
        writer.object {
          $0.field("kind", link.kind.rawValue)
          $0.field("to", link.to)
          $0.field("via", link.via)
        }
      }
      writer.list("accessed", fact.accessed) { writer, access in
        writer.object {
          $0.field("action", access.action)
          $0.field("last", access.last)
        }
      }
      writer.field("unknowable", fact.unknowable)
    }
  }

  private mutating func write(_ credential: CredentialFact) {
    object { writer in
      writer.field("id", credential.id)
      writer.field("kind", credential.kind)
      writer.field("status", credential.status.rawValue)
      writer.field("created", credential.created)
      writer.field("expires", credential.expires)
      if credential.neverExpires { writer.field("neverExpires", true) }
      writer.field("lastUsed", credential.lastUsed)
      writer.field("lastRotated", credential.lastRotated)
      writer.field("lastService", credential.lastService)
      writer.field("lastRegion", credential.lastRegion)
      writer.field("deleted", credential.deleted)
      writer.field("hash", credential.hash)
    }
  }

  private mutating func write(_ grant: GrantFact) {
    object { writer in
      writer.field("effect", grant.effect.rawValue)
      writer.field("actions", grant.actions)
      writer.field("notActions", grant.notActions)
      writer.field("resources", grant.resources)
      writer.field("notResources", grant.notResources)
      writer.field("condition", grant.condition)
      writer.field("via", grant.via)
    }
  }

  private mutating func write(_ trust: TrustFact) {
    object { writer in
      writer.field("effect", trust.effect.rawValue)
      writer.field("principals", trust.principals)
      writer.field("notPrincipals", trust.notPrincipals)
      writer.field("actions", trust.actions)
      writer.field("condition", trust.condition)
    }
  }

  mutating func field(_ name: String, _ instant: Instant?) { field(name, instant?.description) }

  mutating func field(_ name: String, nonZero count: UInt64) {
    if count != 0 { field(name, count) }
  }

  mutating func list<Element>(_ name: String, _ elements: [Element], _ body: (inout JSONWriter, Element) -> Void) {
    if elements.isEmpty { return }
    key(name)
    array { writer in for element in elements { body(&writer, element) } }
  }
}
