/// What the index of a part keeps of an event.
///
/// Two entries of an hour are deliveries of one event where all of it is equal: the fingerprint of its id (else of its record), some bits
/// of what it says, its combination and its bytes. An id that comes again with other content is another event; both count, and so nothing
/// depends on which came first.
struct EventEntry: BitwiseCopyable {
  var fingerprint: UInt64
  var bytesIn: UInt64 = 0
  var bytesOut: UInt64 = 0
  /// Hours since the epoch.
  var hour: Int32
  var combination: UInt32
  var content: UInt16

  @inline(__always)
  static func precedes(_ a: EventEntry, _ b: EventEntry) -> Bool {
    if a.fingerprint != b.fingerprint { return a.fingerprint < b.fingerprint }
    if a.content != b.content { return a.content < b.content }
    if a.combination != b.combination { return a.combination < b.combination }
    return a.bytesIn == b.bytesIn ? a.bytesOut < b.bytesOut : a.bytesIn < b.bytesIn
  }

  /// Whether both are deliveries of one event of their hour.
  @inline(__always)
  static func isSame(_ a: EventEntry, _ b: EventEntry) -> Bool {
    a.fingerprint == b.fingerprint && a.content == b.content && a.combination == b.combination
      && a.bytesIn == b.bytesIn && a.bytesOut == b.bytesOut
  }

  /// The hour of a time in milliseconds.
  @inline(__always)
  static func hour(of time: Int64) -> Int32 { Int32(clamping: time.flooredDivision(by: 3_600_000)) }
}

/// Entries side by side, sorted without a call for each comparison.
struct EntryBuffer: ~Copyable {
  private(set) var entries: UnsafeMutableBufferPointer<EventEntry>
  private var scratch: UnsafeMutableBufferPointer<EventEntry>
  private(set) var count = 0

  init(capacity: Int) {
    entries = Slab.make(capacity, of: EventEntry.self)
    scratch = Slab.make(capacity, of: EventEntry.self)
  }

  deinit {
    Slab.release(entries)
    Slab.release(scratch)
  }

  var isFull: Bool { count == entries.count }

  @inline(__always)
  subscript(index: Int) -> EventEntry { entries[index] }

  @inline(__always)
  mutating func append(_ entry: EventEntry) {
    if isFull { grow() }
    entries.initializeElement(at: count, to: entry)
    count += 1
  }

  mutating func clear() { count = 0 }

  private mutating func grow() {
    entries = Slab.grow(entries, to: entries.count * 2)
    Slab.release(scratch)
    scratch = Slab.make(entries.count, of: EventEntry.self)
  }

  /// Brings the entries into the order of hours, and gives where each hour ends.
  mutating func sortByHour() -> [(hour: Int32, end: Int)] {
    if count == 0 { return [] }
    var used = UnsafeMutableBufferPointer(rebasing: entries[..<count])
    var (least, greatest) = (Int32.max, Int32.min)
    for entry in used { (least, greatest) = (min(least, entry.hour), max(greatest, entry.hour)) }
    let span = Int(greatest) - Int(least) + 1
    if span > 4 * count + 1024 {
      used.sort { $0.hour < $1.hour }
    } else if span > 1 {
      var ends = [Int](repeating: 0, count: span + 1)
      for entry in used { ends[Int(entry.hour - least) + 1] += 1 }
      for index in 1...span { ends[index] += ends[index - 1] }
      for entry in used {
        let index = Int(entry.hour - least)
        scratch.initializeElement(at: ends[index], to: entry)
        ends[index] += 1
      }
      swap(&entries, &scratch)
    }
    var runs: [(hour: Int32, end: Int)] = []
    for index in 0..<count where index + 1 == count || entries[index + 1].hour != entries[index].hour {
      runs.append((entries[index].hour, index + 1))
    }
    return runs
  }

  /// Sorts a range by fingerprint. Fingerprints are evenly spread, so a bucket for every few of them leaves little to sort; somebody who
  /// forges others only pays for a slower sort.
  mutating func sort(_ range: Range<Int>) {
    let part = UnsafeMutableBufferPointer(rebasing: entries[range])
    if part.count <= 24 { return Self.insertionSort(part) }
    if (1..<part.count).allSatisfy({ !EventEntry.precedes(part[$0], part[$0 - 1]) }) { return }
    var (least, greatest) = (UInt64.max, UInt64.min)
    for entry in part { (least, greatest) = (min(least, entry.fingerprint), max(greatest, entry.fingerprint)) }
    let shift = UInt64(greatest - least).leadingZeroBitCount
    let bits = max(1, Int.bitWidth - (part.count / 4).leadingZeroBitCount)
    let buckets = 1 << bits
    @inline(__always) func bucket(_ entry: EventEntry) -> Int {
      Int(((entry.fingerprint &- least) &<< UInt64(shift)) &>> UInt64(64 - bits))
    }
    var ends = [Int](repeating: 0, count: buckets + 1)
    for entry in part { ends[bucket(entry) + 1] += 1 }
    for index in 1...buckets { ends[index] += ends[index - 1] }
    let starts = ends
    for entry in part {
      let index = bucket(entry)
      scratch.initializeElement(at: ends[index], to: entry)
      ends[index] += 1
    }
    for index in 0..<part.count { part[index] = scratch[index] }
    for index in 0..<buckets where starts[index + 1] - starts[index] > 1 {
      var few = UnsafeMutableBufferPointer(rebasing: part[starts[index]..<starts[index + 1]])
      if few.count <= 48 { Self.insertionSort(few) } else { few.sort(by: EventEntry.precedes) }
    }
  }

  private static func insertionSort(_ part: UnsafeMutableBufferPointer<EventEntry>) {
    if part.count < 2 { return }
    for index in 1..<part.count {
      let entry = part[index]
      var at = index
      while at > 0 && EventEntry.precedes(entry, part[at - 1]) {
        part[at] = part[at - 1]
        at -= 1
      }
      part[at] = entry
    }
  }
}
