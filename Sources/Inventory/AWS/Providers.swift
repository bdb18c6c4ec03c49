import Base
import Documents
import Model

extension InventoryFormat {
  /// `aws iam list-open-id-connect-providers`, `list-saml-providers`: whom an account believes when they say who somebody is.
  static let awsIdentityProviders = InventoryFormat(
    name: "aws-identity-providers",
    recognises: { content in
      let arn = content.object?["Arn"]?.text ?? ""
      return arn.contains(":oidc-provider/") || arn.contains(":saml-provider/")
    },
    read: { content, reading in
      if let node = content.object { reading.readProvider(node) }
    })

  /// `aws iam get-open-id-connect-provider`, which does not repeat the ARN.
  static let awsOpenIDProvider = InventoryFormat(
    name: "aws-open-id-provider",
    recognises: { $0.hasKeys("ThumbprintList", "Url") },
    read: { content, reading in
      if let node = content.object { reading.readProvider(node) }
    })

  /// `aws rolesanywhere list-trust-anchors`, `list-profiles`, `list-subjects`, `get-subject`.
  static let awsRolesAnywhere = InventoryFormat(
    name: "aws-roles-anywhere",
    recognises: { $0.hasKey("trustAnchorArn", "profileArn", "subjectArn") && $0.hasKey("enabled") },
    read: { content, reading in
      if let node = content.object { reading.readRolesAnywhere(node) }
    })

  /// `aws organizations list-accounts`: each account's root user, by the account's name, address and state.
  static let awsAccounts = InventoryFormat(
    name: "aws-organizations-accounts",
    recognises: { $0.hasKeys("Id", "Email", "JoinedMethod") },
    read: { content, reading in
      if let node = content.object { reading.readAccount(node) }
    })
}

extension InventoryReading {
  fileprivate mutating func readProvider(_ node: Node) {
    var arn = node["Arn"]?.text
    if arn == nil, let url = node["Url"]?.text, let account = coveredAccount(of: "aws") {
      arn = "arn:aws:iam::\(account):oidc-provider/\(url)"
    }
    guard let arn, ARN(arn) != nil else {
      countFiltered()
      return diagnose(
        .warning, .node(node), "the answer does not say whose provider `\(node["Url"]?.text ?? "")` is",
        hint: "set `covers: [\"aws:ACCOUNT\"]` on the source")
    }
    let kind = arn.contains(":oidc-provider/") ? ":oidc-provider/" : ":saml-provider/"
    let name = arn.split(separator: ":", maxSplits: 5).last?.split(separator: "/", maxSplits: 1).last.map(String.init)
    var fact = IdentityFact(principal: PrincipalKey(arn), kind: .service, name: name ?? arn, source: source.name)
    fact.created = readInstant(node["CreateDate"])
    fact.isEnabled = true
    fact.tags = awsTags(node["Tags"])
    fact.unknowable = ["credentials.lastUsed", "grants", "lastUsed"]
    if node["ThumbprintList"] == nil {
      fact.unknowable += ["tags", "trusts"] + (fact.created == nil ? ["created"] : [])
    }
    if let until = readInstant(node["ValidUntil"]) {
      var metadata = CredentialFact(id: "saml-metadata", kind: "certificate", status: .active)
      (metadata.created, metadata.expires) = (fact.created, until)
      fact.credentials = [metadata]
    } else if kind == ":saml-provider/" || node["ThumbprintList"] == nil {
      fact.unknowable.append("credentials")
    }
    for thumbprint in AWSFields.list(node["ThumbprintList"]).compactMap(\.text) {
      fact.credentials.append(CredentialFact(id: thumbprint, kind: "certificate", status: .active))
    }
    let audiences = AWSFields.list(node["ClientIDList"]).compactMap(\.text).sorted()
    if !audiences.isEmpty {
      fact.trusts = [
        TrustFact(
          effect: .allow, principals: audiences.map { "Federated:\(name ?? "")#aud=\($0)" }, actions: [], condition: nil
        )
      ]
    }
    add(fact, at: .node(node))
  }

  fileprivate mutating func readRolesAnywhere(_ node: Node) {
    guard let arn = (node["trustAnchorArn"] ?? node["profileArn"] ?? node["subjectArn"])?.text, ARN(arn) != nil else {
      return refuse(.node(node), "the object of Roles Anywhere has no ARN")
    }
    let isSubject = node["subjectArn"] != nil
    let name = (node["name"] ?? node["x509Subject"])?.text ?? arn
    var fact = IdentityFact(
      principal: PrincipalKey(arn), kind: isSubject ? .certificate : .service, name: name, source: source.name)
    fact.uniqueID = (node["trustAnchorId"] ?? node["profileId"] ?? node["subjectId"])?.text
    fact.created = readInstant(node["createdAt"])
    fact.isEnabled = node["enabled"]?.bool
    fact.lastUsed = readInstant(node["lastSeenAt"])
    fact.unknowable = ["grants", "tags", "trusts"]
    // A subject that a certificate was seen of may become the profile's roles; which ones, the roles' trust policies say.
    fact.links = AWSFields.list(node["roleArns"]).compactMap(\.text).map {
      LinkFact(.becomes, to: $0, via: "profile \(name)")
    }
    for credential in AWSFields.list(node["credentials"]) {
      guard let serial = credential["serialNumber"]?.text else { continue }
      var certificate = CredentialFact(
        id: serial, kind: "certificate", status: credential["enabled"]?.bool == false ? .inactive : .active)
      certificate.lastUsed = readInstant(credential["seenAt"])
      fact.credentials.append(certificate)
    }
    if isSubject && node["credentials"] == nil { fact.mark(unknowable: "credentials") }
    if !isSubject { fact.mark(unknowable: "lastUsed") }
    add(fact, at: .node(node))
  }

  /// What the organisation says of an account is not what the account itself shows: nothing follows for its identities.
  fileprivate mutating func readAccount(_ node: Node) {
    guard let id = node["Id"]?.text, id.utf8.count == 12, id.allSatisfy(\.isNumber) else {
      return refuse(.node(node), "`\(node["Id"]?.text ?? "")` is not the id of an account")
    }
    let partition = node["Arn"]?.text.flatMap { ARN($0)?.partition } ?? "aws"
    let principal = PrincipalKey("arn:\(partition):iam::\(id):root")
    var fact = IdentityFact(principal: principal, kind: .root, name: "root", source: source.name)
    fact.owners = [node["Email"]?.text].compactMap(\.self)
    fact.isEnabled = (node["State"] ?? node["Status"])?.text == "ACTIVE"
    fact.tags = [Tag(key: "muster:account-name", value: node["Name"]?.text ?? id)]
    fact.unknowable = AWSFields.unknownToKeyLists
    if self.fact(of: principal) == nil {
      insert(fact, at: .node(node), isShown: false)
    } else {
      update(principal) { _ = $0.complete(with: fact) }
    }
    countUsed()
  }
}
