private import Glibc
import Synchronization

/// Runs `work` on so many threads of its own, each with its number, and gives their results in that order.
///
/// Threads of the system, not a task group: the callers are synchronous, the number is exact (the concurrency runtime's pool knows
/// only one a core), and a program that never gets here pays nothing for them at its start.
func onThreads<Result: Sendable>(_ count: Int, _ work: @escaping @Sendable (Int) -> Result) -> [Result] {
  if count <= 1 { return [work(0)] }
  let results = Results<Result>()
  var threads: [pthread_t] = []
  for number in 1..<count {
    let job = Job { results.add(work(number), number) }
    var thread = pthread_t()
    let handle = Unmanaged.passRetained(job)
    let failure = pthread_create(&thread, nil, runJob, handle.toOpaque())
    if failure == 0 {
      threads.append(thread)
    } else {
      // No thread to be had: do it here.
      handle.takeRetainedValue().run()
    }
  }
  results.add(work(0), 0)
  for thread in threads { pthread_join(thread, nil) }
  return results.inOrder
}

private func runJob(_ handle: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  if let handle { Unmanaged<Job>.fromOpaque(handle).takeRetainedValue().run() }
  return nil
}

private final class Job: Sendable {
  let run: @Sendable () -> Void
  init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}

private final class Results<Result: Sendable>: Sendable {
  private let list = Mutex<[(number: Int, result: Result)]>([])

  func add(_ result: Result, _ number: Int) { list.withLock { $0.append((number, result)) } }

  var inOrder: [Result] { list.withLock { $0.sorted { $0.number < $1.number }.map(\.result) } }
}
