import Base
import Documents
import Model

/// What exports of Azure and Entra say of one another by id; joined when all files are read.
struct AzureJoins {
  /// Who gets a role, as the record names it.
  struct Member: Hashable {
    let id: String
    var type: String?
    var name: String?

    init(_ id: String) { self.id = id.lowercased() }

    /// A directory object: `{"@odata.type": "#microsoft.graph.user", "id": …}`.
    init?(_ node: Node?) {
      guard let node, let id = node["id"]?.text else { return nil }
      self.init(id)
      type = node.any("@odata.type", "type")?.text.map { $0.after(last: ".") ?? $0 }
      name = node.any("userPrincipalName", "displayName")?.text
    }
  }

  struct Assignment {
    let principal: Member
    /// The definition's own id.
    let role: String
    let roleName: String?
    let scope: String
    let condition: String?
    var isEligible = false
    let place: Place
  }

  struct DirectoryRole {
    let principal: Member
    let role: String
    let name: String?
    let scope: String
    let assignment: String
    var condition: String?
    let place: Place
  }

  struct Denial {
    let scope: String
    let name: String
    let isLocal: Bool
    let permissions: [AzureRole.Permission]
    let principals: [Member]
    let exceptions: [Member]
    let condition: String?
  }

  struct AppRoleAssignment {
    let principal: Member
    let role: String
    let resource: String
    let resourceName: String?
    let place: Place
  }

  struct PermissionGrant {
    let client: String
    let resource: String
    /// The one user for whom it holds; `nil` for all.
    let user: String?
    let scopes: [String]
    let place: Place
  }

  enum FederatedOwner {
    /// By its own id or its object's.
    case application(String)
    /// By its resource's name.
    case identity(String)
  }

  struct Federated {
    let owner: FederatedOwner
    let trust: TrustFact
    let credential: CredentialFact
    let place: Place
  }

  struct LooseCredential {
    let owner: String?
    let credential: CredentialFact
    let name: String?
    let place: Place
  }

  struct SignIn {
    let app: String
    let key: String?
    let last: Instant?
  }

  /// Tenants that records name.
  var tenants: Set<String> = []
  /// The missing tenant was told.
  var isTold = false
  /// Keys of objects by their ids, and users' names.
  var objects: [String: PrincipalKey] = [:]
  var names: [String: String] = [:]
  /// Applications by their own and their objects' ids; service principals by the application's id.
  var apps: [String: PrincipalKey] = [:]
  var principalsOf: [String: Set<PrincipalKey>] = [:]
  var objectOfApp: [String: String] = [:]
  /// Managed identities by their resources' names, and the resources that use them.
  var identities: [String: PrincipalKey] = [:]
  var users: [(id: String, resource: String)] = []
  /// Values of app roles and scopes, by the resource's object id and the role's id.
  var appRoles: [String: [String: String]] = [:]
  var definitions: [String: AzureRole] = [:]
  var directoryDefinitions: [String: AzureRole] = [:]
  var assignments: [Assignment] = []
  var directoryRoles: [DirectoryRole] = []
  var denials: [Denial] = []
  /// What vaults and classic roles give by themselves.
  var ownGrants: [(principal: Member, grant: GrantFact, place: Place)] = []
  var appRoleAssignments: [AppRoleAssignment] = []
  var permissionGrants: [PermissionGrant] = []
  var federated: [Federated] = []
  var looseCredentials: [LooseCredential] = []
  var signIns: [SignIn] = []
  /// Members by group.
  var members: [String: [Member]] = [:]
  /// Management groups and subscriptions by what they lie in.
  var parents: [String: String] = [:]
  /// Patterns of scopes that were asked for.
  var patterns: [String: [String]] = [:]
  private var seen: Set<SHA256Digest> = []

  /// Whether the record is new: `false` for the same words under the same name.
  mutating func take(_ name: String, _ record: Node) -> Bool {
    seen.insert(SHA256Digest(of: Array("\(name)\n\(record.canonicalJSON())".utf8))).inserted
  }
}

