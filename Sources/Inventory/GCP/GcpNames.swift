import Base
import Documents
import Model

/// A member of a binding (IAM documentation, "Principal identifiers"), as the identity that it is.
struct GcpMember: Hashable {
  var principal: PrincipalKey
  var kind: IdentityKind
  var name: String
  /// The class that no one else's rule can tell: `human`, `public`.
  var trait: String?
  var uniqueID: String?
  var isDeleted = false

  /// `nil` for what is no member of a known kind.
  init?(_ text: String) {
    if text == "allUsers" || text == "allAuthenticatedUsers" {
      self.init("gcp:\(text)", .group, text, trait: "public")
    } else if let rest = text.after("deleted:") {
      guard var member = GcpMember(rest) else { return nil }
      // A new account of the same address is another one: the old one keeps its whole name.
      member.uniqueID = rest.after(last: "?uid=")
      (member.principal, member.isDeleted) = (PrincipalKey("gcp:\(text.lowercased())"), true)
      self = member
    } else if text.hasPrefix("principal://") || text.hasPrefix("principalSet://") {
      self.init(identifier: text)
    } else if let mail = text.after("serviceAccount:")?.lowercased() {
      let isAgent = GcpMember.isGoogles(mail)
      self.init("gcp:serviceAccount:\(mail)", isAgent ? .service : .serviceAccount, mail.upTo("@"))
    } else if let mail = text.after("user:")?.lowercased() {
      self.init("gcp:user:\(mail)", .user, mail, trait: "human")
    } else if let mail = text.after("group:")?.lowercased() {
      self.init("gcp:group:\(mail)", .group, mail)
    } else if let domain = text.after("domain:")?.lowercased() {
      self.init("gcp:domain:\(domain)", .group, domain)
    } else if ["projectOwner:", "projectEditor:", "projectViewer:"].contains(where: { text.hasPrefix($0) }) {
      self.init("gcp:\(text)", .group, text)
    } else {
      return nil
    }
  }

  private init(_ key: String, _ kind: IdentityKind, _ name: String, trait: String? = nil) {
    (principal, self.kind, self.name, self.trait) = (PrincipalKey(key), kind, name, trait)
  }

  /// `principal://…` and `principalSet://…`: those that stand for an account of Google get its key.
  private init?(identifier text: String) {
    let set = text.hasPrefix("principalSet://")
    if let mail = text.after("principal://goog/subject/") {
      self.init("user:\(mail)")
    } else if let mail = text.after("principalSet://goog/group/") {
      self.init("group:\(mail)")
    } else if text.hasPrefix("principalSet://goog/public:all") {
      self.init("allUsers")
    } else if text.hasPrefix("principal://iam.googleapis.com/projects/"),
      let mail = text.after(last: "/serviceAccounts/")
    {
      self.init("serviceAccount:\(mail)")
    } else {
      let isHuman = text.contains("/workforcePools/")
      let kind: IdentityKind = set ? .group : isHuman ? .user : .serviceAccount
      self.init("gcp:\(text)", kind, text.after(last: "/") ?? text, trait: isHuman ? "human" : nil)
    }
  }

  /// Google's own agents, by domains in which nobody else can make accounts (IAM documentation, "Service agents").
  private static func isGoogles(_ mail: String) -> Bool {
    guard let domain = mail.after(last: "@") else { return false }
    if domain == "cloudservices.gserviceaccount.com" || domain.hasPrefix("gcp-sa-") { return true }
    guard let project = domain.hasSuffix(".iam.gserviceaccount.com") ? domain.upTo(".") : nil else { return false }
    return agents.contains(project)
  }

  private static let agents: Set<String> = [
    "cloud-filer", "cloud-redis", "cloud-tpu", "cloudcomposer-accounts", "compute-system", "container-analysis",
    "container-engine-robot", "containerregistry", "dataflow-service-producer-prod", "dataproc-accounts", "dlp-api",
    "endpoints-portal", "firebase-rules", "gcf-admin-robot", "genomics-api", "remotebuildexecution",
    "serverless-robot-prod", "service-consumer-management", "service-networking", "sourcerepo-service-accounts",
  ]
}

/// Names of resources, as the audit logs write them: without the service, buckets as `projects/_/buckets/NAME`.
enum GcpName {
  /// Of `//service/path`, `organizations/1`, `projects/p/…`.
  static func node(_ text: String) -> String {
    guard let rest = text.after("//"), let slash = rest.firstIndex(of: "/") else { return text }
    let path = String(rest[rest.index(after: slash)...])
    guard rest.hasPrefix("storage.googleapis.com/"), !path.hasPrefix("projects/") else { return path }
    return "projects/_/buckets/\(path.after("buckets/") ?? path)"
  }

  /// `projects/p` of what lies in it; `nil` for folders, organisations and buckets.
  static func project(of node: String) -> String? {
    let parts = node.split(separator: "/", maxSplits: 2)
    return parts.count > 1 && parts[0] == "projects" && parts[1] != "_" && parts[1] != "-"
      ? "projects/\(parts[1])" : nil
  }

  /// The key of a service account by its resource's name, where that has the address.
  static func account(in node: String) -> PrincipalKey? {
    guard let id = accountID(in: node), id.contains("@") else { return nil }
    return PrincipalKey("gcp:serviceAccount:\(id.lowercased())")
  }

  /// The address or number in `projects/p/serviceAccounts/ID…`.
  static func accountID(in node: String) -> String? { node.after(last: "/serviceAccounts/")?.upTo("/") }
}

extension String {
  /// What follows the prefix, where the text has it.
  func after(_ prefix: String) -> String? { hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil }

  /// What follows the last one of the marker.
  func after(last marker: String) -> String? { ranges(of: marker).last.map { String(self[$0.upperBound...]) } }

  /// What stands before the first one of the character; all where there is none.
  func upTo(_ character: Character) -> String { String(prefix { $0 != character }) }

  /// The text as a string of JSON: how conditions in a vendor's own language are kept.
  var asJSON: String {
    var writer = JSONWriter()
    writer.string(self)
    return writer.text
  }
}

extension Node {
  /// The first of the members that is there and not null.
  func any(_ keys: String...) -> Node? {
    for key in keys {
      if let value = self[key], value.kind != .null { return value }
    }
    return nil
  }

  /// The texts of a list, or of one text without its brackets.
  func texts(_ keys: String...) -> [String] {
    for key in keys {
      if let value = self[key], value.kind != .null {
        return value.kind == .sequence ? value.elements.compactMap(\.text) : [value.text].compactMap(\.self)
      }
    }
    return []
  }
}
