import Model

/// The tables of every kind of file.
enum FieldTable {
  static let severities = Severity.allCases.map(\.rawValue)
  /// Without a colon: a handle is never taken for a principal key.
  static let handle = "^[A-Za-z0-9][A-Za-z0-9._/@+-]{0,127}$"
  static let principal = "^[^\\s:]+:[^\\s]+$"

  static let configuration: [Field] = [
    Field("muster", .word(["1"]), "the version of this format", required: true),
    Field(
      "environments", .entries(.list(.text)), "which places (aws:111122223333, k8s:prod-*) belong to which environment"),
    Field("sources", .mapping(sources), "where inventory and usage come from"),
    Field("facts", .mapping(facts), "where facts are kept"),
    Field("policies", .mapping(policies), "which policies are in force, with which parameters"),
    Field(
      "reviews", .mapping([Field("signed", .list(.word(severities)), "severities whose decisions must be signed")]),
      "how decisions are made"),
  ]
  static let sources: [Field] = [
    Field("inventory", .list(.mapping(source)), "exports of what exists"),
    Field("usage", .list(.mapping(source)), "logs of what happened"),
  ]
  static let source: [Field] = [
    Field("name", .text, "its name in findings and facts", required: true),
    Field("path", .text, "file, folder or glob, relative to the repository's root", required: true),
    Field("covers", .list(.text), "patterns of the places that it shows; without it, the places seen in it"),
    Field("every", .duration, "how old it may be before it is stale"),
    Field("lateness", .duration, "how late its events may arrive"),
    Field("format", .text, "the format, where it must not be recognised from the content"),
  ]
  static let facts: [Field] = [
    Field("branch", .text, "the branch that holds them; muster/observed by default"),
    Field("repository", .text, "another repository that holds them, by path"),
  ]
  static let policies: [Field] = [
    Field("packs", .list(.text), "built-in packs; core by default"),
    Field("profile", .text, "the framework whose ids reports show first"),
    Field("params", .entries(.entries(.text)), "parameters by policy id"),
    Field("disabled", .list(.text), "ids of policies that are switched off"),
  ]

  static let owners: [Field] = [
    Field("teams", .entries(.mapping(team)), "teams by name"),
    Field("people", .entries(.mapping(person)), "people by name"),
  ]
  static let team: [Field] = [
    Field("members", .list(.text), "names of people"),
    Field("contact", .text, "where the team is reached"),
    Field("escalation", .list(.owner), "who is asked when the team is silent, in order"),
  ]
  static let person: [Field] = [
    Field("emails", .list(.text), "addresses; never proof of anything"),
    Field("keys", .list(.pattern("^(?:ssh-|ecdsa-|sk-)[^ ]+ AAAA")), "SSH public keys that sign decisions"),
    Field("github", .text, "name on GitHub"),
    Field("left", .day, "the last day at work"),
    Field("bot", .bool, "an automation account: it can neither own nor decide"),
  ]

  static let declaration: [Field] = [
    Field("identity", .pattern(handle), "stable handle, unique in the repository", required: true),
    Field(
      "principals", .list(.pattern(principal)),
      "the discovered identities that this declares, by their platform's own names"),
    Field("kind", .word(IdentityKind.allCases.map(\.rawValue)), "what it is"),
    Field("owner", .owner, "who is accountable"),
    Field("backup", .owner, "who stands in"),
    Field("purpose", .anyText, "what it is for, in a sentence"),
    Field("serves", .entries(.anyText), "what it works for; it ends when that ends"),
    Field("environments", .list(.text), "where it belongs, by the names of muster.yaml"),
    Field("criticality", .word(["low", "medium", "high", "critical"]), "how much depends on it"),
    Field("data", .list(.text), "data classes it may touch"),
    Field("expires", .day, "the last valid day, UTC"),
    Field(
      "credentials",
      .mapping([
        Field("max-age", .duration, "the oldest a credential may be"),
        Field("overlap", .duration, "how long two may live side by side"),
      ]), "rules for its credentials"),
    Field(
      "scope",
      .list(
        .mapping([
          Field("actions", .list(.text), "action patterns", required: true),
          Field("resources", .list(.text), "resource patterns; without them, every resource"),
        ])), "what it may do"),
    Field("behaviour", .mapping(behaviour), "how the workload is expected to behave"),
    Field(
      "review", .mapping([Field("every", .duration, "how often it is reviewed", required: true)]), "when it is reviewed"
    ),
    Field("third-party", .entries(.anyText), "the vendor, when it is one's"),
    Field("agent", .entries(.anything), "on whose behalf, with which tools, when it is an agent"),
    Field(
      "shared", .mapping([Field("why", .text, "why several workloads hold it", required: true)]),
      "when several workloads hold it"),
    Field("notes", .anyText, "anything else that a reviewer should know"),
  ]
  static let behaviour: [Field] = [
    Field("regions", .list(.text), "patterns of regions"),
    Field("networks", .list(.pattern("^[0-9A-Fa-f.:]+/[0-9]{1,3}$")), "CIDR blocks that it calls from"),
    Field("schedule", .mapping(schedule), "when it runs"),
    Field("destinations", .list(.text), "patterns of where data may go"),
    Field("max-bytes-per-day", .size, "the most that it moves in a day"),
  ]
  static let schedule: [Field] = [
    Field(
      "days", .list(.pattern("^(?:mon|tue|wed|thu|fri|sat|sun)(?:-(?:mon|tue|wed|thu|fri|sat|sun))?$")),
      "mon-fri, or a list of days"),
    Field("hours", .pattern("^[0-9]{2}:[0-9]{2}-[0-9]{2}:[0-9]{2}$"), "06:00-20:00, local"),
    Field("zone", .text, "IANA time zone; UTC by default"),
  ]

  static let exception: [Field] = [
    Field("exception", .text, "its id", required: true),
    Field("policy", .text, "the policy that it waives, by id or code", required: true),
    Field("identity", .text, "the handle or principal that it covers", required: true),
    Field("reason", .text, "why"),
    Field("owner", .owner, "who asks for it"),
    Field("approver", .owner, "who agreed; not the owner"),
    Field("expires", .day, "the last day on which it holds, UTC"),
    Field("ticket", .text, "where it was discussed"),
    Field("scope", .text, "digest of the scope that it was approved for; it dies when the scope changes"),
  ]

  static let campaign: [Field] = [
    Field("campaign", .text, "its id: the folder below reviews/", required: true),
    Field("title", .text, "what it is, in a line", required: true),
    Field("filter", .text, "CEL over `finding` and `identity`; without it every finding at or above `severity`"),
    Field("policies", .list(.text), "only findings of these policies"),
    Field("severity", .word(severities), "the least severity"),
    Field("due", .mapping(severities.map { Field($0, .duration, "time to decide") }), "time to decide by severity"),
    Field(
      "unowned", .mapping([Field("due", .duration, "time to decide"), Field("queue", .owner, "who answers")]),
      "what happens to items without an owner"),
    Field("notes", .text, "words to the owners, shown on each item"),
  ]
}
