import Base
package import Git
package import Model

extension FactsBranch {
  /// Changes the facts at the branch's tip and commits the result; where the branch moved meanwhile, reads, changes and tries again,
  /// so that `change` may run several times. Gives the commit; `nil`, and nothing happens, where nothing changed. Killed at any
  /// moment, the branch is at the old commit or at the new one. `known` saves reading facts that were read already.
  package func update(
    _ repository: borrowing Repository, by person: CommitPerson, from known: FactSet? = nil,
    _ change: (inout FactSet) -> Void
  ) throws(FactsError) -> ObjectID? {
    for attempt in 0..<FactsBranch.attempts {
      let before = if attempt == 0, let known { known } else { try read(repository) }
      var after = before
      change(&after)
      switch try commit(after, over: before, repository, person) {
      case .done(let commit): return commit
      case .moved: continue
      }
    }
    throw FactsError(
      .contended, "write the facts", at: SourceLocation(path: name),
      "the branch moved \(FactsBranch.attempts) times while it was written")
  }

  /// Commits facts that were read before, at `facts.commit`, in the place of those; an error where the branch moved since.
  package func write(
    _ facts: FactSet, to repository: borrowing Repository, by person: CommitPerson
  ) throws(FactsError) -> ObjectID? {
    let before = try read(repository)
    guard before.commit == facts.commit, case .done(let commit) = try commit(facts, over: before, repository, person)
    else {
      throw FactsError(
        .contended, "write the facts", at: SourceLocation(path: name), "the branch moved since the facts were read")
    }
    return commit
  }

  private enum Attempt {
    case done(ObjectID?)
    case moved
  }

  private func commit(
    _ facts: FactSet, over before: FactSet, _ repository: borrowing Repository, _ person: CommitPerson
  ) throws(FactsError) -> Attempt {
    let draft = CommitDraft(message: FactsChange(from: before, to: facts).message, author: person)
    do throws(GitError) {
      var edits = TreeEdits()
      for folder in FactsFiles.Folder.allCases { try edits.replaceAll(below: folder.rawValue) }
      let files = FactsFiles.encode(facts)
      for path in FactsFiles.wholePaths.sorted() where files[path] == nil { try edits.delete(path) }
      for (path, bytes) in files { try edits.write(path, bytes) }
      let parent = before.commit.flatMap { ObjectID(hex: $0) }
      return .done(try repository.commit(draft, on: name, expecting: parent, edits: edits))
    } catch {
      if error.code == .modified || error.code == .locked { return .moved }
      throw FactsError(error, "write the facts", branch: name)
    }
  }
}

/// What changed between two sets of facts, in numbers.
struct FactsChange {
  let message: String

  init(from before: FactSet, to after: FactSet) {
    let counts = FactsChange.compare(before.identities, after.identities)
    let changes = [(counts.new, "new"), (counts.gone, "gone"), (counts.changed, "changed")]
      .filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
    let subject = "Observe \(after.identities.count) identities, \(after.usage.count) used"
    var lines = [changes.isEmpty ? subject : "\(subject): \(changes.joined(separator: ", "))", ""]
    for source in after.sources {
      let unread = source.unreadable == 0 ? "" : ", \(source.unreadable) unreadable"
      lines.append(
        "\(source.name): \(source.records) records in \(source.inputs.count) files\(unread)".escapedOnOneLine)
    }
    message = lines.joined(separator: "\n") + "\n"
  }

  private static func compare(
    _ before: [IdentityFact], _ after: [IdentityFact]
  ) -> (new: Int, gone: Int, changed: Int) {
    var (i, j) = (0, 0)
    var counts = (new: 0, gone: 0, changed: 0)
    while i < before.count || j < after.count {
      if j == after.count || (i < before.count && FactsFiles.identityOrder(before[i], after[j])) {
        counts.gone += 1
        i += 1
      } else if i == before.count || FactsFiles.identityOrder(after[j], before[i]) {
        counts.new += 1
        j += 1
      } else {
        if before[i].withoutPlace != after[j].withoutPlace { counts.changed += 1 }
        i += 1
        j += 1
      }
    }
    return counts
  }
}

extension IdentityFact {
  fileprivate var withoutPlace: IdentityFact {
    var copy = self
    copy.location = nil
    return copy
  }
}
