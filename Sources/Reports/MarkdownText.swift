import Base

/// Strangers' text inside Markdown that GitHub or GitLab shows.
enum MarkdownText {
  /// On one line, shown as written. Beyond markup this also stops what those sites make of plain text after rendering it: mentions
  /// (`@team` would notify), references (`#12` would leave a trace in that issue) and bare links. A zero-width space inside
  /// what starts them does; it is written as an entity, so that the bytes show it.
  static func inline(_ text: String) -> String {
    var out = ""
    let escaped = text.escapedForMarkdown
    var rest = escaped[...]
    while let first = rest.first {
      if let token = ["&#64;", "\\#", "://", "www."].first(where: { rest.lowercased(prefix: $0) }) {
        let kept = token == "://" || token == "www." ? 1 : token.count
        out += "\(rest.prefix(kept))&#8203;\(rest.prefix(token.count).dropFirst(kept))"
        rest = rest.dropFirst(token.count)
      } else {
        out.append(first)
        rest = rest.dropFirst()
      }
    }
    return out
  }

  /// As `inline`, cut to `limit` characters.
  static func inline(_ text: String, limit: Int) -> String {
    guard text.unicodeScalars.count > limit else { return inline(text) }
    return inline(String(String.UnicodeScalarView(text.unicodeScalars.prefix(limit)))) + "…"
  }

  /// A code span of at most 200 characters. Text with a `<` in it is written as HTML, so that no tag ever stands in the bytes.
  static func code(_ text: String) -> String {
    let isLong = text.unicodeScalars.count > 200
    let shown = isLong ? String(String.UnicodeScalarView(text.unicodeScalars.prefix(200))) + "…" : text
    return shown.contains("<") ? "<code>\(inline(shown))</code>" : shown.asMarkdownCode
  }
}

extension Substring {
  fileprivate func lowercased(prefix: String) -> Bool {
    var (mine, other) = (utf8.makeIterator(), prefix.utf8.makeIterator())
    while let expected = other.next() {
      guard let byte = mine.next(), (byte &- 0x41 < 26 ? byte | 0x20 : byte) == expected else { return false }
    }
    return true
  }
}
