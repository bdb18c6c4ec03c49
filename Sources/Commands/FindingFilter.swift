import Base
import Expressions
import Model
import Policies

/// A campaign's CEL filter over `finding` and `identity`.
struct FindingFilter {
  private let program: Program?
  private let evaluation: Evaluation
  private let estate: Estate

  /// A filter that cannot be used is an error with its place in the campaign's file.
  init(_ template: CampaignTemplate, _ assessment: Assessment) throws(CommandError) {
    let environment = PolicyVocabulary.environment([
      Environment.Variable("now", .timestamp, "the instant of the run"),
      Environment.Variable("finding", .map(.string, .string), "policy, code, severity, verdict, message"),
      Environment.Variable("identity", .object("Identity"), "the identity; absent for findings about none"),
    ])
    evaluation = Evaluation(environment)
    evaluation[0] = .instant(assessment.estate.now)
    estate = assessment.estate
    do throws(ExpressionError) {
      program = if let filter = template.filter { try environment.compile(filter.value, expecting: .bool) } else { nil }
    } catch {
      throw refusal(
        of: error, in: template.filter?.value ?? "",
        "\(template.filter?.location.description ?? ""): the filter cannot be used: ")
    }
  }

  /// Whether the campaign takes the finding. What has no verdict for want of facts asks for facts, not for an owner's decision.
  /// What the filter cannot decide takes part: a doubt is for the owner to settle.
  func takes(_ finding: Finding) -> Bool {
    if finding.verdict != .fail { return false }
    guard let program else { return true }
    evaluation[1] = .map(
      MapValue([
        ("policy", .string(finding.policy)), ("code", .string(finding.code)),
        ("severity", .string(finding.severity.rawValue)), ("verdict", .string(finding.verdict.rawValue)),
        ("message", .string(finding.message)),
      ]))
    let name = finding.principal?.description ?? finding.identity
    let joined = name.flatMap { estate.identity(named: $0) }
    evaluation[2] = joined.map { PolicyVocabulary.value(of: $0, in: estate) } ?? .absent
    if case .no = program.test(evaluation) { return false }
    return true
  }
}
