import Base
import Declarations
import Facts
import Git
import Model

/// Which declarations a commit touches.
enum Touched: Sendable {
  /// More than declarations changed, or everything is asked about.
  case all
  /// Only these files of declarations changed.
  case declarations(paths: Set<String>)

  var isAll: Bool {
    if case .all = self { return true }
    return false
  }

  /// Whether the file is among what is touched.
  func includes(_ path: String) -> Bool {
    if case .declarations(let paths) = self { return paths.contains(path) }
    return true
  }

  /// What the index changes since a commit: only declarations make the short way safe.
  init(_ workspace: borrowing Workspace, since head: ObjectID?) throws(CommandError) {
    let changes = try workspace.stagedChanges(since: head)
    guard changes.allSatisfy({ $0.path.hasPrefix("identities/") }) else {
      self = .all
      return
    }
    self = .declarations(paths: Set(changes.map(\.path)))
  }
}

extension Workspace {
  /// The commit that HEAD is at; `nil` before the first one.
  func head() throws(CommandError) -> ObjectID? {
    if repository == nil { throw Workspace.noRepository(root) }
    do throws(GitError) { return try repository?.resolve("HEAD") ?? nil } catch { throw CommandError(error) }
  }

  /// What a pull request against a revision is compared with: the best common ancestor, else the revision itself (a shallow
  /// clone does not know ancestors).
  func base(_ revision: String) throws(CommandError) -> ObjectID {
    let wanted = try commit(revision)
    guard let head = try head() else { return wanted }
    do throws(GitError) {
      return try repository?.mergeBase(wanted, head) ?? wanted
    } catch {
      if error.code == .shallow || error.code == .missingObject { return wanted }
      throw CommandError(error)
    }
  }

  /// How the index differs from a commit, in what governs.
  func stagedChanges(since head: ObjectID?) throws(CommandError) -> [FileChange] {
    do throws(GitError) {
      return try repository?.stagedChanges(since: head, below: Workspace.governed) ?? []
    } catch { throw CommandError(error) }
  }

  /// As `governance`, of all declarations or of those that are touched; `established` names are claimed by the same files at the
  /// base, so that nobody else need be asked about them.
  func governance(
    _ source: Source, only touched: Touched, established names: Set<String> = []
  ) throws(CommandError) -> (governance: Governance, diagnostics: [Diagnostic]) {
    guard case .declarations(let paths) = touched else { return try governance(source) }
    let tree = try files(source)
    do throws(GitError) {
      return try loadGovernance(tree, declarations: paths, established: names)
    } catch { throw CommandError(error) }
  }

  /// The facts about some principals (`nil`: all facts) at a revision, else at the tip of the facts' branch.
  func facts(
    _ configuration: Configuration, revision: String? = nil, of principals: Set<PrincipalKey>? = nil
  ) throws(CommandError) -> FactSet {
    let branch = FactsBranch(configuration.factsBranch)
    let other: Repository? =
      if let path = configuration.factsRepository { try openFactsRepository(path) } else { nil }
    var revision = revision
    if other == nil, revision == nil { revision = try fetchedFacts(configuration) }
    do throws(FactsError) {
      if let other { return try branch.read(other, at: revision, principals: principals).joiningSources().facts }
      return try read(branch, revision, principals).joiningSources().facts
    } catch {
      throw CommandError(.incomplete, error.description, hint: error.hint)
    }
  }

  /// In a fresh clone the facts' branch is only known as the remote's: `origin/muster/observed`. `nil` where the branch is here, or
  /// nowhere.
  func fetchedFacts(_ configuration: Configuration) throws(CommandError) -> String? {
    let branch = configuration.factsBranch
    do throws(GitError) {
      guard repository != nil, try repository?.tip(ofBranch: branch) ?? nil == nil else { return nil }
      let remote = "origin/\(branch)"
      return try repository?.resolve("refs/remotes/\(remote)") ?? nil == nil ? nil : remote
    } catch { throw CommandError(error) }
  }

  /// Opens the repository that `facts: { repository: … }` names, relative to the root.
  func openFactsRepository(_ path: String) throws(CommandError) -> Repository {
    do throws(GitError) {
      return try Repository(at: path.hasPrefix("/") ? path : "\(root)/\(path)")
    } catch { throw CommandError(error) }
  }

  private func read(
    _ branch: FactsBranch, _ revision: String?, _ principals: Set<PrincipalKey>?
  ) throws(FactsError) -> FactSet {
    switch repository {
    case .some(let repository): return try branch.read(repository, at: revision, principals: principals)
    case .none: return FactSet()
    }
  }
}
