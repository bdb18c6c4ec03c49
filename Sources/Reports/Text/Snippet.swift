import Base

/// A line of a source file as it may be printed, with the columns to mark under it.
struct Snippet {
  let number: Int
  /// Printable, cut around the mark where the line is longer than the limit.
  let text: String
  /// Columns before the mark and under it; a length of 0 marks nothing.
  let offset: Int
  let length: Int

  /// `column` is 1-based in Unicode scalars, 0 for none; `limit` is in columns of the terminal.
  init(line: String, number: Int, column: Int, marked: Int, limit: Int) {
    self.number = number
    let cells = Snippet.cells(line)
    let start = min(max(0, column - 1), cells.count)
    let end = min(max(start + 1, start + marked), max(cells.count, start + 1))
    var window = 0..<cells.count
    if Snippet.width(cells[...]) > limit { window = Snippet.window(cells, from: start, to: end, limit: limit) }
    let before = window.lowerBound > 0 ? "…" : ""
    let after = window.upperBound < cells.count ? "…" : ""
    text = before + cells[window].joined() + after
    offset = displayWidth(before) + Snippet.width(cells[window.lowerBound..<max(window.lowerBound, start)])
    let visible = cells[max(start, window.lowerBound)..<max(start, min(end, window.upperBound, cells.count))]
    length = column == 0 ? 0 : max(1, Snippet.width(visible))
  }

  /// What each scalar of the line is printed as.
  private static func cells(_ line: String) -> [String] {
    var cells: [String] = []
    var previous: Unicode.Scalar = " "
    for scalar in line.unicodeScalars {
      if scalar == "\t" {
        cells.append("  ")
      } else if scalar == "#" && previous == "#" {
        cells.append("\\#")  // see PlainText.line
      } else {
        cells.append(String(scalar).escapedOnOneLine)
      }
      previous = scalar
    }
    while cells.last == " " || cells.last == "\\u{d}" { cells.removeLast() }
    return cells
  }

  /// The part of a long line to show: its beginning where the mark fits there, else what lies around the mark.
  private static func window(_ cells: [String], from start: Int, to end: Int, limit: Int) -> Range<Int> {
    let room = max(8, limit - 2)
    var first = 0
    if width(cells[..<min(end, cells.count)]) > room {
      first = start
      while first > 0, width(cells[first - 1..<start]) <= room / 4 { first -= 1 }
    }
    var (last, used) = (first, 0)
    while last < cells.count, used + displayWidth(cells[last]) <= room {
      used += displayWidth(cells[last])
      last += 1
    }
    return first..<last
  }

  private static func width(_ cells: ArraySlice<String>) -> Int { cells.reduce(0) { $0 + displayWidth($1) } }
}

/// A line with carets under the marked part, cut around it where it is longer than the width; both printable. `column` is
/// 1-based in Unicode scalars.
package func excerpt(of line: String, column: Int, marked: Int, width: Int) -> [String] {
  let snippet = Snippet(line: line, number: 1, column: column, marked: marked, limit: width)
  let indent = String(repeating: " ", count: snippet.offset)
  return [snippet.text, indent + String(repeating: "^", count: snippet.length)]
}

/// Lines of the tree's files by place; a file is asked for and split once.
struct SourceLines {
  private let source: @Sendable (String) -> [UInt8]?
  private var files: [String: [ArraySlice<UInt8>]] = [:]

  init(_ source: @escaping @Sendable (String) -> [UInt8]?) { self.source = source }

  /// Whether the tree has the file.
  mutating func has(_ path: String) -> Bool { !lines(of: path).isEmpty }

  /// The text of the line, without its end.
  mutating func line(at location: SourceLocation) -> String? {
    guard location.line > 0 else { return nil }
    let lines = lines(of: location.path)
    return location.line <= lines.count ? String(decoding: lines[location.line - 1], as: UTF8.self) : nil
  }

  private mutating func lines(of path: String) -> [ArraySlice<UInt8>] {
    if let known = files[path] { return known }
    let lines = source(path)?.split(separator: 0x0A, omittingEmptySubsequences: false) ?? []
    files[path] = lines
    return lines
  }
}
