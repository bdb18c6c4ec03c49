import Base

/// The spelling of one text as a YAML scalar, such that a reader gets exactly the text and nothing beside it.
enum YAMLScalar {
  static func text(_ text: String, inFlow: Bool = false) -> String {
    isSafePlain(text, inFlow: inFlow) && !looksTyped(text) ? text : doubleQuoted(text)
  }

  static func plain(_ text: String, inFlow: Bool = false) -> String {
    isSafePlain(text, inFlow: inFlow) ? text : doubleQuoted(text)
  }

  static func key(_ text: String, inFlow: Bool = false) -> String { self.text(text, inFlow: inFlow) }

  /// YAML 1.2 §7.3.1.
  static func doubleQuoted(_ text: String) -> String {
    var out = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": out += "\\\""
      case "\\": out += "\\\\"
      case "\n": out += "\\n"
      case "\t": out += "\\t"
      case "\r": out += "\\r"
      case _ where isPrintable(scalar): out.unicodeScalars.append(scalar)
      default: out += escape(scalar)
      }
    }
    return out + "\""
  }

  /// YAML 1.2 §7.3.2; `nil` where only escapes can say the text.
  static func singleQuoted(_ text: String) -> String? {
    guard text.unicodeScalars.allSatisfy(isPrintable) else { return nil }
    return "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
  }

  /// A literal block; `nil` where its indentation would be guessed wrong or a line would not come back as it is.
  static func literal(_ text: String) -> (header: String, lines: [String])? {
    guard let first = text.unicodeScalars.first, first != " ", first != "\n", first != "\t" else { return nil }
    guard text.unicodeScalars.allSatisfy({ isPrintable($0) || $0 == "\n" || $0 == "\t" }) else { return nil }
    var lines: [String] = [""]
    for scalar in text.unicodeScalars {
      if scalar == "\n" { lines.append("") } else { lines[lines.count - 1].unicodeScalars.append(scalar) }
    }
    let isBlank = { (line: String) in line.unicodeScalars.allSatisfy { $0 == " " || $0 == "\t" } }
    guard !lines.contains(where: { !$0.isEmpty && isBlank($0) }) else { return nil }
    if lines.last != "" { return ("|-", lines) }
    lines.removeLast()
    // More line feeds at the end (`|+`) would take in whatever blank lines come next.
    return lines.last == "" ? nil : ("|", lines)
  }

  /// One line of comment: what YAML cannot hold or nobody can see is written as `\u{…}`.
  static func comment(_ text: String) -> String {
    var out = ""
    for scalar in text.escapedOnOneLine.unicodeScalars {
      if isPrintable(scalar) {
        out.unicodeScalars.append(scalar)
      } else {
        out += "\\u{\(String(scalar.value, radix: 16))}"
      }
    }
    return out
  }

  private static func escape(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    let (letter, width) = scalar.value < 0x100 ? ("x", 2) : scalar.value < 0x10000 ? ("u", 4) : ("U", 8)
    return "\\" + letter + String(repeating: "0", count: width - digits.count) + digits
  }

  /// What YAML may hold unescaped and a person can see for what it is.
  private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    !scalar.isUnprintable && scalar.value & 0xFFFE != 0xFFFE
  }

  /// YAML 1.2 §7.3.3, and a little stricter.
  private static func isSafePlain(_ text: String, inFlow: Bool) -> Bool {
    let scalars = text.unicodeScalars
    guard let first = scalars.first, let last = scalars.last, first != " ", last != " ", last != ":" else {
      return false
    }
    if !scalars.allSatisfy(isPrintable) || text == "<<" || text == "=" { return false }
    if "?:,[]{}#&*!|>'\"%@`".unicodeScalars.contains(first) || text.hasPrefix("---") || text.hasPrefix("...") {
      return false
    }
    var previous: Unicode.Scalar = first == "-" ? "-" : "a"
    if first == "-", scalars.count == 1 || scalars.dropFirst().first == " " { return false }
    for scalar in scalars {
      if previous == ":" && scalar == " " || previous == " " && scalar == "#" { return false }
      if inFlow, ",[]{}?".unicodeScalars.contains(scalar) { return false }
      previous = scalar
    }
    return true
  }

  /// Whether some reader takes the plain text for a boolean, null or a number (YAML 1.1 and 1.2 types). Dates stay plain.
  private static func looksTyped(_ text: String) -> Bool {
    let words: Set<String> = [
      "true", "false", "yes", "no", "on", "off", "y", "n", "null", "~", ".inf", "-.inf", "+.inf", ".nan",
    ]
    if words.contains(text.lowercased()) { return true }
    guard text.utf8.contains(where: { $0 &- 0x30 < 10 }) else { return false }
    if Day(text) != nil || Instant(text) != nil { return false }
    let unsigned = text.hasPrefix("-") || text.hasPrefix("+") ? text.dropFirst() : text[...]
    if unsigned.hasPrefix("0x") || unsigned.hasPrefix("0o") || unsigned.hasPrefix("0b") { return true }
    return text.utf8.allSatisfy { $0 &- 0x30 < 10 || "._+-eE:".utf8.contains($0) }
  }
}
