package import Base

/// A Markdown file that starts with YAML between two `---` lines.
package struct FrontMatter: Sendable {
  /// The YAML; its bytes, ranges and places are those of the whole file.
  package let document: Document
  /// The bytes after the line that closes the YAML.
  package let bodyRange: Range<Int>

  /// The Markdown.
  package var body: String { String(decoding: document.bytes[bodyRange], as: UTF8.self) }

  /// Reads the front matter; none, or one that does not end, is a diagnostic. `limits` hold for the whole file.
  package static func read(
    _ bytes: [UInt8], path: String, limits: Limits = .declarations
  ) -> (frontMatter: FrontMatter?, diagnostics: [Diagnostic]) {
    var problems = Problems(path: path, bytes: bytes, kind: .invalid)
    guard bytes.count <= limits.clamped.bytes else {
      _ = problems.refusesBytes(0..<bytes.count, limits: limits)
      return (nil, problems.all())
    }
    let start = TextIndex.lengthOfMark(bytes)
    guard let opening = fence(bytes, at: start) else {
      problems.add("the file has no front matter", at: start, hint: "start it with a line `---`, then YAML, then `---`")
      return (nil, problems.all())
    }
    var line = opening
    while line < bytes.count {
      if let after = fence(bytes, at: line) {
        let read = Document.yaml(bytes, in: opening..<line, path: path, limits: limits, format: .frontMatter)
        let matter = read.document.map { FrontMatter(document: $0, bodyRange: after..<bytes.count) }
        return (matter, read.diagnostics)
      }
      line = nextLine(bytes, after: line)
    }
    problems.add("the front matter that starts here does not end", at: start, hint: "close it with a line `---`")
    return (nil, problems.all())
  }

  /// The place after the line at `start` when that line is `---`.
  private static func fence(_ bytes: [UInt8], at start: Int) -> Int? {
    guard bytes[start...].starts(with: "---".utf8) else { return nil }
    let end = nextLine(bytes, after: start)
    let isBlank = bytes[(start + 3)..<end].allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D || $0 == 0x0A }
    return isBlank ? end : nil
  }

  private static func nextLine(_ bytes: [UInt8], after start: Int) -> Int {
    bytes[start...].firstIndex(of: 0x0A).map { $0 + 1 } ?? bytes.count
  }
}
