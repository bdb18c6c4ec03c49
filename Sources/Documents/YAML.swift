package import Base

extension Document {
  /// Reads one YAML document. Every scalar stays text. No document where the syntax is broken or a limit is passed; what is
  /// merely refused (duplicate keys, aliases, anchors, merge keys, tags, keys that are no scalars) gives diagnostics beside
  /// the document, all in one run.
  package static func yaml(
    _ bytes: [UInt8], path: String, limits: Limits = .declarations
  ) -> (document: Document?, diagnostics: [Diagnostic]) {
    yaml(bytes, in: TextIndex.lengthOfMark(bytes)..<bytes.count, path: path, limits: limits, format: .yaml)
  }

  /// Reads a stream of YAML documents (YAML 1.2, section 9.2), as `kubectl` and Helm write them: those that can be read, each by
  /// itself, and what is wrong with the others. A line that begins with `---` ends a document, whatever stands before it.
  package static func yamlStream(
    _ bytes: [UInt8], path: String, limits: Limits = .declarations
  ) -> (documents: [Document], diagnostics: [Diagnostic]) {
    var (documents, diagnostics): ([Document], [Diagnostic]) = ([], [])
    for range in documentRanges(bytes) {
      let (document, problems) = yaml(bytes, in: range, path: path, limits: limits, format: .yaml)
      diagnostics += problems
      if let document { documents.append(document) }
    }
    return (documents, diagnostics)
  }

  /// The parts between lines of `---`; without those that hold nothing.
  private static func documentRanges(_ bytes: [UInt8]) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    var start = TextIndex.lengthOfMark(bytes)
    var line = start
    while line < bytes.count {
      let end = bytes[line...].firstIndex(of: 0x0A).map { $0 + 1 } ?? bytes.count
      let isMark = bytes[line..<end].starts(with: Array("---".utf8)) && (line + 3 >= end || bytes[line + 3] <= 0x20)
      if isMark {
        ranges.append(start..<line)
        // What follows on the line is content; a comment or a tag after it is rare and read as such.
        start = line + 3
      }
      line = end
    }
    ranges.append(start..<bytes.count)
    return ranges.filter { range in bytes[range].contains { $0 > 0x20 } }
  }

  /// Reads the YAML in a part of the bytes; places are those of the whole.
  static func yaml(
    _ bytes: [UInt8], in range: Range<Int>, path: String, limits: Limits, format: Arena.Format
  ) -> (document: Document?, diagnostics: [Diagnostic]) {
    var composer = YAMLComposer(bytes, in: range, path: path, limits: limits)
    let isWhole = composer.run()
    let diagnostics = composer.problems.all()
    guard isWhole else { return (nil, diagnostics) }
    let arena = Arena(
      path: path, bytes: bytes, format: format, limits: limits, records: composer.records, roots: [0],
      pool: composer.pool, pooled: composer.pooled, index: composer.problems.index)
    return (Document(arena: arena), diagnostics)
  }
}
