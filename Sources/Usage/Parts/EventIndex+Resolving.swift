import Synchronization

/// What came of taking second deliveries out.
struct Resolution {
  var index: EventIndex
  /// Distinct events.
  var events: UInt64 = 0
  /// How often an id came with new content.
  var conflicts: UInt64 = 0
}

extension EventIndex {
  /// Entries in memory at a time, of all threads together.
  private static let batch = 1 << 19
  /// Bytes of resolved entries in memory, before they go to a file.
  private static let tapeBudget = 32 << 20

  /// The index with each event once, its segments one after another in the order of hours; `repeated` is given second deliveries, some at a
  /// time, from any of the threads. The memory does not depend on the number of events.
  func resolved(
    threads: Int = 1, _ repeated: @escaping @Sendable ([EventEntry]) -> Void
  ) throws(PartError) -> Resolution {
    // More than there are threads, for some take longer than others.
    let pieces = pieces(threads > 1 ? 4 * threads : 1)
    let next = Atomic<Int>(0)
    let outcomes = onThreads(min(threads, pieces.count)) { _ in
      var own: [(number: Int, outcome: Result<Resolution, PartError>)] = []
      while true {
        let number = next.wrappingAdd(1, ordering: .relaxed).oldValue
        if number >= pieces.count { return own }
        let tape = IndexTape(budget: Self.tapeBudget / pieces.count)
        own.append((number, resolved(pieces[number], tape, Self.batch / max(1, threads), repeated)))
      }
    }
    var resolution = Resolution(index: self)
    resolution.index.segments = []
    for (_, outcome) in outcomes.joined().sorted(by: { $0.number < $1.number }) {
      let piece = try outcome.get()
      resolution.index.segments += piece.index.segments
      resolution.events += piece.events
      resolution.conflicts += piece.conflicts
    }
    return resolution
  }

  private typealias Run = (segment: Int, run: HourRun)

  /// The runs in the order of hours, cut between hours into about so many pieces of about as many entries.
  private func pieces(_ count: Int) -> [[Run]] {
    let runs = runsByHour()
    let share = runs.reduce(0) { $0 + $1.run.count } / count + 1
    var pieces: [[Run]] = [[]]
    var filled = 0
    for (number, run) in runs.enumerated() {
      if filled >= share && run.run.hour != runs[number - 1].run.hour {
        pieces.append([])
        filled = 0
      }
      pieces[pieces.count - 1].append(run)
      filled += run.run.count
    }
    return pieces
  }

  private func resolved(
    _ runs: [Run], _ tape: IndexTape, _ batch: Int, _ repeated: ([EventEntry]) -> Void
  ) -> Result<Resolution, PartError> {
    do throws(PartError) {
      return .success(try resolve(runs, IndexSegment(tape: tape), batch, repeated))
    } catch { return .failure(error) }
  }

  private func resolve(
    _ runs: [Run], _ empty: IndexSegment, _ batch: Int, _ repeated: ([EventEntry]) -> Void
  ) throws(PartError) -> Resolution {
    var segment = empty
    var resolution = Resolution(index: EventIndex())
    var writer = EntryWriter()
    var buffer = EntryBuffer(capacity: 4096)
    var start = 0
    while start < runs.count {
      var end = start + 1
      while end < runs.count && runs[end].run.hour == runs[start].run.hour { end += 1 }
      var hour = HourRun(hour: runs[start].run.hour, place: segment.tape.count, length: 0, count: 0)
      writer.restart()
      try resolveHour(runs[start..<end], batch, &buffer, &resolution, repeated) { entry throws(PartError) in
        writer.add(entry)
        if writer.out.bytes.count >= 1 << 20 {
          hour.length += writer.out.bytes.count
          _ = try segment.tape.append(writer.out.bytes)
          writer.clear()
        }
      }
      hour.length += writer.out.bytes.count
      hour.count = writer.count
      _ = try segment.tape.append(writer.out.bytes)
      writer.clear()
      segment.runs.append(hour)
      start = end
    }
    resolution.index.segments = segment.runs.isEmpty ? [] : [segment]
    return resolution
  }

  private func runsByHour() -> [Run] {
    var runs: [Run] = []
    for (number, segment) in segments.enumerated() { runs += segment.runs.map { (number, $0) } }
    runs.sort { ($0.run.hour, $0.segment) < ($1.run.hour, $1.segment) }
    return runs
  }

  private func resolveHour(
    _ runs: ArraySlice<Run>, _ batch: Int, _ buffer: inout EntryBuffer, _ resolution: inout Resolution,
    _ repeated: ([EventEntry]) -> Void, _ give: (EventEntry) throws(PartError) -> Void
  ) throws(PartError) {
    var cursors = runs.map { EntryCursor(segments[$0.segment], $0.run, combinations: combinations.count) }
    let total = runs.reduce(0) { $0 + $1.run.count }
    // Fingerprints are evenly spread: slices of their range hold about a batch each.
    let slices = UInt64(total / max(batch, 1) + 1)
    var again: [EventEntry] = []
    for slice in 1...slices {
      let bound = slice == slices ? UInt64.max : UInt64.max / slices * slice
      buffer.clear()
      for index in cursors.indices { try cursors[index].read(upTo: bound, into: &buffer) }
      buffer.sort(0..<buffer.count)
      for index in 0..<buffer.count {
        if index > 0 {
          if EventEntry.isSame(buffer[index], buffer[index - 1]) {
            again.append(buffer[index])
            continue
          }
          if buffer[index].fingerprint == buffer[index - 1].fingerprint { resolution.conflicts += 1 }
        }
        resolution.events += 1
        try give(buffer[index])
      }
      if !again.isEmpty { repeated(again) }
      again.removeAll(keepingCapacity: true)
    }
  }
}
