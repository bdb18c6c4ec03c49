import Base
import Documents
import Model

/// What the exports of Azure and Entra share.
enum AzureFields {
  static let unknownToObjectLists = [
    "boundary", "created", "credentials", "credentials.lastUsed", "grants", "lastUsed", "owners", "tags", "trusts",
    "uniqueID",
  ]

  /// The tenants of Microsoft's own applications.
  static let microsoft: Set<String> = ["f8cdef31-a31e-4b4a-93e4-5f571e91255a", "72f988bf-86f1-41af-91ab-2d7cd011db47"]

  /// The id that stands for everybody in deny assignments.
  static let everybody = "00000000-0000-0000-0000-000000000000"

  /// The condition of a role that must be activated first, which no export can foresee.
  static let untilActivated = "eligible: only while someone has activated it".asJSON

  /// An id of 36 characters in a text, such as a file's name.
  static func guid(in text: String) -> String? {
    let bytes = Array(text.utf8)
    guard bytes.count >= 36 else { return nil }
    for start in 0...(bytes.count - 36) {
      let candidate = bytes[start..<start + 36]
      let isGUID = candidate.enumerated().allSatisfy { offset, byte in
        [8, 13, 18, 23].contains(offset) ? byte == UInt8(ascii: "-") : isHex(byte)
      }
      if isGUID { return String(decoding: candidate, as: UTF8.self).lowercased() }
    }
    return nil
  }

  private static func isHex(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 6 }

  /// A scope in lower case and without a slash at its end; `/` is everything.
  static func scope(_ text: String) -> String {
    let scope = text.lowercased()
    return scope.count > 1 && scope.hasSuffix("/") ? String(scope.dropLast()) : scope
  }

  /// The last part of an id, in lower case.
  static func last(_ id: String) -> String { (id.split(separator: "/").last.map(String.init) ?? id).lowercased() }
}

extension Node {
  /// A member of an object of Azure's Resource Manager: `properties.x` as the API has it, or `x` as `az` and PowerShell print it.
  func arm(_ keys: String...) -> Node? {
    let inner = self["properties"]
    for key in keys {
      if let value = inner?[key] ?? self[key], value.kind != .null { return value }
    }
    return nil
  }
}

extension InventoryReading {
  /// A key with the tenant that the record names, else the one that the source covers or that other records name.
  mutating func entraKey(_ kind: String, _ id: String, tenant: String? = nil, at place: Place) -> PrincipalKey {
    if let tenant = tenant ?? knownTenant, !tenant.isEmpty {
      return PrincipalKey("entra:\(tenant.lowercased())/\(kind)/\(id.lowercased())")
    }
    if !azure.isTold {
      azure.isTold = true
      diagnose(
        .warning, place,
        "the export does not name its tenant, so its keys are without one, such as `entra:\(kind)/\(id.lowercased())`",
        hint: "set `covers: [\"entra:TENANT\"]` on the source")
    }
    return PrincipalKey("entra:\(kind)/\(id.lowercased())")
  }

  private var knownTenant: String? {
    coveredAccount(of: "entra") ?? (azure.tenants.count == 1 ? azure.tenants.first : nil)
  }

  /// An identity of Entra with an object's common fields.
  func entraFact(_ key: PrincipalKey, _ kind: IdentityKind, _ name: String) -> IdentityFact {
    var fact = IdentityFact(principal: key, kind: kind, name: name, source: source.name)
    fact.unknowable = AzureFields.unknownToObjectLists
    return fact
  }

  /// Makes the identity of a principal that a record names by id, where no list shows it; gives the key that it has.
  mutating func ensureEntra(_ id: String, type: String?, name: String?, at place: Place) -> PrincipalKey {
    let id = id.lowercased()
    if let known = azure.objects[id] { return known }
    let (kind, word): (IdentityKind, String) =
      switch type?.lowercased() {
      case "user": (.user, "user")
      case "group", "foreigngroup": (.group, "group")
      default: (.serviceAccount, "servicePrincipal")
      }
    let key = entraKey(word, id, at: place)
    azure.objects[id] = key
    if fact(of: key) != nil { return key }
    var fact = entraFact(key, kind, azure.names[id] ?? name ?? id)
    fact.uniqueID = id
    fact.unknowable.removeAll { $0 == "uniqueID" || (kind == .group && $0.hasPrefix("credentials")) }
    if kind == .user { fact.tags = [Tag(key: "muster:class", value: "human")] }
    insert(fact, at: place)
    return key
  }

  /// `passwordCredentials` and `keyCredentials`: dates and ids; the secrets themselves are never in lists.
  mutating func readEntraCredentials(_ node: Node, into fact: inout IdentityFact) {
    var isShown = false
    for (list, kind) in [("passwordCredentials", "secret"), ("keyCredentials", "certificate")] {
      guard let list = node[list], list.kind == .sequence else { continue }
      isShown = true
      for element in list.elements {
        if let credential = readEntraCredential(element, kind: kind) { fact.credentials.append(credential) }
      }
    }
    if isShown { fact.unknowable.removeAll { $0 == "credentials" } }
  }

  /// One of them; `nil`, said, where it has no id.
  mutating func readEntraCredential(_ node: Node, kind: String) -> CredentialFact? {
    guard let id = node["keyId"]?.text, !id.isEmpty else {
      diagnose(.unreadable, .node(node), "the credential has no `keyId`")
      return nil
    }
    if let secret = node["secretText"]?.text, !secret.isEmpty {
      diagnose(
        .warning, .node(node), "the export holds the secret of the credential `\(id)`",
        hint: "delete the file and rotate the secret: lists do not show secrets")
    }
    var credential = CredentialFact(id: id.lowercased(), kind: kind, status: .active)
    credential.created = readInstant(node.any("startDateTime", "startDate"))
    if let end = node.any("endDateTime", "endDate") { readExpiry(end, into: &credential) }
    return credential
  }
}
