package import Base
import Documents
package import Git
package import Model

/// Reads what a tree declares. A bad file becomes diagnostics and never loses the others.
///
/// With `declarations`, only those files of declarations are read, besides everything else that governs.
package func loadGovernance(
  _ tree: FileTree, declarations: Set<String>? = nil
) throws(GitError) -> (governance: Governance, diagnostics: [Diagnostic]) {
  let reader = try tree.reader()
  var loader = GovernanceLoader()
  for entry in tree.entries where entry.kind == .file || entry.kind == .executable {
    guard let place = GovernanceLoader.Place(entry.path) else { continue }
    if place == .declaration, let declarations, !declarations.contains(entry.path) { continue }
    do throws(GitError) {
      loader.add(SourceFile(path: entry.path, bytes: try reader.contents(of: entry, limit: 1 << 20)), place)
    } catch {
      loader.diagnostics.append(
        Diagnostic(.unreadable, at: SourceLocation(path: entry.path), error.message, hint: error.hint))
    }
  }
  loader.diagnostics += tree.unreadable
  return loader.finish()
}

/// Gathers the files of a governance repository, one after the other.
package struct GovernanceLoader {
  /// What a file is by its path.
  package enum Place: Sendable {
    case configuration, owners, declaration, exception, campaign, policy, review, codeOwners

    /// `nil` for files that govern nothing.
    package init?(_ path: String) {
      let isYAML = path.hasSuffix(".yaml") || path.hasSuffix(".yml")
      switch path.prefix(while: { $0 != "/" }) {
      case "muster.yaml": self = .configuration
      case "owners.yaml": self = .owners
      case "identities" where isYAML: self = .declaration
      case "exceptions" where isYAML: self = .exception
      case "campaigns" where isYAML: self = .campaign
      case "policies" where isYAML: self = .policy
      case "reviews": self = .review
      default:
        guard ["CODEOWNERS", ".github/CODEOWNERS", "docs/CODEOWNERS"].contains(path) else { return nil }
        self = .codeOwners
      }
    }
  }

  package var diagnostics: [Diagnostic] = []
  private var governance = Governance(configuration: Configuration(location: SourceLocation(path: "muster.yaml")))
  private var hasConfiguration = false

  package init() {}

  /// Reads one file.
  package mutating func add(_ file: SourceFile, _ place: Place) {
    switch place {
    case .policy: governance.policyFiles.append(file)
    case .review: governance.reviewFiles.append(file)
    case .codeOwners: governance.codeOwners = governance.codeOwners ?? file
    case .configuration, .owners, .declaration, .exception, .campaign: decode(file, place)
    }
    if place != .review { governance.sources.append(file) }
  }

  private mutating func decode(_ file: SourceFile, _ place: Place) {
    if place == .configuration { hasConfiguration = true }
    let (document, found) = Document.yaml(file.bytes, path: file.path)
    diagnostics += found
    guard let root = document?.root else { return }
    switch place {
    case .configuration:
      let read = decodeConfiguration(root)
      governance.configuration = read.configuration
      diagnostics += read.diagnostics
    case .owners:
      let read = decodeOwners(root)
      governance.owners = read.owners
      diagnostics += read.diagnostics
    case .exception:
      let read = decodeExceptions(root)
      governance.exceptions += read.exceptions
      diagnostics += read.diagnostics
    case .campaign:
      let read = decodeCampaign(root)
      if let campaign = read.campaign { governance.campaigns.append(campaign) }
      diagnostics += read.diagnostics
    default:
      let read = decodeDeclarations(root)
      governance.declarations += read.declarations
      diagnostics += read.diagnostics
    }
  }

  /// What was gathered, sorted, with the problems that only show when all files are together.
  package consuming func finish() -> (governance: Governance, diagnostics: [Diagnostic]) {
    if !hasConfiguration {
      diagnostics.append(
        Diagnostic(
          .invalid, at: SourceLocation(path: "muster.yaml"), "there is no muster.yaml here",
          hint: "`muster init` makes one; -C DIR looks elsewhere"))
    }
    governance.declarations.sort { ($0.handle.value, $0.location) < ($1.handle.value, $1.location) }
    governance.exceptions.sort { ($0.id.value, $0.location) < ($1.id.value, $1.location) }
    governance.campaigns.sort { $0.id.value < $1.id.value }
    governance.sources.sort { $0.path < $1.path }
    diagnostics += CrossChecks.problems(in: governance)
    return (governance, diagnostics.sorted())
  }
}
