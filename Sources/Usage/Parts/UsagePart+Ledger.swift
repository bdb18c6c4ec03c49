extension UsagePart {
  /// What both come to, whatever inputs they have in common: an input that was read before adds nothing, for its events are known.
  /// The ledger is the given one.
  package static func joined(_ parts: [UsagePart], ledger: [LedgerRow]) throws(PartError) -> UsagePart {
    var sum = parts.count == 1 ? parts[0] : try joined(parts)
    sum.ledger = ledger.sorted(by: LedgerRow.precedes)
    return sum
  }
}
