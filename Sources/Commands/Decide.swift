import Base
import Git
import Model
import Reviews

extension CommandSpecification {
  static let decide = CommandSpecification(
    "decide", "write a decision into an item, sign it, commit it",
    details: """
      The decision is appended to the item's `decisions:`, signed with your SSH key where there is one, and committed alone.
      The key is --key, else git's user.signingkey (gpg.format ssh), else one of the agent's that owners.yaml lists for you.
      """,
    arguments: [
      ArgumentSpecification("ITEM", "its id, the beginning of it, or its path"),
      ArgumentSpecification(
        "DECISION", "what is decided; `cosign` adds an approver's signature to the last decision",
        choices: Decision.Kind.allCases.map(\.rawValue) + ["cosign"]),
    ],
    options: [
      OptionSpecification("reason", short: "m", value: "TEXT", "why; always needed"),
      OptionSpecification("by", value: "PERSON", "who decides; else whom owners.yaml knows by git's email"),
      OptionSpecification("until", value: "DAY", "the last day on which it holds"),
      OptionSpecification("owner", value: "OWNER", "the new owner, for reassign"),
      OptionSpecification("approver", value: "PERSON", "who agrees, for accept-risk"),
      OptionSpecification("ticket", value: "ID", "where the work is tracked"),
      OptionSpecification("key", value: "FILE", "the SSH key to sign with"),
      OptionSpecification("no-sign", "leave it unsigned, where muster.yaml allows that"),
    ],
    examples: [
      ("muster decide 7f3a9c extend --until 2027-03-31 -m 'Still publishes each release.'", "sign and commit"),
      ("muster decide 7f3a9c revoke -m 'Nobody uses it.'", "the item closes when later facts show it gone"),
      ("muster decide 7f3a9c cosign --by person:chi", "the approver of an accept-risk signs below it"),
    ]
  ) { invocation throws(CommandError) in
    let now = try invocation.now()
    let workspace = try Workspace(invocation.world)
    let (governance, _) = try workspace.governance(.workTree)
    let reviews = ReviewSet.read(governance.reviewFiles)
    let person = try decider(invocation, workspace, governance.owners)
    let kind = Decision.Kind(rawValue: invocation.arguments[1])
    let request = try kind.map { kind throws(CommandError) in try decisionRequest(kind, by: person, at: now, invocation)
    }
    let key = try signingKey(invocation, workspace, governance.owners.people[person])
    let signsCommit = try workspace.signsCommits()
    do throws(ReviewError) {
      let item = try reviews.item(named: invocation.arguments[0], at: now)
      let draft: DraftedDecision
      if let request {
        draft = try makeDecision(
          request, on: item, owners: governance.owners, signedSeverities: governance.configuration.signedSeverities,
          willSign: key != nil)
      } else {
        draft = try makeCosignature(
          on: item, by: OwnerReference(kind: .person, name: person), owners: governance.owners, at: now)
      }
      let signer = key.map {
        DecisionSigner(
          key: $0, program: SSHKeygen(environment: invocation.world.environment), signsCommit: signsCommit)
      }
      let recorded = try record(draft, workspace, signer, governance.owners, now)
      let signed = key == nil ? "unsigned" : "signed"
      let commit = recorded.commit.map { "committed \($0.short)" } ?? "the branch holds it already"
      let word = invocation.arguments[1]
      invocation.console.line("\(item.id): \(word) by person:\(person), \(signed), \(commit)")
    } catch { throw CommandError(error) }
    if key == nil { invocation.console.note("unsigned: an auditor cannot prove who decided; see --key") }
    return .clean
  }
}

/// What the options say of a decision.
private func decisionRequest(
  _ kind: Decision.Kind, by person: String, at now: Instant, _ invocation: Invocation
) throws(CommandError) -> DecisionRequest {
  guard let reason = invocation.value("reason"), !reason.isEmpty else {
    throw CommandError(.usage, "a decision needs a reason", hint: "-m 'WHY', in a sentence that an auditor understands")
  }
  var request = DecisionRequest(kind: kind, by: OwnerReference(kind: .person, name: person), at: now, reason: reason)
  request.until = try day(invocation.value("until"))
  request.owner = try owner(invocation.value("owner"), "owner")
  request.approver = try owner(invocation.value("approver"), "approver")
  request.ticket = invocation.value("ticket")
  return request
}

extension Workspace {
  /// Whether git is told to sign commits (`commit.gpgsign`).
  fileprivate func signsCommits() throws(CommandError) -> Bool {
    do throws(GitError) {
      let text = try repository?.setting("commit.gpgsign") ?? nil
      return ["true", "yes", "on", "1"].contains(text?.lowercased())
    } catch { throw CommandError(error) }
  }
}

private func record(
  _ draft: DraftedDecision, _ workspace: borrowing Workspace, _ signer: DecisionSigner?, _ owners: Owners,
  _ now: Instant
) throws(ReviewError) -> RecordedDecision {
  switch workspace.repository {
  case .some(let repository): return try recordDecision(draft, in: repository, signer: signer, owners: owners, at: now)
  case .none:
    throw ReviewError(.git, "there is no git repository here", hint: "a decision is a commit: run `git init` first")
  }
}

/// `--by`, else the person of owners.yaml who has git's email.
private func decider(
  _ invocation: Invocation, _ workspace: borrowing Workspace, _ owners: Owners
) throws(CommandError) -> String {
  if let text = invocation.value("by") {
    let name = OwnerReference(text)?.name ?? text
    if owners.people[name] != nil { return name }
    throw CommandError(
      .usage, "owners.yaml has no person '\(name)'", hint: suggestion(for: name, among: Array(owners.people.keys)))
  }
  let email = try workspace.committer(at: invocation.world.clock).email
  if let person = owners.people.values.first(where: { $0.emails.contains(email) }) { return person.name }
  throw CommandError(
    .usage, "owners.yaml has nobody with the email \(email)", hint: "say who decides: --by person:NAME")
}

private func signingKey(
  _ invocation: Invocation, _ workspace: borrowing Workspace, _ person: Person?
) throws(CommandError) -> SigningKey? {
  if invocation.has("no-sign") { return nil }
  let keygen = SSHKeygen(environment: invocation.world.environment)
  do throws(GitError) {
    let offers = SigningKey.Offers(
      file: invocation.value("key").map { invocation.world.absolute($0) },
      format: try workspace.repository?.setting("gpg.format") ?? nil,
      configured: try workspace.repository?.setting("user.signingkey") ?? nil,
      home: invocation.world.environment["HOME"], agentKeys: { keygen.agentKeys() })
    return SigningKey.find(offers, for: person)
  } catch { throw CommandError(error) }
}

private func day(_ text: String?) throws(CommandError) -> Day? {
  guard let text else { return nil }
  if let day = Day(text) { return day }
  throw CommandError(.usage, "--until '\(text)' is no day", hint: "write it as 2027-03-31")
}

private func owner(_ text: String?, _ option: String) throws(CommandError) -> OwnerReference? {
  guard let text else { return nil }
  if let owner = OwnerReference(text) { return owner }
  throw CommandError(.usage, "--\(option) '\(text)' is no owner", hint: "write team:NAME or person:NAME")
}
