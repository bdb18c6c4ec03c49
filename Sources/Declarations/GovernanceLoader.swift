package import Base
import Documents
package import Model

/// Gathers the files of a governance repository, one after the other.
package struct GovernanceLoader {
  /// What a file is by its path.
  package enum Place: Sendable {
    case configuration, owners, declaration, exception, campaign, policy, review, codeOwners

    /// Where CODEOWNERS may lie; the first that is there counts.
    static let codeOwnersPaths = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"]

    /// `nil` for files that govern nothing.
    package init?(_ path: String) {
      if let folder = Place.folders.first(where: { path.utf8.starts(with: $0.name) }) {
        let end = path.utf8.suffix(5)
        let isYAML = end.elementsEqual(".yaml".utf8) || end.suffix(4).elementsEqual(".yml".utf8)
        guard isYAML || folder.place == .review else { return nil }
        self = folder.place
      } else if path == "muster.yaml" {
        self = .configuration
      } else if path == "owners.yaml" {
        self = .owners
      } else {
        guard Place.codeOwnersPaths.contains(path) else { return nil }
        self = .codeOwners
      }
    }

    /// Asked for each path of a repository: bytes, since comparing characters costs ten times as much.
    private static let folders: [(name: [UInt8], place: Place)] = [
      (Array("identities/".utf8), .declaration), (Array("exceptions/".utf8), .exception),
      (Array("campaigns/".utf8), .campaign), (Array("policies/".utf8), .policy), (Array("reviews/".utf8), .review),
    ]
  }

  package var diagnostics: [Diagnostic] = []
  private var governance = Governance(configuration: Configuration(location: SourceLocation(path: "muster.yaml")))
  private var hasConfiguration = false

  package init() {}

  /// Reads one file.
  ///
  /// A secret in it goes no further than here: what is decoded, shown or copied into a review has a blot in its place. Review items keep
  /// their bytes, which signatures cover.
  package mutating func add(_ file: SourceFile, _ place: Place) {
    var file = file
    let secrets = scanForSecrets(file)
    governance.secrets += secrets.map { SecretMatch(location: $0.location, kind: $0.kind, digest: $0.digest) }
    if !secrets.isEmpty, place != .review { file.bytes = redactingSecrets(file) }
    switch place {
    case .policy: governance.policyFiles.append(file)
    case .review: governance.reviewFiles.append(file)
    case .codeOwners: addCodeOwners(file)
    case .configuration, .owners, .declaration, .exception, .campaign: decode(file, place)
    }
    if place != .review { governance.sources.append(file) }
  }

  private mutating func addCodeOwners(_ file: SourceFile) {
    let rank = { (file: SourceFile) in Place.codeOwnersPaths.firstIndex(of: file.path) ?? .max }
    if governance.codeOwners.map({ rank(file) < rank($0) }) ?? true { governance.codeOwners = file }
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

  /// The names by which nothing else may go: handles and principals of what was declared so far.
  package var claims: Set<String> {
    var claims: Set<String> = []
    for declaration in governance.declarations {
      claims.insert(declaration.handle.value)
      for principal in declaration.principals { claims.insert(principal.value.description) }
    }
    return claims
  }

  /// Adds what another loader gathered: files may be read in parts, each on a thread of its own.
  package mutating func merge(_ other: consuming GovernanceLoader) {
    let added = other.governance
    diagnostics += other.diagnostics
    if other.hasConfiguration { (governance.configuration, hasConfiguration) = (added.configuration, true) }
    if added.owners != Owners() { governance.owners = added.owners }
    if let file = added.codeOwners { addCodeOwners(file) }
    governance.declarations += added.declarations
    governance.exceptions += added.exceptions
    governance.campaigns += added.campaigns
    governance.policyFiles += added.policyFiles
    governance.reviewFiles += added.reviewFiles
    governance.sources += added.sources
    governance.secrets += added.secrets
  }

  /// By small keys instead of whole declarations, which are half a kilobyte each.
  private mutating func sortDeclarations() {
    var keys = governance.declarations.enumerated().map { (handle: $0.element.handle, index: $0.offset) }
    keys.sort { a, b in
      a.handle.value == b.handle.value ? a.handle.location < b.handle.location : a.handle.value < b.handle.value
    }
    let declarations = governance.declarations
    governance.declarations = keys.map { declarations[$0.index] }
  }

  /// What was gathered, sorted, with the problems that only show when all files are together.
  package consuming func finish() -> (governance: Governance, diagnostics: [Diagnostic]) {
    if !hasConfiguration {
      diagnostics.append(
        Diagnostic(
          .invalid, at: SourceLocation(path: "muster.yaml"), "there is no muster.yaml here",
          hint: "`muster init` makes one; -C DIR looks elsewhere"))
    }
    sortDeclarations()
    governance.exceptions.sort { ($0.id.value, $0.location) < ($1.id.value, $1.location) }
    governance.campaigns.sort { ($0.id.value, $0.location) < ($1.id.value, $1.location) }
    governance.policyFiles.sort { $0.path < $1.path }
    governance.reviewFiles.sort { $0.path < $1.path }
    governance.sources.sort { $0.path < $1.path }
    governance.secrets.sort { ($0.location, $0.digest) < ($1.location, $1.digest) }
    // A muster.yaml that cannot be used is told once, not again at each declaration that names an environment.
    let isUsable = !diagnostics.contains { $0.location.path == "muster.yaml" && $0.kind != .warning }
    diagnostics += CrossChecks.problems(in: governance, environmentsAreKnown: isUsable)
    return (governance, diagnostics.sorted())
  }
}
