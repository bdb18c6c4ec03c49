import Base
import Documents
import Model

/// What is known so far of one source, while its files are read.
struct InventoryReading {
  /// An identity with the places that showed it, by format.
  struct Draft {
    var fact: IdentityFact
    var places: [String: Place]
    var firstPlace: Place
  }

  /// Records of one file by fate.
  struct Tally {
    var (used, duplicate, filtered, unreadable): (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    var isUnread = false
    /// The first account that the file speaks of; a second one is a mix.
    var account: String?
    var isMixed = false
    var records: UInt64 { used + duplicate + filtered + unreadable }
  }

  let source: InventorySource
  /// How to read the files, where a mapping file says it.
  var mapping: InventoryMapping?
  /// In the order of their arrival.
  private(set) var drafts: [Draft] = []
  private var draftNumbers: [PrincipalKey: Int] = [:]
  private(set) var diagnostics: [Diagnostic] = []
  private(set) var accounts: Set<String> = []
  /// Scanners' findings and security events.
  var signals: [SignalFact] = []
  /// Their keys.
  var knownSignals: Set<String> = []
  var people: [PersonFact] = []
  private var files: [InventoryFile] = []
  private var tallies: [Tally] = []
  private var parts: [InventoryPart] = []
  private var formats: Set<String> = []
  private var pages = PageBook()
  private var collected: [Instant] = []
  /// When files were made, by path.
  private var made: [String: Instant] = [:]
  private var current = (file: 0, format: "")
  /// What AWS exports say of one another, joined at the end.
  var aws = AWSJoins()
  var gcp = GcpJoins()
  var azure = AzureJoins()
  var kubernetes = KubernetesJoins()
  var vault = VaultJoins()
  var spire = SpireJoins()
  /// Platforms whose account nobody names: their keys begin with something else.
  private var unplaced: Set<String> = []
  var services = ServiceJoins()
  /// What was said once and need not be said again.
  var said: Set<String> = []

  init(source: InventorySource) { self.source = source }

  /// The file that is being read, by number.
  var fileNumber: Int { current.file }

  mutating func diagnose(_ kind: Diagnostic.Kind, _ place: Place, _ message: String, hint: String = "") {
    diagnostics.append(Diagnostic(kind, at: place.location, message, hint: hint))
  }

  mutating func diagnose(_ more: [Diagnostic]) { diagnostics += more }

  /// Counts a file that nobody knows how to read.
  mutating func leave(_ file: InventoryFile) {
    files.append(file)
    var tally = Tally()
    (tally.unreadable, tally.isUnread) = (1, true)
    tallies.append(tally)
  }

  /// Recognises what is in a file.
  mutating func open(_ file: InventoryFile) {
    let number = files.count
    made[file.path] = timeInPath(file.path) ?? file.modified
    files.append(file)
    tallies.append(Tally())
    if let mapping {
      current = (number, mapping.name)
      formats.insert(mapping.name)
      if let made = timeInPath(file.path) ?? file.modified { collected.append(made) }
      return readMapped(file, mapping)
    }
    let recognised = Recognised(file, forced: source.format)
    let found = recognised.parts
    diagnostics += recognised.diagnostics
    tallies[number].isUnread = found.isEmpty && recognised.diagnostics.contains { $0.kind != .warning }
    // Nobody knows how many records it would have held: one stands for them, so that the sums show the loss.
    tallies[number].unreadable = max(recognised.unreadable, tallies[number].isUnread ? 1 : 0)
    for part in found { parts.append(InventoryPart(rank: part.rank, content: part.content, file: number)) }
    if !found.isEmpty, let made = timeInPath(file.path) ?? file.modified { collected.append(made) }
  }

  /// Reads what was recognised, in the order of the formats, so that whole identities come before what completes them.
  mutating func readParts() {
    for (rank, number) in parts.indices.map({ (parts[$0].rank, $0) }).sorted(by: <) {
      let (format, part) = (InventoryFormat.all[rank], parts[number])
      current = (part.file, format.name)
      formats.insert(format.name)
      format.read(part.content, &self)
      if let page = part.content.page { pages.note(page, format: format.name, file: part.file) }
    }
    for (promise, file) in pages.brokenPromises() {
      // As above: what the further pages would have held counts as one.
      countUnreadable(inFile: file)
      diagnose(
        .unreadable, .node(promise), "this is a page of a longer list, and its last page is not among the files",
        hint: PageBook.hint(promise))
    }
    for join in InventoryReading.joins { join(&self) }
  }

  /// What is done when all files are read, platform by platform: exports say much of one another by name only.
  private static let joins: [@Sendable (inout InventoryReading) -> Void] = [
    { $0.joinAWS() },
    { $0.joinGCP() },
    { $0.joinAzure() },
    { $0.joinKubernetes() },
    { $0.joinVault() },
    { $0.joinSpire() },
    { $0.joinServices() },
  ]

  /// The account, project, tenant, cluster or organisation that the file speaks of where its content does not say it: the only place
  /// of the platform that the source covers (`covers: ["k8s:prod-eu"]`); `nil` where it names none, or several.
  func coveredAccount(of platform: String) -> String? { source.covers.onlyAccount(of: platform) }

