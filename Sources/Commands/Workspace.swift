import Base
import Declarations
import Facts
import Git
import Model
import Policies

/// A governance repository (or a plain folder) as commands see it.
struct Workspace: ~Copyable {
  /// Which version of the declarations is meant.
  enum Source: Sendable {
    case workTree
    case index
    case commit(ObjectID)
  }

  /// Where paths of declarations are relative to: the work tree's root, else the folder.
  let root: String
  let repository: Repository?
  /// The git directory that all work trees share; `nil` without a repository.
  let commonDirectory: String?
  private let isBare: Bool

  /// The places of a tree that govern; other parts of a large repository are not walked.
  static let governed = [
    "muster.yaml", "owners.yaml", "identities", "policies", "campaigns", "exceptions", "reviews", "CODEOWNERS",
    ".github/CODEOWNERS", "docs/CODEOWNERS",
  ]

  /// Opens the repository around the working directory; without one, the folder itself.
  init(_ world: World) throws(CommandError) {
    do throws(GitError) {
      let repository = try Repository(at: world.workingDirectory, environment: world.environment)
      root = repository.workTree ?? world.workingDirectory
      isBare = repository.workTree == nil
      commonDirectory = repository.commonDirectory
      self.repository = consume repository
    } catch {
      guard error.code == .noRepository else { throw CommandError(error) }
      root = world.workingDirectory
      isBare = false
      commonDirectory = nil
      repository = nil
    }
  }

  /// The commit that a revision names.
  func commit(_ revision: String) throws(CommandError) -> ObjectID {
    do throws(GitError) {
      if let id = try repository?.require(revision) { return id }
    } catch { throw CommandError(error) }
    throw Workspace.noRepository(root)
  }

  /// The files that govern, in one version.
  func files(_ source: Source) throws(CommandError) -> FileTree {
    if case .workTree = source { try refuseBare() }
    do throws(GitError) {
      switch source {
      case .commit(let id):
        if let tree = try repository?.files(in: id, below: Workspace.governed) { return tree }
      case .index:
        if let tree = try repository?.stagedFiles(below: Workspace.governed) { return tree }
      case .workTree:
        return try FileTree(folder: root, below: Workspace.governed)
      }
    } catch { throw CommandError(error) }
    throw Workspace.noRepository(root)
  }

  /// What one version declares, with everything that is wrong with it.
  func governance(_ source: Source) throws(CommandError) -> (governance: Governance, diagnostics: [Diagnostic]) {
    let tree = try files(source)
    do throws(GitError) { return try loadGovernance(tree) } catch { throw CommandError(error) }
  }

  /// A bare repository has no files to check, and its folder is git's own: nothing is read or written there.
  private func refuseBare() throws(CommandError) {
    if isBare {
      throw CommandError(
        .usage, "the repository at '\(root)' has no work tree", hint: "run it in a clone that has one: git clone")
    }
  }

  static func noRepository(_ root: String) -> CommandError {
    CommandError(.usage, "'\(root)' is in no git repository", hint: "run `git init` there first, or use -C DIR")
  }
}

extension CommandError {
  /// What git said, with what to do: a wrong name is a wrong call, anything else an input that cannot be read.
  init(_ error: GitError) {
    let isCall = [.noSuchRevision, .ambiguousRevision, .invalidInput, .noRepository, .bareRepository].contains(
      error.code)
    self.init(isCall ? .usage : .incomplete, error.message, hint: error.hint)
  }

  init(_ error: FileError) { self.init(error.operation == "write" ? .internalError : .incomplete, error.description) }
}
