/// A line of Swift without its comment and its plain strings.
struct Code {
  private let text: String

  static func of(_ line: Substring) -> Code {
    var kept = ""
    var isInString = false
    var previous: Character = " "
    for character in line {
      if character == "\"" && previous != "\\" { isInString.toggle() }
      if !isInString && character == "/" && previous == "/" { break }
      if !isInString { kept.append(character) }
      previous = previous == "\\" ? " " : character
    }
    return Code(text: kept)
  }

  /// Whether the word stands in the code as a word of its own.
  func uses(_ word: String) -> Bool {
    var rest = text[...]
    while let found = rest.firstRange(of: word) {
      let before = text[..<found.lowerBound].last
      let after = text[found.upperBound...].first
      let isWord = { (character: Character?) in character.map { $0.isLetter || $0.isNumber || $0 == "_" } ?? false }
      if !isWord(before) && !isWord(after) { return true }
      rest = rest[found.upperBound...]
    }
    return false
  }
}

/// The targets that `Package.swift` declares by the functions `room`, `program` and `tests`, with their dependencies.
struct Manifest {
  private(set) var targets: [(name: String, uses: [String])] = []

  /// `nil` when the text does not read as the manifest that the tests know.
  init?(_ text: String) {
    for keyword in ["room(", "program("] {
      var rest = text[...]
      while let call = rest.firstRange(of: keyword) {
        rest = rest[call.upperBound...]
        // `func room(` declares it.
        if text[..<call.lowerBound].hasSuffix("func ") { continue }
        guard let end = rest.firstIndex(of: "]") else { return nil }
        let names = rest[..<end].split(separator: "\"", omittingEmptySubsequences: false).enumerated()
          .filter { $0.offset % 2 == 1 }.map { String($0.element) }
        guard let name = names.first else { return nil }
        targets.append((name, Array(names.dropFirst())))
      }
    }
    if targets.count < 10 { return nil }
  }
}
