@testable import Documents

/// SplitMix64: the same seed gives the same tests.
struct Randomness: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &self) < percent }
  mutating func pick<T>(_ items: [T]) -> T { items[Int.random(in: 0..<items.count, using: &self)] }
  mutating func int(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }

  /// Texts that a stranger might send to break out of a scalar.
  mutating func hostileText() -> String {
    let parts = [
      "a", "b c", " ", "  ", "\n", "\t", ": ", ":", " #", "#", "- ", "-", "---", "...", "\"", "'", "\\", "{", "}", "[",
      "]", ",",
      "|", ">", "&x", "*x", "!t", "%", "@", "`", "? ", "no", "1.10", "0123", "null", "~", "\r", "\r\n", "\u{85}",
      "\u{2028}",
      "\u{0}", "\u{7}", "\u{1B}[31m", "é", "e\u{301}", "世界", "🔑", "\u{FEFF}", "\u{202E}", "\u{FFFE}", "key: value",
      "\nkey: value",
      "<<", "=", "2027-03-31", "true", "a\n b", "a\n\n\n", "\u{10FFFF}", "owner: team:x\n",
      "arn:aws:iam::111122223333:role/x",
    ]
    var text = ""
    for _ in 0..<int(0...5) { text += pick(parts) }
    return text
  }

  mutating func value(depth: Int) -> YAMLValue {
    switch int(0...(depth > 0 ? 9 : 4)) {
    case 0, 1: return .text(hostileText())
    case 2: return .plain(hostileText())
    case 3, 4: return .literal(hostileText() + pick(["", "\n", "\n\n"]))
    case 5, 6:
      let count = int(0...3)
      return .sequence((0..<count).map { _ in value(depth: depth - 1) })
    case 7: return .inline(value(depth: depth - 1))
    default:
      var members: [(key: String, value: YAMLValue)] = []
      for i in 0..<int(0...4) {
        members.append((chance(70) ? "k\(i)" : "\(i)" + hostileText(), value(depth: depth - 1)))
      }
      return .mapping(members)
    }
  }
}

/// A document as a person might have written it: any scalar style, comments (numbered, so that none can get lost unseen), blank
/// lines, brackets, lists with and without indentation.
struct RandomYAML {
  var random: Randomness
  private(set) var lines: [String] = []
  private(set) var comments = 0

  init(seed: UInt64) {
    random = Randomness(state: seed)
    comment(0)
    mapping(column: 0, depth: 3)
    comment(0)
  }

  var text: String {
    var random = Randomness(state: UInt64(lines.count))
    let lineBreak = random.chance(25) ? "\r\n" : "\n"
    return lines.joined(separator: lineBreak) + (random.chance(80) ? lineBreak : "")
  }

  private mutating func comment(_ column: Int) {
    for _ in 0..<max(0, random.int(-3...2)) {
      comments += 1
      lines.append(random.chance(20) ? "" : blanks(column) + "#é <c\(comments)> key: [")
      if lines.last == "" { comments -= 1 }
    }
  }

  private mutating func trailing() -> String {
    guard random.chance(20) else { return "" }
    comments += 1
    return "  # <c\(comments)> \"{"
  }

  private func blanks(_ count: Int) -> String { String(repeating: " ", count: count) }

  /// Members at a column; the first may stand behind what `lines` ends with.
  private mutating func mapping(column: Int, depth: Int, isBehindDash: Bool = false) {
    for i in 0..<random.int(1...4) {
      let key = random.pick(["k\(i)", "\"q \(i)\"", "'s\(i)'", "ключ\(i)", "k \(i)"])
      if isBehindDash && i == 0 {
        lines[lines.count - 1] += key + ":"
      } else {
        lines.append(blanks(column) + key + ":")
      }
      value(column: column, depth: depth)
      if !isBehindDash || i > 0 { comment(column) }
    }
  }

  /// A value behind `key:`.
  private mutating func value(column: Int, depth: Int) {
    switch random.int(0...(depth > 0 ? 11 : 8)) {
    case 0: lines[lines.count - 1] += trailing()
    case 1...4: lines[lines.count - 1] += " " + scalar() + trailing()
    case 5: lines[lines.count - 1] += " " + flow(depth: 2) + trailing()
    case 6: lines[lines.count - 1] += random.pick([" []", " [ ]", " {}"]) + trailing()
    case 7, 8: block(column: column)
    case 9, 10:
      lines[lines.count - 1] += trailing()
      sequence(column: column + random.pick([0, 2, 4]), depth: depth - 1)
    default:
      lines[lines.count - 1] += trailing()
      comment(column)
      mapping(column: column + random.pick([1, 2, 4]), depth: depth - 1)
    }
  }

  private mutating func sequence(column: Int, depth: Int) {
    for _ in 0..<random.int(1...3) {
      comment(column)
      lines.append(blanks(column) + "- ")
      switch random.int(0...5) {
      case 0 where depth > 0: mapping(column: column + 2, depth: depth - 1, isBehindDash: true)
      case 1: lines[lines.count - 1] += flow(depth: 1) + trailing()
      case 2: lines[lines.count - 1].removeLast()
      default: lines[lines.count - 1] += scalar() + trailing()
      }
    }
  }

  private mutating func scalar() -> String {
    random.pick([
      "plain", "two words", "wörter: kein".replacing(": ", with: ":"), "a#b", "'single ''quoted'''",
      "\"double \\\"quoted\\n\"",
      "\"\"", "12", "2027-03-31", "'世界 🔑'", "-x", "http://x/y?z#f",
    ])
  }

  private mutating func flow(depth: Int) -> String {
    switch random.int(0...(depth > 0 ? 4 : 1)) {
    case 0, 1: return random.pick(["a", "b c", "'q, r'", "\"é\\u00e9\""])
    case 2, 3:
      return "["
        + (0..<random.int(0...3)).map { _ in flow(depth: depth - 1) }.joined(separator: random.pick([",", ", "])) + "]"
    default:
      let members = (0..<random.int(0...3)).map { "f\($0): " + flow(depth: depth - 1) }
      return "{" + members.joined(separator: ", ") + random.pick(["", " "]) + "}"
    }
  }

  private mutating func block(column: Int) {
    let header = random.pick(["|", ">", "|-", ">-", "|+", ">+"])
    lines[lines.count - 1] += " " + header + trailing()
    let indentation = blanks(column + random.pick([1, 2, 3]))
    for i in 0..<random.int(1...4) {
      if i > 0, random.chance(25) { lines.append("") }
      lines.append(
        indentation + (i > 0 && random.chance(20) ? "  " : "")
          + random.pick(["text", "more # no comment", "k: v", "é—"]))
    }
  }
}
