import Base
import Facts
import Git
import Model

/// What writing facts came to.
enum FactsOutcome {
  case nothing
  case commit(ObjectID)
  case wouldChange
}

extension Workspace {
  /// The facts as stored: one record of a principal for each inventory source.
  func rawFacts(_ configuration: Configuration) throws(CommandError) -> FactSet {
    let branch = FactsBranch(configuration.factsBranch)
    return try withFactsRepository(configuration) { repository throws(FactsError) in try branch.read(repository) }
  }

  /// Changes the facts, which were `known` before, and commits them to their branch.
  func updateFacts(
    _ configuration: Configuration, from known: FactSet, by person: CommitPerson?,
    _ change: (inout FactSet) -> Void
  ) throws(CommandError) -> FactsOutcome {
    if configuration.factsRepository == nil, let remote = try fetchedFacts(configuration) {
      // A second history of the facts would hide the first.
      throw CommandError(
        .usage, "the facts are on \(remote), and the branch \(configuration.factsBranch) is not here yet",
        hint: "git branch \(configuration.factsBranch) \(remote)")
    }
    let branch = FactsBranch(configuration.factsBranch)
    return try withFactsRepository(configuration) { repository throws(FactsError) in
      guard let person else {
        var after = known
        change(&after)
        return FactsFiles.encode(after) == FactsFiles.encode(known) ? .nothing : .wouldChange
      }
      return try branch.update(repository, by: person, from: known, change).map { .commit($0) } ?? .nothing
    }
  }

  /// Who makes commits here; an error that says how to tell git.
  func committer(at clock: Instant) throws(CommandError) -> CommitPerson {
    do throws(GitError) {
      if let name = try repository?.committer() ?? nil {
        return CommitPerson(name: name.name, email: name.email, time: clock)
      }
    } catch { throw CommandError(error) }
    if repository == nil { throw Workspace.noRepository(root) }
    throw CommandError(
      .usage, "git does not know who you are",
      hint: "git config user.name \"Your Name\" && git config user.email you@example.com")
  }

  private func withFactsRepository<Result>(
    _ configuration: Configuration, _ body: (borrowing Repository) throws(FactsError) -> Result
  ) throws(CommandError) -> Result {
    let other: Repository? =
      if let path = configuration.factsRepository { try openFactsRepository(path) } else { nil }
    do throws(FactsError) {
      if let other { return try body(other) }
      switch repository {
      case .some(let repository): return try body(repository)
      case .none: break
      }
    } catch { throw CommandError(.incomplete, error.summary, hint: error.hint) }
    throw Workspace.noRepository(root)
  }
}
