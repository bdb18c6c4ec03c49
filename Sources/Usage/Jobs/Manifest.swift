import Base

/// The list of the inputs of a job: what is to be read, so that it can be told afterwards whether all of it was.
///
/// A line an input, sorted by name: `<name>\t<size>\t<time of the last change, or an object's ETag>`; names as `EscapedName` writes them.
/// Empty lines and those that begin with `#` are passed over.
struct Manifest {
  struct Entry {
    var name: String
    var size: UInt64
    /// Of a file its time; only told apart from another.
    var stamp: String
  }

  /// Sorted by name, each once.
  private(set) var entries: [Entry]

  init(_ entries: [Entry]) {
    self.entries = entries.sorted { utf8Precedes($0.name, $1.name) }
  }

  /// Reads a manifest; `path` is how errors call it.
  init(_ text: [UInt8], path: String) throws(JobError) {
    entries = []
    for (number, line) in text.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
      if line.isEmpty || line.first == UInt8(ascii: "#") { continue }
      let fields = line.split(separator: 0x09, maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count >= 2, let name = EscapedName.unescape(fields[0]), !name.isEmpty,
        let size = UInt64(String(decoding: fields[1], as: UTF8.self))
      else {
        throw JobError(
          .usage, "\(path):\(number + 1): no line of a manifest", hint: "a line is <name>, a tab, <size>, a tab, <time>"
        )
      }
      let stamp = fields.count > 2 ? String(decoding: fields[2], as: UTF8.self) : ""
      entries.append(Entry(name: name, size: size, stamp: stamp))
    }
    entries.sort { utf8Precedes($0.name, $1.name) }
    for (entry, next) in zip(entries, entries.dropFirst()) where utf8Order(entry.name, next.name) == 0 {
      throw JobError(.usage, "\(path): '\(entry.name)' is listed twice")
    }
  }

  var text: String {
    entries.map { "\(EscapedName.escape($0.name))\t\($0.size)\t\(EscapedName.escape($0.stamp))\n" }.joined()
  }

  /// The inputs of shard `number` (from 0) of so many: the largest first, each to the shard that has least. Follows from the manifest
  /// alone, so every machine comes to the same.
  func shard(_ number: Int, of count: Int) -> [Entry] {
    let weights = entries.map(Self.weight)
    let order = entries.indices.sorted { (weights[$1], $0) < (weights[$0], $1) }
    var heap = (0..<count).map { (load: UInt64(0), shard: $0) }
    var mine: [Int] = []
    for index in order {
      if heap[0].shard == number { mine.append(index) }
      heap[0].load += weights[index]
      Self.sink(&heap)
    }
    return mine.sorted().map { entries[$0] }
  }

  /// Packed logs hold about six times their size; opening a file costs as much as reading a few pages.
  private static func weight(_ entry: Entry) -> UInt64 {
    let isPacked = entry.name.hasSuffix(".gz") || entry.name.hasSuffix(".zst")
    return min(entry.size, 1 << 50) * (isPacked ? 6 : 1) + 16_384
  }

  private static func sink(_ heap: inout [(load: UInt64, shard: Int)]) {
    var at = 0
    while true {
      var least = at
      for child in [2 * at + 1, 2 * at + 2] where child < heap.count && heap[child] < heap[least] { least = child }
      if least == at { return }
      heap.swapAt(at, least)
      at = least
    }
  }

  /// What speaks against the ledger being that of these inputs; a line each.
  func disagreements(with ledger: [LedgerRow]) -> [String] {
    var problems: [String] = []
    var (i, j) = (0, 0)
    while i < entries.count || j < ledger.count {
      let order = i == entries.count ? 1 : j == ledger.count ? -1 : utf8Order(entries[i].name, ledger[j].name)
      if order < 0 {
        problems.append("missing: '\(entries[i].name)' is listed, and no part has it")
        i += 1
      } else if order > 0 {
        problems.append("extra: '\(ledger[j].name)' is not listed, or in several parts")
        j += 1
      } else {
        // What could not be opened has no size.
        if ledger[j].digest != nil && ledger[j].size != entries[i].size {
          problems.append("changed: '\(entries[i].name)' has \(ledger[j].size) bytes, listed are \(entries[i].size)")
        }
        (i, j) = (i + 1, j + 1)
      }
    }
    return problems
  }
}
