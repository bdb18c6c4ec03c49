/// What an identity's own platform says of another identity or credential: one side of an edge between platforms.
///
/// The other side is a `TrustFact` of what it points to. An edge that both sides name is sure; one that only one side names is not.
package struct LinkFact: Sendable, Hashable, Comparable {
  package enum Kind: String, Sendable, CaseIterable {
    /// It may become the other: IRSA, GKE workload identity, an AppRole's alias.
    case becomes
    /// It holds or mounts a credential: a Kubernetes secret, an Actions secret, a stored key.
    case holds
    /// It works on behalf of the other, or is made by it: a token of an application, an agent of a user, a service principal of an app.
    case serves
  }

  package var kind: Kind
  /// A principal key, or the credential's id for `holds`; `*` stands for any run of characters.
  package var to: String
  /// Where it is said: `annotation eks.amazonaws.com/role-arn`, `volume tls`.
  package var via: String

  package init(_ kind: Kind, to: String, via: String) {
    self.kind = kind
    self.to = to
    self.via = via
  }

  package static func < (a: LinkFact, b: LinkFact) -> Bool {
    (a.kind.rawValue, a.to, a.via) < (b.kind.rawValue, b.to, b.via)
  }
}
