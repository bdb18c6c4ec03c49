import Base
import Synchronization
package import Usage

/// Takes what a reading sees, from any of its threads, and writes it in large transactions. While one thread writes, others go on.
package final class CatalogWriter: Sendable {
  /// What waits to be written.
  private struct Inbox {
    var segments: [LogSegment] = []
    var size = 0
  }

  private struct State: ~Copyable {
    var catalog: LogCatalog
    var source = ""
    var error: CatalogError?

    init(_ catalog: consuming LogCatalog) { self.catalog = catalog }

    mutating func write(_ segments: [LogSegment]) {
      if segments.isEmpty || error != nil { return }
      let source = source
      do throws(CatalogError) {
        try catalog.transaction { (catalog) throws(CatalogError) in try catalog.add(segments, source: source) }
      } catch { self.error = error }
    }

    /// Writes the actors of all segments.
    mutating func complete() {
      if error != nil { return }
      do throws(CatalogError) { try catalog.writeActors() } catch { self.error = error }
    }
  }

  /// Bytes of packed lists after which they are written.
  private static let batch = 4 << 20
  private let inbox = Mutex(Inbox())
  private let state: Mutex<State>
  private let lock: CatalogLock

  /// Only one at a time is given for a catalog. Paths below `root` are kept relative to it. `anew` drops what there is, even where it is damaged.
  package init(_ path: String, root: String, anew: Bool = false) throws(CatalogError) {
    try LogCatalog.makeFolder(of: path)
    lock = try CatalogLock(path)
    if anew { CatalogSchema.discard(path) }
    let catalog = try LogCatalog(writing: path, root: root)
    state = Mutex(State(catalog))
  }

  /// What a reading of the source's files gives its segments to.
  package func indexing(of source: String) -> LogIndexing {
    state.withLock { state in
      flush(&state)
      state.complete()
      state.source = source
    }
    return LogIndexing { [self] in take($0) }
  }

  private func take(_ segment: LogSegment) {
    let size = inbox.withLock { inbox in
      inbox.segments.append(segment)
      inbox.size += segment.size
      return inbox.size
    }
    if size < CatalogWriter.batch { return }
    // Who comes while another writes goes on; what waits to be written stays small.
    if size < 4 * CatalogWriter.batch {
      _ = state.withLockIfAvailable { flush(&$0) }
    } else {
      state.withLock { flush(&$0) }
    }
  }

  /// Taken out only by who may write: so segments are written in the order in which they came.
  private func flush(_ state: inout State) {
    let segments = inbox.withLock { inbox in
      defer { inbox = Inbox() }
      return inbox.segments
    }
    state.write(segments)
  }

  /// Works with the catalog itself, after all that was taken is written.
  package func withCatalog<Result: Sendable>(
    _ body: (inout LogCatalog) throws(CatalogError) -> Result
  ) throws(CatalogError) -> Result {
    let outcome = state.withLock { state -> Swift.Result<Result, CatalogError> in
      flush(&state)
      state.complete()
      if let error = state.error { return .failure(error) }
      do throws(CatalogError) { return .success(try body(&state.catalog)) } catch { return .failure(error) }
    }
    return try outcome.get()
  }
}

extension LogSegment {
  /// Bytes that it takes, about.
  fileprivate var size: Int {
    let postings = (identities + resources).reduce(0) { $0 + $1.events.count + 80 }
    return places.count + postings + calls.reduce(0) { $0 + $1.events.count } + (pieces.count + actors.count) * 96
  }
}
