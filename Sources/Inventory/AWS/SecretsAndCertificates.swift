import Base
import Documents
import Model

extension InventoryFormat {
  /// `aws secretsmanager list-secrets`, `describe-secret`, `list-secret-version-ids`: secrets by their metadata. Nothing says for whom a
  /// secret speaks, so each is an identity with one credential.
  static let awsSecrets = InventoryFormat(
    name: "aws-secrets",
    recognises: { content in
      guard let object = content.object, object["Name"] != nil,
        object["ARN"]?.text?.contains(":secretsmanager:") ?? false
      else { return false }
      return content.hasKey(
        "LastChangedDate", "CreatedDate", "SecretVersionsToStages", "VersionIdsToStages", "RotationEnabled", "Versions")
    },
    read: { content, reading in
      if let node = content.object { reading.readSecret(node) }
    })

  /// `aws acm list-certificates`, `describe-certificate`, `aws iam list-server-certificates`: certificates by their metadata.
  static let awsCertificates = InventoryFormat(
    name: "aws-certificates",
    recognises: { $0.hasKeys("CertificateArn", "DomainName") || $0.hasKeys("ServerCertificateId", "Arn") },
    read: { content, reading in
      if let node = content.object { reading.readAWSCertificate(node) }
    })
}

extension InventoryReading {
  fileprivate mutating func readSecret(_ node: Node) {
    guard let text = node["ARN"]?.text, ARN(text) != nil, let name = node["Name"]?.text else {
      return refuse(.node(node), "`\(node["ARN"]?.text ?? "")` is not the ARN of a secret")
    }
    if node["SecretString"] != nil || node["SecretBinary"] != nil { warnOfSecret(node) }
    var secret = CredentialFact(id: text, kind: "secret", status: .active)
    secret.neverExpires = true
    // An answer on one version (`get-secret-value`) tells of that version.
    let isVersion = node["VersionStages"] != nil
    if isVersion {
      secret.lastRotated = readInstant(node["CreatedDate"])
    } else {
      secret.created = readInstant(node["CreatedDate"])
    }
    secret.lastUsed = readInstant(node["LastAccessedDate"])
    if let rotated = readInstant(node["LastRotatedDate"]) { secret.lastRotated = rotated }
    for version in AWSFields.list(node["Versions"]) {
      let isCurrent = AWSFields.list(version["VersionStages"]).contains { $0.text == "AWSCURRENT" }
      if isCurrent { secret.lastRotated = readInstant(version["CreatedDate"]) }
      secret.lastUsed = [secret.lastUsed, readInstant(version["LastAccessedDate"])].compactMap(\.self).max()
    }
    var fact = IdentityFact(principal: PrincipalKey(text), kind: .token, name: name, source: source.name)
    fact.created = secret.created
    fact.isEnabled = true
    if node["DeletedDate"].map({ $0.kind != .null }) ?? false { (secret.status, fact.isEnabled) = (.inactive, false) }
    fact.tags = awsTags(node["Tags"]) + [rotation(of: node)].compactMap(\.self)
    if let service = node["OwningService"]?.text { fact.tags.append(Tag(key: "muster:owning-service", value: service)) }
    fact.lastUsed = secret.lastUsed
    fact.credentials = [secret]
    fact.unknowable = ["grants", "trusts"] + (isVersion || node["Versions"] != nil ? ["tags"] : [])
    if secret.created == nil { fact.unknowable.append("created") }
    if let rotator = node["RotationLambdaARN"]?.text {
      fact.links.append(LinkFact(.serves, to: rotator, via: "rotation function"))
    }
    add(fact, at: .node(node))
  }

  /// `muster:rotation`: `off`, `30d`, or the schedule's own text.
  private func rotation(of node: Node) -> Tag? {
    guard let isOn = node["RotationEnabled"]?.bool else { return nil }
    let rules = node["RotationRules"]
    let period = rules?["AutomaticallyAfterDays"]?.text.map { "\($0)d" } ?? rules?["ScheduleExpression"]?.text
    return Tag(key: "muster:rotation", value: isOn ? period ?? "on" : "off")
  }

  mutating func awsTags(_ list: Node?) -> [Tag] {
    AWSFields.list(list).compactMap { tag in
      guard let key = (tag["Key"] ?? tag["key"])?.text else { return nil }
      return Tag(key: key, value: (tag["Value"] ?? tag["value"])?.text ?? "")
    }
  }

  fileprivate mutating func readAWSCertificate(_ node: Node) {
    guard let text = (node["CertificateArn"] ?? node["Arn"])?.text, ARN(text) != nil else {
      return refuse(.node(node), "the certificate has no ARN")
    }
    let name = (node["DomainName"] ?? node["ServerCertificateName"])?.text ?? text
    var certificate = CredentialFact(id: node["Serial"]?.text ?? text, kind: "certificate", status: .active)
    certificate.created = readInstant(
      node["NotBefore"] ?? node["IssuedAt"] ?? node["ImportedAt"] ?? node["UploadDate"])
    certificate.expires = readInstant(node["NotAfter"] ?? node["Expiration"])
    switch node["Status"]?.text {
    case "EXPIRED": certificate.status = .expired
    case "REVOKED", "INACTIVE", "FAILED", "PENDING_VALIDATION", "VALIDATION_TIMED_OUT": certificate.status = .inactive
    default: break
    }
    var fact = IdentityFact(principal: PrincipalKey(text), kind: .certificate, name: name, source: source.name)
    fact.uniqueID = node["ServerCertificateId"]?.text
    fact.created = readInstant(node["CreatedAt"] ?? node["ImportedAt"] ?? node["UploadDate"])
    fact.isEnabled = certificate.status == .active
    fact.tags = awsTags(node["Tags"])
    if let renewal = node["RenewalEligibility"]?.text { fact.tags.append(Tag(key: "muster:renewal", value: renewal)) }
    if let isInUse = node["InUse"]?.text { fact.tags.append(Tag(key: "muster:in-use", value: isInUse)) }
    fact.links = AWSFields.list(node["InUseBy"]).compactMap(\.text).map { LinkFact(.serves, to: $0, via: "InUseBy") }
    fact.credentials = [certificate]
    fact.unknowable = ["credentials.lastUsed", "grants", "lastUsed", "tags", "trusts"]
    add(fact, at: .node(node))
  }
}