  /// As `coveredAccount`; where nobody names it, that is said once, in `what` it is called there (`cluster`), and the platform's
  /// keys are then not taken for having one.
  /// Where logs do not name it either (`isTold` false), nothing is missing and nothing is said.
  mutating func namedAccount(
    of platform: String, called what: String, at place: Place, isTold: Bool = true
  ) -> String? {
    if let account = coveredAccount(of: platform) { return account }
    if unplaced.insert(platform).inserted, isTold {
      diagnose(
        .warning, place, "the export does not say which \(what) it is of, so the principals' keys leave it out",
        hint: "name it on the source: `covers: [\"\(platform):\(what.uppercased())\"]`")
    }
    return nil
  }

  /// The export says itself when it was made.
  mutating func setCollected(_ instant: Instant) { collected.append(instant) }

  /// Counts a record that was read but is no identity.
  mutating func countUsed(_ count: UInt64 = 1) { tallies[current.file].used += count }
  mutating func countUnreadable(inFile file: Int? = nil) { tallies[file ?? current.file].unreadable += 1 }
  mutating func countUsed(inFile file: Int, _ count: UInt64 = 1) { tallies[file].used += count }
  mutating func countFiltered(inFile file: Int, _ count: UInt64 = 1) { tallies[file].filtered += count }
  /// Counts a record that is understood and says nothing of identities.
  mutating func countFiltered(_ count: UInt64 = 1) { tallies[current.file].filtered += count }
  mutating func countDuplicate() { tallies[current.file].duplicate += 1 }

  /// Says what is wrong with a record and counts it as unreadable.
  mutating func refuse(_ place: Place, _ message: String, hint: String = "") {
    countUnreadable()
    diagnose(.unreadable, place, message, hint: hint)
  }

  /// Takes an identity, or what completes one that is known.
  mutating func add(_ fact: IdentityFact, at place: Place) {
    note(account: fact.principal, at: place)
    guard let number = draftNumbers[fact.principal] else {
      insert(Draft(fact: fact, places: [current.format: place], firstPlace: place))
      return countUsed()
    }
    let earlier = drafts[number].places[current.format]
    let contradictions = drafts[number].fact.complete(with: fact)
    let name = fact.principal.description
    for contradiction in contradictions { explain(contradiction, of: name, place, drafts[number].firstPlace) }
    if let earlier {
      tallies[current.file].duplicate += 1
      if contradictions.isEmpty, earlier.path == place.path {
        diagnose(.warning, place, "`\(name)` stands twice, first at \(earlier.location)", hint: "it is counted once")
      }
      tellSnapshots(name, earlier, place)
    } else {
      countUsed()
      drafts[number].places[current.format] = place
    }
  }

  /// Two lists of the same kind that were made on different days are two snapshots: what the later one has no more still stands in the
  /// sum. Manifests are no snapshots, whenever their files were written.
  private mutating func tellSnapshots(_ name: String, _ first: Place, _ second: Place) {
    guard first.path != second.path, current.format != "kubernetes", let a = made[first.path],
      let b = made[second.path],
      abs(a.milliseconds - b.milliseconds) >= 86_400_000, said.insert("\(first.path)\n\(second.path)").inserted
    else { return }
    diagnose(
      .unreadable, second,
      "this is a snapshot of \(b.day), and \(first.path) is one of \(a.day): `\(name)` stands in both",
      hint: "keep one snapshot where the source's `path` leads: what was deleted between them would still be there")
  }

  /// Takes one of several records that tell of one identity: a key of it, a grant of it. One that tells nothing new is a duplicate.
  mutating func complete(_ fact: IdentityFact, at place: Place) {
    note(account: fact.principal, at: place)
    guard let number = draftNumbers[fact.principal] else {
      insert(Draft(fact: fact, places: [current.format: place], firstPlace: place))
      return countUsed()
    }
    let before = drafts[number].fact
    for contradiction in drafts[number].fact.complete(with: fact) {
      explain(contradiction, of: fact.principal.description, place, drafts[number].firstPlace)
    }
    if drafts[number].fact == before { countDuplicate() } else { countUsed() }
  }

  /// Takes an identity that follows from a record which is counted elsewhere. One that is only spoken of (a member of a binding, of
  /// whatever project) does not make its account a place that the source shows.
  mutating func insert(_ fact: IdentityFact, at place: Place, isShown: Bool = true) {
    let isOfNone = hasNoAccount(fact.principal.account, fact.principal.platform)
    if isShown, !isOfNone { accounts.insert(fact.principal.place) }
    insert(Draft(fact: fact, places: [:], firstPlace: place))
  }

  private mutating func insert(_ draft: Draft) {
    draftNumbers[draft.fact.principal] = drafts.count
    drafts.append(draft)
  }

  private mutating func explain(_ contradiction: Contradiction, of name: String, _ place: Place, _ first: Place) {
    let hint =
      contradiction.field == "uniqueID"
      ? "one of them is a snapshot from before it was deleted and made again" : "export both files again at one time"
    diagnose(
      .unreadable, place,
      "`\(name)` has \(contradiction.field) `\(contradiction.other)` here and `\(contradiction.kept)` at \(first.location)",
      hint: hint)
  }

