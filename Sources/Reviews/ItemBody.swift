import Base
import Model

/// The part of an item that explains: written for an owner who has never seen the tool. Muster rewrites what stands
/// between the two marks when the evidence changes; what people write after the second mark stays.
struct ItemBody {
  var review: ReviewCase
  var owner: ResolvedOwner
  var risk: RiskScore
  var due: Day
  var campaign: CampaignTemplate
  /// What a paste-ready decision binds to.
  var digest: String
  var path: [OwnerReference]

  /// Link definitions show nowhere, and unlike HTML comments need no raw HTML.
  static let beginMark = "[muster-begin]: # (Muster rewrites the text down to the end mark when the evidence changes. "
  static let endMark = "[muster-end]: # (Write your own notes below; Muster leaves them alone.)"

  /// Heading, generated part between the marks, and an empty place for notes.
  var whole: String { "\n\(generated)\n## Notes\n\n" }

  /// The generated part, both marks included.
  var generated: String {
    var page = Markdown()
    page.heading(1, "\(review.name.prose): \(review.group.first.title.prose)")
    page.paragraph(summary)
    whatItIs(&page)
    whyYouAreAsked(&page)
    EvidenceTables(review: review).write(&page)
    ItemChoices(review: review, due: due, digest: digest).write(&page)
    ifNobodyAnswers(&page)
    riskTable(&page)
    return Self.beginMark + Self.seal(of: page.text) + ")\n" + page.text + Self.endMark + "\n"
  }

  /// Tells whether a person changed the generated text: a digest of it, short and without its outer blank lines.
  static func seal(of text: String) -> String {
    let lines = text.split(separator: "\n").joined(separator: "\n")
    return String(SHA256Digest(of: lines).hex.prefix(16))
  }

  private var summary: String {
    let whom = owner.owner.map { "**\($0.description.prose)**" } ?? "**nobody yet**"
    let ask = "Please decide by **\(due)** (end of the day, UTC). This is for \(whom): \(owner.how.explanation)."
    return ask + " Silence is never taken as a yes."
  }

  private func whatItIs(_ page: inout Markdown) {
    page.heading(2, "What this is")
    guard review.isAboutIdentity else {
      let place = review.group.first.location
      page.paragraph(
        "This is about \("\(place)".code): no single identity, but something that the watching of all of them rests on."
      )
      return
    }
    let kind = review.declaration?.kind?.value ?? review.fact?.kind
    page.paragraph(
      kind.map { "The identity \(review.name.code) is \($0.inWords). No person signs in with it; a program does." }
        ?? "The identity \(review.name.code) is used by a program, not by a person.")
    var rows: [[String]] = []
    func row(_ name: String, _ value: String?) { rows.append([name, value ?? "not declared"]) }
    let declaration = review.declaration
    row("Purpose", declaration?.purpose.map { $0.value.prose })
    if let principal = review.principal ?? review.fact?.principal {
      row("Name on the platform", principal.description.code)
    }
    let environments = review.environments.map(\.prose).joined(separator: ", ")
    row("Environments", environments.isEmpty ? "unknown" : environments)
    if let serves = declaration?.serves, !serves.isEmpty {
      row("Works for", serves.map { "\($0.key.prose) \($0.value.code)" }.joined(separator: ", "))
    }
    if let level = declaration?.criticality { row("Criticality", level.value.prose) }
    row("Owner", declaration?.owner.map { $0.value.description.prose })
    row("Last valid day", declaration?.expires.map { $0.value.description })
    row("Declared in", declaration.map { "\($0.location.path):\($0.location.line)".code })
    if let created = review.fact?.created { row("Created", created.day.description) }
    page.table(["", ""], rows)
  }

  private func whyYouAreAsked(_ page: inout Markdown) {
    page.heading(2, "Why you are asked")
    let first = review.group.first
    page.paragraph("**Expected:** \(Expectation.sentence(for: review))")
    let observed = review.group.findings.map { $0.message.shortened(to: 500).prose }
    if observed.count == 1 {
      page.paragraph("**Observed:** \(observed[0]).".replacingDoubledStop)
    } else {
      page.paragraph("**Observed:** \(observed.count) things:")
      page.list(Array(observed.prefix(20)) + (observed.count > 20 ? ["and \(observed.count - 20) more"] : []))
    }
    if let why = first.related.first(where: { $0.role == "policy" })?.message, !why.isEmpty {
      page.paragraph("**Why it matters:** \(why.prose)")
    }
    if review.group.verdict == .unknown {
      page.paragraph("This could not be judged for certain: some data is missing. It may be in order, or not.")
    }
    let evidence = review.group.findings.prefix(5).flatMap(\.evidence)
    if !evidence.isEmpty {
      page.table(["What was seen", ""], evidence.map { [$0.key.prose, $0.value.code] })
    }
    if !first.remedy.isEmpty { page.paragraph("**Usual way out:** \(first.remedy.prose)") }
    if !owner.passedOver.isEmpty {
      page.paragraph("Not asked first: " + owner.passedOver.map(\.prose).joined(separator: "; ") + ".")
    }
    if let notes = campaign.notes, !notes.isEmpty {
      page.paragraph(
        "**Note of this campaign:** \(notes.split(separator: "\n").map { String($0).prose }.joined(separator: " "))")
    }
    let controls = first.controls.map { "\($0.framework) \($0.ids.joined(separator: ", "))".prose }
    page.paragraph(
      "Policy \(first.policy.code) (\(first.code.prose)), severity \(first.severity.rawValue)"
        + (controls.isEmpty ? "." : "; supports \(controls.joined(separator: "; "))."))
  }

  private func ifNobodyAnswers(_ page: inout Markdown) {
    page.heading(2, "If nobody answers")
    let plan = EscalationPlan(due: due, path: path)
    var steps = ["\(plan.reminderDay): a reminder to \(owner.owner?.description.prose ?? "the exception queue")"]
    for (level, next) in path.enumerated() {
      steps.append("\(plan.day(ofLevel: level + 1)): it goes to \(next.description.prose)")
    }
    steps.append("after that it stays open and counts as overdue; it is never approved by silence")
    page.list(steps)
  }

  private func riskTable(_ page: inout Markdown) {
    page.heading(2, "Risk \(risk.total) of 100")
    page.table(
      ["Factor", "Points", "Why"],
      risk.factors.map { [$0.name, "\($0.points) of \($0.most)", $0.why.prose] } + [
        ["**sum**", "**\(risk.total)**", ""]
      ])
  }
}

extension String {
  /// A message that ends its own sentence keeps one full stop.
  fileprivate var replacingDoubledStop: String { hasSuffix("..") ? String(dropLast()) : self }
}

extension IdentityKind {
  /// With its article, for a sentence.
  var inWords: String {
    switch self {
    case .role: "a role that programs take on"
    case .user: "a user account made for a program"
    case .group: "a group of accounts"
    case .serviceAccount: "a service account"
    case .apiKey: "an API key"
    case .token: "a token"
    case .certificate: "a certificate"
    case .oauthApp: "an OAuth application"
    case .bot: "a bot"
    case .pipeline: "a build pipeline"
    case .device: "a device"
    case .agent: "an AI agent"
    case .root: "the account's root user"
    case .service: "an identity of the platform itself"
    }
  }
}
