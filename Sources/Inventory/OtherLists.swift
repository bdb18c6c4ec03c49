import Documents

/// Outputs of the AWS CLI that are recognised in order to say what they are; they hold no identity that could be read from them alone.
enum OtherLists {
  static let hint = "`muster collect --plan PLATFORM` prints the calls whose outputs are read"

  /// The shown name of what is in the object, and the command that prints it where that is known.
  static func recognise(_ node: Node) -> (name: String, command: String?) {
    guard node.kind == .mapping else { return ("a \(node.kind)", nil) }
    let object = node["output"].flatMap { $0.kind == .mapping && node.count <= 2 ? $0 : nil } ?? node
    if let command = command(of: object) { return ("", command) }
    let keys = object.members.compactMap(\.key.text)
    let shown = keys.prefix(5).map { "`\($0)`" }.joined(separator: ", ")
    return (keys.isEmpty ? "an empty object" : "its keys are \(shown)\(keys.count > 5 ? ", …" : "")", nil)
  }

  /// The command that prints such an object, by its own keys.
  static func command(of object: Node) -> String? {
    commands.first { object[$0.0] != nil }.map { key, command in "`\(key)` of `aws \(command)`" }
  }

  private static let commands: [(String, String)] = [
    ("AccessKey", "iam create-access-key"), ("AccountAliases", "iam list-account-aliases"),
    ("AttachedPolicies", "iam list-attached-user-policies or its kin"),
    ("CertificateId", "iam upload-signing-certificate"),
    ("Certificate", "iam upload-signing-certificate"), ("Certificates", "iam list-signing-certificates"),
    ("ContextKeyNames", "iam get-context-keys-for-custom-policy"), ("DeletionTaskId", "iam delete-service-linked-role"),
    ("EntityDetailsList", "iam get-service-last-accessed-details-with-entities"),
    ("EvaluationResults", "iam simulate-principal-policy"), ("InstanceProfile", "iam get-instance-profile"),
    ("InstanceProfiles", "iam list-instance-profiles"), ("JobId", "iam generate-service-last-accessed-details"),
    ("LoginProfile", "iam get-login-profile"), ("MFADevices", "iam list-mfa-devices"),
    ("OpenIDConnectProviderArn", "iam create-open-id-connect-provider"),
    ("OpenIDConnectProviderList", "iam list-open-id-connect-providers"),
    ("PasswordPolicy", "iam get-account-password-policy"),
    ("PoliciesGrantingServiceAccess", "iam list-policies-granting-service-access"), ("Policies", "iam list-policies"),
    ("Policy", "iam get-policy"), ("PolicyDocument", "iam get-user-policy or its kin"),
    ("PolicyNames", "iam list-role-policies"),
    ("PolicyGroups", "iam list-entities-for-policy"), ("PolicyVersion", "iam get-policy-version"),
    ("SAMLMetadataDocument", "iam get-saml-provider"), ("SAMLProviderArn", "iam create-saml-provider"),
    ("SAMLProviderList", "iam list-saml-providers"), ("SSHPublicKey", "iam get-ssh-public-key"),
    ("SSHPublicKeys", "iam list-ssh-public-keys"), ("ServerCertificateMetadata", "iam upload-server-certificate"),
    ("ServerCertificateMetadataList", "iam list-server-certificates"),
    ("ServiceSpecificCredential", "iam create-service-specific-credential"),
    ("ServiceSpecificCredentials", "iam list-service-specific-credentials"),
    ("ServicesLastAccessed", "iam get-service-last-accessed-details"), ("SummaryMap", "iam get-account-summary"),
    ("Tags", "iam list-user-tags or its kin"), ("VirtualMFADevices", "iam list-virtual-mfa-devices"),
    ("Versions", "iam list-policy-versions"), ("findings", "accessanalyzer list-findings"),
    ("analyzers", "accessanalyzer list-analyzers"),
    ("SecretList", "secretsmanager list-secrets"), ("Keys", "kms list-keys"), ("Groups", "iam list-groups"),
    ("Group", "iam get-group"), ("Records", "cloudtrail (a log, not an inventory)"),
    ("SerialNumber", "iam get-mfa-device"), ("State", "iam generate-credential-report"),
    ("Status", "iam get-service-linked-role-deletion-status"),
  ]
}
