import Base
import Catalog
import Facts
import Git
import Inventory
import Model

extension CommandSpecification {
  static let sync = CommandSpecification(
    "sync", "exports and logs become facts on muster/observed",
    details: """
      Reads the sources of muster.yaml and commits what they show to the facts' branch; the work tree stays as it is. Nothing
      changed means no commit. Log files are read once: what is new or has grown is read, the rest is known by its digest from the
      catalog in the git directory. A log file that changed or vanished is reported as evidence, and what it gave still counts.
      A source that cannot be read whole is said so in the facts: what depends on it is unknown, and the exit code is 3.
      Logs of --logs are read whole and not cataloged.
      """,
    options: [
      OptionSpecification(
        "inventory", value: "PATH", "take inventory from here for this run; repeatable", repeated: true),
      OptionSpecification("logs", value: "PATH", "take logs from here for this run; repeatable", repeated: true),
      OptionSpecification("accept-shrink", "accept that more than a quarter of a source's identities are gone"),
      OptionSpecification("verify", "compare every log file with what was read, whatever its time stamp says"),
      OptionSpecification("rebuild", "forget what was read of the logs, and read all of them anew"),
      OptionSpecification("dry-run", "say what would be committed, and commit nothing"),
    ],
    examples: [
      ("muster sync", "the sources of muster.yaml"),
      ("muster sync --inventory exports/aws --logs /var/log/cloudtrail", "other files, for this run"),
    ]
  ) { invocation throws(CommandError) in
    let workspace = try Workspace(invocation.world)
    let (governance, problems) = try workspace.governance(.workTree)
    let wrong = problems.filter { $0.location.path == "muster.yaml" }
    if wrong.contains(where: { $0.kind == .invalid }) {
      invocation.console.report(wrong)
      throw CommandError(.usage, "muster.yaml says which sources there are, and cannot be used")
    }
    // Before the reading, which may be long.
    let person = invocation.has("dry-run") ? nil : try workspace.committer(at: invocation.world.clock)
    var run = SyncRun(invocation, root: workspace.root, governance.configuration)
    try run.readInventories()
    try run.readLogs(workspace)
    return try run.commit(workspace, by: person)
  }
}

/// One run of `sync`: what was read, and what becomes of it.
private struct SyncRun {
  private let invocation: Invocation
  private let root: String
  private let configuration: Configuration
  private var inventories: [InventoryResult] = []
  private var usage: UsageReading?
  private var diagnostics: [Diagnostic] = []

  init(_ invocation: Invocation, root: String, _ configuration: Configuration) {
    self.invocation = invocation
    self.root = root
    self.configuration = configuration
  }

  private var inventorySources: [SourceConfiguration] {
    SyncRun.overridden(configuration.inventory, by: invocation.values("inventory"), "inventory", invocation.world)
  }

  private var usageSources: [SourceConfiguration] {
    SyncRun.overridden(configuration.usage, by: invocation.values("logs"), "logs", invocation.world)
  }

  /// Paths of the command line in the place of the configured ones, as one source that keeps the first one's name and rules.
  private static func overridden(
    _ rows: [SourceConfiguration], by paths: [String], _ name: String, _ world: World
  ) -> [SourceConfiguration] {
    if paths.isEmpty { return rows }
    let place = SourceLocation(path: "--\(name)")
    return paths.enumerated().map { index, path in
      var row =
        rows.indices.contains(index)
        ? rows[index]
        : SourceConfiguration(
          name: Located(index == 0 ? name : "\(name)-\(index + 1)", at: place), path: Located(path, at: place))
      row.path = Located(world.absolute(path), at: place)
      return row
    }
  }

  mutating func readInventories() throws(CommandError) {
    for source in inventorySources {
      var files: [InventoryFile] = []
      let list = list(source)
      // Of a snapshot that cannot be listed whole, what is missing would look gone.
      for path in list.isWhole ? list.files : [] {
        do throws(FileError) {
          let bytes = try FileSystem.read(path, limit: 1 << 30)
          files.append(
            InventoryFile(path: shown(path, root), bytes: bytes, modified: FileSystem.status(path)?.modified))
        } catch {
          diagnostics.append(Diagnostic(.unreadable, at: SourceLocation(path: shown(path, root)), error.description))
        }
      }
      let result = readInventory(InventorySource(source, root: root), files: files)
      diagnostics += result.diagnostics
      inventories.append(result)
      invocation.console.note(
        "\(source.name.value): \(counted(result.identities.count, "identity", "identities")) from \(counted(files.count, "file", "files"))"
      )
    }
  }

  mutating func readLogs(_ workspace: borrowing Workspace) throws(CommandError) {
    let sources = usageSources
    if sources.isEmpty { return }
    let store = try store(workspace)
    do throws(CatalogError) { try store?.forgetSources(except: sources.map(\.name.value)) } catch {
      throw CommandError(error)
    }
    let reading = try UsageReading(sources, root: root, store: store, invocation)
    diagnostics += reading.diagnostics
    usage = reading
  }

