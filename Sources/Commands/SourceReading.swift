import Base
import Catalog
import Model
import Usage

/// The logs of one source, read as far as they were not read before.
///
/// The stored part says what was counted; the catalog says where it is. Rows of the catalog that the part does not know are read
/// again, and so are files that the part knows and the catalog does not: their events are known and count once. So a run that was
/// killed at any instant is completed by the next one.
struct SourceReading {
  /// Where what was read is kept; `nil` keeps nothing.
  struct Store {
    let catalog: CatalogWriter?
    let commonDirectory: String
    /// Paths below it are kept relative to it.
    let root: String
    /// What the readers are: another version of them reads everything anew.
    let reader: String
    var verifies = false
    var rebuilds = false

    /// Sources that muster.yaml no longer names are no longer searched.
    func forgetSources(except names: [String]) throws(CatalogError) {
      guard let catalog else { return }
      let gone = try catalog.withCatalog { (catalog) throws(CatalogError) in
        try catalog.forgetSources(except: Set(names))
      }
      for name in gone { StoredPart(of: name, in: commonDirectory).remove() }
    }
  }

  private(set) var part = UsagePart()
  private(set) var coverage: SourceCoverage
  private(set) var diagnostics: [Diagnostic] = []
  /// What was done, in words: `3 files new, 46 as they were`.
  private(set) var summary = ""

  private let source: UsageSource
  private let files: [String]
  /// Whether the source has no other files than these.
  private let isWhole: Bool
  private let invocation: Invocation

  init(_ source: UsageSource, _ list: LogFileList, store: Store?, _ invocation: Invocation) throws(CommandError) {
    self.source = source
    (files, isWhole) = (list.files, list.isWhole)
    self.invocation = invocation
    coverage = SourceCoverage(name: source.name, kind: .usage)
    if let store {
      do throws(CatalogError) { try read(store) } catch { throw CommandError(error) }
    } else {
      readAll()
    }
  }

  private mutating func readAll() {
    let progress = Progress(source.name, total: size(of: files), invocation)
    let (part, problems) = rollUp(
      files, format: source.format, name: source.name, threads: invocation.world.cores
    ) { progress.set($0.bytes) }
    progress.end()
    self.part = part
    diagnostics = problems
    coverage = part.coverage(of: source)
    summary = counted(files.count, "file", "files") + " read"
  }

  private func size(of paths: [String]) -> Int { paths.reduce(0) { $0 + (FileSystem.status($1)?.size ?? 0) } }

  // MARK: - With a store

  private mutating func read(_ store: Store) throws(CatalogError) {
    let place = StoredPart(of: source.name, in: store.commonDirectory)
    var (stored, problem) = store.rebuilds ? (nil, nil) : place.read()
    if let problem { warn(source.name, "what was counted before cannot be used and is read anew: \(problem)") }
    let known = try cataloged(store, &stored)
    let progress = Progress(source.name, total: store.verifies ? size(of: files) : 0, invocation)
    var plan = SourcePlan(
      files, isWhole: isWhole, known: known, stored: stored, root: store.root, verifies: store.verifies
    ) {
      progress.add($0)
    }
    if plan.mustRebuild {
      warn(source.name, "files that were read are no longer among those of the source: it is read anew")
      // What was changed is taken as it is now, but not in silence.
      diagnostics += plan.diagnostics.filter { $0.kind == .unreadable }
      try store.catalog?.withCatalog { (catalog) throws(CatalogError) in
        try catalog.forget(known.map(\.path), source: source.name)
      }
      stored = nil
      plan = SourcePlan(files, isWhole: isWhole, known: [], stored: nil, root: store.root, verifies: false) { _ in }
    }
    let total = plan.stamps.values.reduce(0) { $0 + Int($1.size) }
    let reading = Progress(source.name, total: total, invocation)
    let (new, accounts, problems) = rollUpIndexed(
      plan.toRead, format: source.format, name: source.name, threads: invocation.world.cores,
      index: store.catalog?.indexing(of: source.name), before: plan.continued.mapValues(\.account)
    ) { reading.set($0.bytes) }
    reading.end()
    try keep(plan, accounts, store)
    try join(stored, new, plan, accounts, place, store)
    report(plan, problems, accounts)
  }

