import Model

extension FieldTable {
  static let policy: [Field] = [
    Field("policy", .pattern("^[a-z0-9-]+$"), "kebab-case id, never reused", required: true),
    Field("code", .text, "short code; the id stands in for it"),
    Field("title", .text, "what a finding of it means", required: true),
    Field("severity", .word(severities), "how bad it is", required: true),
    Field(
      "subject",
      .word([
        "identity", "credential", "grant", "use", "owner", "declaration", "change", "decision", "source", "exception",
        "secret", "leak",
      ]),
      "what it is asked about, once for each; changes are there with --base and --staged only", required: true),
    Field("why", .text, "why it matters"),
    Field("match", .mapping(match), "plain patterns that must all fit; * and ? stand for any text and any character"),
    Field("params", .entries(.text), "parameters with their defaults; muster.yaml may set them"),
    Field("needs", .list(.word(["declared", "granted", "used"])), "facts without which the verdict is unknown"),
    Field("when", .text, "CEL: the subjects that it speaks about; without it all"),
    Field("variables", .entries(.text), "CEL by name, computed when first used: variables.NAME"),
    Field(
      "unknown",
      .list(
        .mapping([
          Field("when", .text, "CEL", required: true),
          Field("because", .text, "the reason, with {CEL} holes", required: true),
        ])), "when the verdict is unknown"),
    Field("require", .text, "CEL: what must hold", required: true),
    Field("message", .text, "what is wrong, with {CEL} holes", required: true),
    Field("at", .text, "the declaration's key that a finding points to"),
    Field("value", .text, "CEL: tells two findings of one subject apart"),
    Field("evidence", .entries(.text), "CEL by label, shown under a finding"),
    Field("remedy", .text, "what to do", required: true),
    Field("controls", .entries(.list(.text)), "ids of controls by framework, such as nist-800-53"),
    Field("examples", .list(.mapping(example)), "cases that document and test it"),
  ]

  private static let match: [Field] = [
    Field("environments", .list(.text), "environments, as declared or of the place"),
    Field("kinds", .list(.text), "kinds, such as role"),
    Field("platforms", .list(.text), "platforms, such as aws"),
    Field("criticality", .list(.text), "declared criticalities"),
    Field("identities", .list(.text), "handles or principals"),
  ]

  private static let example: [Field] = [
    Field("name", .text, "the case, in words", required: true),
    Field("given", .mapping(given), "what is declared, granted and used in it", required: true),
    Field("expect", .word(["pass", "fail", "unknown", "skip"]), "the verdict", required: true),
  ]

  private static let given: [Field] = [
    Field("now", .text, "the instant of the run", required: true),
    Field("declared", .list(.kind(.declaration)), "declarations, as in identities/"),
    Field("owners", .kind(.owners), "as in owners.yaml"),
    Field("environments", .entries(.list(.text)), "as in muster.yaml"),
    Field("exceptions", .list(.kind(.exception)), "as in exceptions/"),
    Field("granted", .list(.mapping(granted)), "what an inventory shows"),
    Field("used", .list(.mapping(used)), "what logs show; of the first granted or declared principal unless it says"),
    Field(
      "sources", .list(.mapping(givenSource)), "the sources; without it one inventory and one log cover everything"),
    Field("lifecycles", .list(.mapping(lifecycle)), "what logs show of the life of credentials"),
    Field("reviewed", .entries(.text), "the last decision by handle"),
    Field("files", .entries(.anyText), "texts by path, to look for secrets in"),
    Field("base", .list(.kind(.declaration)), "the declarations before the change; without it there is no change"),
    Field("base-exceptions", .list(.kind(.exception)), "the exceptions before the change"),
    Field("switched-off", .list(.text), "policies that the change switches off"),
    Field("decisions", .list(.mapping(decision)), "review decisions"),
    Field("signals", .list(.mapping(signal)), "what scanners and security events say"),
    Field("people", .list(.mapping(givenPerson)), "people as a directory shows them"),
  ]

  private static let signal: [Field] = [
    Field("kind", .word(SignalFact.Kind.allCases.map(\.rawValue)), "what it says", required: true),
    Field("credential", .text, "the credential's id"), Field("hash", .text, "SHA-256 of the secret in hexadecimal"),
    Field("principal", .text, "the identity's principal, or a mail address"),
    Field("at", .text, "when it was found or happened"), Field("rule", .text, "the scanner's rule, the event's type"),
    Field("place", .text, "where it was found"), Field("live", .bool, "whether who found it tried it, and it worked"),
  ]

  private static let givenPerson: [Field] = [
    Field("name", .text, "the handle", required: true), Field("emails", .list(.text), "mail addresses"),
    Field("left", .day, "the last day at work"),
  ]

  private static let accessed: [Field] = [
    Field("action", .text, "a pattern of actions", required: true),
    Field("last", .text, "when the platform last saw one used; without it never"),
  ]

