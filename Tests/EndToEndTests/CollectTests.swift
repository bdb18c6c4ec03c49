import Base
import TestSupport
import Testing

/// Exports made by the vendors' programs, which stand-ins play here: each call's words give what was recorded.
@Suite(.enabled(if: Muster.path != nil, Muster.missing)) struct CollectTests {
  /// A folder with a program of that name: by the call's words joined with blanks, what it prints; anything else is refused.
  private func stand(in folder: TemporaryFolder, for program: String, _ answers: [String: String]) throws -> [String:
    String]
  {
    var script = "#!/bin/sh\necho \"$*\" >> \"$HOME/calls\"\ncase \"$*\" in\n"
    for (number, (call, answer)) in answers.sorted(by: { $0.key < $1.key }).enumerated() {
      try folder.write("answers/\(number)", answer)
      script += "'\(call)') exec cat \(folder.path("answers/\(number)"));;\n"
    }
    script += "*) echo \"An error occurred (AccessDenied) when calling it\" >&2; exit 254;;\nesac\n"
    try folder.write("bin/\(program)", script)
    try runProgram("chmod", ["+x", folder.path("bin/\(program)")])
    var environment = try Muster.environment(home: folder.path(""))
    environment["PATH"] = "\(folder.path("bin")):\(environment["PATH"] ?? "")"
    environment["HOME"] = folder.path("")
    return environment
  }

  private func muster(_ words: [String], _ environment: [String: String], in folder: TemporaryFolder) throws
    -> ProgramResult
  {
    try runProgram(#require(Muster.path), words, environment: environment, in: folder.path(""), seconds: 60)
  }

  private static let details = #"""
    {"UserDetailList": [{"UserName": "batch", "UserId": "AIDA1", "Arn": "arn:aws:iam::111122223333:user/batch",
      "UserPolicyList": [], "GroupList": [], "AttachedManagedPolicies": []}],
     "GroupDetailList": [], "RoleDetailList": [], "Policies": [], "IsTruncated": false}
    """#
  private static let aws = [
    "iam get-account-authorization-details --output json": details,
    "iam generate-credential-report --output json": #"{"State": "COMPLETE"}"#,
    "iam get-credential-report --output json":
      #"{"Content": "", "ReportFormat": "text/csv", "GeneratedTime": "2026-11-20T06:00:00Z"}"#,
    "iam list-users --output json":
      #"{"Users": [{"UserName": "batch", "UserId": "AIDA1", "Arn": "arn:aws:iam::111122223333:user/batch"}, {"UserName": "--debug"}]}"#,
    "iam list-access-keys --user-name batch --output json":
      #"{"AccessKeyMetadata": [{"UserName": "batch", "AccessKeyId": "AKIA453HAYIG4EXAMPLE", "Status": "Active", "CreateDate": "2026-01-01T00:00:00Z"}]}"#,
    "iam get-access-key-last-used --access-key-id AKIA453HAYIG4EXAMPLE --output json":
      #"{"UserName": "batch", "AccessKeyLastUsed": {"LastUsedDate": "2026-11-01T00:00:00Z", "ServiceName": "s3", "Region": "eu-west-1"}}"#,
    "iam list-open-id-connect-providers --output json": #"{"OpenIDConnectProviderList": []}"#,
    "iam list-saml-providers --output json": #"{"SAMLProviderList": []}"#,
    "iam list-server-certificates --output json": #"{"ServerCertificateMetadataList": []}"#,
  ]

  @Test func writesWhatTheProgramPrints() throws {
    let folder = try TemporaryFolder()
    let environment = try stand(in: folder, for: "aws", Self.aws)
    let result = try muster(["collect", "aws"], environment, in: folder)
    #expect(result.status == 0, "\(result.error)")
    #expect(try folder.read("exports/aws/account-authorization-details.json") == Self.details)
    #expect(try folder.read("exports/aws/access-keys/batch.json").contains("AKIA453HAYIG4EXAMPLE"))
    #expect(try folder.read("exports/aws/access-key-last-used/AKIA453HAYIG4EXAMPLE.json").contains("2026-11-01"))
    #expect(result.error.contains("without secrets"), "an optional call that is refused is told: \(result.error)")
    #expect(result.error.contains("'--debug' of"), "a name that looks like an option is left out: \(result.error)")
    #expect(try !folder.read("calls").contains("--user-name --debug"))
  }

  @Test func keepsWhatItHasWhereACallFails() throws {
    let folder = try TemporaryFolder()
    var answers = Self.aws
    answers["iam get-account-authorization-details --output json"] = nil
    try folder.write("exports/aws/account-authorization-details.json", "older")
    let result = try muster(["collect", "aws"], try stand(in: folder, for: "aws", answers), in: folder)
    #expect(result.status == 3)
    #expect(
      result.error.contains(
        "aws iam get-account-authorization-details --output json: An error occurred (AccessDenied)"), "\(result.error)")
    #expect(try folder.read("exports/aws/account-authorization-details.json") == "older")
    #expect(try folder.read("exports/aws/access-keys/batch.json").contains("AKIA453HAYIG4EXAMPLE"))
  }

  @Test(arguments: [
    "aws", "gcp", "azure", "kubernetes", "github", "gitlab", "vault", "spire", "snowflake", "databricks",
  ])
  func plansWithoutCalling(platform: String) throws {
    let folder = try TemporaryFolder()
    var environment = try Muster.environment(home: folder.path(""))
    environment["PATH"] = folder.path("bin")
    let result = try muster(["collect", "--plan", platform], environment, in: folder)
    #expect(result.status == 0, "\(result.error)")
    #expect(result.output.contains("The least that the caller must be allowed"))
    let words = ["create", "delete", "update", "put", "--with-decryption", "get-secret-value", "write", "patch"]
    for line in result.output.split(separator: "\n") where !line.hasPrefix("#") {
      #expect(!line.split(separator: " ").contains { words.contains(String($0)) }, "\(line)")
    }
    #expect(try FileSystem.files(at: folder.path("")).isEmpty)
  }

  @Test(arguments: [
    (["collect", "awz"], "did you mean `aws`"), (["collect", "gcp"], "gcp needs project"),
    (["collect", "gcp", "--set", "project=-x"], "cannot be a word of a call"),
    (["collect", "aws", "--set", "a=b"], "aws needs nothing"),
    (["collect", "aws"], "'aws' is not installed"),
  ])
  func saysWhatIsMissing(words: [String], said: String) throws {
    let folder = try TemporaryFolder()
    var environment = try Muster.environment(home: folder.path(""))
    environment["PATH"] = folder.path("bin")
    let result = try muster(words, environment, in: folder)
    #expect(result.status == 2)
    #expect(result.error.contains(said), "\(result.error)")
  }

  /// AWS makes the report while it is asked for it, and the answer does not repeat whose it is.
  @Test func waitsForWhatIsInTheMaking() throws {
    let folder = try TemporaryFolder()
    let arn = "arn:aws:iam::111122223333:role/team/app.v2"
    var answers = Self.aws
    answers["iam get-account-authorization-details --output json"] = """
      {"UserDetailList": [], "GroupDetailList": [], "Policies": [], "RoleDetailList": [{"Path": "/team/", "RoleName": "app.v2",
        "RoleId": "AROA1", "Arn": "\(arn)", "CreateDate": "2026-01-01T00:00:00Z", "RolePolicyList": [], "AttachedManagedPolicies": []}]}
      """
    answers["iam generate-service-last-accessed-details --arn \(arn) --output json"] = #"{"JobId": "j1"}"#
    answers["iam get-service-last-accessed-details --job-id j1 --output json"] = """
      {"JobStatus": "COMPLETED", "ServicesLastAccessed": [{"ServiceNamespace": "s3", "TotalAuthenticatedEntities": 0}]}
      """
    let environment = try stand(in: folder, for: "aws", answers)
    #expect(try muster(["collect", "aws"], environment, in: folder).status == 0)
    let file = "exports/aws/service-last-accessed/\(arn.replacing("/", with: "_")).json"
    #expect(try folder.read(file).contains("COMPLETED"))
  }

  /// What only lists names for other calls is nothing to `sync`.
  @Test func writesNothingThatSyncCannotRead() throws {
    let folder = try TemporaryFolder()
    let environment = try stand(
      in: folder, for: "gh",
      [
        "api --paginate /orgs/acme/installations": #"{"total_count": 0, "installations": []}"#,
        "api --paginate /orgs/acme/repos": """
        [{"id": 1, "name": "web", "full_name": "acme/web", "private": true},
         {"id": 2, "name": ".github", "full_name": "acme/.github", "private": false}]
        """,
        "api --paginate /repos/acme/.github/keys": """
        [{"id": 2, "title": "dot", "key": "ssh-rsa AAA", "read_only": true, "url": "https://api.github.com/repos/acme/.github/keys/2"}]
        """,
        "api --paginate /repos/acme/web/keys": """
        [{"id": 1, "title": "k", "key": "ssh-rsa AAA", "read_only": true, "url": "https://api.github.com/repos/acme/web/keys/1"}]
        """,
        "api --paginate /repos/acme/web/environments": """
        {"total_count": 1, "environments": [{"name": "prod", "url": "https://api.github.com/repos/acme/web/environments/prod"}]}
        """,
        "api --paginate /repos/acme/web/environments/prod/secrets": """
        {"total_count": 1, "secrets": [{"name": "DEPLOY", "created_at": "2026-01-01T00:00:00Z", "updated_at": "2026-01-01T00:00:00Z"}]}
        """,
      ])
    #expect(try muster(["collect", "github", "--set", "organization=acme"], environment, in: folder).status == 0)
    try runProgram("git", ["init", "-q", folder.path("")])
    try folder.write("owners.yaml", "teams: {}\npeople: {}\n")
    try folder.write(
      "muster.yaml",
      "muster: 1\nsources:\n  inventory:\n    - { name: gh, path: \"exports/github/**\", covers: [\"github:acme\"] }\n")
    let result = try muster(["sync"], environment, in: folder)
    #expect(result.status == 0, "\(result.error)")
    let shown = try muster(["show", "github:acme/web/environment/prod"], environment, in: folder)
    #expect(shown.output.contains("DEPLOY"), "\(shown.output)\(shown.error)")
    // Its exports are files that begin with a dot.
    let dotted = try muster(["show", "github:acme/.github/deploy-key/2"], environment, in: folder)
    #expect(dotted.status == 0, "\(dotted.error)")
  }
}
