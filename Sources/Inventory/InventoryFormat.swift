import Documents

/// One kind of export: how it is known and how it is read.
struct InventoryFormat: Sendable {
  /// As coverage and `format:` of `muster.yaml` call it.
  let name: String
  /// Whether a part of a file is of this kind, by its content; no two kinds take the same part.
  let recognises: @Sendable (InventoryContent) -> Bool
  let read: @Sendable (InventoryContent, inout InventoryReading) -> Void

  /// Every kind, platform by platform. What shows whole identities stands before what completes them by name.
  static let all: [InventoryFormat] =
    aws + gcp + azure + kubernetes + forges + secretsManagers + services + people + signals + others
    // Whatever nobody else takes.
    + [.awsAnswers]

  static let aws: [InventoryFormat] = [
    .awsAuthorizationDetails,
    .awsSnapshot,
    .awsUsersAndRoles,
    .awsListItems,
    .awsCredentialReport,
    .awsAccessKeys,
    .awsAccessKeyLastUsed,
    .awsUserCredentials,
    .awsInlinePolicy,
    .awsGroups,
    .awsInstanceProfiles,
    .awsServiceLastAccessed,
    .awsLastAccessedEntities,
    .awsAccessAnalyzer,
    .awsSecrets,
    .awsCertificates,
    .awsIdentityProviders,
    .awsOpenIDProvider,
    .awsRolesAnywhere,
    .awsAccounts,
  ]
}

/// A part of a file: an object (of JSON, or a document of YAML), or a text.
struct InventoryContent: Sendable {
  enum Value: Sendable {
    case object(Node)
    case text([UInt8])
  }

  let value: Value
  let path: String
  /// The object that may say that the list goes on elsewhere: the part itself, or the one in whose list it stands.
  var page: Node?
  /// The objects that it stands in, the outermost first, with the names on the way: `gcloud` and tools of a user's own put the
  /// account or the pool there.
  var enclosing: [(object: Node, name: String)] = []
  /// Whether it stands in a list, as answers of single commands do not.
  var isElement = false
  /// What stands between the fields of a row, where it is CSV.
  var separator = UInt8(ascii: ",")

  /// The object, where it is one.
  var object: Node? {
    guard case .object(let node) = value else { return nil }
    return node
  }

  /// The text, where it is one.
  var text: [UInt8]? {
    guard case .text(let bytes) = value else { return nil }
    return bytes
  }

  /// Where the part starts.
  var place: Place { object.map { .node($0) } ?? .path(path) }

  /// Whether it is an object with one of the keys.
  func hasKey(_ keys: String...) -> Bool { object.map { object in keys.contains { object[$0] != nil } } ?? false }

  /// Whether it is an object with all of the keys.
  func hasKeys(_ keys: String...) -> Bool {
    object.map { object in keys.allSatisfy { object[$0] != nil } } ?? false
  }
}