  private static let granted: [Field] = [
    Field("principal", .text, "the platform's own name", required: true),
    Field("kind", .word(IdentityKind.allCases.map(\.rawValue)), "what it is", required: true),
    Field("enabled", .bool, "whether it can act"),
    Field("created", .text, "when it was made"),
    Field("last-used", .text, "the last use that the platform shows"),
    Field("accessed", .list(.mapping(accessed)), "what the platform itself saw used, by action pattern"),
    Field(
      "credentials",
      .list(
        .mapping([
          Field("id", .text, "its id", required: true), Field("kind", .text, "what it is; access-key by default"),
          Field("status", .word(CredentialFact.Status.allCases.map(\.rawValue)), "its state", required: true),
          Field("created", .text, "when it was made"), Field("expires", .text, "when it ends by itself"),
          Field("last-used", .text, "its last use"), Field("last-rotated", .text, "when it was last renewed"),
          Field("hash", .text, "SHA-256 of the secret in hexadecimal"),
        ])), "its credentials"),
    Field(
      "grants",
      .list(
        .mapping([
          Field("effect", .word(GrantFact.Effect.allCases.map(\.rawValue)), "allow by default"),
          Field("actions", .list(.text), "action patterns"), Field("not-actions", .list(.text), "all but these"),
          Field("resources", .list(.text), "resource patterns"), Field("condition", .text, "its condition"),
          Field("via", .text, "where it comes from"),
        ])), "what it may do"),
    Field("tags", .entries(.anyText), "its tags"),
  ]

  private static let used: [Field] = [
    Field("principal", .text, "whose use it is"), Field("first", .text, "the first event", required: true),
    Field("last", .text, "the last event", required: true), Field("events", .count, "how many"),
    Field(
      "actions",
      .list(
        .mapping([
          Field("action", .text, "the action", required: true), Field("resource", .anyText, "the resource"),
          Field("count", .count, "how many events"), Field("denied", .count, "how many were refused"),
          Field("last-success", .text, "when it last succeeded"),
        ])), "what it did"),
    Field("regions", .list(.mapping(term)), "where it acted"),
    Field("places", .list(.mapping(term)), "in which accounts"),
    Field(
      "credentials",
      .list(
        .mapping([
          Field("id", .text, "its id", required: true), Field("count", .count, "how many events"),
          Field("last-success", .text, "when it last succeeded"),
        ])), "with which credentials"),
    Field(
      "days",
      .list(
        .mapping([
          Field("day", .day, "the UTC day", required: true), Field("count", .count, "how many events"),
          Field("bytes-out", .count, "bytes received from services"),
          Field("bytes-in", .count, "bytes sent to services"),
          Field("hours", .list(.count), "the UTC hours with events"),
        ])), "on which days"),
  ]

  private static let term: [Field] = [
    Field("term", .text, "the region or account", required: true), Field("count", .count, "how many events"),
  ]

  private static let givenSource: [Field] = [
    Field("name", .text, "its name", required: true),
    Field("kind", .word(SourceCoverage.Kind.allCases.map(\.rawValue)), "what it gives", required: true),
    Field("covers", .list(.text), "patterns of places"), Field("every", .duration, "how old it may be"),
    Field("collected", .text, "when an inventory was taken"), Field("first", .text, "the first event of a log"),
    Field("last", .text, "the last event of a log"),
    Field("dark", .list(.text), "places of which a log shows nothing after its first hour"),
  ]

  private static let lifecycle: [Field] = [
    Field("id", .text, "the credential", required: true), Field("created", .text, "when it was made"),
    Field("disabled", .text, "when it was switched off"), Field("deleted", .text, "when it was deleted"),
  ]

  private static let decision: [Field] = [
    Field("decision", .word(decisions), "what was decided", required: true),
    Field("by", .owner, "who decided", required: true), Field("at", .text, "when", required: true),
    Field("identity", .text, "the declared handle"), Field("item", .text, "the item's id"),
    Field("policy", .text, "the policy of the item"),
    Field("severity", .word(severities), "the item's; medium by default"),
    Field("status", .word(ReviewStatus.allCases.map(\.rawValue)), "where the item stands"),
    Field("asked", .owner, "whom the item asks"), Field("due", .day, "the last day to decide"),
    Field("until", .day, "the last day on which it holds"), Field("approver", .owner, "the second person"),
    Field("owner", .owner, "the new owner"), Field("reason", .anyText, "why"),
    Field("ticket", .text, "where it is tracked"),
    Field("last", .bool, "whether the item has no later one; true by default"),
    Field(
      "evidence", .word(["present", "changed"]), "whether it was made on the present evidence; present by default"),
    Field("missing", .list(.text), "what it lacks"),
    Field("signature", .word(ReviewDecision.Signature.allCases.map(\.rawValue)), "what it proves; none by default"),
  ]
}