extension InventoryReading {
  /// Credentials first, then who may do what and become whom.
  mutating func joinAzure() {
    joinFederated()
    joinLooseCredentials()
    joinSignIns()
    for (id, resource) in azure.users {
      guard let key = azure.objects[id] else { continue }
      let link = LinkFact(.serves, to: resource, via: "identity")
      update(key) { if !$0.links.contains(link) { $0.links.append(link) } }
    }
    joinAzureGrants()
    updateAll { identity in
      guard identity.principal.platform == "entra" else { return }
      identity.grants.arrange { $0.via }
      identity.credentials.arrange { $0.id }
      identity.links.sort()
      identity.tags = Set(identity.tags).sorted()
      identity.unknowable = Set(identity.unknowable).sorted()
    }
  }

  /// Both the application and the service principals that act for it may be become.
  private mutating func joinFederated() {
    for item in azure.federated {
      var keys: [PrincipalKey] = []
      switch item.owner {
      case .application(let id):
        let app = azure.apps[id] ?? azure.objects[id] ?? entraKey("application", id, at: item.place)
        keys = [app] + (azure.principalsOf[AzureFields.last(app.description)] ?? []).sorted()
        if fact(of: app) == nil { insert(entraFact(app, .oauthApp, id), at: item.place) }
      case .identity(let resource):
        if let key = azure.identities[resource] {
          keys = [key]
        } else {
          // No list shows the identity's object: its resource's name has to do.
          let key = entraKey("managedIdentity", resource, at: item.place)
          if fact(of: key) == nil {
            insert(entraFact(key, .serviceAccount, AzureFields.last(resource)), at: item.place)
          }
          keys = [key]
        }
      }
      for (number, key) in keys.enumerated() {
        update(key) { identity in
          if !identity.trusts.contains(item.trust) { identity.trusts.append(item.trust) }
          identity.unknowable.removeAll { $0 == "trusts" }
          // The application holds it; its service principals only act by it.
          if number == 0, !identity.credentials.contains(where: { $0.id == item.credential.id }) {
            identity.credentials.append(item.credential)
          }
        }
      }
    }
  }

  /// Credentials without their application find it by their ids, else stand for themselves.
  private mutating func joinLooseCredentials() {
    if azure.looseCredentials.isEmpty { return }
    var holders: [String: PrincipalKey] = [:]
    for draft in drafts where draft.fact.principal.platform == "entra" {
      for credential in draft.fact.credentials { holders[credential.id] = draft.fact.principal }
    }
    for item in azure.looseCredentials {
      let named = item.owner.flatMap { azure.apps[$0] ?? azure.objects[$0] }
      var key = holders[item.credential.id] ?? named
      if key == nil, let owner = item.owner { key = entraKey("application", owner, at: item.place) }
      let holder = key ?? PrincipalKey("apikey:entra/\(item.credential.id)")
      if fact(of: holder) == nil {
        var fact = entraFact(holder, key == nil ? .apiKey : .oauthApp, item.owner ?? item.name ?? item.credential.id)
        fact.unknowable.removeAll { $0 == "credentials" && key == nil }
        insert(fact, at: item.place)
      }
      var found: [Contradiction] = []
      update(holder) { identity in
        identity.unknowable.removeAll { $0 == "credentials" }
        if let index = identity.credentials.firstIndex(where: { $0.id == item.credential.id }) {
          found = identity.credentials[index].complete(with: item.credential)
        } else {
          identity.credentials.append(item.credential)
        }
      }
      for contradiction in found {
        diagnose(
          .unreadable, item.place,
          "`\(holder)` has \(contradiction.field) `\(contradiction.other)` here and `\(contradiction.kept)` in another file",
          hint: "export both files again at one time")
      }
    }
  }

  private mutating func joinSignIns() {
    for item in azure.signIns {
      let keys = [azure.apps[item.app]].compactMap(\.self) + (azure.principalsOf[item.app] ?? []).sorted()
      for key in keys {
        update(key) { identity in
          if let id = item.key {
            guard let index = identity.credentials.firstIndex(where: { $0.id == id }) else { return }
            identity.credentials[index].lastUsed = [identity.credentials[index].lastUsed, item.last].compactMap(\.self)
              .max()
            identity.unknowable.removeAll { $0 == "credentials.lastUsed" }
          } else {
            identity.lastUsed = [identity.lastUsed, item.last].compactMap(\.self).max()
            identity.unknowable.removeAll { $0 == "lastUsed" }
          }
        }
      }
    }
  }
}
