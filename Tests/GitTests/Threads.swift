import Glibc
import Synchronization

/// Outcomes gathered from several threads.
final class Results: Sendable {
  private let list = Mutex<[Result<Void, any Error>]>([])
  var all: [Result<Void, any Error>] { list.withLock { $0 } }
  func add(_ result: Result<Void, any Error>) { list.withLock { $0.append(result) } }
}

/// A thread of the system: the room is synchronous and blocks, which tasks must not.
struct Thread {
  let id: pthread_t
  func join() { pthread_join(id, nil) }
}

private final class Work: Sendable {
  let body: @Sendable () -> Void
  init(_ body: @escaping @Sendable () -> Void) { self.body = body }
}

func makeThread(_ body: @escaping @Sendable () -> Void) -> Thread {
  var id = pthread_t()
  let work = Unmanaged.passRetained(Work(body)).toOpaque()
  let code = pthread_create(
    &id, nil,
    { pointer in
      if let pointer { Unmanaged<Work>.fromOpaque(pointer).takeRetainedValue().body() }
      return nil
    }, work)
  precondition(code == 0, "a thread can be made")
  return Thread(id: id)
}
