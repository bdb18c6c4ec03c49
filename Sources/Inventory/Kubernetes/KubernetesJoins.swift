import Base
import Documents
import Model

/// What a cluster's objects say of one another by name; joined when all files are read.
struct KubernetesJoins {
  /// A role's name; without a namespace, a cluster role's.
  struct RoleName: Hashable {
    let namespace: String?
    let name: String

    /// As `via` shows it.
    var text: String { namespace == nil ? "clusterrole:\(name)" : "role:\(name)" }
  }

  struct Role {
    var rules: [KubernetesRule] = []
    var labels: [String: String] = [:]
    /// Of an aggregated cluster role: whose rules it takes.
    var selectors: [LabelSelector]?
    var isLive = false
    /// Whether every rule could be read.
    var isWhole = true
    let place: Place
  }

  enum Subject: Hashable {
    case account(namespace: String, name: String)
    case user(String)
    case group(String)
  }

  struct Binding {
    let namespace: String?
    let name: String
    let role: RoleName
    let subjects: [Subject]
    let place: Place
    let isLive: Bool

    /// As `via` shows it.
    var text: String { namespace.map { "rolebinding:\($0)/\(name)" } ?? "clusterrolebinding:\(name)" }
  }

  /// What runs as a service account.
  struct Workload {
    let namespace: String
    /// `deployment/web`.
    let path: String
    let account: String
    /// Names of secrets in its namespace.
    let secrets: [String]
    let place: Place
  }

  /// A service account's long-lived token.
  struct Token {
    let namespace: String
    let account: String
    let accountID: String?
    let credential: CredentialFact
    let place: Place
  }

  /// A service account that a file shows.
  struct Account {
    let namespace: String
    let principal: PrincipalKey
  }

  /// A cloud's identity that a cluster takes for one of its users.
  struct Mapping {
    let user: String
    let groups: [String]
    /// A principal key.
    let from: String
    let via: String
    let place: Place
  }

  var roles: [RoleName: Role] = [:]
  /// By `<namespace>/<name>`.
  var bindings: [String: Binding] = [:]
  var workloads: [Workload] = []
  var tokens: [Token] = []
  var accounts: [Account] = []
  /// Set when all accounts are known.
  var accountsByNamespace: [String: [Account]] = [:]
  var mappings: [Mapping] = []
  var hasLiveSecrets = false
  var hasToldNamespace = false
}

extension InventoryReading {
  /// Accounts first, so that bindings of groups find all of them.
  mutating func joinKubernetes() {
    joinWorkloads()
    joinTokens()
    joinBindings()
    finishKubernetes()
  }

  private mutating func joinWorkloads() {
    for workload in kubernetes.workloads {
      let principal = account(workload.namespace, workload.account, at: workload.place)
      let head = kubernetesHead(at: workload.place)
      var links = [
        LinkFact(.serves, to: "\(head)\(workload.namespace)/\(workload.path)", via: "serviceAccountName")
      ]
      links += workload.secrets.map {
        LinkFact(.holds, to: "\(head)\(workload.namespace)/secret/\($0)", via: workload.path)
      }
      update(principal) { $0.links += links }
    }
  }

  private mutating func joinTokens() {
    for token in kubernetes.tokens {
      let principal = account(token.namespace, token.account, at: token.place)
      if let wanted = token.accountID, let found = fact(of: principal)?.uniqueID, wanted != found {
        diagnose(
          .warning, token.place, "the token is of an earlier `\(principal)`, which was deleted and made again",
          hint: "it is no credential of the present one, and can be deleted")
        continue
      }
      update(principal) { identity in
        if let index = identity.credentials.firstIndex(where: { $0.id == token.credential.id }) {
          _ = identity.credentials[index].complete(with: token.credential)
        } else {
          identity.credentials.append(token.credential)
        }
      }
    }
  }

  private mutating func finishKubernetes() {
    let hasBindings = !kubernetes.bindings.isEmpty
    let hasSecrets = kubernetes.hasLiveSecrets
    updateAll { identity in
      guard identity.principal.platform == "k8s" else { return }
      if identity.kind == .serviceAccount {
        if !hasBindings { identity.mark(unknowable: "grants") }
        if !hasSecrets { identity.mark(unknowable: "credentials") }
      }
      let uses = identity.credentials.compactMap(\.lastUsed)
      identity.lastUsed = uses.max() ?? identity.lastUsed
      identity.credentials.sort { $0.id < $1.id }
      identity.links = Set(identity.links).sorted()
      identity.tags.sort()
      identity.unknowable.sort()
    }
  }

  /// The service account, made up where only others speak of it.
  mutating func account(_ namespace: String, _ name: String, at place: Place) -> PrincipalKey {
    let principal = kubernetesKey(namespace, name, at: place)
    if fact(of: principal) == nil {
      var identity = IdentityFact(principal: principal, kind: .serviceAccount, name: name, source: source.name)
      identity.unknowable = [
        "created", "credentials", "credentials.lastUsed", "grants", "lastUsed", "tags", "trusts", "uniqueID",
      ]
      insert(identity, at: place)
      kubernetes.accounts.append(.init(namespace: namespace, principal: principal))
    }
    return principal
  }
}
