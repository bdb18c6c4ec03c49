package import Base
import Documents
package import Model

/// `reviews/<campaign>/campaign.md`: what the campaign set out to review, frozen when it was opened.
package struct CampaignRecord: Sendable, Hashable {
  /// Whether it still asks.
  package enum Status: String, Sendable, CaseIterable { case active, closed }

  /// The folder's name.
  package var id: String
  /// For people.
  package var title: String
  /// Whether it still asks.
  package var status: Status
  /// The day of opening.
  package var opened: Day
  /// The day of closing.
  package var closed: Day?
  /// The facts' commit that the population was taken from.
  package var facts: String?
  /// `sha256:…` of `population.txt`.
  package var population: String
  /// Counts when it was opened.
  package var identities: Int
  /// All findings of the check.
  package var findings: Int
  /// Items that were opened.
  package var items: Int
  /// Findings that were left out.
  package var excluded: Int
  /// The file as read.
  package var source: SourceFile
  /// `reviews/<campaign>/population.txt`; `nil` when the tree has none.
  package var populationFile: SourceFile?

  static let keys = ["campaign", "title", "status", "opened", "closed", "facts", "population"]

  /// Reads the file; `nil` with diagnostics when it cannot be.
  package static func read(_ file: SourceFile) -> (campaign: CampaignRecord?, diagnostics: [Diagnostic]) {
    let (matter, diagnostics) = FrontMatter.read(file.bytes, path: file.path)
    guard let matter else { return (nil, diagnostics) }
    var reader = MappingReader(matter.document.root, kind: "campaign", keys: keys)
    let id = reader.required("campaign", .text)
    let title = reader.optional("title", .text)
    let status = reader.required("status", .choice as Reading<Status>)
    let opened = reader.required("opened", .day)
    let closed = reader.optional("closed", .day)
    let facts = reader.optional("facts", .text)
    let population = reader.required("population", PopulationCounts.reading)
    guard let id, let status, let opened, let population else { return (nil, diagnostics + reader.diagnostics) }
    let counts = population.value
    return (
      CampaignRecord(
        id: id.value, title: title?.value ?? id.value, status: status.value, opened: opened.value,
        closed: closed?.value,
        facts: facts?.value, population: counts.digest, identities: counts.identities, findings: counts.findings,
        items: counts.items, excluded: counts.excluded, source: file),
      diagnostics + reader.diagnostics
    )
  }

  /// The ids of the items that were frozen; `nil` when the population's file is missing or not the one that was frozen.
  var frozenItems: [String]? {
    guard let file = populationFile, SHA256Digest(of: file.bytes).description == population else { return nil }
    return String(decoding: file.bytes, as: UTF8.self).split(separator: "\n").compactMap { line in
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
      return fields.count == 4 && fields[0] == "item" ? String(fields[1]) : nil
    }
  }
}

private struct PopulationCounts {
  var digest: String
  var identities: Int
  var findings: Int
  var items: Int
  var excluded: Int

  static let reading = Reading<PopulationCounts>.mapping(
    "population", keys: ["digest", "identities", "findings", "items", "excluded"]
  ) { reader in
    let digest = reader.required("digest", .digest)
    var counts: [Int] = []
    for key in ["identities", "findings", "items", "excluded"] {
      counts.append(Int(reader.optional(key, .int(in: 0...1_000_000_000))?.value ?? 0))
    }
    guard let digest else { return nil }
    return PopulationCounts(
      digest: digest.value, identities: counts[0], findings: counts[1], items: counts[2], excluded: counts[3])
  }
}

/// The population of a campaign while it is being opened, and the two files that freeze it.
struct Population {
  var items: [(item: ReviewItem, subject: String)] = []
  var excluded: [Exclusion] = []
  private let template: CampaignTemplate
  private let result: CheckResult
  private let facts: String?
  private let now: Instant

  init(_ request: CampaignRequest) {
    template = request.template
    result = request.result
    facts = request.facts.commit
    now = request.now
  }

  var digest: String { SHA256Digest(of: listing).description }

  var files: [SourceFile] {
    let folder = "reviews/\(template.id.value)"
    return [
      SourceFile(path: "\(folder)/campaign.md", bytes: Array(page.utf8)),
      SourceFile(path: "\(folder)/population.txt", bytes: listing),
    ]
  }

  /// One line a member: what it is, its item's id, the policy, the subject; or `excluded`, the reason, the policy, the
  /// subject.
  private var listing: [UInt8] {
    let lines =
      items.map { ["item", $0.item.id, $0.item.policy, $0.subject] }
      + excluded.map { ["excluded", $0.reason, $0.policy, $0.subject] }
    let text = lines.map { $0.map(\.escapedOnOneLine).joined(separator: "\t") + "\n" }
    return Array(text.sorted().joined().utf8)
  }

  private var page: String {
    var markdown = Markdown()
    markdown.heading(1, template.title.isEmpty ? template.id.value.prose : template.title.prose)
    if let notes = template.notes, !notes.isEmpty { markdown.paragraph(notes.prose) }
    markdown.paragraph(
      "Opened \(now.day) on \(result.identities) identities. Each file beside this one asks one owner one question. "
        + "`population.txt` lists what was asked and what was left out; its SHA-256 is frozen above.")
    markdown.table(["Severity", "Items"], tally(items.map(\.item.severity.rawValue)))
    markdown.table(["Asked", "Items"], tally(items.map { $0.item.owner?.description ?? "nobody" }))
    if !excluded.isEmpty { markdown.table(["Left out because", "Findings"], tally(excluded.map(\.reason))) }
    return header + "\n" + markdown.text
  }

  private var header: String {
    let title = template.title.isEmpty ? template.id.value : template.title
    var writer = YAMLWriter()
    writer.field("campaign", template.id.value)
    writer.field("title", title)
    writer.field("status", CampaignRecord.Status.active.rawValue)
    writer.field("opened", .plain(now.day.description))
    writer.field("facts", facts)
    let counts = [
      ("identities", result.identities), ("findings", result.findings.count), ("items", items.count),
      ("excluded", excluded.count),
    ].map { (key: $0.0, value: YAMLValue.plain(String($0.1))) }
    writer.field("population", .inline(.mapping([(key: "digest", value: .text(digest))] + counts)))
    return "---\n" + writer.text + "---\n"
  }

  private func tally(_ names: [String]) -> [[String]] {
    var counts: [String: Int] = [:]
    for name in names { counts[name, default: 0] += 1 }
    return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { [$0.key.prose, String($0.value)] }
  }
}
