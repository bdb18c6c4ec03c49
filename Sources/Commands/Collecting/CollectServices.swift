extension CollectPlan {
  static let vault = CollectPlan(
    platform: "vault", program: "vault",
    permission: """
      A policy of Vault:  vault policy write muster-collect -
      path "auth/approle/role"               { capabilities = ["list"] }
      path "auth/approle/role/*"             { capabilities = ["read", "list"] }
      path "identity/entity/id"              { capabilities = ["list"] }
      path "identity/entity/id/*"            { capabilities = ["read"] }
      path "sys/policies/acl"                { capabilities = ["list"] }
      path "sys/policies/acl/*"              { capabilities = ["read"] }
      """,
    steps: [
      CollectStep(
        "names of AppRoles", ["list", "-format=json", "auth/approle/role"], to: ".lists/approles.json", isOptional: true
      ),
      CollectStep(
        "AppRoles", ["read", "-format=json", "auth/approle/role/{each}"], to: "auth/approle/role/{each}.json",
        each: .init(file: ".lists/approles.json", place: "*"), isOptional: true),
      CollectStep(
        "accessors of AppRoles' secret ids", ["list", "-format=json", "auth/approle/role/{each}/secret-id"],
        to: "auth/approle/role/{each}/secret-id.json", each: .init(file: ".lists/approles.json", place: "*"),
        isOptional: true),
      CollectStep(
        "ids of entities", ["list", "-format=json", "identity/entity/id"], to: ".lists/entity-ids.json",
        isOptional: true),
      CollectStep(
        "entities", ["read", "-format=json", "identity/entity/id/{each}"], to: "identity/entity/id/{each}.json",
        each: .init(file: ".lists/entity-ids.json", place: "*"), isOptional: true),
      CollectStep("names of policies", ["policy", "list", "-format=json"], to: ".lists/policies.json"),
      CollectStep(
        "policies", ["read", "-format=json", "sys/policies/acl/{each}"], to: "sys/policies/acl/{each}.json",
        each: .init(file: ".lists/policies.json", place: "*")),
    ])

  static let spire = CollectPlan(
    platform: "spire", program: "spire-server",
    permission: "Access to the server's local API socket, as an administrator of SPIRE has it.",
    steps: [
      CollectStep("registration entries", ["entry", "show", "-output", "json"], to: "entries.json")
    ])

  static let snowflake = CollectPlan(
    platform: "snowflake", program: "snow",
    permission: """
      A role that sees users and grants:
      GRANT DATABASE ROLE SNOWFLAKE.SECURITY_VIEWER TO ROLE MUSTER_COLLECT;
      """,
    steps: [
      CollectStep(
        "users",
        ["sql", "--format", "json", "-q", "select * from snowflake.account_usage.users where deleted_on is null"],
        to: "users.json"),
      CollectStep(
        "roles of users",
        [
          "sql", "--format", "json", "-q",
          "select * from snowflake.account_usage.grants_to_users where deleted_on is null",
        ],
        to: "grants-to-users.json"),
      CollectStep(
        "privileges of roles",
        [
          "sql", "--format", "json", "-q",
          "select * from snowflake.account_usage.grants_to_roles where deleted_on is null",
        ],
        to: "grants-to-roles.json"),
    ])

  static let databricks = CollectPlan(
    platform: "databricks", program: "databricks",
    permission: "A workspace administrator's profile: tokens of others are shown to administrators only.",
    steps: [
      CollectStep("service principals", ["service-principals", "list", "-o", "json"], to: "service-principals.json"),
      CollectStep("tokens", ["token-management", "list", "-o", "json"], to: "tokens.json", isOptional: true),
    ])
}
