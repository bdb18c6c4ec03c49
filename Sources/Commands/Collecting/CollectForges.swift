extension CollectPlan {
  static let github = CollectPlan(
    platform: "github", program: "gh",
    parameters: [("organization", "the organisation's login")],
    permission: """
      A token of an owner of the organisation with these scopes, for `gh auth login`:
      read:org, admin:org (fine-grained tokens and credential authorisations), repo (deploy keys)
      """,
    steps: [
      api("app installations", "/orgs/{organization}/installations", "installations"),
      api(
        "fine-grained tokens", "/orgs/{organization}/personal-access-tokens", "personal-access-tokens", isOptional: true
      ),
      api(
        "credentials that were authorised for SAML", "/orgs/{organization}/credential-authorizations",
        "credential-authorizations", isOptional: true),
      api("names of Actions secrets", "/orgs/{organization}/actions/secrets", "actions-secrets", isOptional: true),
      api("runners", "/orgs/{organization}/actions/runners", "runners", isOptional: true),
      api(
        "the template of OIDC subjects", "/orgs/{organization}/actions/oidc/customization/sub", "oidc-subject",
        isOptional: true),
      CollectStep(
        "repositories", ["api", "--paginate", "/orgs/{organization}/repos"],
        to: ".lists/{organization}/repositories.json"),
      CollectStep(
        "deploy keys", ["api", "--paginate", "/repos/{organization}/{each}/keys"],
        to: "{organization}/deploy-keys/{each}.json",
        each: .init(file: ".lists/{organization}/repositories.json", place: "*/name")),
      CollectStep(
        "names of the repositories' secrets", ["api", "--paginate", "/repos/{organization}/{each}/actions/secrets"],
        to: "repos/{organization}/{each}/actions-secrets.json",
        each: .init(file: ".lists/{organization}/repositories.json", place: "*/name"), isOptional: true),
      CollectStep(
        "environments", ["api", "--paginate", "/repos/{organization}/{each}/environments"],
        to: ".lists/{organization}/environments/{each}.json",
        each: .init(file: ".lists/{organization}/repositories.json", place: "*/name"), isOptional: true),
      CollectStep(
        "names of the environments' secrets", ["api", "--paginate", "/repos/{each}/secrets"],
        to: "repos/{each}/secrets.json",
        each: .init(file: ".lists/{organization}/environments/*.json", place: "environments/*/url", after: "/repos/"),
        isOptional: true),
      CollectStep(
        "alerts of secret scanning, without the secrets",
        ["api", "--paginate", "/orgs/{organization}/secret-scanning/alerts", "--jq", Self.withoutSecrets],
        to: "{organization}/secret-scanning-alerts.json", isOptional: true),
    ])

  /// An access key's id is no secret, and tells whose it is; everything else is dropped before it is printed.
  private static let withoutSecrets =
    #"map(if .secret_type == "aws_access_key_id" then . else del(.secret) end)"#

  private static func api(_ what: String, _ path: String, _ file: String, isOptional: Bool = false) -> CollectStep {
    CollectStep(
      what, ["api", "--paginate", path], to: "{organization}/\(file).json", isOptional: isOptional)
  }

  static let gitlab = CollectPlan(
    platform: "gitlab", program: "glab",
    parameters: [("group", "the group's path or id")],
    permission: """
      A token of an owner of the group with the scope read_api, for `glab auth login`.
      """,
    steps: [
      CollectStep(
        "group access tokens", ["api", "--paginate", "groups/{group}/access_tokens"],
        to: "{group}/access-tokens.json"),
      CollectStep(
        "group deploy tokens", ["api", "--paginate", "groups/{group}/deploy_tokens"],
        to: "{group}/deploy-tokens.json"),
      CollectStep("runners", ["api", "--paginate", "groups/{group}/runners"], to: "{group}/runners.json"),
      CollectStep("projects", ["api", "--paginate", "groups/{group}/projects"], to: ".lists/{group}/projects.json"),
      CollectStep(
        "project access tokens", ["api", "--paginate", "projects/{each}/access_tokens"],
        to: "{group}/project-access-tokens/{each}.json",
        each: .init(file: ".lists/{group}/projects.json", place: "*/id")),
      CollectStep(
        "project deploy tokens", ["api", "--paginate", "projects/{each}/deploy_tokens"],
        to: "{group}/project-deploy-tokens/{each}.json",
        each: .init(file: ".lists/{group}/projects.json", place: "*/id")),
      CollectStep(
        "deploy keys", ["api", "--paginate", "projects/{each}/deploy_keys"],
        to: "{group}/project-deploy-keys/{each}.json", each: .init(file: ".lists/{group}/projects.json", place: "*/id")),
    ])
}
