import Base
import Declarations
import Git
import Model
import Policies

extension CommandSpecification {
  static let importDrafts = CommandSpecification(
    "import", "draft a declaration for each identity that nobody declared",
    details: """
      Writes identities/imported/HANDLE.yaml: principals, kind and environment from the inventory; the scope from what the logs show
      in use, with counts beside it, where they cover the identity, else from what is granted; an expiry by how far its secrets can
      travel; an owner with how he was found (tag, the platform's owner, creator in the logs, CODEOWNERS of the repository whose
      pipeline uses it, consumer, most frequent committer) and how sure that is. What nobody can know stays a TODO that `check`
      reports. Files that exist are never touched.
      """,
    arguments: [ArgumentSpecification("PATTERN", "only principals that match: *role/batch-*", required: false)],
    options: [
      OptionSpecification("dry-run", "print the drafts and write nothing"),
      OptionSpecification("facts", value: "REV", "take the facts of that revision"),
      OptionSpecification(
        "repositories", value: "DIR",
        "checkouts as DIR/ORGANISATION/NAME: their CODEOWNERS and committers lead to owners"),
    ],
    examples: [
      ("muster import", "all of them"), ("muster import --dry-run '*:role/deploy*'", "look at some first"),
      ("muster import --repositories ~/src", "with the owners of the repositories that use them"),
    ]
  ) { invocation throws(CommandError) in
    let workspace = try Workspace(invocation.world)
    let (governance, problems) = try workspace.governance(.workTree)
    invocation.console.report(problems.filter { $0.kind != .warning })
    let facts = try workspace.facts(governance.configuration, revision: invocation.value("facts"))
    if facts.commit == nil {
      throw CommandError(.incomplete, "there are no facts yet", hint: "run `muster sync` first")
    }
    let estate = Estate(governance: governance, facts: facts, now: try invocation.now())
    let pattern = Glob(invocation.arguments.first ?? "*")
    let shadows = estate.identities.filter { joined in
      joined.declaration == nil && joined.holder == "machine"
        && (joined.principal.map { pattern.matches($0.description) } ?? false)
    }
    let repositories = try owners(of: Set(shadows.flatMap { OwnerFinder.repositories(of: $0) }), invocation)
    return try write(shadows, OwnerFinder(estate, repositories: repositories), estate, workspace.root, invocation)
  }
}

private func write(
  _ shadows: [JoinedIdentity], _ finder: OwnerFinder, _ estate: Estate, _ root: String, _ invocation: Invocation
) throws(CommandError) -> ExitCode {
  var drafter = Drafter(governance: estate.governance, facts: estate.facts, now: estate.now)
  var (written, kept) = (0, 0)
  for joined in shadows {
    guard let principal = joined.principal else { continue }
    guard principal.description.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else {
      invocation.console.note("left out \(principal): a declaration cannot hold that name")
      continue
    }
    var evidence = DraftEvidence(principal: principal, fact: joined.fact, usage: joined.usage)
    (evidence.grants, evidence.owners) = (joined.grants, finder.suggestions(for: joined))
    (evidence.coveredSince, evidence.usageGap) = (joined.coveredSince, joined.usageGap)
    let draft = drafter.draft(evidence)
    if invocation.has("dry-run") {
      invocation.console.out("--- \(draft.path)\n" + String(decoding: draft.bytes, as: UTF8.self).escapedForTerminal)
      continue
    }
    let target = "\(root)/\(draft.path)"
    if FileSystem.kind(target) != nil {
      kept += 1
      continue
    }
    do throws(FileError) {
      if written == 0 { try FileSystem.makeFolder("\(root)/identities/imported") }
      try FileSystem.write(draft.bytes, to: target, durable: false)
    } catch { throw CommandError(error) }
    written += 1
    if written <= 50 {
      invocation.console.note("drafted  \(draft.path)  (to complete: \(draft.gaps.joined(separator: ", ")))")
    }
  }
  if written > 50 { invocation.console.note("drafted  … and \(written - 50) more") }
  if kept > 0 { invocation.console.note("kept     \(counted(kept, "file that exists", "files that exist"))") }
  invocation.console.note(
    invocation.has("dry-run") ? "dry run: nothing was written" : "\(counted(written, "draft", "drafts")) written")
  return .clean
}

/// What the checkouts below `--repositories` say of the repositories.
private func owners(
  of names: Set<String>, _ invocation: Invocation
) throws(CommandError) -> [String: RepositoryOwners] {
  guard let folder = invocation.value("repositories").map({ invocation.world.absolute($0) }) else { return [:] }
  if FileSystem.kind(folder) != .folder {
    throw CommandError(
      .usage, "--repositories '\(folder)' is no folder", hint: "a folder with checkouts as ORGANISATION/NAME")
  }
  var found: [String: RepositoryOwners] = [:]
  for name in names.sorted() where !name.split(separator: "/").contains("..") {
    let path = "\(folder)/\(name)"
    if FileSystem.kind(path) != .folder { continue }
    var owners = RepositoryOwners()
    for place in [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"] {
      guard let bytes = try? FileSystem.read("\(path)/\(place)", limit: 3 << 20) else { continue }
      let file = CodeOwners(SourceFile(path: "\(name)/\(place)", bytes: bytes))
      owners.codeOwners = file.owners(of: ".github/workflows/release.yml")
      break
    }
    owners.committer = mostFrequentCommitter(path)
    found[name] = owners
  }
  return found
}

/// The mail address of who wrote most of the last thousand commits; `nil` where there is no history to read.
private func mostFrequentCommitter(_ path: String) -> String? {
  do throws(GitError) {
    let repository = try Repository(at: path)
    guard let head = try repository.resolve("HEAD") else { return nil }
    var counts: [String: Int] = [:]
    for id in try repository.commits(from: head, order: .newestFirst).prefix(1000) {
      counts[try repository.commit(id).author.email, default: 0] += 1
    }
    return counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
  } catch { return nil }
}
