import Base
import Documents
import Model

/// What exports of Google Cloud say of one another by name; joined when all files are read.
struct GcpJoins {
  /// One member of one binding.
  struct Binding {
    var node: String
    let role: String
    let member: GcpMember
    let condition: String?
    let place: Place
  }

  /// A rule of a deny policy; without actions, one that is not shown.
  struct Denial {
    var node: String
    let name: String
    var actions: [String] = []
    var notActions: [String] = []
    var principals: [String] = ["principalSet://goog/public:all"]
    var exceptions: [String] = []
    var condition: String?
  }

  /// A key of an account; without a credential, one of Google's own, which tells that the account's keys were listed.
  struct KeyClaim {
    /// An address, or the account's number.
    let account: String
    let node: String
    let credential: CredentialFact?
    let place: Place
    let file: Int
  }

  /// When an account or a key was last seen; `nil` for not in the period that Google looks at.
  struct Use {
    let account: String
    let key: String?
    let last: Instant?
    let place: Place
  }

  /// What the recommender says of a member.
  struct Remark {
    let member: GcpMember
    let key: String
    let value: String
    let place: Place
  }

  var tree = GcpHierarchy()
  /// Listed accounts by their resources' names.
  var accounts: [PrincipalKey: String] = [:]
  var keyClaims: [KeyClaim] = []
  /// Keys are among the assets, so that an account without any has none.
  var listsKeys = false
  /// Permissions by role, where the export shows them.
  var roles: [String: [String]] = [:]
  var bindings: [Binding] = []
  var denials: [Denial] = []
  var boundaries: [String: GcpBoundary] = [:]
  var boundaryBindings: [GcpBoundary.Binding] = []
  var policiesSeen: Set<String> = []
  /// Projects, folders and organisations of which the export shows all policies.
  var enumerated: Set<String> = []
  var providers: [Provider] = []
  var closedPools: Set<String> = []
  var uses: [Use] = []
  var remarks: [Remark] = []
  var memberships: [PrincipalKey: Set<GcpMember>] = [:]
  /// Members by `groups/NUMBER`.
  var namedMemberships: [String: Set<GcpMember>] = [:]
  var groupNames: [String: PrincipalKey] = [:]
  /// The element of `get-ancestors-iam-policy` before.
  var lastAncestor: (file: Int, node: String)?
  /// A policy without a resource was told.
  var isTold = false
  private var seen: Set<SHA256Digest> = []

  /// Whether the record is new: `false` for the same words under the same name.
  mutating func take(_ name: String, _ record: Node) -> Bool {
    seen.insert(SHA256Digest(of: Array("\(name)\n\(record.canonicalJSON())".utf8))).inserted
  }
}

extension InventoryReading {
  /// Names first, then credentials, then who may do what and become whom.
  mutating func joinGCP() {
    gcp.tree.finish()
    for number in gcp.bindings.indices { gcp.bindings[number].node = gcp.tree.canonical(gcp.bindings[number].node) }
    for number in gcp.denials.indices { gcp.denials[number].node = gcp.tree.canonical(gcp.denials[number].node) }
    for (name, members) in gcp.namedMemberships {
      if let group = gcp.groupNames[name] { gcp.memberships[group, default: []].formUnion(members) }
    }
    let numbers = gcpAccountNumbers()
    renumberGcpBindings(numbers)
    joinGcpKeys(numbers)
    joinGcpUses(numbers)
    joinGcpGrants()
    joinGcpDenials()
    joinGcpBoundaries()
    joinGcpTrusts()
    joinGcpRemarks()
    finishGcpIdentities()
  }

  /// Accounts by their numbers, which assets are named by.
  private func gcpAccountNumbers() -> [String: PrincipalKey] {
    var numbers: [String: PrincipalKey] = [:]
    for draft in drafts where gcp.accounts[draft.fact.principal] != nil {
      if let number = draft.fact.uniqueID { numbers[number] = draft.fact.principal }
    }
    return numbers
  }

