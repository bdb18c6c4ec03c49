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
  case declarations(StagedVersions)

  var isAll: Bool {
    if case .all = self { return true }
    return false
  }

  /// Whether the file is among what is touched.
  func includes(_ path: String) -> Bool {
    if case .declarations(let versions) = self { return versions.paths.contains(path) }
    return true
  }

  /// What the index changes since a commit: only declarations make the short way safe.
  init(_ workspace: borrowing Workspace, since head: ObjectID?) throws(CommandError) {
    let staged = try workspace.staged(since: head)
    guard staged.changes.allSatisfy({ $0.path.hasPrefix("identities/") }) else {
      self = .all
      return
    }
    self = .declarations(
      StagedVersions(
        files: staged.files, before: head == nil ? nil : staged.files.before(staged.changes),
        paths: Set(staged.changes.map(\.path))))
  }
}

/// The index and the commit that it is compared with, where they differ in a few declarations.
struct StagedVersions: Sendable {
  let files: FileTree
  /// `nil`: there is no commit yet.
  let before: FileTree?
  /// The files that differ.
  let paths: Set<String>

  /// What both versions declare in the files that differ, and in those that claim a name that these claim only now.
  func governance() throws(GitError) -> (after: LoadedGovernance, before: LoadedGovernance?) {
    guard let before else { return (try loadGovernance(files, declarations: paths), nil) }
    let old = try loadGovernance(before, declarations: paths, established: nil)
    let established = Set(old.governance.declarations.flatMap(\.names))
    let new = try loadGovernance(files, declarations: paths, established: established)
    let found = Set(new.governance.declarations.map(\.handle.location.path)).subtracting(paths)
    if found.isEmpty { return (new, old) }
    return (new, try loadGovernance(before, declarations: paths.union(found), established: nil))
  }
}

typealias LoadedGovernance = (governance: Governance, diagnostics: [Diagnostic])

extension Declaration {
  /// What it claims: its handle and its principals.
  fileprivate var names: [String] { [handle.value] + principals.map(\.value.description) }
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

  /// The index and how it differs from a commit, in what governs.
  func staged(since head: ObjectID?) throws(CommandError) -> (files: FileTree, changes: [FileChange]) {
    do throws(GitError) {
      if let staged = try repository?.staged(since: head, below: Workspace.governed) { return staged }
    } catch { throw CommandError(error) }
    throw Workspace.noRepository(root)
  }

  /// What the index and the commit declare: all, or what is touched.
  func governance(
    staged touched: Touched, since head: ObjectID?
  ) throws(CommandError) -> (after: LoadedGovernance, before: LoadedGovernance?) {
    guard case .declarations(let versions) = touched else {
      let after = try governance(.index)
      guard let head else { return (after, nil) }
      return (after, try governance(.commit(head)))
    }
    do throws(GitError) { return try versions.governance() } catch { throw CommandError(error) }
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
      throw CommandError(revision == nil ? .incomplete : .usage, error.summary, hint: error.hint)
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
