package import Base
package import Model

/// One review item: a Markdown file whose front matter says what is asked, of whom, on which evidence, and what was
/// decided.
package struct ReviewItem: Sendable, Hashable {
  /// The stable id; also the file's name.
  package var id: String
  /// The campaign's id, which is the folder's name.
  package var campaign: String
  /// The declared handle; `nil` for what is undeclared.
  package var identity: String?
  /// The discovered identity.
  package var principal: PrincipalKey?
  /// What it is about where there is neither principal nor handle: a source, a file.
  package var subject: String?
  /// The policy's id.
  package var policy: String
  /// The policy's short code.
  package var code: String?
  /// The declared key that it is about; `nil` for the identity as a whole.
  package var field: String?
  /// The worst of its findings; raised by one when it came back.
  package var severity: Severity
  /// 0 to 100, the sum of the factors shown in the body.
  package var risk: Int
  /// As written; `standing(at:)` also counts decisions made since.
  package var status: ReviewStatus
  /// Who is asked; `nil` when nobody answers.
  package var owner: OwnerReference?
  /// How the owner was found.
  package var ownerResolved: OwnerSource?
  /// Who is asked next.
  package var backup: OwnerReference?
  /// By which way it reaches who is asked.
  package var route: ReviewRoute
  /// The day of opening, UTC.
  package var opened: Day
  /// The last day to decide, UTC.
  package var due: Day
  /// What a decision binds to.
  package var evidence: Evidence
  /// The path of the file that declares the identity.
  package var declaration: String?
  /// In the order of the file: the last one counts.
  package var decisions: [Decision]
  /// Steps that Muster wrote down, oldest first.
  package var history: [ItemEvent]
  /// The file as read.
  package var source: SourceFile
  /// Places of the top-level keys that were written, by their YAML name.
  package var keyLocations: [String: SourceLocation]

  /// The facts that an item was opened or last updated on.
  package struct Evidence: Sendable, Hashable {
    /// The commit of the facts, in hexadecimal; `nil` before the first `sync`.
    package var facts: String?
    /// `sha256:…` of what matters in the evidence.
    package var digest: String
    /// First and last day that the usage logs cover.
    package var window: ClosedRange<Day>?

    package init(facts: String?, digest: String, window: ClosedRange<Day>?) {
      self.facts = facts
      self.digest = digest
      self.window = window
    }
  }

  /// The file's path.
  package var path: String { source.path }

  /// The place of the key, else of the file's beginning.
  package func location(of key: String) -> SourceLocation {
    keyLocations[key] ?? keyLocations["item"] ?? SourceLocation(path: path, line: 1, column: 1)
  }

  /// The decision that counts: the last one, if it was made on the present evidence and its time is not over.
  package func currentDecision(at now: Instant) -> Decision? {
    decisions.last.flatMap { $0.holds(on: evidence.digest, at: now) ? $0 : nil }
  }

  /// Where the item stands, decisions that were added since the status was written included.
  package func standing(at now: Instant) -> ReviewStatus {
    if status.isFinal || status == .awaitingVerification { return status }
    guard let last = decisions.last else { return status }
    // An item that came back is asked again: what was decided before it closed was about the past.
    if let back = history.last(where: { $0.kind == .regressed }), last.at < back.at { return status }
    // An item that was brought up to date since waits again already.
    guard last.on == evidence.digest else { return status.awaitsDecision ? status : .staleDecision }
    guard last.holds(on: evidence.digest, at: now) else { return route == .exceptionQueue ? .unowned : .inReview }
    switch last.kind {
    case .dontKnow: return .escalated
    case .acceptRisk: return .deferred
    case .keep, .falsePositive: return .decided
    case .reduce, .rotate, .disable, .revoke, .reassign, .extend: return .remediating
    }
  }

  /// What the id is made from.
  var key: ItemKey {
    let subject = principal?.description ?? identity.map { "identity:\($0)" } ?? subject ?? id
    return ItemKey(policy: policy, subject: subject, field: field ?? "")
  }
}

/// A step in an item's life that Muster wrote down; decisions stand in their own list.
package struct ItemEvent: Sendable, Hashable {
  /// Which step.
  package enum Kind: String, Sendable, CaseIterable {
    case routed, reassigned, reminded, escalated, updated, regressed, excepted, remediated, verified, closed
    case autoResolved = "auto-resolved"
  }

  /// Which step it was.
  package var kind: Kind
  /// When.
  package var at: Instant
  /// To whom.
  package var to: OwnerReference?
  /// How far up: 0 the owner, 1 the backup, then the escalation path.
  package var level: Int?
  /// The facts' commit that shows it.
  package var facts: String?
  /// In words.
  package var note: String?

  package init(
    _ kind: Kind, at: Instant, to: OwnerReference? = nil, level: Int? = nil, facts: String? = nil, note: String? = nil
  ) {
    self.kind = kind
    self.at = at
    self.to = to
    self.level = level
    self.facts = facts
    self.note = note
  }
}
