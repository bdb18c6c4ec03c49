/// Gives each distinct text a small number, in order of arrival: look-ups by number cost an array access.
package struct Interner: Sendable {
  /// The texts by number.
  package private(set) var texts: [String] = []
  private var numbers: [String: Int32] = [:]

  package init() {}

  /// The number of the text, new or known.
  package mutating func number(_ text: String) -> Int32 {
    if let known = numbers[text] { return known }
    let number = Int32(texts.count)
    texts.append(text)
    numbers[text] = number
    return number
  }

  /// The number of the text where it is known.
  package func known(_ text: String) -> Int32? { numbers[text] }
}
