import Base
import Git

extension CommandSpecification {
  static let initialize = CommandSpecification(
    "init", "a governance repository, ready to commit",
    details: """
      Writes muster.yaml, owners.yaml, a first declaration to edit, a campaign and the schema hints for editors. What is
      there already stays as it is.
      """,
    options: [OptionSpecification("account", value: "ID", "the AWS account to put into environments and sources")],
    examples: [
      ("muster init", "in the current folder"),
      ("muster init --account 111122223333", "with the account's sources filled in"),
    ]
  ) { invocation throws(CommandError) in
    let root = invocation.world.workingDirectory
    let account = invocation.value("account") ?? "111122223333"
    guard account.count == 12, account.allSatisfy({ $0.isASCII && $0.isNumber }) else {
      throw CommandError(.usage, "'\(account)' is no AWS account id", hint: "twelve digits, such as 111122223333")
    }
    let hasRepository = try refuseGitDirectory(root, invocation.world)
    var written = 0
    for (path, text) in Starter.files(account: account, day: try invocation.now().day) {
      let target = "\(root)/\(path)"
      if FileSystem.kind(target) != nil {
        invocation.console.note("kept     \(path)")
        continue
      }
      do throws(FileError) {
        if let slash = target.lastIndex(of: "/") { try FileSystem.makeFolder(String(target[..<slash])) }
        try FileSystem.write(Array(text.utf8), to: target)
      } catch { throw CommandError(error) }
      invocation.console.note("created  \(path)")
      written += 1
    }
    if !hasRepository { invocation.console.note("next: git init, so that facts and decisions have a home") }
    invocation.console.note(
      written == 0
        ? "nothing to do: the repository is set up"
        : "next: put exports and logs where muster.yaml says, then `muster sync` and `muster check`")
    return .clean
  }
}

/// Whether the folder is in a repository; an error inside of git's own folder, where nothing belongs.
private func refuseGitDirectory(_ root: String, _ world: World) throws(CommandError) -> Bool {
  do throws(GitError) {
    let repository = try Repository(at: root, environment: world.environment)
    if repository.workTree != nil { return true }
  } catch {
    if error.code == .noRepository { return false }
    throw CommandError(error)
  }
  throw CommandError(
    .usage, "the repository has no work tree", hint: "run it in a clone that has a work tree: git clone \(root) FOLDER")
}

/// The files of a new governance repository.
private enum Starter {
  static func files(account: String, day: Day) -> [(path: String, text: String)] {
    [
      ("muster.yaml", configuration(account)), ("owners.yaml", owners), ("campaigns/quarterly.yaml", campaign),
      ("identities/example.yaml", example(account, day)), ("exports/.gitignore", "*\n!.gitignore\n"),
      (".github/CODEOWNERS", "# Who reviews which declarations.\n# /identities/payments/ @acme/payments\n"),
    ]
  }

  private static func configuration(_ account: String) -> String {
    """
    # What Muster compares: https://github.com/muster-dev/muster
    muster: 1
    environments: # which account belongs to which environment
      prod: ["aws:\(account)"]
    sources:
      inventory:
        # muster collect aws
        - { name: aws, path: "exports/aws/**", covers: ["aws:\(account)"], every: 24h }
      usage:
        # aws s3 sync s3://YOUR-TRAIL/AWSLogs/\(account)/CloudTrail exports/cloudtrail
        - { name: cloudtrail, path: "exports/cloudtrail/**", covers: ["aws:\(account)"], every: 24h, lateness: 15m }
    facts: { branch: muster/observed }
    policies:
      packs: [core]
      profile: owasp-nhi

    """
  }

  private static let owners = """
    # Who can be accountable. Keys sign decisions: `ssh-keygen -t ed25519` makes one.
    teams:
      platform: { members: [ana], contact: "#platform", escalation: ["person:ana"] }
    people:
      ana: { emails: [ana@example.com] }

    """

  private static let campaign = """
    # Which findings become review items, and how long their owners have.
    campaign: quarterly
    title: Quarterly review of machine identities
    severity: medium
    due: { critical: 1d, high: 5d, medium: 14d, low: 30d }
    unowned: { due: 5d, queue: "team:platform" }

    """

  private static func example(_ account: String, _ day: Day) -> String {
    """
    # One identity a file. Replace this one, or let `muster import` draft yours.
    identity: example
    principals:
      - arn:aws:iam::\(account):role/example
    kind: role
    owner: team:platform
    purpose: Shows what a declaration looks like; replace it with your first identity.
    environments: [prod]
    criticality: low
    expires: \(day.advanced(by: 90))
    scope:
      - actions: [s3:GetObject]
        resources: ["arn:aws:s3:::example-bucket/*"]
    review: { every: 90d }

    """
  }
}