  /// What the catalog knows and the part too.
  private func cataloged(_ store: Store, _ stored: inout UsagePart?) throws(CatalogError) -> [CatalogedFile] {
    guard let catalog = store.catalog else {
      let path = LogCatalog.path(in: store.commonDirectory)
      if FileSystem.kind(path) == nil || stored == nil { return [] }
      return Self.split(try LogCatalog(reading: path, root: store.root).files(of: source.name), stored).counted
    }
    let isSameReader = try catalog.withCatalog { (catalog) throws(CatalogError) in
      try catalog.begin(source.name, reader: "\(store.reader) \(source.format ?? "")")
    }
    if !isSameReader { stored = nil }
    let all = try catalog.withCatalog { (catalog) throws(CatalogError) in try catalog.files(of: source.name) }
    let (counted, others) = Self.split(all, stored)
    try catalog.withCatalog { (catalog) throws(CatalogError) in
      try catalog.forget(others.map(\.path), source: source.name)
    }
    return counted
  }

  /// The files that the part knows, and the others.
  private static func split(
    _ files: [CatalogedFile], _ stored: UsagePart?
  ) -> (counted: [CatalogedFile], others: [CatalogedFile]) {
    // By what they hold: a killed run may have taken up a file's new name in the catalog alone.
    let digests = Set((stored?.ledger ?? []).compactMap(\.digest))
    func isCounted(_ file: CatalogedFile) -> Bool { file.content.account.digest.map(digests.contains) ?? false }
    let others = files.filter { !isCounted($0) }
    return others.isEmpty ? (files, []) : (files.filter(isCounted), others)
  }

  private func keep(
    _ plan: SourcePlan, _ accounts: [FileAccount], _ store: Store
  ) throws(CatalogError) {
    try store.catalog?.withCatalog { (catalog) throws(CatalogError) in
      try catalog.record(plan.pointers, source: source.name)
      try catalog.record(
        accounts, stamps: plan.stamps, grown: plan.continued.mapValues(\.number), source: source.name)
      try catalog.record(plan.evidence, source: source.name)
      try catalog.forget(plan.moved, source: source.name)
    }
  }

  private mutating func join(
    _ stored: UsagePart?, _ new: UsagePart, _ plan: SourcePlan, _ accounts: [FileAccount], _ place: StoredPart,
    _ store: Store
  ) throws(CatalogError) {
    let ledger = (plan.ledger + accounts.map { LedgerRow($0) }).map { row in
      var row = row
      row.name = shown(row.name, store.root)
      return row
    }
    do throws(PartError) {
      let parts = plan.toRead.isEmpty ? [stored ?? new] : [stored, new].compactMap { $0 }
      part = try UsagePart.joined(parts, ledger: ledger)
    } catch { return diagnostics.append(Diagnostic(.unreadable, at: SourceLocation(path: source.name), error.message)) }
    if part.conflicts > new.conflicts {
      let message = "\(part.conflicts) events share an id with another event and say something else; each counts"
      warn(source.name, message)
    }
    coverage = part.coverage(of: source)
    let evidence = plan.statuses
    for index in coverage.inputs.indices {
      let path = coverage.inputs[index].path
      if let status = evidence[ExactText(path.hasPrefix("/") ? path : "\(store.root)/\(path)")] {
        coverage.inputs[index].status = status
      }
    }
    if store.catalog == nil || (plan.toRead.isEmpty && stored?.ledger == part.ledger) { return }
    try place.write(part)
  }

  private mutating func warn(_ path: String, _ message: String) {
    diagnostics.append(Diagnostic(.warning, at: SourceLocation(path: path), message))
  }

  private mutating func report(_ plan: SourcePlan, _ problems: [Diagnostic], _ accounts: [FileAccount]) {
    diagnostics += plan.diagnostics
    diagnostics += problems
    summary = plan.summary
  }
}
