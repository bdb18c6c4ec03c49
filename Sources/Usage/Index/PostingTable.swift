/// Which events are of a term in a period, as they pass by: a few bytes for each, put into order once.
struct PostingTable: ~Copyable {
  private struct Entry: BitwiseCopyable {
    let term: UInt32
    let period: Int32
    let event: UInt32
  }

  private var entries: UnsafeMutableBufferPointer<Entry>
  private var count = 0

  init() { entries = Slab.make(1024, of: Entry.self) }

  deinit { Slab.release(entries) }

  /// Events come in the order of their numbers.
  @inline(__always)
  mutating func add(_ term: UInt32, _ period: Int32, event: UInt32) {
    if count == entries.count { entries = Slab.grow(entries, to: entries.count * 2) }
    entries.initializeElement(at: count, to: Entry(term: term, period: period, event: event))
    count += 1
  }

  /// The events of each term that has any; terms are numbers below `count`.
  borrowing func postings(ofTerms count: Int, _ name: (UInt32) -> String) -> [LogSegment.Posting] {
    var ends = [Int](repeating: 0, count: count + 1)
    for entry in entries[..<self.count] { ends[Int(entry.term) + 1] += 1 }
    for term in ends.indices.dropFirst() { ends[term] += ends[term - 1] }
    let sorted: UnsafeMutableBufferPointer<Entry> = Slab.make(self.count, of: Entry.self)
    defer { Slab.release(sorted) }
    for entry in entries[..<self.count] {
      sorted.initializeElement(at: ends[Int(entry.term)], to: entry)
      ends[Int(entry.term)] += 1
    }
    var postings: [LogSegment.Posting] = []
    var start = 0
    for term in 0..<count where ends[term] > start {
      var ofTerm = UnsafeMutableBufferPointer(rebasing: sorted[start..<ends[term]])
      let isSorted = (1..<ofTerm.count).allSatisfy { ofTerm[$0 - 1].period <= ofTerm[$0].period }
      if !isSorted { ofTerm.sort { ($0.period, $0.event) < ($1.period, $1.event) } }
      postings.append(
        LogSegment.Posting(
          term: name(UInt32(term)), first: ofTerm[0].period, last: ofTerm[ofTerm.count - 1].period,
          events: Self.pack(ofTerm)))
      start = ends[term]
    }
    return postings
  }

  private static func pack(_ entries: UnsafeMutableBufferPointer<Entry>) -> [UInt8] {
    var packed: [UInt8] = []
    packed.reserveCapacity(entries.count * 4)
    var last: Int64 = 0
    var start = 0
    while start < entries.count {
      var (end, count) = (start + 1, UInt64(1))
      while end < entries.count && entries[end].period == entries[start].period {
        // An event may name a term twice.
        if entries[end].event != entries[end - 1].event { count += 1 }
        end += 1
      }
      let distance = Int64(entries[start].period) - last
      packed.appendVarint(UInt64(bitPattern: distance << 1 ^ distance >> 63))
      packed.appendVarint(count)
      var next: UInt32 = 0
      for index in start..<end where index == start || entries[index].event != entries[index - 1].event {
        packed.appendVarint(UInt64(entries[index].event - next))
        next = entries[index].event + 1
      }
      last = Int64(entries[start].period)
      start = end
    }
    return packed
  }
}
