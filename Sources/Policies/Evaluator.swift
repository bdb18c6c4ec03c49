import Base
import Expressions
import Model

/// What a policy says of one subject.
enum Outcome {
  /// The policy does not speak about this subject.
  case skip
  case pass
  case fail
  case unknown([String])
  case error(EvaluationError)
}

/// One subject with what a finding about it needs.
struct Subject {
  /// Values of the slots after `now`.
  var values: [Value]
  var identity: JoinedIdentity?
  /// What it is about when it is about no identity.
  private(set) var ownDeclaration: DeclarationBox?
  /// What the fingerprint names it by.
  var key: String
  /// Where a finding points when the declaration has no better place.
  var location: SourceLocation?
  /// Whether `location` is the better place.
  var hasOwnPlace = false
  var related: [RelatedLocation] = []

  init(
    values: [Value], identity: JoinedIdentity? = nil, declaration: Declaration? = nil, key: String,
    location: SourceLocation? = nil
  ) {
    self.values = values
    self.identity = identity
    ownDeclaration = declaration.map { DeclarationBox($0) }
    self.key = key
    self.location = location
  }

  /// What was declared about it.
  var declaration: Declaration? { identity?.declaration ?? ownDeclaration?.declaration }
  var isDeclared: Bool { identity?.isDeclared ?? (ownDeclaration != nil) }

  /// How messages name it.
  var name: String { (declaration?.handle.value ?? key).escapedOnOneLine }
}

/// A declaration behind one reference: copies of the value itself, made for each policy and identity, cost more than the policies.
final class DeclarationBox: Sendable {
  let declaration: Declaration

  init(_ declaration: Declaration) { self.declaration = declaration }
}

/// Evaluates one policy over an estate.
struct Evaluator {
  private let compiled: CompiledPolicy
  private let estate: Estate
  private let evaluation: Evaluation
  private(set) var passed = 0
  private(set) var findings: [Finding] = []
  private(set) var diagnostics: [Diagnostic] = []
  /// The finding to explain: when it is raised, `steps` is set.
  var wanted: String?
  private(set) var steps: [(name: String, explanation: Explanation)]?

  init(_ compiled: CompiledPolicy, _ estate: Estate) {
    self.compiled = compiled
    self.estate = estate
    evaluation = Evaluation(compiled.environment)
    evaluation[0] = .instant(estate.now)
  }

  /// Judges the subject; what fails or cannot be known becomes a finding.
  mutating func judge(_ subject: Subject) {
    let before = findings.count
    decide(subject)
    if let wanted, findings.count > before, findings.last?.fingerprint == wanted { steps = explanations() }
  }

  private func explanations() -> [(name: String, explanation: Explanation)] {
    var found: [(name: String, explanation: Explanation)] = []
    if let when = compiled.when { found.append(("when", when.explain(evaluation))) }
    for doubt in compiled.doubts { found.append(("unknown", doubt.when.explain(evaluation))) }
    found.append(("require", compiled.require.explain(evaluation)))
    return found
  }

  private mutating func decide(_ subject: Subject) {
    switch outcome(subject) {
    case .skip: break
    case .pass: passed += 1
    case .fail: findings.append(finding(subject, .fail, message(of: subject)))
    case .unknown(let reasons):
      findings.append(
        finding(subject, .unknown, "\(subject.name) cannot be judged: \(reasons.joined(separator: "; "))"))
    case .error(let error):
      findings.append(
        finding(subject, .unknown, "\(subject.name) cannot be judged: the policy failed: \(error.message)"))
      diagnostics.append(
        Diagnostic(
          .invalid, at: compiled.policy.location,
          "policy \(compiled.policy.id) could not be evaluated for \(subject.key): \(error.message)"))
    }
  }

  /// Says that the facts that the policy needs about the identity are missing, so that there is no subject to judge.
  mutating func judgeMissing(_ subject: Subject) {
    // What the inventory shows none of, there is none of: only the facts that would show the parts matter.
    let need: Policy.Need = compiled.policy.subject == .use ? .used : .granted
    guard let identity = subject.identity, matches(subject), compiled.policy.needs.contains(need),
      let reason = missing(identity, [need])
    else { return }
    if let when = compiled.when {
      for (slot, value) in ([.absent] + subject.values).enumerated() { evaluation[slot + 1] = value }
      if case .no = when.test(evaluation) { return }
    }
    findings.append(finding(subject, .unknown, "\(subject.name) cannot be judged: \(reason)"))
  }

