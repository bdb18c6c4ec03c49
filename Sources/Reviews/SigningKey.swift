import Base
package import Model

/// A key to sign decisions with; the private part stays with `ssh-keygen` or the agent.
package enum SigningKey: Sendable, Hashable {
  /// A private key's file, or a public key's file whose private part the agent holds.
  case file(String)
  /// A public key in one line whose private part the agent holds.
  case agent(String)

  /// What the command line, git's configuration and the agent offer.
  package struct Offers: Sendable {
    /// `--key FILE`.
    package var file: String?
    /// Git's `gpg.format`.
    package var format: String?
    /// Git's `user.signingkey`.
    package var configured: String?
    /// The public keys that the agent holds, one a line (`ssh-add -L`); asked only when nothing else is there.
    package var agentKeys: @Sendable () -> [String]
    /// For `~/`.
    package var home: String?

    package init(
      file: String? = nil, format: String? = nil, configured: String? = nil, home: String? = nil,
      agentKeys: @escaping @Sendable () -> [String] = { [] }
    ) {
      self.file = file
      self.format = format
      self.configured = configured
      self.home = home
      self.agentKeys = agentKeys
    }
  }

  /// The key to use: the one named, else git's SSH signing key, else one of the agent's that owners.yaml lists for the
  /// person. `nil` where there is none.
  package static func find(_ offers: Offers, for person: Person?) -> SigningKey? {
    if let file = offers.file { return .file(expand(file, offers.home)) }
    if offers.format?.lowercased() == "ssh", let configured = offers.configured, !configured.isEmpty {
      if configured.hasPrefix("key::") { return .agent(String(configured.dropFirst(5))) }
      if isPublicKey(configured) { return .agent(configured) }
      return .file(expand(configured, offers.home))
    }
    let known = Set(person?.keys.compactMap { core($0.value) } ?? [])
    if known.isEmpty { return nil }
    return offers.agentKeys().first { core($0).map(known.contains) ?? false }.map { .agent($0) }
  }

  private static func isPublicKey(_ text: String) -> Bool {
    ["ssh-", "ecdsa-", "sk-ssh-", "sk-ecdsa-"].contains { text.hasPrefix($0) } && text.contains(" ")
  }

  /// Type and key without the comment.
  private static func core(_ line: String) -> String? {
    let words = line.split(separator: " ")
    return words.count >= 2 ? "\(words[0]) \(words[1])" : nil
  }

  private static func expand(_ path: String, _ home: String?) -> String {
    guard path.hasPrefix("~/"), let home else { return path }
    return home + path.dropFirst(1)
  }
}
