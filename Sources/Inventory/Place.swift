import Base
import Documents
import Model

/// Where something stands in an export; line and column are counted only when they are shown.
enum Place: Sendable {
  case node(Node)
  case at(SourceLocation)
  case path(String)

  var location: SourceLocation {
    switch self {
    case .node(let node): node.location
    case .at(let location): location
    case .path(let path): SourceLocation(path: path)
    }
  }

  var path: String {
    switch self {
    case .node(let node): node.document.path
    case .at(let location): location.path
    case .path(let path): path
    }
  }
}

extension PrincipalKey {
  /// Whether the key says which account, organisation or cluster holds it: ids of some platforms are unique in all of it, and logs do
  /// not name the rest.
  var namesAccount: Bool {
    let (platform, account) = (platform, account)
    if ["agent", "apikey", "anthropic", "mcp", "okta", "openai", "snowflake"].contains(platform) { return false }
    guard ["github", "gitlab", "databricks"].contains(platform) else { return true }
    let kinds: Set<String> = [
      "actions", "app", "deploy-key", "deploy-token", "environment", "runner", "servicePrincipal", "sts", "system",
      "user",
    ]
    return !kinds.contains(account)
  }
}
