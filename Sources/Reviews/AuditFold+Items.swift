import Base
import Model

extension AuditFold {
  /// A version of an item's file.
  mutating func item(_ file: SourceFile, _ made: Made) {
    let (read, diagnostics) = ReviewItem.read(file)
    let worst = diagnostics.filter { $0.kind != .warning }.min()
    guard let item = read else {
      if let worst, items[file.path] != nil {
        items[file.path]?.unreadable = (made, worst)
      } else if let worst {
        unreadable(file.path, "", made, worst)
      }
      return
    }
    let stored = StoredDecision.all(in: file.bytes, path: file.path)
    var tracked = known(item, file.path)
    if let before = tracked {
      compare(before, item, stored, made)
      if before.removed != nil { event(.restored, item, made, "the file is there again") }
    } else {
      event(.opened, item, made, "\(item.policy), \(item.severity.rawValue), due \(item.due)")
    }
    steps(from: tracked?.item, to: item, made)
    let severity = max(item.severity, tracked?.severity ?? item.severity)
    var next = tracked ?? TrackedItem(item: item, severity: severity)
    (next.severity, next.removed, next.unreadable) = (severity, nil, worst.map { (made, $0) })
    take(stored, of: item, &next, made)
    (next.item, next.stored) = (item, stored)
    next.item.source.bytes = []
    tracked = next
    items[file.path] = tracked
  }

  /// What is known of the item, also under another path that it moved from.
  private mutating func known(_ item: ReviewItem, _ path: String) -> TrackedItem? {
    let old = paths.updateValue(path, forKey: "\(item.campaign)/\(item.id)")
    if let known = items[path] { return known }
    return old.flatMap { items.removeValue(forKey: $0) }
  }

  mutating func remove(_ path: String, _ made: Made) {
    if let tracked = items[path] {
      items[path]?.removed = made
      event(.removed, tracked.item, made, "the file was deleted")
    } else if path.hasSuffix("/campaign.md") || path.hasSuffix("/population.txt") {
      problem(
        .populationAltered, made, "", path, "the campaign's record was deleted",
        "restore it: git checkout \(made.before) -- \(path.escapedOnOneLine)")
    }
  }

  func unreadableProblem(_ path: String, _ item: String, _ made: Made, _ diagnostic: Diagnostic) -> AuditProblem {
    AuditProblem(
      code: .unreadable, isFailure: false, item: item, path: path, commit: made.commit,
      message: "\(diagnostic.location): \(diagnostic.message)",
      hint: diagnostic.hint.isEmpty ? "mend the file" : diagnostic.hint)
  }

  private mutating func unreadable(_ path: String, _ item: String, _ made: Made, _ diagnostic: Diagnostic) {
    report.problems.append(unreadableProblem(path, item, made, diagnostic))
  }

  /// What the new version took away, or changed, of what was recorded.
  private mutating func compare(_ known: TrackedItem, _ item: ReviewItem, _ stored: [StoredDecision], _ made: Made) {
    let there = Dictionary(stored.map { (DecisionKey($0), $0) }) { first, _ in first }
    for (index, old) in known.stored.enumerated() {
      let key = DecisionKey(old)
      guard let new = there[key] else {
        let isReplaced = stored.indices.contains(index) && stored.count >= known.stored.count
        lose(known, key, isReplaced ? .decisionAltered : .decisionRemoved, made)
        continue
      }
      // Signatures may be added below those that are there.
      let was = known.item.decision(at: old.location)?.signature ?? ""
      let present = item.decision(at: new.location)?.signature ?? ""
      if !present.hasPrefix(was) { lose(known, key, .decisionAltered, made) }
    }
    compareFields(known.item, item, made)
    if !item.history.starts(with: known.item.history) {
      problem(
        .recordAltered, made, item.id, item.path, "steps in the item's history were changed or removed",
        "put them back as they were in \(made.before)")
    }
  }

