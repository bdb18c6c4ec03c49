import Model

extension FieldTable {
  static let decisions = DecisionKind.allCases.map(\.rawValue)
  private static let routes = ReviewRoute.allCases.map(\.rawValue)
  private static let digest = "^sha256:[0-9a-f]{64}$"

  /// The front matter of a review item.
  static let review: [Field] = [
    Field("item", .text, "stable id; also the file's name", required: true),
    Field("campaign", .text, "the campaign's id; also the folder's name", required: true),
    Field("identity", .text, "the declared handle"),
    Field("principal", .text, "the platform's own name"),
    Field("subject", .text, "what it is about where it is no identity"),
    Field("policy", .text, "the policy's id", required: true),
    Field("code", .text, "the policy's code"),
    Field("field", .text, "the declared key that it is about"),
    Field("severity", .word(severities), "how bad it is", required: true),
    Field("risk", .count, "0 to 100"),
    Field("status", .word(ReviewStatus.allCases.map(\.rawValue)), "where it stands", required: true),
    Field("owner", .owner, "who is asked"),
    Field(
      "owner-resolved",
      .word(["declared", "backup", "escalation", "codeowners", "tag", "exception-queue"]), "how the owner was found"),
    Field("backup", .owner, "who is asked next"),
    Field("route", .word(routes), "by which way it reaches who is asked"),
    Field("opened", .day, "the day of opening, UTC", required: true),
    Field("due", .day, "the last day to decide, UTC", required: true),
    Field(
      "evidence",
      .mapping([
        Field("facts", .text, "the commit of the facts"),
        Field("digest", .pattern(digest), "what a decision binds to", required: true),
        Field(
          "window", .pattern("^[0-9]{4}-[0-9]{2}-[0-9]{2}/[0-9]{4}-[0-9]{2}-[0-9]{2}$"), "the days that logs cover"),
      ]), "what it was opened on", required: true),
    Field("declaration", .text, "the path of the file that declares the identity"),
    Field("history", .list(.mapping(event)), "steps that Muster wrote down; nobody writes here by hand"),
    Field("decisions", .list(.mapping(reviewDecision)), "decisions, the last one counts"),
  ]

  private static let event: [Field] = [
    Field(
      "event",
      .word([
        "routed", "reassigned", "reminded", "escalated", "updated", "regressed", "excepted", "remediated", "verified",
        "closed", "auto-resolved",
      ]), "which step", required: true),
    Field("at", .text, "when", required: true), Field("to", .owner, "to whom"),
    Field("level", .count, "how far up"), Field("facts", .text, "the facts that show it"),
    Field("note", .text, "in words"),
  ]

  private static let reviewDecision: [Field] = [
    Field("decision", .word(decisions), "what is decided", required: true),
    Field("by", .pattern("^person:[^\\s]+$"), "who decides: a person", required: true),
    Field("at", .text, "when, as an instant", required: true),
    Field("until", .day, "the last day on which it holds, UTC; `extend` and `accept-risk` need it"),
    Field("owner", .owner, "the new owner; `reassign` needs it"),
    Field("approver", .pattern("^person:[^\\s]+$"), "the second person; `accept-risk` needs one"),
    Field("route", .word(routes), "by which way it came to the person"),
    Field("reason", .text, "why, for the person who reads it in a year", required: true),
    Field("ticket", .text, "where the work is tracked"),
    Field("on", .pattern(digest), "the digest of the evidence that it is decided on", required: true),
    Field("signature", .text, "OpenSSH signature of the entry's other lines"),
  ]
}
