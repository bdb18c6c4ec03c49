package import Base
package import Model

/// A rule as its file states it (DESIGN.md §5), decoded and not yet compiled.
package struct Policy: Sendable {
  /// What the rule is asked about, once for each.
  package enum Subject: String, Sendable, CaseIterable {
    case identity, credential, grant, use, owner, declaration, change, decision, source, exception, secret, leak
  }

  /// A kind of facts without which there is no verdict.
  package enum Need: String, Sendable, CaseIterable { case declared, granted, used }

  /// When the verdict is unknown although the facts are there.
  package struct Doubt: Sendable {
    package var when: PolicyText
    package var because: PolicyText
  }

  package var id: String
  /// Families and numbers: `EXP-02`; the id stands in for an organisation's own policies without one.
  package var code: String
  package var title: String
  package var severity: Severity
  package var subject: Subject
  package var why: String
  /// Plain globs over environments, kinds, platforms, identities: all named must match.
  package var match: [String: [Glob]]
  /// Name, value as text, place.
  package var params: [(name: String, value: Located<String>)]
  package var variables: [(name: String, expression: PolicyText)]
  package var needs: Set<Need>
  package var when: PolicyText?
  package var doubts: [Doubt]
  package var require: PolicyText
  package var message: PolicyText
  /// The declaration's key that a finding points to.
  package var at: String
  /// An expression whose value tells two findings of one subject apart.
  package var value: PolicyText?
  package var evidence: [(label: String, expression: PolicyText)]
  package var remedy: String
  package var controls: [Control]
  package var examples: [PolicyExample]
  /// The `policy:` key.
  package var location: SourceLocation
  package var isBuiltIn: Bool

  /// What reports need of it.
  package var summary: PolicySummary {
    PolicySummary(
      id: id, code: code, title: title, severity: severity, help: why, remedy: remedy, controls: controls,
      location: location)
  }
}