  /// The identity, where it is known.
  func fact(of principal: PrincipalKey) -> IdentityFact? { draftNumbers[principal].map { drafts[$0].fact } }

  /// Changes an identity that is known.
  mutating func update(_ principal: PrincipalKey, _ change: (inout IdentityFact) -> Void) {
    if let number = draftNumbers[principal] { change(&drafts[number].fact) }
  }

  /// Changes every identity.
  mutating func updateAll(_ change: (inout IdentityFact) -> Void) {
    for number in drafts.indices { change(&drafts[number].fact) }
  }

  /// Keys of services and people who belong to no account, of certificates, and of platforms whose account nobody names.
  private func hasNoAccount(_ account: String, _ platform: String) -> Bool {
    account.isEmpty || platform == "apikey" || platform == "x509" || unplaced.contains(platform)
  }

  private mutating func note(account principal: PrincipalKey, at place: Place) {
    let (platform, account, name) = (principal.platform, principal.account, principal.place)
    if hasNoAccount(account, platform) { return }
    // Without a further part, the key is all name: no place holds it, and a mapping's own platforms have no known places at all.
    if !principal.description.utf8.contains(UInt8(ascii: "/")), mapping != nil || !principal.namesAccount { return }
    if mapping != nil { return _ = accounts.insert(name) }
    let isNew = accounts.insert(name).inserted
    guard principal.namesAccount else { return }
    if isNew, !isCovered(name, platform, account) {
      diagnose(
        .unreadable, place, "`\(name)` is not what the source `\(source.name)` covers",
        hint: hint(uncovered: name, platform, account))
    }
    // Exports of an organisation of Google Cloud hold many projects.
    if platform == "gcp" { return }
    guard let first = tallies[current.file].account else { return tallies[current.file].account = account }
    if first != account, !tallies[current.file].isMixed {
      tallies[current.file].isMixed = true
      diagnose(
        .unreadable, place, "the file mixes accounts: \(account) here, \(first) before",
        hint: "export each account by itself")
    }
  }

  private func isCovered(_ name: String, _ platform: String, _ account: String) -> Bool {
    if source.covers.isEmpty || coversMore(than: platform) { return true }
    let names = [name] + (platform == "gcp" ? gcp.tree.project(numbered: account).map { ["gcp:\($0)"] } ?? [] : [])
    return source.covers.contains { cover in names.contains { Glob(cover).matches($0) || cover.hasPrefix("\($0)/") } }
  }

  private func hint(uncovered name: String, _ platform: String, _ account: String) -> String {
    let covers = "covers: \(source.covers.joined(separator: ", "))"
    if platform != "gcp" || !account.allSatisfy(\.isNumber) { return covers }
    return "\(covers); a project's number: export `gcloud projects list --format=json` too, or cover `\(name)`"
  }

  /// Whether the source covers what holds the platform's accounts: folders and organisations have projects of other names, and
  /// subscriptions have the principals of a tenant.
  private func coversMore(than platform: String) -> Bool {
    switch platform {
    case "gcp": source.covers.contains { $0.hasPrefix("gcp:organizations/") || $0.hasPrefix("gcp:folders/") }
    case "entra":
      !source.covers.contains { $0.hasPrefix("entra:") } && source.covers.contains { $0.hasPrefix("azure:") }
    default: false
    }
  }

  /// Everything, sorted.
  consuming func finish() -> InventoryResult {
    var coverage = SourceCoverage(name: source.name, kind: .inventory)
    coverage.formats = formats.sorted()
    coverage.covers = source.covers
    coverage.every = source.every
    // The oldest part tells how old the whole is.
    coverage.collected = collected.min()
    coverage.places = accounts.sorted(by: utf8Precedes).map { PlaceCoverage(name: $0) }
    for (file, tally) in zip(files, tallies) {
      coverage.used += tally.used
      coverage.duplicate += tally.duplicate
      coverage.filtered += tally.filtered
      coverage.unreadable += tally.unreadable
      coverage.inputs.append(file.asInput(tally))
    }
    if files.isEmpty {
      diagnose(.unreadable, .path(source.name), "the source `\(source.name)` has no files")
    }
    var identities = drafts.map(\.fact)
    identities.arrange { $0.principal.description }
    signals.arrange { $0.key }
    people.arrange(by: { $0.key }, then: { $0.source })
    return InventoryResult(
      identities: identities, signals: signals, people: people, coverage: coverage,
      diagnostics: Set(diagnostics).sorted())
  }
}

extension InventoryFile {
  fileprivate func asInput(_ tally: InventoryReading.Tally) -> InputFile {
    let isEmpty = bytes.allSatisfy { $0 <= 0x20 }
    let status = isEmpty ? "empty" : tally.isUnread ? "unreadable" : tally.unreadable > 0 ? "partial" : "ok"
    return InputFile(
      path: path, sha256: SHA256Digest(of: bytes).hex, bytes: UInt64(bytes.count), records: tally.records,
      status: status)
  }
}
