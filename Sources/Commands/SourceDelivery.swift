import Base
import Catalog
import Model
import Usage

/// How long after its last event a source's files were delivered, from the stamps in their names; and what lies ahead of its time.
struct SourceDelivery {
  /// Milliseconds from the last event of a file to the stamp of its name, sorted.
  private(set) var delays: [Int64] = []
  /// Files whose last event is later than their stamp.
  private(set) var early = 0

  init(_ files: [CatalogedFile]) {
    for file in files {
      guard let stamp = Self.stamp(in: file.path), let period = file.content.period else { continue }
      let delay = stamp - period.upperBound
      delays.append(delay)
      // Stamps are whole minutes.
      if delay < -60_000 { early += 1 }
    }
    delays.sort()
  }

  /// `…_20230710T1145Z_….json.gz`, as CloudTrail names what it delivers; also with seconds.
  static func stamp(in path: String) -> Int64? {
    let name = path[(path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex)...]
    for word in name.split(whereSeparator: { $0 == "_" || $0 == "." }) {
      let bytes = Array(word.utf8)
      guard bytes.count == 14 || bytes.count == 16, bytes[8] == UInt8(ascii: "T"), bytes.last == UInt8(ascii: "Z")
      else {
        continue
      }
      let text = String(word)
      func part(_ from: Int, _ count: Int) -> Substring { text.dropFirst(from).prefix(count) }
      let seconds = bytes.count == 16 ? part(13, 2) : "00"
      let written = "\(part(0, 4))-\(part(4, 2))-\(part(6, 2))T\(part(9, 2)):\(part(11, 2)):\(seconds)Z"
      if let instant = Instant(written) { return instant.milliseconds }
    }
    return nil
  }

  /// The delay that the share of files does not exceed.
  func delay(_ share: Double) -> Int64? {
    delays.isEmpty ? nil : delays[min(delays.count - 1, Int(Double(delays.count) * share))]
  }
}
