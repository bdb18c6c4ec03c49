import Base
import Model

/// What exports of forges and services say of one another by name; joined when all files are read.
struct ServiceJoins {
  struct GitLabUser {
    let name: String
    let isBot: Bool
    /// The list says who is a bot, so that the others are people.
    let isMember: Bool
    let created: Instant?
    let isEnabled: Bool
    let email: String?
  }

  /// A privilege of a role or user of Snowflake on an object, or a role that it was given.
  struct SnowflakeGrant: Hashable {
    let grantee: String
    let isUser: Bool
    /// Set where a role is granted.
    let role: String?
    let privilege: String
    let object: String
  }

  /// A secret of a principal that has another number in its own list.
  struct DatabricksSecret {
    let holder: String
    let credential: CredentialFact
    let place: Place
    let file: Int
  }

  var gitLabUsers: [String: GitLabUser] = [:]
  var snowflakeGrants: Set<SnowflakeGrant> = []
  var databricksSecrets: [DatabricksSecret] = []
  /// The places of people by `PersonFact.key`.
  var personNumbers: [String: Int] = [:]
  /// Members of teams that name them.
  var memberships: [(member: String, team: String)] = []
  /// Application ids by the numbers of service principals.
  var databricksNumbers: [String: PrincipalKey] = [:]
}

extension InventoryReading {
  mutating func joinServices() {
    joinSnowflake()
    joinDatabricks()
    joinPeople()
  }
}
