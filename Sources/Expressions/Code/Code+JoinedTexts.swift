/// `a + b + … == 'text'` and `!=`: the texts are compared piece by piece, and never put together.
final class JoinedTextTest: Condition {
  private let parts: [any Code]
  private let text: [UInt8]
  private let isEqual: Bool
  /// For what is no text.
  private let general: TextTest

  /// `nil` where the operand is no sum, or the test no equality.
  init?(_ operand: any Code, _ text: String, _ general: TextTest) {
    guard let sum = operand as? Arithmetic, let parts = sum.terms, general.kind == .same || general.kind == .different
    else { return nil }
    (self.parts, self.text, self.general) = (parts, Array(text.utf8), general)
    isEqual = general.kind == .same
  }

  func truth(_ evaluation: Evaluation) -> Truth {
    var (at, isSame) = (0, true)
    for part in parts {
      switch part.value(evaluation) {
      case .string(let piece):
        guard evaluation.charge(1 + piece.utf8.count >> 4) else { return evaluation.fail(evaluation.exhaustion) }
        isSame = isSame && holds(piece, at: at)
        at += piece.utf8.count
      default: return general.truth(evaluation)
      }
    }
    return Truth((isSame && at == text.count) == isEqual)
  }

  @inline(__always)
  private func holds(_ piece: String, at start: Int) -> Bool {
    let count = piece.utf8.count
    if start + count > text.count { return false }
    return piece.utf8.withContiguousStorageIfAvailable { bytes in
      text.withUnsafeBufferPointer { text in (0..<count).allSatisfy { bytes[$0] == text[start + $0] } }
    } ?? text[start..<(start + count)].elementsEqual(piece.utf8)
  }
}
