extension CollectPlan {
  static let aws = CollectPlan(
    platform: "aws", program: "aws",
    permission: """
      An IAM policy (attach it to the role that collects, for instance beside nothing else):
      {
        "Version": "2012-10-17",
        "Statement": [{
          "Effect": "Allow",
          "Action": [
            "iam:GetAccountAuthorizationDetails", "iam:GenerateCredentialReport", "iam:GetCredentialReport", "iam:ListUsers",
            "iam:ListAccessKeys", "iam:GetAccessKeyLastUsed", "iam:ListOpenIDConnectProviders", "iam:GetOpenIDConnectProvider",
            "iam:ListSAMLProviders", "iam:ListServerCertificates", "iam:GenerateServiceLastAccessedDetails",
            "iam:GetServiceLastAccessedDetails", "secretsmanager:ListSecrets", "acm:ListCertificates",
            "access-analyzer:ListAnalyzers", "access-analyzer:ListFindingsV2", "rolesanywhere:ListTrustAnchors",
            "rolesanywhere:ListProfiles", "organizations:ListAccounts"
          ],
          "Resource": "*"
        }]
      }
      """,
    steps: [
      CollectStep(
        "users, groups, roles and policies", ["iam", "get-account-authorization-details", "--output", "json"],
        to: "account-authorization-details.json"),
      CollectStep(
        "the making of the credential report", ["iam", "generate-credential-report", "--output", "json"], to: nil),
      CollectStep(
        "the credential report", ["iam", "get-credential-report", "--output", "json"], to: "credential-report.json",
        waitsWhile: "ReportInProgress"),
      CollectStep("the list of users", ["iam", "list-users", "--output", "json"], to: "users.json"),
      CollectStep(
        "access keys", ["iam", "list-access-keys", "--user-name", "{each}", "--output", "json"],
        to: "access-keys/{each}.json", each: .init(file: "users.json", place: "Users/*/UserName")),
      CollectStep(
        "the last use of access keys",
        ["iam", "get-access-key-last-used", "--access-key-id", "{each}", "--output", "json"],
        to: "access-key-last-used/{each}.json",
        each: .init(file: "access-keys/*.json", place: "AccessKeyMetadata/*/AccessKeyId")),
      lastAccessedJob("users", "UserDetailList/*/Arn"),
      lastAccessedJob("roles", "RoleDetailList/*/Arn"),
      CollectStep(
        "which services they last used",
        ["iam", "get-service-last-accessed-details", "--job-id", "{each}", "--output", "json"],
        to: "service-last-accessed/{from}.json", each: .init(file: ".lists/last-accessed-jobs/*.json", place: "JobId"),
        isOptional: true, waitsWhile: "\"IN_PROGRESS\""),
      CollectStep(
        "OIDC providers", ["iam", "list-open-id-connect-providers", "--output", "json"], to: "oidc-providers.json"),
      CollectStep(
        "an OIDC provider's audiences",
        ["iam", "get-open-id-connect-provider", "--open-id-connect-provider-arn", "{each}", "--output", "json"],
        to: "oidc-provider/{each}.json",
        each: .init(file: "oidc-providers.json", place: "OpenIDConnectProviderList/*/Arn")),
      CollectStep("SAML providers", ["iam", "list-saml-providers", "--output", "json"], to: "saml-providers.json"),
      CollectStep(
        "server certificates", ["iam", "list-server-certificates", "--output", "json"], to: "server-certificates.json"),
      CollectStep(
        "secrets, without their values", ["secretsmanager", "list-secrets", "--output", "json"], to: "secrets.json",
        isOptional: true),
      CollectStep(
        "certificates", ["acm", "list-certificates", "--output", "json"], to: "certificates.json", isOptional: true),
      CollectStep(
        "Access Analyzer's analyzers", ["accessanalyzer", "list-analyzers", "--output", "json"],
        to: ".lists/analyzers.json", isOptional: true),
      CollectStep(
        "Access Analyzer's findings",
        ["accessanalyzer", "list-findings-v2", "--analyzer-arn", "{each}", "--output", "json"],
        to: "analyzer-findings/{each}.json", each: .init(file: ".lists/analyzers.json", place: "analyzers/*/arn"),
        isOptional: true),
      CollectStep(
        "IAM Roles Anywhere's trust anchors", ["rolesanywhere", "list-trust-anchors", "--output", "json"],
        to: "trust-anchors.json", isOptional: true),
      CollectStep(
        "IAM Roles Anywhere's profiles", ["rolesanywhere", "list-profiles", "--output", "json"],
        to: "profiles.json", isOptional: true),
      CollectStep(
        "the organisation's accounts", ["organizations", "list-accounts", "--output", "json"],
        to: "organization-accounts.json", isOptional: true),
    ])

  /// AWS makes the report of each identity when it is asked to; the answer does not repeat whose it is, so that the file's name must.
  private static func lastAccessedJob(_ whose: String, _ place: String) -> CollectStep {
    CollectStep(
      "the making of the reports on what \(whose) last used",
      ["iam", "generate-service-last-accessed-details", "--arn", "{each}", "--output", "json"],
      to: ".lists/last-accessed-jobs/{each}.json",
      each: .init(file: "account-authorization-details.json", place: place),
      isOptional: true)
  }
}
