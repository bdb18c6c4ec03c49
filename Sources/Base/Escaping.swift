extension String {
  /// The text with what could move a cursor, forge a line or reverse reading order written as `\u{…}`: control characters
  /// (also C1), line and paragraph separators, bidirectional marks, zero-width and tag characters. Line feeds stay.
  package var escapedForTerminal: String { escaped(keepingLineFeeds: true) }

  /// As `escapedForTerminal`, and on one line: line feeds are written as `\n`.
  package var escapedOnOneLine: String { escaped(keepingLineFeeds: false) }

  private func escaped(keepingLineFeeds: Bool) -> String {
    if utf8.allSatisfy({ ($0 >= 0x20 && $0 < 0x7F) || (keepingLineFeeds && $0 == 0x0A) }) { return self }
    var out = ""
    for scalar in unicodeScalars {
      if scalar == "\n" {
        out += keepingLineFeeds ? "\n" : "\\n"
      } else if scalar.isUnprintable {
        out += "\\u{\(String(scalar.value, radix: 16))}"
      } else {
        out.unicodeScalars.append(scalar)
      }
    }
    return out
  }

  /// The text as one line of Markdown that shows as written: no markup, link, mention, HTML or table cell comes out of it.
  package var escapedForMarkdown: String {
    var out = ""
    for scalar in escapedOnOneLine.unicodeScalars {
      switch scalar {
      case "<": out += "&lt;"
      case ">": out += "&gt;"
      case "&": out += "&amp;"
      case "@": out += "&#64;"
      case "\\", "`", "*", "_", "[", "]", "(", ")", "#", "|", "~", "!", "{", "}", "+", "$":
        out += "\\"
        out.unicodeScalars.append(scalar)
      default: out.unicodeScalars.append(scalar)
      }
    }
    return out
  }

  /// The text as a Markdown code span; backticks inside are fenced, `|` is kept out of table cells.
  package var asMarkdownCode: String {
    let text = escapedOnOneLine.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
    var (run, longest) = (0, 0)
    for scalar in text.unicodeScalars {
      run = scalar == "`" ? run + 1 : 0
      longest = max(longest, run)
    }
    if longest == 0 { return text.isEmpty ? "` `" : "`\(text)`" }
    let fence = String(repeating: "`", count: longest + 1)
    return "\(fence) \(text) \(fence)"
  }
}

extension Unicode.Scalar {
  /// Whether printing the character could forge or hide text on a terminal or a page (Trojan Source, CVE-2021-42574).
  package var isUnprintable: Bool {
    switch value {
    case 0..<0x20, 0x7F...0x9F, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF, 0xFFF9...0xFFFB,
      0xE0000...0xE0FFF, 0x061C, 0x180E:
      true
    default: false
    }
  }
}
