import Base
import Git
import Model
import Policies

/// What `muster diff --facts A B` tells: what changed in the inventory, and which commit of the declarations explains it.
struct FactsComparison {
  /// A commit that changed the identity's declaration between the snapshots.
  struct Explanation {
    let commit: ObjectID
    let subject: String
  }

  private var rows: [(change: FactsChange, handle: String?, explanation: Explanation?)] = []
  private let revisions: (base: String, head: String)
  private let period: (from: Instant, to: Instant)?

  init(
    _ workspace: borrowing Workspace, from base: String, to head: String, _ invocation: Invocation
  ) throws(CommandError) {
    let (governance, problems) = try workspace.governance(.workTree)
    invocation.console.report(problems.filter { $0.kind != .warning })
    let configuration = governance.configuration
    let (before, after) = (
      try workspace.facts(configuration, revision: base), try workspace.facts(configuration, revision: head)
    )
    revisions = (before.commit ?? base, after.commit ?? head)
    period = try workspace.period(revisions.base, revisions.head)
    var handles: [PrincipalKey: (handle: String, path: String)] = [:]
    for declaration in governance.declarations {
      for principal in declaration.principals {
        handles[principal.value] = (declaration.handle.value, declaration.location.path)
      }
    }
    let changes = factsChanges(from: before, to: after)
    let paths = Set(changes.compactMap { handles[$0.principal]?.path })
    let explanations = try workspace.explanations(of: paths, in: period)
    for change in changes {
      let declared = handles[change.principal]
      rows.append((change, declared?.handle, declared.flatMap { explanations[$0.path] }))
    }
  }

  func text(_ usesColour: Bool) -> String {
    if rows.isEmpty { return "the inventory is the same at both\n" }
    var out = ""
    var last: PrincipalKey?
    for row in rows {
      if row.change.principal != last {
        let name = row.handle.map { " (\($0))" } ?? " (undeclared)"
        out += "\(last == nil ? "" : "\n")\("\(row.change.principal)\(name)".escapedOnOneLine)\n"
      }
      last = row.change.principal
      let sign = row.change.widens ? "+" : "-"
      let text = row.change.text.isEmpty ? "" : ": \(row.change.text)"
      let why =
        row.explanation.map { "explained by \($0.commit.short) \($0.subject)" }
        ?? (row.handle == nil ? "nobody declared it" : "no commit changed its declaration meanwhile")
      let line = "  \(sign) \(row.change.kind.rawValue)\(text)   (\(why))".escapedOnOneLine
      out += usesColour ? "\u{1B}[\(row.change.widens ? "31" : "32")m\(line)\u{1B}[0m\n" : "\(line)\n"
    }
    let explained = rows.count { $0.explanation != nil }
    return out + "\n\(counted(rows.count, "change", "changes")), \(explained) explained by a commit\n"
  }

  var json: String {
    var writer = JSONWriter(pretty: true)
    writer.object { writer in
      writer.field("schema", "muster.facts-diff/1")
      writer.field("base", revisions.base)
      writer.field("head", revisions.head)
      writer.field("from", period?.from.description)
      writer.field("to", period?.to.description)
      writer.key("changes")
      writer.array { writer in
        for row in rows {
          writer.object { writer in
            writer.field("kind", row.change.kind.rawValue)
            writer.field("principal", row.change.principal.description)
            writer.field("identity", row.handle)
            writer.field("text", row.change.text)
            writer.field("widens", row.change.widens)
            writer.field("commit", row.explanation?.commit.hex)
            writer.field("subject", row.explanation?.subject)
          }
        }
      }
    }
    return writer.text + "\n"
  }
}

extension Workspace {
  /// When two snapshots of the facts were committed; `nil` where the facts live in another repository.
  fileprivate func period(_ base: String, _ head: String) throws(CommandError) -> (from: Instant, to: Instant)? {
    do throws(GitError) {
      guard let first = ObjectID(hex: base), let last = ObjectID(hex: head), let from = try repository?.commit(first),
        let to = try repository?.commit(last)
      else { return nil }
      return (from.committer.time, to.committer.time)
    } catch {
      if error.code == .missingObject { return nil }
      throw CommandError(error)
    }
  }

  /// The last commit on HEAD's line within the period that changed each of the files. Times are what commits say of themselves: a hint
  /// for the reader, no proof.
  fileprivate func explanations(
    of paths: Set<String>, in period: (from: Instant, to: Instant)?
  ) throws(CommandError) -> [String: FactsComparison.Explanation] {
    guard !paths.isEmpty, let period, let head = try head() else { return [:] }
    var found: [String: FactsComparison.Explanation] = [:]
    do throws(GitError) {
      try repository?.history(from: head, touching: paths.sorted(), order: .newestFirst, mainLine: true) {
        (step) throws(GitError) in
        guard let commit = try repository?.commit(step.commit) else { return }
        if commit.committer.time < period.from || commit.committer.time > period.to { return }
        let subject = commit.message.split(separator: "\n").first.map(String.init) ?? ""
        for change in step.changes where paths.contains(change.path) && found[change.path] == nil {
          found[change.path] = FactsComparison.Explanation(commit: step.commit, subject: subject)
        }
      }
    } catch {
      if error.code != .shallow { throw CommandError(error) }
    }
    return found
  }
}
