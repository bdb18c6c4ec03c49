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
  /// In the order of their arrival.
  private(set) var drafts: [Draft] = []
  private var draftNumbers: [PrincipalKey: Int] = [:]
  private(set) var diagnostics: [Diagnostic] = []
  private(set) var accounts: Set<String> = []
  /// Scanners' findings and security events.
  var signals: [SignalFact] = []
  var people: [PersonFact] = []
  private var files: [InventoryFile] = []
  private var tallies: [Tally] = []
  private var parts: [InventoryPart] = []
  private var formats: Set<String> = []
  private var pages = PageBook()
  private var collected: [Instant] = []
  private var current = (file: 0, format: "")
  /// What AWS exports say of one another, joined at the end.
  var aws = AWSJoins()

  init(source: InventorySource) { self.source = source }

  /// The file that is being read, by number.
  var fileNumber: Int { current.file }

  mutating func diagnose(_ kind: Diagnostic.Kind, _ place: Place, _ message: String, hint: String = "") {
    diagnostics.append(Diagnostic(kind, at: place.location, message, hint: hint))
  }

  mutating func diagnose(_ more: [Diagnostic]) { diagnostics += more }

  /// Recognises what is in a file.
  mutating func open(_ file: InventoryFile) {
    let number = files.count
    files.append(file)
    tallies.append(Tally())
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
        hint: "export it again without `--max-items` and `--no-paginate`")
    }
    for join in InventoryReading.joins { join(&self) }
  }

  /// What is done when all files are read, platform by platform: exports say much of one another by name only.
  private static let joins: [@Sendable (inout InventoryReading) -> Void] = [
    { $0.joinAWS() }
  ]

  /// The account, project, tenant, cluster or organisation that the file speaks of where its content does not say it: the only place
  /// of the platform that the source covers (`covers: ["k8s:prod-eu"]`); `nil` where it names none, or several.
  func coveredAccount(of platform: String) -> String? {
    let places = source.covers.filter { $0.hasPrefix("\(platform):") && !$0.contains(where: { "*?[".contains($0) }) }
    guard let place = places.first, places.count == 1 else { return nil }
    return String(place.dropFirst(platform.utf8.count + 1))
  }

  /// The export says itself when it was made.
  mutating func setCollected(_ instant: Instant) { collected.append(instant) }

  /// Counts a record that was read but is no identity.
  mutating func countUsed(_ count: UInt64 = 1) { tallies[current.file].used += count }
  mutating func countUnreadable(inFile file: Int? = nil) { tallies[file ?? current.file].unreadable += 1 }
  mutating func countUsed(inFile file: Int) { tallies[file].used += 1 }
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
    note(account: fact.principal.account, platform: fact.principal.platform, at: place)
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
    } else {
      countUsed()
      drafts[number].places[current.format] = place
    }
  }

  /// Takes an identity that follows from a record which is counted elsewhere.
  mutating func insert(_ fact: IdentityFact, at place: Place) {
    accounts.insert(fact.principal.place)
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

  private mutating func note(account: String, platform: String, at place: Place) {
    let isNew = accounts.insert("\(platform):\(account)").inserted
    if isNew, !source.covers.isEmpty, !source.covers.contains(where: { Glob($0).matches("\(platform):\(account)") }) {
      diagnose(
        .unreadable, place, "`\(platform):\(account)` is not what the source `\(source.name)` covers",
        hint: "covers: \(source.covers.joined(separator: ", "))")
    }
    guard let first = tallies[current.file].account else { return tallies[current.file].account = account }
    if first != account, !tallies[current.file].isMixed {
      tallies[current.file].isMixed = true
      diagnose(
        .unreadable, place, "the file mixes accounts: \(account) here, \(first) before",
        hint: "export each account by itself")
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
    coverage.places = accounts.sorted()
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
