import Base
import Model
import Policies

extension IdentityPages {
  func json(_ identities: [JoinedIdentity]) -> [UInt8] {
    var writer = JSONWriter(pretty: true)
    writer.object { json in
      json.field("schema", "muster.show/1")
      json.field("now", assessment.estate.now.description)
      json.field("facts", assessment.facts.commit)
      json.key("identities")
      json.array { json in for identity in identities { json.object { write(identity, &$0) } } }
    }
    return writer.bytes + [0x0A]
  }

  private func write(_ identity: JoinedIdentity, _ json: inout JSONWriter) {
    json.field("principal", identity.principal?.description)
    json.field("identity", identity.declaration?.handle.value)
    json.field("declaration", identity.declaration?.location.description)
    json.field("owner", identity.declaration?.owner?.value.description)
    json.field("purpose", identity.declaration?.purpose?.value)
    json.field("expires", identity.declaration?.expires?.value.description)
    json.field("holder", identity.holder)
    json.field("discovered", identity.isDiscovered)
    if let fact = identity.fact { write(fact, &json) }
    json.key("credentials")
    json.array { json in for credential in identity.credentials { json.object { write(credential, &$0) } } }
    json.key("grants")
    let scope = identity.declaration.map { DeclaredScope($0.scope) }
    json.array { json in
      for effective in identity.grants {
        json.object { json in
          effective.grant.write(to: &json)
          json.field("certain", effective.certainty == .yes)
          json.field(
            "declared", effective.grant.isOpaque ? nil : scope.map { $0.undeclared(of: effective.grant).isEmpty })
        }
      }
    }
    for (key, limits) in [
      ("denies", identity.fact?.grants.filter { $0.effect == .deny }), ("boundary", identity.fact?.boundary),
    ] {
      guard let limits else { continue }
      json.key(key)
      json.array { json in for limit in limits { json.object { limit.write(to: &$0) } } }
    }
    json.key("becomers")
    json.array { json in
      for edge in identity.principal.map({ graph.edges(to: $0) }) ?? [] { edge.write(to: &json) }
    }
    if let usage = identity.usage { write(usage, &json) }
    json.key("findings")
    json.array { json in
      for finding in findings(of: identity) {
        json.object { json in
          json.field("policy", finding.policy)
          json.field("code", finding.code)
          json.field("severity", finding.severity.rawValue)
          json.field("verdict", finding.verdict.rawValue)
          json.field("message", finding.message)
          json.field("fingerprint", finding.fingerprint)
        }
      }
    }
  }

  private func write(_ fact: IdentityFact, _ json: inout JSONWriter) {
    json.field("kind", fact.kind.rawValue)
    json.field("name", fact.name)
    json.field("source", fact.source)
    json.field("uniqueID", fact.uniqueID)
    json.field("created", fact.created?.description)
    json.field("enabled", fact.isEnabled)
    json.field("deleted", fact.deleted?.description)
    json.field("platformOwners", fact.owners)
    json.field("unknowable", fact.unknowable)
    json.key("tags")
    json.object { json in for tag in fact.tags { json.field(tag.key, tag.value) } }
    json.key("links")
    json.array { json in
      for link in fact.links {
        json.object { json in
          json.field("kind", link.kind.rawValue)
          json.field("to", link.to)
          json.field("via", link.via)
        }
      }
    }
  }

  private func write(_ credential: JoinedCredential, _ json: inout JSONWriter) {
    json.field("id", credential.id)
    json.field("kind", credential.kind)
    json.field("status", credential.fact?.status.rawValue)
    json.field("created", credential.fact?.created?.description)
    json.field("expires", credential.fact?.expires?.description)
    json.field("rotated", credential.fact?.lastRotated?.description)
    json.field("lastUsed", [credential.fact?.lastUsed, credential.use?.last].compactMap { $0 }.max()?.description)
    json.field("ended", credential.endedHow.isEmpty ? nil : credential.endedHow)
  }

  private func write(_ usage: UsageFact, _ json: inout JSONWriter) {
    json.key("usage")
    json.object { json in
      json.field("events", usage.events)
      json.field("failed", usage.failed)
      json.field("denied", usage.denied)
      json.field("first", usage.first.description)
      json.field("last", usage.last.description)
      json.key("actions")
      json.array { json in
        for use in usage.actions {
          json.object { json in
            json.field("action", use.action)
            json.field("resource", use.resource.isEmpty ? nil : use.resource)
            json.field("count", use.count)
            json.field("denied", use.denied)
            json.field("last", use.last.description)
          }
        }
      }
    }
  }
}
