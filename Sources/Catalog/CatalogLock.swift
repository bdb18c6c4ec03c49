private import Glibc

/// Held by the one run that may change the catalog and what lies beside it; the kernel takes it away from the dead.
struct CatalogLock: ~Copyable, Sendable {
  private let descriptor: Int32

  /// Waits for nobody: another run reads the same logs, and would give the same.
  init(_ catalog: String) throws(CatalogError) {
    let path = catalog + ".lock"
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    if descriptor < 0 { throw CatalogError(.failed, path: path, detail: String(cString: strerror(errno))) }
    // Over some networks there are no locks: SQLite's own must do then.
    if flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK {
      close(descriptor)
      throw CatalogError(.locked, path: catalog)
    }
  }

  deinit { close(descriptor) }
}
