/// What came of taking second deliveries out.
struct Resolution {
  var index: EventIndex
  /// Distinct events.
  var events: UInt64 = 0
  /// How often an id came with new content.
  var conflicts: UInt64 = 0
}

extension EventIndex {
  /// Entries in memory at a time.
  private static let batch = 1 << 19

  /// The index as one segment that holds each event once; `repeated` is given each second delivery. The memory does not depend on the
  /// number of events.
  func resolved(
    on tape: @autoclosure () -> IndexTape, _ repeated: (EventEntry) -> Void
  ) throws(PartError) -> Resolution {
    var segment = IndexSegment(tape: tape())
    var resolution = Resolution(index: self)
    var writer = EntryWriter()
    var buffer = EntryBuffer(capacity: 4096)
    let runs = runsByHour()
    var start = 0
    while start < runs.count {
      var end = start + 1
      while end < runs.count && runs[end].run.hour == runs[start].run.hour { end += 1 }
      var hour = HourRun(hour: runs[start].run.hour, place: segment.tape.count, length: 0, count: 0)
      writer.restart()
      try resolveHour(runs[start..<end], &buffer, &resolution, repeated) { entry throws(PartError) in
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

  private func runsByHour() -> [(segment: Int, run: HourRun)] {
    var runs: [(segment: Int, run: HourRun)] = []
    for (number, segment) in segments.enumerated() { runs += segment.runs.map { (number, $0) } }
    runs.sort { ($0.run.hour, $0.segment) < ($1.run.hour, $1.segment) }
    return runs
  }

  private func resolveHour(
    _ runs: ArraySlice<(segment: Int, run: HourRun)>, _ buffer: inout EntryBuffer, _ resolution: inout Resolution,
    _ repeated: (EventEntry) -> Void, _ give: (EventEntry) throws(PartError) -> Void
  ) throws(PartError) {
    var cursors = runs.map { EntryCursor(segments[$0.segment], $0.run, combinations: combinations.count) }
    let total = runs.reduce(0) { $0 + $1.run.count }
    // Fingerprints are evenly spread: slices of their range hold about a batch each.
    let slices = UInt64(total / Self.batch + 1)
    for slice in 1...slices {
      let bound = slice == slices ? UInt64.max : UInt64.max / slices * slice
      buffer.clear()
      for index in cursors.indices { try cursors[index].read(upTo: bound, into: &buffer) }
      buffer.sort(0..<buffer.count)
      for index in 0..<buffer.count {
        if index > 0 {
          if EventEntry.isSame(buffer[index], buffer[index - 1]) {
            repeated(buffer[index])
            continue
          }
          if buffer[index].fingerprint == buffer[index - 1].fingerprint { resolution.conflicts += 1 }
        }
        resolution.events += 1
        try give(buffer[index])
      }
    }
  }
}
