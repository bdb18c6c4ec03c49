import Base
package import Expressions
import Model

extension CompiledPolicy {
  /// How the policy came to its verdict about the subject of a finding: each condition with the values of its parts.
  package struct Steps: Sendable {
    /// `when`, `unknown`, `require` and the variables in use, with their trees.
    package var steps: [(name: String, explanation: Explanation)]
  }

  /// Evaluates the policy again for the subject that raised the finding; `nil` when no subject raises it.
  package func explain(_ fingerprint: String, in estate: Estate, waivers policies: [Policy]) -> Steps? {
    var finder = Evaluator(self, estate)
    finder.wanted = fingerprint
    let known = Set(policies.flatMap { [$0.id, $0.code] })
    finder.judgeAll(of: policy.subject, in: estate, waivers: Waivers(estate, policies: policies), policies: known)
    return finder.steps.map { Steps(steps: $0) }
  }
}

extension PolicyVocabulary {
  /// An environment that knows the policies' types and functions.
  package static func environment(_ variables: [Expressions.Environment.Variable]) -> Expressions.Environment {
    Expressions.Environment(types: types, variables: variables, functions: functions)
  }

  /// What conditions of policies about that subject may name.
  package static func variables(of subject: Policy.Subject) -> [Expressions.Environment.Variable] {
    CompiledPolicy.variables(of: subject)
  }

  /// An identity as conditions see it.
  package static func value(of joined: JoinedIdentity, in estate: Estate) -> Value {
    identity.object(IdentitySubject(joined: joined, estate: estate))
  }
}

extension Estate {
  /// The identity of that handle or principal; of several with one handle, the first by principal.
  package func identity(named name: String) -> JoinedIdentity? {
    identities.first { $0.handle == name || $0.principal?.description == name }
  }
}
