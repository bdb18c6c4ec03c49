import Base
package import Model

/// The stable name of what an item is about: the same policy, principal and field give the same id in every run.
package enum ItemID {
  /// `<digits hex of SHA-256>-<policy>`; six digits unless another subject of the same policy has them already.
  package static func make(policy: String, subject: String, field: String, digits: Int = 6) -> String {
    let digest = SHA256Digest(of: "\(policy)\u{0}\(subject)\u{0}\(field)")
    return "\(digest.hex.prefix(digits))-\(pathSafe(policy))"
  }

  /// What a finding is about: the principal, else the declared handle, else (a source, a file) the finding itself.
  package static func subject(of finding: Finding) -> String {
    finding.principal?.description ?? finding.identity.map { "identity:\($0)" } ?? "finding:\(finding.fingerprint)"
  }

  /// Whether the text can name a folder or file below `reviews/` as it is.
  package static func isPathSafe(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= 100 && pathSafe(text) == text && !text.hasPrefix(".")
  }

  private static func pathSafe(_ text: String) -> String {
    String(
      text.unicodeScalars.map { scalar in
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "-", "_", ".": Character(scalar)
        default: "-"
        }
      })
  }
}

/// The findings that one item is about.
struct FindingGroup {
  var subject: String
  var field: String
  var policy: String
  /// In the total order; never empty.
  var findings: [Finding]
  var id = ""

  var first: Finding {
    guard let first = findings.first else { preconditionFailure("a group is made of its first finding") }
    return first
  }

  var severity: Severity { findings.map(\.severity).max() ?? .info }
  var verdict: Verdict { findings.map(\.verdict).max() ?? .unknown }

  /// Groups the findings by policy, subject and field, and names each group; `taken` holds the ids and subjects of
  /// items that exist. Sorted by id. Two subjects whose six digits collide get longer ids, those that exist keep
  /// theirs.
  static func groups(of findings: [Finding], taken: [String: ItemKey] = [:]) -> [FindingGroup] {
    var positions: [ItemKey: Int] = [:]
    var groups: [FindingGroup] = []
    for finding in findings.sorted(by: Finding.precedes) {
      let key = ItemKey(policy: finding.policy, subject: ItemID.subject(of: finding), field: finding.field)
      if let position = positions[key] {
        groups[position].findings.append(finding)
      } else {
        positions[key] = groups.count
        groups.append(
          FindingGroup(subject: key.subject, field: key.field, policy: key.policy, findings: [finding]))
      }
    }
    groups.sort { ($0.policy, $0.subject, $0.field) < ($1.policy, $1.subject, $1.field) }
    var taken = taken
    for index in groups.indices {
      let group = groups[index]
      let key = ItemKey(policy: group.policy, subject: group.subject, field: group.field)
      var digits = 6
      func name() -> String {
        ItemID.make(policy: key.policy, subject: key.subject, field: key.field, digits: digits)
      }
      while let other = taken[name()], other != key, digits < 64 { digits += 2 }
      groups[index].id = name()
      taken[name()] = key
    }
    return groups.sorted { $0.id < $1.id }
  }
}

/// What an item's id is made from.
struct ItemKey: Hashable {
  var policy: String
  var subject: String
  var field: String
}
