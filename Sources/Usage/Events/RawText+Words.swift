extension RawText {
  /// Whether it is the literal (which has lower case only), whatever its own case (ASCII).
  func isWord(_ literal: StaticString) -> Bool {
    let word = RawText(literal)
    return count == word.count && zip(bytes, word.bytes).allSatisfy { ($0 &- 0x41 < 26 ? $0 | 0x20 : $0) == $1 }
  }

  /// Nothing for the words that stand for nothing.
  var known: RawText {
    isWord("unknown") || isWord("null") || isWord("none") || equals("-") || equals("undefined") ? .none : self
  }

  /// The first of the texts that is not empty.
  static func first(_ texts: RawText...) -> RawText { texts.first { !$0.isEmpty } ?? .none }
}