  /// Evidence, severity and deadline change only when Muster brings the item up to date, which its history then says.
  private mutating func compareFields(_ known: ReviewItem, _ item: ReviewItem, _ made: Made) {
    let new = item.history.dropFirst(known.history.count)
    if known.owner != item.owner, !new.contains(where: { $0.kind == .routed || $0.kind == .reassigned }) {
      let (from, to) = (known.owner?.description ?? "nobody", item.owner?.description ?? "nobody")
      event(.reassigned, item, made, "from \(from) to \(to), by hand")
    }
    if new.contains(where: { $0.kind == .updated || $0.kind == .regressed }) { return }
    let changed = [
      known.evidence == item.evidence ? nil : "evidence", item.severity < known.severity ? "severity" : nil,
      known.policy == item.policy && known.principal == item.principal && known.identity == item.identity
        ? nil : "subject",
    ].compactMap { $0 }
    if !changed.isEmpty {
      problem(
        .recordAltered, made, item.id, item.path,
        "the item's \(changed.joined(separator: " and ")) was changed by hand",
        "put it back as it was in \(made.before); `muster review open` brings items up to date")
    }
    if item.due > known.due {
      problem(
        .recordAltered, isFailure: false, made, item.id, item.path,
        "the deadline was moved by hand from \(known.due) to \(item.due)", "ask why it was moved")
    }
  }

  /// Notes that a decision was altered or removed; it stays judged as it was made.
  private mutating func lose(_ known: TrackedItem, _ key: DecisionKey, _ code: AuditProblem.Code, _ made: Made) {
    let what = code == .decisionAltered ? "altered" : "removed"
    let lost = AuditProblem(
      code: code, isFailure: true, item: known.item.id, path: known.item.path, commit: made.commit,
      message: "a decision was \(what) after it was made",
      hint: "put it back as it was in \(made.before); correct by adding a new decision")
    if let position = known.decisions[key] {
      decisions[position].losses.append(lost)
    } else {
      report.problems.append(lost)
    }
  }

  /// New entries of the item's own history, and a closing that has none.
  private mutating func steps(from before: ReviewItem?, to item: ReviewItem, _ made: Made) {
    let known = before?.history ?? []
    let new = item.history.starts(with: known) ? item.history.dropFirst(known.count) : []
    for entry in new {
      let facts = entry.facts.map { "facts \($0.prefix(12))" }
      let words = [entry.to.map { "to \($0)" }, entry.level.map { "level \($0)" }, entry.note, facts].compactMap { $0 }
      if let kind = AuditEvent.Kind(rawValue: entry.kind.rawValue) {
        event(kind, item, made, words.joined(separator: ", "))
      }
    }
    guard item.status.isFinal, before?.status != item.status else { return }
    if !new.contains(where: { ($0.kind == .verified || $0.kind == .autoResolved) && $0.facts != nil }) {
      // What was closed elsewhere, before it came into this repository, cannot be judged here.
      let isOld = before == nil
      event(.closed, item, made, isOld ? "before this history begins" : "by hand")
      problem(
        .closedWithoutProof, isFailure: !isOld, made, item.id, item.path,
        isOld
          ? "the item came closed; its life is not in this history"
          : "the item was closed without facts that show the change",
        isOld
          ? "look where it was closed"
          : "put its status back; `muster review reconcile` closes it when later facts show the change")
    }
  }

  /// Decisions that are new, or there again, or signed once more.
  private mutating func take(
    _ stored: [StoredDecision], of item: ReviewItem, _ tracked: inout TrackedItem, _ made: Made
  ) {
    let before = Set(tracked.stored.map(DecisionKey.init))
    for entry in stored {
      let key = DecisionKey(entry)
      guard let decision = item.decision(at: entry.location) else { continue }
      if let position = tracked.decisions[key] {
        decisions[position].path = item.path
        decisions[position].decision = decision
        if !before.contains(key) {
          for index in decisions[position].losses.indices { decisions[position].losses[index].isFailure = false }
        }
        continue
      }
      tracked.decisions[key] = decisions.count
      decisions.append(
        TrackedDecision(
          item: item.id, path: item.path, identity: item.identity, decision: decision,
          signedBytes: entry.block?.signedBytes, digests: [item.evidence.digest, tracked.item.evidence.digest],
          severity: tracked.severity, declarer: item.declaration.flatMap { declarers[$0] }, made: made,
          event: report.events.count))
      let until = decision.until.map { " until \($0)" } ?? ""
      event(.decided, item, made, "\(decision.kind.rawValue) by \(decision.by)\(until): \(decision.reason)")
    }
  }
}

extension ReviewItem {
  func decision(at location: SourceLocation) -> Decision? { decisions.first { $0.location == location } }
}
