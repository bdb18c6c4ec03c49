import Base

/// Builds Markdown without any raw HTML; every text that a stranger wrote goes in through `prose` or `code`.
struct Markdown {
  private(set) var text = ""

  mutating func heading(_ level: Int, _ title: String) {
    paragraph(String(repeating: "#", count: level) + " " + title)
  }

  /// A block with an empty line after it; the text is Markdown already.
  mutating func paragraph(_ markdown: String) { text += markdown + "\n\n" }

  mutating func list(_ items: [String]) {
    guard !items.isEmpty else { return }
    paragraph(items.map { "- \($0)" }.joined(separator: "\n"))
  }

  /// A table; the cells are Markdown already.
  mutating func table(_ header: [String], _ rows: [[String]]) {
    func row(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |\n" }
    text += row(header) + row(header.map { _ in "---" })
    for cells in rows { text += row(cells) }
    text += "\n"
  }

  mutating func fenced(_ language: String, _ lines: [String]) {
    paragraph("```\(language)\n" + lines.joined(separator: "\n") + "\n```")
  }
}

extension String {
  /// A stranger's text as one line of plain Markdown prose: no markup, and no bare address that a page would turn into
  /// a link.
  var prose: String {
    let scalars = Array(shortened(to: 2000).escapedForMarkdown.unicodeScalars)
    var out = String.UnicodeScalarView()
    for (index, scalar) in scalars.enumerated() {
      let isScheme =
        scalar == "/" && index > 0 && scalars[index - 1] == ":" && scalars.dropFirst(index + 1).first == "/"
      let isWeb = scalar == "." && index > 2 && scalars[(index - 3)..<index].allSatisfy { $0 == "w" || $0 == "W" }
      if isScheme || isWeb { out.append("\\") }
      out.append(scalar)
    }
    return String(out)
  }

  /// A stranger's name or value as a code span.
  var code: String { shortened(to: 300).asMarkdownCode }

  /// The text cut to so many characters, the cut shown.
  func shortened(to limit: Int) -> String { count > limit ? prefix(limit) + "…" : self }
}

/// `a, b and 3 more`: the first few of the texts.
func firstFew(_ texts: [String], _ limit: Int = 3) -> String {
  let shown = texts.prefix(limit).joined(separator: ", ")
  return texts.count > limit ? "\(shown) and \(texts.count - limit) more" : shown
}
