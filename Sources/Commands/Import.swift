import Base
import Declarations
import Model
import Policies

extension CommandSpecification {
  static let importDrafts = CommandSpecification(
    "import", "draft a declaration for each identity that nobody declared",
    details: """
      Writes identities/imported/HANDLE.yaml: principals, kind and environment from the inventory, the scope from what the
      logs show in use with counts beside it, an owner suggested from tags. What nobody can know stays a TODO that `check`
      reports. Files that exist are never touched.
      """,
    arguments: [ArgumentSpecification("PATTERN", "only principals that match: *role/batch-*", required: false)],
    options: [
      OptionSpecification("dry-run", "print the drafts and write nothing"),
      OptionSpecification("facts", value: "REV", "take the facts of that revision"),
    ],
    examples: [
      ("muster import", "all of them"), ("muster import --dry-run '*:role/deploy*'", "look at some first"),
    ]
  ) { invocation throws(CommandError) in
    let workspace = try Workspace(invocation.world)
    let assessment = try await workspace.assessWorkTree(invocation)
    let pattern = Glob(invocation.arguments.first ?? "*")
    var drafter = Drafter(governance: assessment.governance, facts: assessment.facts, now: try invocation.now())
    var written = 0
    for joined in assessment.estate.identities where joined.declaration == nil && joined.holder == "machine" {
      guard let principal = joined.principal, pattern.matches(principal.description) else { continue }
      guard principal.description.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else {
        invocation.console.note("left out \(principal): a declaration cannot hold that name")
        continue
      }
      let draft = drafter.draft(joined.fact, joined.usage, principal: principal)
      if invocation.has("dry-run") {
        invocation.console.out("--- \(draft.path)\n" + String(decoding: draft.bytes, as: UTF8.self).escapedForTerminal)
        continue
      }
      let target = "\(workspace.root)/\(draft.path)"
      if FileSystem.kind(target) != nil {
        invocation.console.note("kept     \(draft.path)")
        continue
      }
      do throws(FileError) {
        try FileSystem.makeFolder("\(workspace.root)/identities/imported")
        try FileSystem.write(draft.bytes, to: target)
      } catch { throw CommandError(error) }
      written += 1
      invocation.console.note("drafted  \(draft.path)  (to complete: \(draft.gaps.joined(separator: ", ")))")
    }
    if assessment.facts.commit == nil {
      throw CommandError(.incomplete, "there are no facts yet", hint: "run `muster sync` first")
    }
    invocation.console.note(
      invocation.has("dry-run") ? "dry run: nothing was written" : "\(counted(written, "draft", "drafts")) written")
    return .clean
  }
}
