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
