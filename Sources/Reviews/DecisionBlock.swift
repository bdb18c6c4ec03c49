import Base
import Documents

/// One entry of `decisions:` as it stands in the file, whether or not it can be understood.
struct StoredDecision: Hashable {
  /// The place of its first key; `Decision.location` of a decision that was understood.
  var location: SourceLocation
  /// The entry's own text.
  var text: [UInt8]
  /// Its lines; `nil` when it is not written line by line (in braces, or with text that leaves its lines): it cannot be
  /// signed.
  var block: DecisionBlock?

  /// The entries of a file in order.
  static func all(in file: [UInt8], path: String) -> [StoredDecision] {
    guard let matter = FrontMatter.read(file, path: path).frontMatter, let list = matter.document.root["decisions"]
    else {
      return []
    }
    let lines = Lines(file)
    return list.elements.map { entry in
      StoredDecision(
        location: entry.members.first?.key.location ?? entry.location, text: Array(file[entry.range]),
        block: DecisionBlock(entry, lines, isFlow: list.isFlow))
    }
  }
}

/// The stored bytes of one entry of `decisions:`.
///
/// A decision is signed as it is stored: all lines of its entry, from the line with its `-` to its last line with text,
/// each with its line feed, without the lines of its `signature` key. Nothing is re-rendered, so `ssh-keygen -Y verify`
/// over those lines agrees.
package struct DecisionBlock: Sendable, Hashable {
  /// All lines of the entry.
  package let bytes: [UInt8]
  /// The lines that are signed: all but the signature's.
  package let signedBytes: [UInt8]
  /// The range of `bytes` in the file.
  package let range: Range<Int>
  /// The column of the entry's keys, 0-based.
  package let indent: Int

  fileprivate init?(_ entry: Node, _ lines: Lines, isFlow: Bool) {
    guard !isFlow, entry.kind == .mapping, !entry.isFlow, let key = entry.members.first?.key else { return nil }
    let file = lines.bytes
    let first = lines.index(of: key.range.lowerBound)
    let indent = key.range.lowerBound - lines.ranges[first].lowerBound
    // The line holds nothing but the dash before the first key.
    let head = file[lines.ranges[first].lowerBound..<key.range.lowerBound]
    guard let dash = head.firstIndex(of: UInt8(ascii: "-")),
      head.allSatisfy({ $0 == 0x20 || $0 == UInt8(ascii: "-") }), head.filter({ $0 != 0x20 }).count == 1
    else { return nil }
    let dashColumn = dash - lines.ranges[first].lowerBound
    let last = lines.lastLine(after: first, deeperThan: dashColumn)
    range = lines.ranges[first].lowerBound..<lines.ranges[last].upperBound
    guard entry.range.upperBound <= range.upperBound else { return nil }
    bytes = Array(file[range])
    self.indent = indent
    guard let signature = entry.members.first(where: { $0.key.text == "signature" }) else {
      signedBytes = bytes
      return
    }
    let from = lines.index(of: signature.key.range.lowerBound)
    let to = lines.lastLine(after: from, deeperThan: indent)
    let cut = lines.ranges[from].lowerBound..<lines.ranges[to].upperBound
    // Only the signature may stand in the lines that are left out, and it must not be the entry's first line.
    let others = entry.members.filter { $0.key.text != "signature" }
    guard from > first, signature.key.range.lowerBound == cut.lowerBound + indent,
      signature.value.range.upperBound <= cut.upperBound,
      !others.contains(where: { $0.key.range.lowerBound < cut.upperBound && $0.value.range.upperBound > cut.lowerBound }
      )
    else { return nil }
    signedBytes = Array(file[range.lowerBound..<cut.lowerBound] + file[cut.upperBound..<range.upperBound])
  }
}

/// The lines of a file, each with its line feed.
private struct Lines {
  let bytes: [UInt8]
  let ranges: [Range<Int>]

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    var ranges: [Range<Int>] = []
    var start = 0
    while start < bytes.count {
      let end = bytes[start...].firstIndex(of: 0x0A).map { $0 + 1 } ?? bytes.count
      ranges.append(start..<end)
      start = end
    }
    self.ranges = ranges
  }

  func index(of offset: Int) -> Int {
    var (low, high) = (0, ranges.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if offset < ranges[middle].upperBound { high = middle } else { low = middle + 1 }
    }
    return low
  }

  /// The last line with text of the block that the line begins: those after it that are empty or indented deeper.
  func lastLine(after first: Int, deeperThan column: Int) -> Int {
    var last = first
    var next = first + 1
    while next < ranges.count {
      let line = bytes[ranges[next]]
      let indent = line.prefix { $0 == 0x20 }.count
      let isEmpty = line.dropFirst(indent).allSatisfy { $0 == 0x0D || $0 == 0x0A || $0 == 0x09 }
      if !isEmpty {
        if indent <= column { break }
        last = next
      }
      next += 1
    }
    return last
  }
}
