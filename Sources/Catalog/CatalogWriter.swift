import Base
import Synchronization
package import Usage

/// Takes what a reading sees, from any of its threads, and writes it in large transactions.
package final class CatalogWriter: Sendable {
  private struct State: ~Copyable {
    var catalog: LogCatalog
    var source = ""
    var pending: [(segment: LogSegment, path: String)] = []
    var size = 0
    var error: CatalogError?

    init(_ catalog: consuming LogCatalog) { self.catalog = catalog }

    mutating func flush() {
      if pending.isEmpty || error != nil { return }
      let segments = pending
      let source = source
      (pending, size) = ([], 0)
      do throws(CatalogError) {
        try catalog.transaction { (catalog) throws(CatalogError) in try catalog.add(segments, source: source) }
      } catch { self.error = error }
    }
  }

  /// Bytes of packed lists after which they are written.
  private static let batch = 4 << 20
  private let state: Mutex<State>

  /// Paths below `root` are kept relative to it.
  package init(_ path: String, root: String) throws(CatalogError) {
    let catalog = try LogCatalog(writing: path, root: root)
    state = Mutex(State(catalog))
  }

  /// What a reading of the source's files gives its segments to.
  package func indexing(of source: String) -> LogIndexing {
    state.withLock { state in
      state.flush()
      state.source = source
    }
    return LogIndexing { [self] segment, path in take(segment, path) }
  }

  private func take(_ segment: LogSegment, _ path: String) {
    let size = segment.places.count + segment.identities.count * 48 + segment.resources.count * 48 + 256
    state.withLock { state in
      state.pending.append((segment, path))
      state.size += size
      if state.size > CatalogWriter.batch { state.flush() }
    }
  }

  /// Works with the catalog itself, after all that was taken is written.
  package func withCatalog<Result: Sendable>(
    _ body: (inout LogCatalog) throws(CatalogError) -> Result
  ) throws(CatalogError) -> Result {
    let outcome = state.withLock { state -> Swift.Result<Result, CatalogError> in
      state.flush()
      if let error = state.error { return .failure(error) }
      do throws(CatalogError) { return .success(try body(&state.catalog)) } catch { return .failure(error) }
    }
    return try outcome.get()
  }
}
