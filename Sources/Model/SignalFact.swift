package import Base

/// A word from outside about a credential or an identity: a secret found in a repository, a session revoked by a security event.
package struct SignalFact: Sendable, Hashable {
  package enum Kind: String, Sendable, CaseIterable {
    /// A scanner found the secret where it must not be.
    case exposed
    /// CAEP and RISC events (OpenID, "Shared Signals"): `credential-compromise`, `credential-change`, `account-disabled`,
    /// `account-enabled`, `account-purged`, `session-revoked`, `identifier-changed`; anything else is `other`.
    case credentialCompromise = "credential-compromise"
    case credentialChange = "credential-change"
    case accountDisabled = "account-disabled"
    case accountEnabled = "account-enabled"
    case accountPurged = "account-purged"
    case sessionRevoked = "session-revoked"
    case identifierChanged = "identifier-changed"
    case other
  }

  package var kind: Kind
  /// The name of the source that said so.
  package var source: String
  /// When it was found or happened.
  package var at: Instant?
  /// The credential's id, where the finding holds it (an access key id, a key id inside a key file).
  package var credential: String?
  /// SHA-256 of the secret in lower-case hexadecimal; the secret itself is nowhere.
  package var hash: String?
  /// The identity's principal key, or what the subject is called by the one who speaks: a mail address, `iss` and `sub`.
  package var principal: String?
  /// The scanner's rule, the event's type.
  package var rule: String
  /// Where it was found: `repository@commit:path:line`, a URL.
  package var place: String
  /// The platform tried the secret and it worked (`true`), it did not (`false`); `nil` where nobody tried.
  package var isLive: Bool?
  /// Where the record stands in the facts' files; not part of its value.
  package var location: SourceLocation?

  package init(_ kind: Kind, source: String, rule: String, place: String) {
    self.kind = kind
    self.source = source
    self.rule = rule
    self.place = place
  }

  /// What orders signals: everything that tells two apart.
  package var key: String {
    [credential, hash, principal, kind.rawValue, rule, place, at?.description, source]
      .map { $0 ?? "" }.joined(separator: "\u{1F}")
  }
}
