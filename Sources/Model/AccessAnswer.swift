/// Whether something is so, where the facts may not say: a condition, a variable or a document that is not in the export.
package enum Answer: String, Sendable, CaseIterable, Comparable {
  case no, unknown, yes

  package init(_ isSo: Bool) { self = isSo ? .yes : .no }

  /// The surer "no" of both.
  package func and(_ other: Answer) -> Answer { min(self, other) }

  /// The surer "yes" of both.
  package func or(_ other: Answer) -> Answer { max(self, other) }

  package static prefix func ! (answer: Answer) -> Answer {
    switch answer {
    case .no: .yes
    case .unknown: .unknown
    case .yes: .no
    }
  }

  package static func < (a: Answer, b: Answer) -> Bool { a.rank < b.rank }
  private var rank: Int { self == .no ? 0 : self == .unknown ? 1 : 2 }
}
