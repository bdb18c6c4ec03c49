extension CollectPlan {
  static let gcp = CollectPlan(
    platform: "gcp", program: "gcloud",
    parameters: [("project", "the project's id")],
    permission: """
      These roles on the project, for the account that `gcloud` is signed in as:
      roles/iam.securityReviewer, roles/cloudasset.viewer, roles/serviceusage.apiKeysViewer
      gcloud projects add-iam-policy-binding {project} --member=serviceAccount:COLLECTOR --role=roles/iam.securityReviewer
      """,
    steps: [
      CollectStep(
        "service accounts", ["iam", "service-accounts", "list", "--project={project}", "--format=json"],
        to: "{project}/service-accounts.json"),
      CollectStep(
        "keys of service accounts",
        ["iam", "service-accounts", "keys", "list", "--iam-account={each}", "--project={project}", "--format=json"],
        to: "{project}/keys/{each}.json", each: .init(file: "{project}/service-accounts.json", place: "*/email")),
      CollectStep(
        "who may act as a service account",
        ["iam", "service-accounts", "get-iam-policy", "{each}", "--project={project}", "--format=json"],
        to: "{project}/service-account-policies/{each}.json",
        each: .init(file: "{project}/service-accounts.json", place: "*/email")),
      CollectStep(
        "the project's policy", ["projects", "get-iam-policy", "{project}", "--format=json"],
        to: "{project}/iam-policy.json"),
      CollectStep(
        "policies of all resources in the project",
        ["asset", "search-all-iam-policies", "--scope=projects/{project}", "--format=json"],
        to: "{project}/iam-policies.json", isOptional: true),
      CollectStep(
        "the project's own roles", ["iam", "roles", "list", "--project={project}", "--format=json"],
        to: "{project}/roles.json"),
      CollectStep(
        "what a role allows",
        ["iam", "roles", "describe", "{each}", "--project={project}", "--format=json"],
        to: "{project}/roles/{each}.json",
        each: .init(file: "{project}/roles.json", place: "*/name", takesLastPart: true)),
      CollectStep(
        "API keys, without their values", ["services", "api-keys", "list", "--project={project}", "--format=json"],
        to: "{project}/api-keys.json", isOptional: true),
      CollectStep(
        "workload identity pools",
        ["iam", "workload-identity-pools", "list", "--location=global", "--project={project}", "--format=json"],
        to: "{project}/pools.json", isOptional: true),
      CollectStep(
        "providers of workload identity pools",
        [
          "iam", "workload-identity-pools", "providers", "list", "--workload-identity-pool={each}", "--location=global",
          "--project={project}", "--format=json",
        ],
        to: "{project}/providers/{each}.json",
        each: .init(file: "{project}/pools.json", place: "*/name", takesLastPart: true), isOptional: true),
    ])
}
