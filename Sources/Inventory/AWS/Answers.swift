import Base
import Documents

extension InventoryFormat {
  /// Answers of the AWS CLI that hold nothing of an identity by themselves: known for what they are, told and left aside.
  static let awsAnswers = InventoryFormat(
    name: "aws-answers",
    recognises: { content in
      // Fields of AWS begin with a capital, wrappers of a user's own do not: parts of a record that nobody knows are no answer, and
      // the record itself must be told.
      if content.enclosing.contains(where: { $0.name.first?.isUppercase == true }) { return false }
      return content.object.map { AWSAnswers.command(of: $0, isElement: content.isElement) != nil } ?? false
    },
    read: { content, reading in
      guard let object = content.object, let command = AWSAnswers.command(of: object, isElement: content.isElement)
      else { return }
      reading.countFiltered()
      let holdsSecret = [
        "Credentials", "SecretString", "Plaintext", "PrivateKeyPlaintext", "SharedSecret", "RandomPassword",
      ]
      if holdsSecret.contains(where: { object[$0] != nil }) { reading.warnOfSecret(object) }
      reading.diagnose(
        .warning, content.place, "this says nothing of an identity by itself: \(command)",
        hint: "`aws iam get-account-authorization-details` shows users, groups, roles and policies together")
    })
}

/// What the AWS CLI prints besides inventories, by telling keys.
enum AWSAnswers {
  /// The command that prints such an object, by its own keys.
  static func command(of object: Node, isElement: Bool) -> String? {
    if object["UserId"] != nil, object["Account"] != nil { return "`UserId` of `aws sts get-caller-identity`" }
    if let (key, command) = commands.first(where: { object[$0.0] != nil }) { return "`\(key)` of `aws \(command)`" }
    // Elements of lists are records: one that is only a little like an answer is an unknown record.
    if isElement { return nil }
    // Keys that others use too tell only where hardly anything else stands beside them.
    if object.count == 1, let key = object.members[0].key.text, let command = lone[key] {
      return "`\(key)` of `aws \(command)`"
    }
    let isPlain = object.members.allSatisfy { key, value in
      weak.contains { $0.0 == key.text }
        || value.kind != .mapping && !(value.elements.first.map { $0.kind == .mapping } ?? false)
    }
    // The answers of other programs have objects there.
    if object["result"]?.kind == .mapping { return nil }
    guard object.count <= 4, isPlain, let (key, command) = weak.first(where: { object[$0.0] != nil }) else {
      return nil
    }
    return "`\(key)` of `aws \(command)`"
  }

  private static let commands: [(String, String)] = [
    ("AccountAliases", "iam list-account-aliases"), ("AttachedPolicies", "iam list-attached-user-policies or its kin"),
    ("ContextKeyNames", "iam get-context-keys-for-custom-policy"), ("DeletionTaskId", "iam delete-service-linked-role"),
    ("EvaluationResults", "iam simulate-principal-policy"), ("AccessDetails", "iam get-organizations-access-report"),
    ("OpenIDConnectProviderArn", "iam create-open-id-connect-provider"),
    ("PasswordPolicy", "iam get-account-password-policy"),
    ("PoliciesGrantingServiceAccess", "iam list-policies-granting-service-access"), ("Policies", "iam list-policies"),
    ("PolicyNames", "iam list-role-policies"), ("PolicyGroups", "iam list-entities-for-policy"),
    ("PolicyVersion", "iam get-policy-version"), ("SAMLMetadataDocument", "iam get-saml-provider"),
    ("SAMLProviderArn", "iam create-saml-provider"), ("SummaryMap", "iam get-account-summary"),
    ("VirtualMFADevices", "iam list-virtual-mfa-devices"), ("JobId", "iam generate-service-last-accessed-details"),
    ("analyzers", "accessanalyzer list-analyzers"), ("analyzer", "accessanalyzer get-analyzer"),
    ("accessPreview", "accessanalyzer get-access-preview"), ("accessPreviews", "accessanalyzer list-access-previews"),
    ("analyzedResources", "accessanalyzer list-analyzed-resources"), ("archiveRule", "accessanalyzer get-archive-rule"),
    ("archiveRules", "accessanalyzer list-archive-rules"),
    ("changeType", "accessanalyzer list-access-preview-findings"),
    ("generatedPolicyResult", "accessanalyzer get-generated-policy"),
    ("policyGenerations", "accessanalyzer list-policy-generations"), ("issueCode", "accessanalyzer validate-policy"),
    ("AssumedRoleUser", "sts assume-role or its kin"), ("FederatedUser", "sts get-federation-token"),
    ("DecodedMessage", "sts decode-authorization-message"),
    ("ReplicationStatus", "secretsmanager replicate-secret-to-regions"),
    ("RandomPassword", "secretsmanager get-random-password"),
    ("PolicyValidationPassed", "secretsmanager validate-resource-policy"), ("KeyMetadata", "kms describe-key"),
    ("CustomKeyStores", "kms describe-custom-key-stores"), ("Aliases", "kms list-aliases"),
    ("Rotations", "kms list-key-rotations"), ("GrantToken", "kms create-grant"),
    ("CiphertextBlob", "kms generate-data-key"), ("PrivateKeyCiphertextBlob", "kms generate-data-key-pair"),
    ("KeyRotationEnabled", "kms get-key-rotation-status"), ("ImportToken", "kms get-parameters-for-import"),
    ("SharedSecret", "kms derive-shared-secret"), ("Mac", "kms generate-mac"), ("MacValid", "kms verify-mac"),
    ("SigningAlgorithm", "kms sign"), ("SignatureValid", "kms verify"), ("KeyMaterialId", "kms import-key-material"),
    ("EncryptionAlgorithms", "kms get-public-key"), ("Records", "cloudtrail (a log, not an inventory)"),
  ]

  private static let lone = [
    "arn": "accessanalyzer create-analyzer", "id": "accessanalyzer create-access-preview",
    "jobId": "accessanalyzer start-policy-generation",
  ]

  private static let weak: [(String, String)] = [
    ("ARN", "secretsmanager rotate-secret or its kin"), ("Credentials", "sts get-session-token"),
    ("Keys", "kms list-keys"), ("KeyId", "kms rotate-key-on-demand or its kin"), ("Policy", "iam get-policy"),
    ("State", "iam generate-credential-report"), ("Status", "iam get-service-linked-role-deletion-status"),
    ("Statement", "kms put-key-policy (a policy document)"), ("Tags", "iam list-user-tags or its kin"),
    ("Versions", "iam list-policy-versions"), ("reasons", "accessanalyzer check-no-new-access"),
    ("resource", "accessanalyzer get-analyzed-resource"), ("result", "accessanalyzer check-access-not-granted"),
    ("tags", "accessanalyzer list-tags-for-resource"),
  ]
}
