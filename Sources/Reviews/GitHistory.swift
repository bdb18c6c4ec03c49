import Base
import Declarations
import Documents
package import Git
import Model

extension Repository {
  /// Audits all reviews in the history of a commit. Only the main line counts (first parents): what a merge brought in
  /// is one change, judged by the owners and keys before it. A shallow clone throws `shallow`.
  package func auditReviews(at tip: ObjectID) throws(GitError) -> AuditReport {
    var fold = AuditFold()
    var rules = RulesInForce()
    let paths = ["identities", "muster.yaml", "owners.yaml", "reviews"]
    try history(from: tip, touching: paths, mainLine: true) { step throws(GitError) in
      let before = rules.current
      try rules.take(step.changes, in: self)
      let wanted = step.changes.filter { $0.path.hasPrefix("reviews/") || $0.path.hasPrefix("identities/") }
      if wanted.isEmpty { return }
      let isFirst = step.parents.isEmpty
      var audited = try auditStep(step.commit, wanted, isFirst ? rules.current : before)
      audited.isFirst = isFirst
      fold.take(audited)
    }
    return fold.finish()
  }

  private func auditStep(
    _ id: ObjectID, _ changes: [FileChange], _ rules: AuditRules
  ) throws(GitError) -> AuditStep {
    let commit = try commit(id)
    let signature: AuditStep.Signature =
      switch commit.signature {
      case .none: .none
      case .one(let text, let payload): .one(text: text, payload: payload)
      case .several: .several
      }
    var read: [AuditStep.Change] = []
    for change in changes {
      var bytes: [UInt8]?
      if let version = change.after {
        let isFile = version.kind == .file || version.kind == .executable
        // Declarations are only noticed, not read. A link is nobody's record.
        bytes = change.path.hasPrefix("reviews/") && isFile ? try contents(of: version.id, limit: 1 << 24) : []
      }
      read.append(AuditStep.Change(path: change.path, bytes: bytes))
    }
    return AuditStep(
      commit: id.hex, time: commit.committer.time, author: commit.author.name, signature: signature, rules: rules,
      changes: read)
  }
}

/// The rules as the history goes on.
private struct RulesInForce {
  var current = AuditRules(owners: Owners(), signedSeverities: [])

  mutating func take(_ changes: [FileChange], in repository: borrowing Repository) throws(GitError) {
    for change in changes {
      let isOwners = change.path == "owners.yaml"
      guard isOwners || change.path == "muster.yaml" else { continue }
      var root: Node?
      if let version = change.after {
        root = Document.yaml(try repository.contents(of: version.id, limit: 1 << 24), path: change.path).document?.root
      }
      // A file that cannot be read lets nobody decide: never more than it says.
      if isOwners {
        let owners = root.map { decodeOwners($0).owners } ?? Owners()
        current = AuditRules(owners: owners, signedSeverities: current.signedSeverities)
      } else if let root {
        current = AuditRules(
          owners: current.owners, signedSeverities: decodeConfiguration(root).configuration.signedSeverities)
      }
    }
  }
}
