import Documents

/// One kind of export: how it is known and how it is read.
struct InventoryFormat: Sendable {
  /// As coverage and `format:` of `muster.yaml` call it.
  let name: String
  /// Whether a part of a file is of this kind, by its content.
  let recognises: @Sendable (InventoryContent) -> Bool
  let read: @Sendable (InventoryContent, inout InventoryReading) -> Void

  /// Every kind. What shows whole identities stands before what completes them by name.
  static let all: [InventoryFormat] = [
    .awsAuthorizationDetails,
    .awsSnapshot,
    .awsUsersAndRoles,
    .awsCredentialReport,
    .awsAccessKeys,
    .awsAccessKeyLastUsed,
  ]
}

/// A part of a file: a JSON value or a text.
enum InventoryContent: Sendable {
  case json(Node)
  case text(bytes: [UInt8], path: String)

  /// The JSON object, where it is one.
  var object: Node? {
    guard case .json(let node) = self, node.kind == .mapping else { return nil }
    return node
  }

  /// Where the part starts.
  var place: Place {
    switch self {
    case .json(let node): .node(node)
    case .text(_, let path): .path(path)
    }
  }

  /// Whether it is a JSON object with one of the keys.
  func hasKey(_ keys: String...) -> Bool { object.map { object in keys.contains { object[$0] != nil } } ?? false }
}