  /// Where logs are cataloged; `nil` for paths of the command line, which stand for a source for one run only.
  private func store(_ workspace: borrowing Workspace) throws(CommandError) -> SourceReading.Store? {
    guard invocation.values("logs").isEmpty, let folder = workspace.commonDirectory else { return nil }
    do throws(CatalogError) {
      let rebuilds = invocation.has("rebuild")
      let catalog =
        invocation.has("dry-run")
        ? nil : try CatalogWriter(LogCatalog.path(in: folder), root: root, anew: rebuilds)
      if catalog != nil { StoredPart.removeUnfinished(in: folder) }
      return SourceReading.Store(
        catalog: catalog, commonDirectory: folder, root: root, reader: Version.text, verifies: invocation.has("verify"),
        rebuilds: rebuilds)
    } catch { throw CommandError(error) }
  }

  /// The files of a source; none is a problem with the place in muster.yaml.
  private mutating func list(_ source: SourceConfiguration) -> LogFileList {
    let list = logFiles(of: source, root: root)
    if let problem = list.problem { diagnostics.append(problem) }
    return list
  }

  /// Commits what was read; nobody is needed for a dry run.
  func commit(_ workspace: borrowing Workspace, by person: CommitPerson?) throws(CommandError) -> ExitCode {
    invocation.console.report(diagnostics)
    let before = try workspace.rawFacts(configuration)
    try refuseShrinking(since: before)
    let changed = try workspace.updateFacts(configuration, from: before, by: person) {
      apply(to: &$0)
    }
    switch changed {
    case .nothing: invocation.console.note("facts are as they were on \(configuration.factsBranch): no commit")
    case .commit(let id): invocation.console.note("committed \(id.short) to \(configuration.factsBranch)")
    case .wouldChange: invocation.console.note("dry run: \(configuration.factsBranch) would get a commit")
    }
    return diagnostics.contains { $0.kind != .warning } ? .incomplete : .clean
  }

  private func apply(to facts: inout FactSet) {
    let names = Set(configuration.inventory.map(\.name.value) + inventories.map(\.coverage.name))
    for gone in facts.sources where gone.kind == .inventory && !names.contains(gone.name) {
      facts.removeInventory(gone.name)
    }
    for result in inventories {
      facts.replaceInventory(
        result.identities, signals: result.signals, people: result.people, result.coverage)
    }
    if let usage { facts.replaceUsage(usage.usage, usage.lifecycles, usage.coverages) }
  }

  /// A snapshot that loses more than a quarter of a source's identities is more often a broken export than a great clean-up.
  private func refuseShrinking(since before: FactSet) throws(CommandError) {
    if invocation.has("accept-shrink") { return }
    for result in inventories {
      let known = before.identities.filter { $0.source == result.coverage.name }
      let shown = Set(result.identities.map(\.principal))
      // One of another name and the platform's same id is still there.
      let ids = Set(result.identities.compactMap(\.uniqueID))
      let gone = known.filter { !shown.contains($0.principal) && !($0.uniqueID.map(ids.contains) ?? false) }.map(
        \.principal)
      guard known.count >= 8, gone.count * 4 > known.count else { continue }
      for principal in gone.prefix(10) { invocation.console.problem("gone: \(principal)") }
      throw CommandError(
        .incomplete,
        "\(gone.count) of \(known.count) identities of \(result.coverage.name) are gone; nothing was committed",
        hint: "if that is right, run again with --accept-shrink")
    }
  }
}

/// What lies among exports and logs and is neither: files of git and of a desktop, and what `muster collect` only lists for its next
/// calls. Other names that begin with a dot are exports as any: each organisation of GitHub has a repository `.github`.
private let bystanders: Set<String> = [".gitignore", ".gitkeep", ".DS_Store", ".lists"]

/// The files of a source as far as they can be listed.
struct LogFileList {
  var files: [String]
  /// What is wrong, where something is.
  var problem: Diagnostic?
  /// Whether no other file may lie there.
  var isWhole = true
}

func logFiles(of source: SourceConfiguration, root: String) -> LogFileList {
  let path = source.path.value.hasPrefix("/") ? source.path.value : "\(root)/\(source.path.value)"
  let (files, errors) = FileSystem.listing(at: path, passing: bystanders)
  if let error = errors.first {
    let problem = Diagnostic(.unreadable, at: source.path.location, error.description)
    return LogFileList(files: files, problem: problem, isWhole: false)
  }
  if !files.isEmpty { return LogFileList(files: files, problem: nil) }
  let message = "source \(source.name.value) has no file at '\(source.path.value)'"
  let hint = "run its collector, or correct the path"
  return LogFileList(files: [], problem: Diagnostic(.unreadable, at: source.path.location, message, hint: hint))
}
