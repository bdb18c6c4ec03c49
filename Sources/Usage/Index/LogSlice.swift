package import Base

/// Chosen records of one file.
package struct LogSlice: Sendable {
  /// A record's place.
  package struct Place: Sendable {
    /// 1-based number in the file.
    package var record: UInt64
    /// First byte in the text of the file.
    package var offset: UInt64
    package var length: UInt32

    package init(record: UInt64, offset: UInt64, length: UInt32) {
      self.record = record
      self.offset = offset
      self.length = length
    }
  }

  package var path: String
  /// A name of `usageFormats`.
  package var format: String
  /// In the order of the file; `nil` for all of it.
  package var places: [Place]?

  package init(path: String, format: String, places: [Place]?) {
    self.path = path
    self.format = format
    self.places = places
  }
}

/// What reading chosen records came to.
package struct SliceReading: Sendable {
  /// Files that could not be read as they were cataloged.
  package var diagnostics: [Diagnostic]
  /// Bytes that were read of files as they are stored.
  package var bytes: UInt64
  /// Events that the filter took, each delivery.
  package var events: UInt64
}

/// Reads the chosen records and hands the events that the filter takes to `take`, from any of the threads, in any order. `progress`
/// counts the bytes of records, of files that are read whole those of the files.
package func readSlices(
  _ slices: [LogSlice], _ filter: EventFilter, threads: Int = 1,
  progress: @escaping @Sendable (UsageProgress) -> Void = { _ in }, take: @escaping @Sendable (LoggedEvent) -> Void
) -> SliceReading {
  let next = SliceQueue(slices, progress)
  let outcomes = onThreads(max(1, min(threads, slices.count))) { _ in
    var reader = SliceReader(filter, take)
    while let slice = next.pop() {
      reader.read(slice) { next.say(bytes: $0, files: 0) }
      next.say(bytes: 0, files: 1)
    }
    return reader.outcome
  }
  var sum = SliceReading(diagnostics: [], bytes: 0, events: 0)
  for outcome in outcomes {
    sum.diagnostics += outcome.diagnostics
    sum.bytes += outcome.bytes
    sum.events += outcome.events
  }
  sum.diagnostics.sort()
  return sum
}
