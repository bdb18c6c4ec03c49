package import Base
package import Model

/// What was in force at one place of the history: who people are, which keys they hold, which decisions must be signed.
package struct AuditRules: Sendable {
  /// Teams and people.
  package let owners: Owners
  /// Severities whose decisions must be signed.
  package let signedSeverities: Set<Severity>
  let keys: KeyRing

  package init(owners: Owners, signedSeverities: Set<Severity>) {
    self.owners = owners
    self.signedSeverities = signedSeverities
    keys = KeyRing(owners)
  }
}

/// One commit on the main line of the history (first parents), as the audit needs it: what a merge brought in counts as
/// one change, so that nobody can add himself on the branch on which he decides.
package struct AuditStep: Sendable {
  /// The commit's own signature.
  package enum Signature: Sendable {
    case none
    case one(text: String, payload: [UInt8])
    /// More than one signature header: not to be trusted.
    case several
  }

  /// A file that differs from the first parent's.
  package struct Change: Sendable {
    /// Path from the root.
    package var path: String
    /// `nil` where the file was deleted; of declarations, which nobody reads here, empty.
    package var bytes: [UInt8]?

    package init(path: String, bytes: [UInt8]?) {
      self.path = path
      self.bytes = bytes
    }
  }

  /// Its id in hexadecimal.
  package var commit: String
  /// The committer's time: as written, never proof.
  package var time: Instant
  /// The author's name: as written, never proof.
  package var author: String
  /// The signature that the commit itself carries.
  package var signature: Signature
  /// What was in force before this commit; of the first commit, what it brings itself.
  package var rules: AuditRules
  /// Whether the history begins with it, so that nothing was in force before.
  package var isFirst = false
  /// By path; files below `reviews/` and `identities/`.
  package var changes: [Change]

  package init(
    commit: String, time: Instant, author: String, signature: Signature = .none, rules: AuditRules, changes: [Change]
  ) {
    self.commit = commit
    self.time = time
    self.author = author
    self.signature = signature
    self.rules = rules
    self.changes = changes
  }
}

/// Who did something, as far as it can be known.
package enum AuditActor: Sendable, Hashable {
  /// A key that owners.yaml listed for the person signed it.
  case signed(person: String)
  /// A valid signature by a key that nobody is listed with.
  case unknownKey(fingerprint: String)
  /// Nothing proves it; the author's name as written.
  case unsigned(author: String)
  /// A signature that does not hold, and why.
  case broken(why: String)

  /// `person:ana (signed)`, `unsigned, author text "Ana"`, …
  package var description: String {
    switch self {
    case .signed(let person): "person:\(person) (signed)"
    case .unknownKey(let fingerprint): "unknown key \(fingerprint)"
    case .unsigned(let author): "unsigned, author text \"\(author)\""
    case .broken(let why): "signature does not hold: \(why)"
    }
  }

  /// The person who is proven; `nil` where nobody is.
  package var person: String? {
    if case .signed(let person) = self { return person }
    return nil
  }
}

/// The people's keys, looked up by key.
struct KeyRing: Sendable {
  private var people: [SSHPublicKey: [String]] = [:]

  init(_ owners: Owners) {
    for person in owners.people.values.sorted(by: { $0.name < $1.name }) {
      for text in person.keys {
        // A line that is no key is the Declarations room's to report; here it opens nothing.
        guard let key = try? SSHPublicKey(text.value) else { continue }
        people[key, default: []].append(person.name)
      }
    }
  }

  /// Whose key it is; several names for a key that is shared.
  func holders(of key: SSHPublicKey) -> [String] { people[key] ?? [] }

  /// Who signed the bytes.
  func signer(of bytes: [UInt8], _ armor: String, namespace: String) -> AuditActor {
    let key: SSHPublicKey
    do {
      key = try SSHSignature(armor).verify(bytes, namespace: namespace)
    } catch {
      return .broken(why: "\(error)")
    }
    let names = holders(of: key)
    if names.count > 1 { return .broken(why: "the key is listed for \(names.joined(separator: " and "))") }
    return names.first.map { .signed(person: $0) } ?? .unknownKey(fingerprint: key.fingerprint)
  }

  /// Who signed the bytes, of several armored signatures one after another.
  func signers(of bytes: [UInt8], _ armors: String, namespace: String) -> [AuditActor] {
    let end = "-----END SSH SIGNATURE-----"
    var texts: [String] = []
    var lines: [Substring] = []
    for line in armors.split(separator: "\n") {
      lines.append(line)
      if line == end {
        texts.append(lines.joined(separator: "\n"))
        lines = []
      }
    }
    if !lines.isEmpty { texts.append(lines.joined(separator: "\n")) }
    return texts.map { signer(of: bytes, $0, namespace: namespace) }
  }
}

extension AuditStep {
  /// Who made the commit, by its own signature and the keys that were in force before it.
  var actor: AuditActor {
    switch signature {
    case .none: return .unsigned(author: author)
    case .several: return .broken(why: "the commit has several signature headers")
    case .one(let text, let payload):
      guard text.contains("BEGIN SSH SIGNATURE") else { return .broken(why: "it is no SSH signature") }
      return rules.keys.signer(of: payload, text, namespace: "git")
    }
  }
}
