extension TrailRecord {
  /// The durable principal key (CloudTrail User Guide, "userIdentity element"): never a session where the record names what
  /// issued it, and never a name that the record does not hold. Empty where it names nobody.
  func identity(_ scratch: inout Scratch) -> RawText {
    if !issuer.isEmpty { return issuer }
    if identityType.equals("AWSService") || (identityType.isEmpty && arn.isEmpty && !invokedBy.isEmpty) {
      let service = invokedBy.isEmpty ? address : invokedBy
      // The platform's own name of a service is unique as it stands: `ec2.amazonaws.com`.
      if service.isEmpty || service.isServiceHost { return service }
      return scratch.join("aws:service/", service)
    }
    if !arn.isEmpty { return arn }
    return identityWithoutARN(&scratch)
  }

  private func identityWithoutARN(_ scratch: inout Scratch) -> RawText {
    if isAnonymous { return .none }
    // Roles Anywhere: a certificate's subject, which has an ARN of its own, asks for a session.
    if !subject.isEmpty, source.equals("rolesanywhere.amazonaws.com") { return subject }
    if identityType.equals("Root"), isAccountID(identityAccount) {
      return scratch.join("arn:", RawText(partition), ":iam::", identityAccount, ":root")
    }
    if identityType.equals("IdentityCenterUser"), !behalfUser.isEmpty {
      let store = behalfStore.lastComponent
      return scratch.join("aws:identity-store/", store, "/user/", behalfUser)
    }
    if identityType.equals("AWSAccount"), !identityAccount.isEmpty {
      return scratch.join("aws:account/", identityAccount)
    }
    let isFederated = identityType.equals("WebIdentityUser") || identityType.equals("SAMLUser")
    // Whoever cannot sign in may have typed a password for a name: AWS shows neither.
    let isHidden = userName.equals("HIDDEN_DUE_TO_SECURITY_REASONS")
    let userName = isHidden ? RawText.none : userName
    let name = !userName.isEmpty && !isFederated ? userName : principal.isEmpty ? userName : principal
    if name.isEmpty && isHidden { return .none }
    if name.isEmpty { return identityAccount.isEmpty ? .none : scratch.join("aws:account/", identityAccount) }
    let owner = identityAccount.isEmpty ? account : identityAccount
    if owner.isEmpty { return scratch.join("aws:", kind, "/", name) }
    return scratch.join(scratch.join("aws:", owner, "/"), kind, "/", name)
  }

  /// Whether nobody signed the request.
  var isAnonymous: Bool { identityAccount.equals("ANONYMOUS_PRINCIPAL") && identityType.equals("AWSAccount") }

  /// The kind of identity in a key of ours; a kind that AWS adds later stands as it is.
  private var kind: RawText {
    if identityType.isEmpty { return "principal" }
    if identityType.equals("IAMUser") { return "user" }
    if identityType.equals("Root") { return "root" }
    if identityType.equals("AssumedRole") { return "role-session" }
    if identityType.equals("FederatedUser") { return "federated-user" }
    if identityType.equals("WebIdentityUser") { return "web-identity" }
    if identityType.equals("SAMLUser") { return "saml" }
    return identityType.equals("Unknown") ? "unknown" : identityType
  }

  /// The partition of the ARNs in the record's region (AWS General Reference, "Amazon Resource Names").
  var partition: StaticString {
    if region.hasPrefix("cn-") { return "aws-cn" }
    return region.hasPrefix("us-gov-") ? "aws-us-gov" : "aws"
  }
}

extension RawText: ExpressibleByStringLiteral {
  init(stringLiteral: StaticString) { self.init(stringLiteral) }

  /// Whether it is the name of an AWS service.
  var isServiceHost: Bool { hasSuffix(".amazonaws.com") }

  /// What follows the last `/`.
  var lastComponent: RawText {
    guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else { return self }
    return dropFirst(slash + 1)
  }
}

/// Whether the text is the number of an AWS account: twelve digits.
func isAccountID(_ text: RawText) -> Bool { text.count == 12 && text.bytes.allSatisfy { $0 &- 0x30 < 10 } }
