import Base
import Model

extension UsageRecord {
  /// The record as the model has it.
  func fact(_ texts: borrowing PartTexts) -> UsageFact {
    var fact = UsageFact(
      principal: PrincipalKey(texts[identity]), first: Instant(milliseconds: total.first),
      last: Instant(milliseconds: total.last))
    (fact.events, fact.failed, fact.denied) = (total.count, total.failed, total.denied)
    for cell in cells {
      switch cell.kind {
      case .action: fact.actions.append(Self.action(cell, texts))
      case .region: fact.regions.append(Self.term(cell, texts))
      case .address: fact.addresses.append(Self.term(cell, texts))
      case .agent: fact.agents.append(Self.term(cell, texts))
      case .place: fact.places.append(Self.term(cell, texts))
      case .credential, .session: fact.credentials.append(Self.credential(cell, texts))
      }
    }
    // Long-lived ones and those of sessions stand together there.
    fact.credentials = joined(fact.credentials, by: { byteOrder($0.id, $1.id) }) {
      $0.isTemporary = $0.isTemporary || $1.isTemporary
      $0.count += $1.count
      $0.failed += $1.failed
      $0.first = min($0.first, $1.first)
      $0.last = max($0.last, $1.last)
      $0.lastSuccess = later($0.lastSuccess, $1.lastSuccess)
    }
    fact.days = days.map { cell in
      var day = DayUse(day: Day(number: cell.day))
      (day.count, day.denied, day.hours) = (cell.count, cell.denied, cell.hours)
      (day.bytesIn, day.bytesOut) = (UInt64(clamping: cell.bytesIn), UInt64(clamping: cell.bytesOut))
      return day
    }
    fact.saturated = marks(texts)
    return fact
  }

  private func marks(_ texts: borrowing PartTexts) -> [String] {
    if saturated == 0 && reductions.isEmpty { return [] }
    var marks = UsageCell.Kind.allCases.filter { isSaturated($0) }.map(\.mark)
    if saturated & UsageRecord.daysBit != 0 { marks.append("days") }
    for reduction in reductions {
      marks.append(
        reduction.level == 1 ? "resources of \(texts[reduction.action])" : "all resources of \(texts[reduction.action])"
      )
    }
    return marks.sorted(by: precedes)
  }

  private static func action(_ cell: UsageCell, _ texts: borrowing PartTexts) -> ActionUse {
    let tally = cell.tally
    var use = ActionUse(
      action: texts[cell.term], resource: texts[cell.resource], first: Instant(milliseconds: tally.first),
      last: Instant(milliseconds: tally.last))
    (use.count, use.failed, use.denied, use.lastSuccess) = (tally.count, tally.failed, tally.denied, tally.success)
    return use
  }

  private static func term(_ cell: UsageCell, _ texts: borrowing PartTexts) -> TermUse {
    TermUse(
      term: texts[cell.term], count: cell.tally.count, failed: cell.tally.failed,
      first: Instant(milliseconds: cell.tally.first), last: Instant(milliseconds: cell.tally.last))
  }

  private static func credential(_ cell: UsageCell, _ texts: borrowing PartTexts) -> CredentialUse {
    let tally = cell.tally
    var use = CredentialUse(
      id: texts[cell.term], isTemporary: cell.kind == .session, first: Instant(milliseconds: tally.first),
      last: Instant(milliseconds: tally.last))
    (use.count, use.failed, use.lastSuccess) = (tally.count, tally.failed, tally.success)
    return use
  }
}

extension UsageCell.Kind {
  /// The entry of `saturated` that says that the list is not whole.
  var mark: String {
    switch self {
    case .action: "actions"
    case .region: "regions"
    case .address: "addresses"
    case .agent: "agents"
    case .place: "places"
    case .credential: "credentials"
    case .session: UsageLimit.temporaryMark
    }
  }
}
