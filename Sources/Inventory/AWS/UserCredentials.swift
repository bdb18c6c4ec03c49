import Base
import Documents
import Model

extension InventoryFormat {
  /// Credentials of users other than access keys, one by one: `aws iam list-ssh-public-keys`, `list-service-specific-credentials`,
  /// `list-signing-certificates`, `list-mfa-devices`, `get-login-profile`, `create-access-key` and what makes the others.
  static let awsUserCredentials = InventoryFormat(
    name: "aws-user-credentials",
    recognises: { content in
      guard let object = content.object, object["UserName"] != nil else { return false }
      return UserCredential.kind(of: content) != nil
    },
    read: { content, reading in
      guard let object = content.object, let kind = UserCredential.kind(of: content) else { return }
      reading.readUserCredential(object, kind)
    })
}

private struct UserCredential {
  let kind: String
  /// The key of its id; `nil` where a user has at most one.
  let id: String?
  let created: String

  private static let kinds = [
    UserCredential(kind: "ssh-key", id: "SSHPublicKeyId", created: "UploadDate"),
    UserCredential(kind: "service-specific", id: "ServiceSpecificCredentialId", created: "CreateDate"),
    UserCredential(kind: "certificate", id: "CertificateId", created: "UploadDate"),
    UserCredential(kind: "mfa", id: "SerialNumber", created: "EnableDate"),
    UserCredential(kind: "access-key", id: "AccessKeyId", created: "CreateDate"),
  ]

  static func kind(of content: InventoryContent) -> UserCredential? {
    guard let object = content.object else { return nil }
    if let kind = kinds.first(where: { $0.id.map { object[$0] != nil } ?? false }) { return kind }
    return content.enclosing.last?.name == "LoginProfile"
      ? UserCredential(kind: "password", id: nil, created: "CreateDate") : nil
  }
}

extension InventoryReading {
  fileprivate mutating func readUserCredential(_ node: Node, _ kind: UserCredential) {
    guard let user = node["UserName"]?.text, !user.isEmpty else {
      return refuse(.node(node), "the credential names no `UserName`")
    }
    let id = kind.id.flatMap { node[$0]?.text } ?? kind.kind
    var credential = CredentialFact(id: id, kind: kind.kind, status: .active)
    switch node["Status"]?.text {
    case "Inactive": credential.status = .inactive
    case "Expired": credential.status = .expired
    default: break
    }
    credential.created = readInstant(node[kind.created])
    credential.expires = readInstant(node["ExpirationDate"])
    credential.neverExpires = credential.expires == nil && kind.kind != "certificate" && kind.kind != "password"
    credential.lastService = node["ServiceName"]?.text
    if node["SecretAccessKey"] != nil || node["ServicePassword"] != nil { warnOfSecret(node) }
    aws.keyClaims.append(
      .init(user: user, credential: credential, knowsLastUse: false, place: .node(node), file: fileNumber))
  }

  /// The export is itself an exposure; nothing of the secret is kept.
  mutating func warnOfSecret(_ node: Node) {
    diagnose(
      .warning, .node(node), "the export holds a secret in clear text; it is not read",
      hint: "delete the file and rotate the secret")
  }
}
