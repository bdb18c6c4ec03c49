import Base

/// The platform's own globally unique name of an identity: an ARN, else `<platform>:<path>` (DESIGN.md §4). Never a session.
package struct PrincipalKey: Hashable, Sendable, Comparable, CustomStringConvertible {
  package let description: String

  package init(_ text: String) { description = text }

  /// Platforms tell names apart by their bytes.
  package static func == (a: PrincipalKey, b: PrincipalKey) -> Bool { utf8Order(a.description, b.description) == 0 }

  package func hash(into hasher: inout Hasher) { hasher.combine(utf8Of: description) }

  package static func < (a: PrincipalKey, b: PrincipalKey) -> Bool {
    utf8Precedes(a.description, b.description)
  }

  /// Whether it is one of the platform's own services: `ec2.amazonaws.com`.
  package var isService: Bool { description.hasSuffix(".amazonaws.com") || description.hasPrefix("aws:service/") }

  /// `aws`, `gcp`, `k8s`, …: what stands before the first colon, `arn` read as `aws`.
  package var platform: String {
    if isService { return "aws" }
    if description.hasPrefix("arn:") { return "aws" }
    let head = description.utf8.prefix { $0 != UInt8(ascii: ":") }
    return head.elementsEqual("arn".utf8) ? "aws" : String(Substring(head))
  }

  /// The account, project or cluster that holds it: field 5 of an ARN, the project in a Google service account's mail address, else
  /// what follows the platform up to `/`.
  package var account: String {
    if isService { return "" }
    if description.hasPrefix("arn:") {
      let fields = description.utf8.split(separator: UInt8(ascii: ":"), maxSplits: 5, omittingEmptySubsequences: false)
      return fields.count > 4 ? String(Substring(fields[4])) : ""
    }
    if description.hasPrefix("gcp:serviceAccount:") { return googleProject }
    if description.hasPrefix("gcp:") { return googleScope }
    if description.hasPrefix("entra:"), PrincipalKey.entraKinds.contains(where: description.hasPrefix) {
      return ""
    }
    return String(description.drop { $0 != ":" }.dropFirst().prefix { $0 != "/" })
  }

  /// `name@PROJECT.iam.gserviceaccount.com`, `PROJECT@appspot.gserviceaccount.com`, `NUMBER-compute@developer.gserviceaccount.com`
  /// (Google Cloud documentation, "Types of service accounts"); empty where the address names none.
  private var googleProject: String {
    let name = description.dropFirst("gcp:serviceAccount:".count)
    // A service account of GKE: `PROJECT.svc.id.goog[namespace/name]`.
    if name.hasSuffix("]"), let end = name.firstRange(of: ".svc.id.goog[") { return String(name[..<end.lowerBound]) }
    let address = name.split(separator: "@")
    guard address.count == 2 else { return "" }
    if address[1].hasSuffix(".iam.gserviceaccount.com") { return String(address[1].prefix { $0 != "." }) }
    if address[1] == "appspot.gserviceaccount.com" { return String(address[0]) }
    return address[1] == "developer.gserviceaccount.com" ? String(address[0].prefix { $0 != "-" }) : ""
  }

  /// Entra's keys where nobody names the tenant: `entra:servicePrincipal/ID`.
  private static let entraKinds = ["servicePrincipal", "application", "managedIdentity", "user", "group"]
    .map { "entra:\($0)/" }

  /// The project of `projectEditor:PROJECT` and of `principal://iam.googleapis.com/projects/NUMBER/…`; people and groups are of none.
  private var googleScope: String {
    let name = description.dropFirst("gcp:".count)
    if name.hasPrefix("principal"), let start = name.firstRange(of: "/projects/") {
      return String(name[start.upperBound...].prefix { $0 != "/" })
    }
    let isRole = ["projectOwner:", "projectEditor:", "projectViewer:"].contains { name.hasPrefix($0) }
    return isRole ? String(name.drop { $0 != ":" }.dropFirst()) : ""
  }

  /// `<platform>:<account>`: what the `environments` of `muster.yaml` map.
  package var place: String { "\(platform):\(account)" }

  /// The last part of the name: what follows the last `/`, else the last `:`.
  package var shortName: String {
    String(description.split(whereSeparator: { $0 == "/" || $0 == ":" }).last ?? Substring(description))
  }
}

/// What kind of machine identity it is.
package enum IdentityKind: String, Sendable, CaseIterable, Comparable {
  case role, user, group
  case serviceAccount = "service-account"
  case apiKey = "api-key"
  case token, certificate
  case oauthApp = "oauth-app"
  case bot, pipeline, device, agent
  /// The account's root user, or another identity of the platform itself.
  case root
  case service

  package static func < (a: IdentityKind, b: IdentityKind) -> Bool { a.rawValue < b.rawValue }
}

/// How bad a finding is.
package enum Severity: String, Sendable, CaseIterable, Comparable {
  case info, low, medium, high, critical

  /// 0 for `info` to 4 for `critical`.
  package var rank: Int {
    switch self {
    case .info: 0
    case .low: 1
    case .medium: 2
    case .high: 3
    case .critical: 4
    }
  }

  package static func < (a: Severity, b: Severity) -> Bool { a.rank < b.rank }
}
