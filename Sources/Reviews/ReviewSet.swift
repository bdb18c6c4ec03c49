package import Base
package import Model

/// The review items and campaigns of one tree.
package struct ReviewSet: Sendable {
  /// By path.
  package var items: [ReviewItem]
  /// By id.
  package var campaigns: [CampaignRecord]
  /// What is wrong in the files; an item with an error never voids another one.
  package var diagnostics: [Diagnostic]

  package init() { (items, campaigns, diagnostics) = ([], [], []) }

  /// Reads the files below `reviews/`; others are passed over.
  package static func read(_ files: [SourceFile]) -> ReviewSet {
    var set = ReviewSet()
    for file in files.sorted(by: { $0.path < $1.path }) where file.path.hasSuffix(".md") {
      if file.path.hasSuffix("/campaign.md") {
        let (campaign, diagnostics) = CampaignRecord.read(file)
        if let campaign { set.campaigns.append(campaign) }
        set.diagnostics += diagnostics
      } else if !file.path.hasSuffix("/README.md") {
        let (item, diagnostics) = ReviewItem.read(file)
        if let item { set.items.append(item) }
        set.diagnostics += diagnostics
      }
    }
    for file in files where file.path.hasSuffix("/population.txt") {
      for index in set.campaigns.indices where file.path == "reviews/\(set.campaigns[index].id)/population.txt" {
        set.campaigns[index].populationFile = file
      }
    }
    return set
  }

  /// The item that the text names: its id, the beginning of an id that fits one item only, or its path. Of an id in
  /// several campaigns the one that is still open, else the latest.
  package func item(named text: String, at now: Instant) throws(ReviewError) -> ReviewItem {
    let exact = items.filter { $0.id == text || $0.path == text }
    let matches = exact.isEmpty ? items.filter { $0.id.hasPrefix(text) && !text.isEmpty } : exact
    let open = matches.filter { !$0.standing(at: now).isFinal }
    let candidates = open.isEmpty ? matches : open
    let ids = Set(candidates.map(\.id)).sorted()
    if ids.count > 1 {
      throw ReviewError(
        .ambiguousItem, "'\(text)' fits \(ids.count) items", hint: "say which: \(firstFew(ids, 5))")
    }
    guard let item = candidates.max(by: { ($0.opened, $0.path) < ($1.opened, $1.path) }) else {
      let known = items.map(\.id)
      throw ReviewError(
        .unknownItem, "there is no review item '\(text)'",
        hint: known.isEmpty ? "no items exist: open a campaign first" : suggestion(for: text, among: known))
    }
    return item
  }

  /// When each declared identity was last decided about, by its handle; "don't know" and incomplete decisions do not
  /// count.
  package func lastDecisions() -> [String: Instant] {
    var last: [String: Instant] = [:]
    for item in items {
      guard let identity = item.identity else { continue }
      for decision in item.decisions where decision.kind != .dontKnow && DecisionRules.missing(decision).isEmpty {
        last[identity] = max(last[identity] ?? decision.at, decision.at)
      }
    }
    return last
  }

  /// Whether the campaign's own file says that it is closed.
  func isClosed(_ campaign: String) -> Bool { campaigns.contains { $0.id == campaign && $0.status == .closed } }

  /// What each item's id was made from.
  var keys: [String: ItemKey] { Dictionary(items.map { ($0.id, $0.key) }) { first, _ in first } }
}
