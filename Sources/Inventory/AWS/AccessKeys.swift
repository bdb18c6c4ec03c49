import Base
import Documents
import Model

extension InventoryFormat {
  /// `aws iam list-access-keys`: the ids and states of a user's keys.
  static let awsAccessKeys = InventoryFormat(
    name: "aws-access-keys",
    recognises: { $0.object?["AccessKeyMetadata"]?.kind == .sequence },
    read: { content, reading in
      for key in content.object?["AccessKeyMetadata"]?.elements ?? [] { reading.readAccessKey(key) }
    })

  /// `aws iam get-access-key-last-used`: it does not repeat the key's id, so the file's name should be it.
  static let awsAccessKeyLastUsed = InventoryFormat(
    name: "aws-access-key-last-used",
    recognises: { $0.object?["AccessKeyLastUsed"]?.kind == .mapping },
    read: { content, reading in
      if let object = content.object { reading.readLastUsed(object) }
    })
}

extension InventoryReading {
  /// An entry of `AccessKeyMetadata`.
  mutating func readAccessKey(_ node: Node) {
    guard let credential = readKeyFields(node) else { return }
    guard let user = node["UserName"]?.text, !user.isEmpty else {
      return refuse(.node(node), "the access key `\(credential.id)` names no `UserName`")
    }
    let knowsLastUse = node["LastUsedDate"] != nil
    aws.keyClaims.append(
      .init(user: user, credential: credential, knowsLastUse: knowsLastUse, place: .node(node), file: fileNumber))
  }

  /// The key itself; `nil`, said and counted, where it has no id.
  mutating func readKeyFields(_ node: Node) -> CredentialFact? {
    guard let id = node["AccessKeyId"]?.text, !id.isEmpty else {
      refuse(.node(node), "expected an access key with `AccessKeyId`")
      return nil
    }
    var key = CredentialFact(id: id, kind: "access-key", status: readStatus(node["Status"]))
    key.created = readInstant(node["CreateDate"])
    key.neverExpires = true
    key.deleted = readInstant(node["Deleted"])
    if key.deleted != nil { key.status = .deleted }
    readUse(node, date: "LastUsedDate", service: "LastUsedService", region: "LastUsedRegion", into: &key)
    return key
  }

  private mutating func readStatus(_ node: Node?) -> CredentialFact.Status {
    switch node?.text {
    case "Active": return .active
    case "Inactive": return .inactive
    case "Expired": return .expired
    case nil: return .unknown
    case let other?:
      if let node { diagnose(.unreadable, .node(node), "unknown status `\(other)` of an access key") }
      return .unknown
    }
  }

  fileprivate mutating func readLastUsed(_ object: Node) {
    guard let used = object["AccessKeyLastUsed"], let user = object["UserName"]?.text, !user.isEmpty else {
      return refuse(.node(object), "the last use names no `UserName`")
    }
    var key = CredentialFact(
      id: object["AccessKeyId"]?.text ?? keyID(in: object.document.path) ?? "", kind: "access-key", status: .unknown)
    readUse(used, date: "LastUsedDate", service: "ServiceName", region: "Region", into: &key)
    aws.keyClaims.append(.init(user: user, credential: key, knowsLastUse: true, place: .node(object), file: fileNumber))
  }

  private mutating func readUse(
    _ node: Node, date: String, service: String, region: String, into key: inout CredentialFact
  ) {
    // A key that was never used has no date, or the text N/A.
    guard let field = node[date], let text = field.text, !["N/A", ""].contains(text) else { return }
    key.lastUsed = readInstant(field)
    key.lastService = node[service]?.text.flatMap { ["N/A", ""].contains($0) ? nil : $0 }
    key.lastRegion = node[region]?.text.flatMap { ["N/A", ""].contains($0) ? nil : $0 }
  }

  /// The key id in the file's name: `AKIA` or `ASIA` and capitals or digits, 16 to 128 long (IAM API reference, AccessKeyId).
  private func keyID(in path: String) -> String? {
    let name = path.split(separator: "/").last ?? ""
    return name.split { !($0.isASCII && ($0.isNumber || $0.isUppercase)) }.map(String.init)
      .first { $0.hasPrefix("AKIA") && (16...128).contains($0.count) }
  }
}