  func outcome(_ subject: Subject) -> Outcome {
    guard matches(subject) else { return .skip }
    for (slot, value) in subject.values.enumerated() { evaluation[slot + 1] = value }
    var reasons: [String] = []
    if let when = compiled.when {
      switch when.test(evaluation) {
      case .no: return .skip
      case .yes: break
      case .unknown(let why): reasons = why
      case .error(let error): return .error(error)
      }
    }
    if let identity = subject.identity, let reason = missing(identity, compiled.policy.needs) {
      return .unknown([reason])
    }
    var doubts: [String] = []
    for doubt in compiled.doubts {
      switch doubt.when.test(evaluation) {
      case .no: break
      case .yes: doubts.append(doubt.because.render(evaluation))
      case .unknown(let why): doubts += why
      // A doubt may lean on what an earlier one has found wanting.
      case .error(let error): if doubts.isEmpty { return .error(error) }
      }
    }
    reasons += doubts
    switch compiled.require.test(evaluation) {
    // What is required holds: then it does not matter whether the policy speaks about the subject.
    case .yes where doubts.isEmpty: return .pass
    case .yes: return .unknown(doubts.uniqued())
    case .no: return reasons.isEmpty ? .fail : .unknown(reasons.uniqued())
    case .unknown(let why): return .unknown((reasons + why).uniqued())
    case .error(let error): return reasons.isEmpty ? .error(error) : .unknown(reasons.uniqued())
    }
  }

  /// Whether the plain globs of `match` and the need of a declaration let the subject in.
  private func matches(_ subject: Subject) -> Bool {
    if compiled.policy.needs.contains(.declared), !subject.isDeclared { return false }
    for (key, globs) in compiled.policy.match {
      let texts = texts(of: key, subject)
      if !globs.contains(where: { glob in texts.contains { glob.matches($0) } }) { return false }
    }
    return true
  }

  private func texts(of key: String, _ subject: Subject) -> [String] {
    switch key {
    case "environments":
      (subject.declaration?.environments.map(\.value) ?? []) + (subject.identity?.placeEnvironments ?? [])
    case "kinds": [(subject.identity?.fact?.kind ?? subject.declaration?.kind?.value)?.rawValue ?? ""]
    case "platforms": [subject.identity?.principal?.platform ?? ""]
    case "criticality": [subject.declaration?.criticality?.value ?? ""]
    default: [subject.declaration?.handle.value, subject.identity?.principal?.description].compactMap { $0 }
    }
  }

  private func missing(_ identity: JoinedIdentity, _ needs: Set<Policy.Need>) -> String? {
    if needs.contains(.granted), identity.isDiscovered == nil { return identity.inventoryGap }
    if needs.contains(.used), !identity.isUsed, identity.coveredSince == nil {
      return identity.usageGap
    }
    return nil
  }

  private func message(of subject: Subject) -> String { compiled.message.render(evaluation).escapedOnOneLine }

  private func finding(_ subject: Subject, _ verdict: Verdict, _ message: String) -> Finding {
    let policy = compiled.policy
    let place = place(of: subject)
    var finding = Finding(
      policy: policy.id, code: policy.code, title: policy.title, severity: policy.severity, verdict: verdict,
      message: message, location: place)
    finding.identity = subject.declaration?.handle.value
    finding.principal = subject.identity?.principal
    finding.related =
      subject.facts(in: estate) + subject.related + [
        RelatedLocation(role: "policy", location: policy.location, message: policy.why)
      ]
    finding.field = policy.at
    finding.controls = policy.controls
    finding.remedy = policy.remedy
    finding.help = policy.location.path
    if verdict == .fail {
      for entry in compiled.evidence {
        let value = entry.program.evaluate(evaluation)
        if value.isFailure { continue }
        let text = value.displayText
        if !text.isEmpty { finding.evidence.append(Tag(key: entry.label, value: text.escapedOnOneLine)) }
      }
    }
    let value = verdict == .fail ? compiled.value.map { $0.evaluate(evaluation).displayText } ?? "" : ""
    finding.fingerprint = fingerprint(policy: policy.id, subject: subject.key, field: policy.at, value: value)
    return finding
  }

  private func place(of subject: Subject) -> SourceLocation {
    if subject.hasOwnPlace, let location = subject.location { return location }
    if let declaration = subject.declaration { return declaration.location(of: compiled.policy.at) }
    return subject.location ?? subject.source(in: estate) ?? estate.governance.configuration.location
  }
}
