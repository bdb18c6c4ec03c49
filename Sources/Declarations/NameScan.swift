/// Looks for handles and principals in the bytes of files without reading them as YAML, in one pass over a file however many
/// names there are. What it finds may be in a comment; what it does not find is not there, unless it was written with escapes,
/// which plain names have no reason for: reading the whole repository finds that too.
package struct NameScan: Sendable {
  /// Hashes of the names that stand in a text as one word; another word with the same hash only costs a look into the file.
  private let words: Set<UInt64>
  /// Names with white space, quotes or brackets in them.
  private let phrases: [[UInt8]]

  /// Empty names are found nowhere.
  package init(_ names: some Sequence<String>) {
    var (words, phrases): (Set<UInt64>, [[UInt8]]) = ([], [])
    for name in names where !name.isEmpty {
      if name.utf8.contains(where: NameScan.endsWord) {
        phrases.append(Array(name.utf8))
      } else {
        words.insert(name.utf8.reduce(NameScan.seed, NameScan.mix))
      }
    }
    (self.words, self.phrases) = (words, phrases)
  }

  /// Whether there is nothing to look for.
  package var isEmpty: Bool { words.isEmpty && phrases.isEmpty }

  /// Whether one of the names stands in the text, not as a part of a longer word.
  package func finds(in bytes: [UInt8]) -> Bool {
    bytes.withUnsafeBufferPointer { text in
      (!words.isEmpty && findsWord(in: text)) || phrases.contains { NameScan.finds($0, in: text) }
    }
  }

  private func findsWord(in text: UnsafeBufferPointer<UInt8>) -> Bool {
    var hash = NameScan.seed
    for byte in text {
      if NameScan.endsWord(byte) {
        if hash != NameScan.seed && words.contains(hash) { return true }
        hash = NameScan.seed
      } else {
        hash = NameScan.mix(hash, byte)
      }
    }
    return hash != NameScan.seed && words.contains(hash)
  }

  private static func finds(_ phrase: [UInt8], in text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let first = phrase.first, phrase.count <= text.count else { return false }
    return (0...(text.count - phrase.count)).contains { start in
      text[start] == first && text[start..<(start + phrase.count)].elementsEqual(phrase)
    }
  }

  private static func endsWord(_ byte: UInt8) -> Bool {
    switch byte {
    case 0...0x20, UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: ","), UInt8(ascii: "["), UInt8(ascii: "]"),
      UInt8(ascii: "{"), UInt8(ascii: "}"):
      true
    default: false
    }
  }

  // FNV-1a.
  private static let seed: UInt64 = 0xCBF2_9CE4_8422_2325
  private static func mix(_ hash: UInt64, _ byte: UInt8) -> UInt64 { (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
}
