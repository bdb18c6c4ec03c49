import Base
import Documents
import Model

extension IdentityFact {
  init(_ node: Node) throws(FactsError) {
    var reader = try RecordReader(node)
    self.init(
      principal: PrincipalKey(try reader.required("principal")), kind: try reader.choice("kind"),
      name: try reader.required("name"), source: try reader.required("source"))
    uniqueID = try reader.text("uniqueID")
    created = try reader.instant("created")
    lastUsed = try reader.instant("lastUsed")
    isEnabled = try reader.flag("enabled")
    deleted = try reader.instant("deleted")
    tags = try reader.list("tags") { node throws(FactsError) in
      let (key, value) = try RecordReader.pair(node, "tags")
      return Tag(key: try RecordReader.text(key, "tags"), value: try RecordReader.text(value, "tags"))
    }
    credentials = try reader.list("credentials") { node throws(FactsError) in try CredentialFact(node) }
    grants = try reader.list("grants") { node throws(FactsError) in try GrantFact(node) }
    boundary = try reader.optionalList("boundary") { node throws(FactsError) in try GrantFact(node) }
    trusts = try reader.list("trusts") { node throws(FactsError) in try TrustFact(node) }
    unknowable = try reader.texts("unknowable")
    try reader.end()
  }
}

extension CredentialFact {
  fileprivate init(_ node: Node) throws(FactsError) {
    var reader = try RecordReader(node)
    self.init(
      id: try reader.required("id"), kind: try reader.required("kind"), status: try reader.choice("status"))
    created = try reader.instant("created")
    expires = try reader.instant("expires")
    neverExpires = try reader.flag("neverExpires") ?? false
    lastUsed = try reader.instant("lastUsed")
    lastRotated = try reader.instant("lastRotated")
    lastService = try reader.text("lastService")
    lastRegion = try reader.text("lastRegion")
    deleted = try reader.instant("deleted")
    try reader.end()
  }
}

extension GrantFact {
  fileprivate init(_ node: Node) throws(FactsError) {
    var reader = try RecordReader(node)
    self.init(
      effect: try reader.choice("effect"), actions: try reader.texts("actions"),
      resources: try reader.texts("resources"), via: try reader.required("via"))
    notActions = try reader.texts("notActions")
    notResources = try reader.texts("notResources")
    condition = try reader.text("condition")
    try reader.end()
  }
}

extension TrustFact {
  fileprivate init(_ node: Node) throws(FactsError) {
    var reader = try RecordReader(node)
    self.init(
      effect: try reader.choice("effect"), principals: try reader.texts("principals"),
      actions: try reader.texts("actions"), condition: try reader.text("condition"))
    notPrincipals = try reader.texts("notPrincipals")
    try reader.end()
  }
}
