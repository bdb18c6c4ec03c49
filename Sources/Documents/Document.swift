package import Base
import Synchronization

/// A YAML or JSON text as one arena of records over the bytes as they were read; copies share it.
package struct Document: Sendable {
  let arena: Arena

  /// Path as the user would type it; each location carries it.
  package var path: String { arena.path }
  /// The source as read.
  package var bytes: [UInt8] { arena.bytes }
  /// The whole value; of JSON Lines the first line's, of an empty text a null.
  package var root: Node { Node(arena: arena, index: arena.roots.first ?? 0) }
  /// The value of each line of JSON Lines in order; one node for everything else.
  package var roots: [Node] { arena.roots.map { Node(arena: arena, index: $0) } }
  /// Lines of JSON Lines that were not JSON; each was skipped.
  package var unreadableLines: Int { arena.unreadableLines }
  /// Number of records: scalars, keys and containers.
  package var nodeCount: Int { arena.records.count }

  /// The place of a byte of the source.
  package func location(ofByte offset: Int) -> SourceLocation { arena.location(of: offset) }
}

/// The records of a document and what they point into; never changes.
final class Arena: Sendable {
  enum Format { case yaml, frontMatter, json, jsonLines }

  let path: String
  let bytes: [UInt8]
  let format: Format
  let limits: Limits
  let records: [Record]
  let roots: [UInt32]
  /// Decoded texts of the YAML scalars that do not stand in the source letter by letter.
  let pool: [UInt8]
  let pooled: [Range<UInt32>]
  let unreadableLines: Int
  private let index: Mutex<TextIndex?>

  init(
    path: String, bytes: [UInt8], format: Format, limits: Limits, records: [Record], roots: [UInt32],
    pool: [UInt8] = [], pooled: [Range<UInt32>] = [], unreadableLines: Int = 0, index: TextIndex? = nil
  ) {
    self.path = path
    self.bytes = bytes
    self.format = format
    self.limits = limits
    self.records = records
    self.roots = roots
    self.pool = pool
    self.pooled = pooled
    self.unreadableLines = unreadableLines
    self.index = Mutex(index)
  }

  var isYAML: Bool { format == .yaml || format == .frontMatter }

  func location(of offset: Int) -> SourceLocation {
    let (line, column) = index.withLock { index in
      let text = index ?? TextIndex(bytes)
      if index == nil { index = text }
      return text.place(of: offset, in: bytes)
    }
    return SourceLocation(path: path, line: line, column: column)
  }

  /// The record after the node and all that is in it.
  func next(_ index: UInt32) -> UInt32 {
    let record = records[Int(index)]
    return record.isContainer ? record.next : index + 1
  }

  /// Lends the bytes between the quotes, or the decoded ones; JSON escapes are still in them.
  func withTextBytes<T>(_ index: UInt32, _ body: (UnsafeBufferPointer<UInt8>) -> T) -> T {
    let record = records[Int(index)]
    if record.isDecoded && isYAML {
      let range = pooled[Int(record.next)]
      return pool.withUnsafeBufferPointer { body(.init(rebasing: $0[Int(range.lowerBound)..<Int(range.upperBound)])) }
    }
    let quote = record.style == .double || record.style == .single || record.style == .overridden ? 1 : 0
    return bytes.withUnsafeBufferPointer {
      body(.init(rebasing: $0[Int(record.start) + quote..<Int(record.end) - quote]))
    }
  }

  func text(_ index: UInt32) -> String {
    withTextBytes(index) { bytes in
      records[Int(index)].isDecoded && !isYAML
        ? String(decoding: decodedJSONString(bytes), as: UTF8.self) : String(decoding: bytes, as: UTF8.self)
    }
  }

  /// Whether the scalar's text is this, compared byte by byte: composed and decomposed letters differ.
  func textEquals(_ index: UInt32, _ text: UnsafeBufferPointer<UInt8>) -> Bool {
    withTextBytes(index) { bytes in
      records[Int(index)].isDecoded && !isYAML ? decodedJSONString(bytes).elementsEqual(text) : equalBytes(bytes, text)
    }
  }
}
