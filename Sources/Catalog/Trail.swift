package import Base
package import Usage

/// One identity or credential from issuance through sessions to what was done with them.
package struct Trail: Sendable {
  /// How a credential or session is known to come from its issuer.
  package enum Join: String, Sendable {
    /// The call that issued it names the key (or the token's id).
    case issuedKey = "issued-key"
    /// The call issued a session of that id at most two seconds from its start.
    case session = "session-and-time"
    /// One call alone issued a session of that id (a token's `uti`).
    case sessionID = "session-id"
    /// Two accounts' records of one call share an id, and one of them hides what the other tells.
    case sharedEvent = "shared-event"
    /// The key was made for an identity to keep.
    case made = "made-key"
  }

  /// A credential or session, or an identity that acts without.
  package struct Node: Sendable {
    package var actor: CatalogActor
    /// Index of the issuer's node.
    package var parent: Int?
    package var join: Join?
    /// The call that issued it.
    package var issue: LoggedEvent?
    package var depth: Int
    /// Whether what was done with it was looked for: of the issuers above the one that was asked for, only the issue is.
    package var isFollowed: Bool
    /// What ended, disabled or enabled it; sorted by time.
    package var changes: [LoggedEvent] = []
    /// Sorted by their first event.
    package var uses: [Use] = []
  }

  /// Calls of one kind with one outcome.
  package struct Use: Sendable {
    package var permission: String
    /// `success`, `failed` or `denied`.
    package var outcome: String
    package var count: UInt64
    package var first: LoggedEvent
    package var last: LoggedEvent
    package var resources: [ExactText: UInt64]
  }

  /// In the order of the tree: a node before its children, children by their start.
  package var nodes: [Node] = []
  /// Joins that no log shows.
  package var unknown: [String] = []
  /// Sessions that are left out because they are too many.
  package var omitted = 0
  /// The log files that were read.
  package var files: Set<ExactText> = []
  package var allFiles = 0
  package var bytes: UInt64 = 0
  package var diagnostics: [Diagnostic] = []

  package init() {}

  /// At most so many hops up to the root and down to the leaves.
  package static let hops = 8
}
