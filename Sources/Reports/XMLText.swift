import Base

/// Text inside XML 1.0.
enum XMLText {
  /// Safe as content and inside double quotes; control characters, which XML cannot hold at all, are made visible.
  static func escaped(_ text: String) -> String {
    var out = ""
    for scalar in text.escapedForTerminal.unicodeScalars {
      switch scalar {
      case "&": out += "&amp;"
      case "<": out += "&lt;"
      case ">": out += "&gt;"
      case "\"": out += "&quot;"
      case "'": out += "&apos;"
      case "\u{FFFE}", "\u{FFFF}": out += "\u{FFFD}"
      default: out.unicodeScalars.append(scalar)
      }
    }
    return out
  }

  /// For an attribute: line feeds too.
  static func attribute(_ text: String) -> String { escaped(text.escapedOnOneLine) }
}