  /// Policies of accounts that are named by number get the name with the address.
  private mutating func renumberGcpBindings(_ numbers: [String: PrincipalKey]) {
    for number in gcp.bindings.indices {
      guard let id = GcpName.accountID(in: gcp.bindings[number].node), let key = numbers[id],
        let name = gcp.accounts[key]
      else { continue }
      gcp.bindings[number].node = name
    }
    for (id, key) in numbers {
      guard let name = gcp.accounts[key], let slash = name.lastIndex(of: "/") else { continue }
      if gcp.policiesSeen.contains("\(name[..<slash])/\(id)") { gcp.policiesSeen.insert(name) }
    }
  }

  /// The account by address or number; made where only this speaks of it, `nil` for a number that nobody explains.
  private mutating func gcpAccount(_ id: String, _ numbers: [String: PrincipalKey], at place: Place) -> PrincipalKey? {
    if let known = numbers[id] { return known }
    guard id.contains("@"), let member = GcpMember("serviceAccount:\(id)") else { return nil }
    ensureGcp(member, at: place)
    return member.principal
  }

  /// Makes the member's identity where no list shows it.
  mutating func ensureGcp(_ member: GcpMember, at place: Place) {
    if fact(of: member.principal) != nil { return }
    var fact = IdentityFact(principal: member.principal, kind: member.kind, name: member.name, source: source.name)
    fact.uniqueID = member.uniqueID
    if member.isDeleted { fact.isEnabled = false }
    if let trait = member.trait { fact.tags = [Tag(key: "muster:class", value: trait)] }
    fact.unknowable = gcpUnknownToAccountLists + (member.uniqueID == nil ? ["uniqueID"] : [])
    insert(fact, at: place, isShown: false)
  }

  private mutating func joinGcpKeys(_ numbers: [String: PrincipalKey]) {
    for claim in gcp.keyClaims {
      guard let principal = gcpAccount(claim.account, numbers, at: claim.place) else {
        diagnose(
          .unreadable, claim.place, "the key names its account by the number \(claim.account), which no file explains",
          hint: "export the service accounts too")
        continue
      }
      var found: [Contradiction] = []
      update(principal) { identity in
        identity.unknowable.removeAll { $0 == "credentials" }
        guard let key = claim.credential else { return }
        if let index = identity.credentials.firstIndex(where: { $0.id == key.id }) {
          found = identity.credentials[index].complete(with: key)
        } else {
          identity.credentials.append(key)
        }
      }
      for contradiction in found {
        diagnose(
          .unreadable, claim.place,
          "`\(principal)` has \(contradiction.field) `\(contradiction.other)` here and `\(contradiction.kept)` in another file",
          hint: "export both files again at one time")
      }
    }
  }

  private mutating func joinGcpUses(_ numbers: [String: PrincipalKey]) {
    for use in gcp.uses {
      guard let principal = gcpAccount(use.account, numbers, at: use.place) else { continue }
      update(principal) { identity in
        if let key = use.key {
          guard let index = identity.credentials.firstIndex(where: { $0.id == key }) else { return }
          identity.unknowable.removeAll { $0 == "credentials.lastUsed" }
          identity.credentials[index].lastUsed = [identity.credentials[index].lastUsed, use.last].compactMap(\.self)
            .max()
        } else {
          identity.unknowable.removeAll { $0 == "lastUsed" }
          identity.lastUsed = [identity.lastUsed, use.last].compactMap(\.self).max()
        }
      }
    }
  }

  private mutating func joinGcpRemarks() {
    for remark in gcp.remarks {
      ensureGcp(remark.member, at: remark.place)
      update(remark.member.principal) { $0.tags.append(Tag(key: remark.key, value: remark.value)) }
    }
  }

  private mutating func finishGcpIdentities() {
    let listsKeys = gcp.listsKeys
    updateAll { identity in
      guard identity.principal.platform == "gcp" else { return }
      if listsKeys, identity.kind == .serviceAccount { identity.unknowable.removeAll { $0 == "credentials" } }
      if identity.kind == .group || identity.kind == .user {
        // Neither groups nor people have credentials in these exports' sense.
        identity.unknowable.removeAll { $0.hasPrefix("credentials") && identity.kind == .group }
      }
      identity.grants.arrange { $0.via }
      identity.credentials.arrange { $0.id }
      identity.tags = Set(identity.tags).sorted()
      identity.unknowable = Set(identity.unknowable).sorted()
    }
  }
}
