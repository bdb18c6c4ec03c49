import Base
import Model

/// What should be the case, in one sentence, by the family of the policy's code; the policy itself holds the rule.
enum Expectation {
  static func sentence(for review: ReviewCase) -> String {
    let finding = review.group.first
    if let expected = finding.evidence.first(where: { $0.key.lowercased() == "expected" }) {
      return expected.value.prose
    }
    let declaration = review.declaration
    switch finding.code.prefix(3) {
    case "OWN":
      return "every machine identity is declared and has an owner who is there and can answer for it."
    case "PUR": return "the declaration says what the identity is for, how critical it is and where it works."
    case "EXP":
      let day = declaration?.expires.map { " Declared last valid day: \($0.value)." } ?? ""
      let age = declaration?.credentialMaxAge.map { " Declared age limit of its credentials: \($0.value)." } ?? ""
      return "it ends, and its credentials are renewed, when its declaration says so." + day + age
    case "SCP":
      return "it is granted and uses only what its declaration lists (\(scope(declaration)))."
    case "STL": return "what nobody uses any more is switched off."
    case "ENV":
      let environments = declaration?.environments.map { $0.value.prose } ?? []
      let regions = declaration?.behaviour.regions.map { $0.value.prose } ?? []
      return "it works only where it is declared to"
        + (environments.isEmpty ? "" : ", in \(environments.joined(separator: ", "))")
        + (regions.isEmpty ? "." : ", in the regions \(regions.joined(separator: ", ")).")
    case "BEH": return "it behaves as its declaration describes: when it runs, from where, and how much it moves."
    case "XPS": return "no secret stands in a file that others can read."
    case "COV": return "the sources that watch the identities are complete and fresh."
    case "REV":
      return "decisions and exceptions are made in time, have a reason and an end, and two people where needed."
    default: return "the policy \(finding.policy.code) holds."
    }
  }

  private static func scope(_ declaration: Declaration?) -> String {
    guard let declaration else { return "it has no declaration" }
    let actions = declaration.scope.flatMap { $0.actions.map { $0.value.code } }
    return actions.isEmpty ? "nothing" : firstFew(actions, 6)
  }
}
