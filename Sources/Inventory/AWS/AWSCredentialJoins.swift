import Base
import Model

/// Access keys find their users: lists of keys name the user without the account, the credential report names no key.
extension InventoryReading {
  mutating func resolveKeyClaims() {
    if aws.keyClaims.isEmpty { return }
    var users: [String: [PrincipalKey]] = [:]
    for draft in drafts where draft.fact.kind == .user || draft.fact.kind == .root {
      users[draft.fact.name, default: []].append(draft.fact.principal)
    }
    // Whole keys first, so that last uses find them.
    for claim in aws.keyClaims.filter({ !$0.credential.id.isEmpty }) + aws.keyClaims.filter(\.credential.id.isEmpty) {
      resolve(claim, &users)
    }
  }

  private mutating func resolve(_ claim: AWSJoins.KeyClaim, _ users: inout [String: [PrincipalKey]]) {
    var known = users[claim.user] ?? []
    if known.isEmpty, let account = onlyAccount {
      // The list says the name only; a user made under a path has another ARN, which the other exports show.
      let principal = PrincipalKey("arn:\(account.partition):iam::\(account.number):user/\(claim.user)")
      insert(IdentityFact.named(claim.user, principal, source: source.name), at: claim.place)
      known = [principal]
      users[claim.user] = known
    }
    guard known.count == 1, let principal = known.first else {
      countUnreadable(inFile: claim.file)
      return diagnose(
        .unreadable, claim.place,
        known.isEmpty
          ? "the list names no account, so whose user `\(claim.user)` is cannot be told"
          : "the list names no account, and \(known.count) accounts have a user `\(claim.user)`",
        hint: "export `get-account-authorization-details` beside it, or set `covers: [\"aws:ACCOUNT\"]` on the source")
    }
    attach(claim, to: principal)
  }

  private mutating func attach(_ claim: AWSJoins.KeyClaim, to principal: PrincipalKey) {
    var credential = claim.credential
    if credential.kind != "access-key" { return attachOther(credential, claim, to: principal) }
    if credential.id.isEmpty {
      let keys = fact(of: principal)?.credentials.filter { $0.kind == "access-key" } ?? []
      guard keys.count == 1 else {
        countUnreadable(inFile: claim.file)
        return diagnose(
          .unreadable, claim.place,
          "the last use does not say which of \(keys.count) keys of `\(claim.user)` it is about",
          hint: "name the file after the key: AKIA….json")
      }
      credential.id = keys[0].id
    }
    countUsed(inFile: claim.file)
    var found: [Contradiction] = []
    update(principal) { identity in
      if let index = identity.credentials.firstIndex(where: { $0.id == credential.id }) {
        found = identity.credentials[index].complete(with: credential)
      } else {
        identity.credentials.append(credential)
      }
      identity.unknowable.removeAll { $0 == "credentials" }
      if claim.knowsLastUse {
        identity.unknowable.removeAll { $0 == "credentials.lastUsed" }
      } else if !identity.knows("lastUsed") {
        identity.mark(unknowable: "credentials.lastUsed")
      }
    }
    for contradiction in found {
      diagnose(
        .unreadable, claim.place,
        "`\(principal)` has \(contradiction.field) `\(contradiction.other)` here and `\(contradiction.kept)` in another file",
        hint: "export both files again at one time")
    }
  }

  /// A password, a certificate, an SSH key, a device: the list tells of its own kind only.
  private mutating func attachOther(
    _ credential: CredentialFact, _ claim: AWSJoins.KeyClaim, to principal: PrincipalKey
  ) {
    countUsed(inFile: claim.file)
    update(principal) { identity in
      if let index = identity.credentials.firstIndex(where: { $0.id == credential.id }) {
        _ = identity.credentials[index].complete(with: credential)
      } else {
        identity.credentials.append(credential)
      }
    }
  }

  /// The report's key rows complete the listed keys by their date, then by their order where the numbers agree.
  mutating func resolveReportedKeys() {
    let byUser = Dictionary(grouping: aws.reportedKeys, by: \.user)
    for (principal, reported) in byUser {
      update(principal) { identity in
        var left = reported.sorted { $0.slot < $1.slot }
        var open = identity.credentials.indices.filter { identity.credentials[$0].kind == "access-key" }
        left.removeAll { row in
          guard let index = open.first(where: { identity.credentials[$0].created == row.credential.lastRotated })
          else { return false }
          open.removeAll { $0 == index }
          identity.credentials[index].takeReported(row.credential)
          return true
        }
        if left.count == open.count {
          open.sort {
            (identity.credentials[$0].created?.milliseconds ?? 0)
              < (identity.credentials[$1].created?.milliseconds ?? 0)
          }
          left.sort { ($0.credential.lastRotated?.milliseconds ?? 0) < ($1.credential.lastRotated?.milliseconds ?? 0) }
          for (index, row) in zip(open, left) { identity.credentials[index].takeReported(row.credential) }
        } else {
          identity.credentials += left.map(\.credential)
        }
      }
    }
  }

  /// The one account that the source can be about: seen in it, else named by what it covers.
  var onlyAccount: (partition: String, number: String)? {
    let seen = accounts.filter { $0.hasPrefix("aws:") }
    if seen.count > 1 { return nil }
    if seen.count == 1, let one = drafts.first(where: { $0.fact.principal.platform == "aws" }),
      let arn = ARN(one.fact.principal.description)
    {
      return (arn.partition, arn.account)
    }
    let covered = source.covers.filter {
      $0.hasPrefix("aws:") && $0.dropFirst(4).allSatisfy(\.isNumber) && $0.count > 4
    }
    return covered.count == 1 ? ("aws", String(covered[0].dropFirst(4))) : nil
  }
}

extension IdentityFact {
  /// A user of whom only the name and the keys are known.
  fileprivate static func named(_ name: String, _ principal: PrincipalKey, source: String) -> IdentityFact {
    var identity = IdentityFact(principal: principal, kind: .user, name: name, source: source)
    identity.isEnabled = true
    identity.unknowable = AWSFields.unknownToKeyLists
    return identity
  }
}

extension CredentialFact {
  /// The row has no id and may be newer in its status; it never contradicts, because it may be about an earlier state of the key.
  fileprivate mutating func takeReported(_ row: CredentialFact) {
    if status == .unknown { status = row.status }
    created = created ?? row.created
    lastRotated = row.lastRotated ?? lastRotated
    if let used = row.lastUsed, lastUsed.map({ used > $0 }) ?? true {
      (lastUsed, lastService, lastRegion) = (used, row.lastService, row.lastRegion)
    }
  }
}
