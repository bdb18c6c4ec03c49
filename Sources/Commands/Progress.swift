import Base
private import Glibc
import Synchronization
import Usage

/// How far long work has come: a bar with rate and remaining time on a terminal, a plain line every ten seconds elsewhere.
final class Progress: Sendable {
  private struct State {
    var done: UInt64 = 0
    var total: UInt64
    var lastShown: Double = 0
    var nextLine: Double = 10
  }

  private let label: String
  private let console: Console
  private let start = Progress.now()
  private let state: Mutex<State>

  /// `total` in bytes; 0 where it is not known yet.
  init(_ label: String, total: Int = 0, _ invocation: Invocation) {
    self.label = label
    state = Mutex(State(total: UInt64(max(0, total))))
    console = invocation.console
  }

  /// So many bytes more are done.
  func add(_ bytes: UInt64) { show { $0.done &+= bytes } }

  /// So many bytes are done.
  func set(_ bytes: UInt64) { show { $0.done = max($0.done, bytes) } }

  /// So much is done of a reading; another one may follow it.
  func set(_ reading: UsageProgress) {
    show { state in
      state.done = state.total == reading.totalBytes ? max(state.done, reading.bytes) : reading.bytes
      state.total = reading.totalBytes
    }
  }

  private func show(_ change: (inout State) -> Void) {
    let seconds = Progress.now() - start
    state.withLock { state in
      change(&state)
      if console.showsProgress {
        if seconds - state.lastShown < 0.1 { return }
        state.lastShown = seconds
        console.progress(
          label, done: Int(clamping: state.done), total: Int(clamping: state.total),
          rate: rate(state, seconds))
      } else if seconds >= state.nextLine {
        state.nextLine = seconds + 10
        let percent = state.total == 0 ? 0 : min(100, state.done * 100 / state.total)
        console.note("\(label): \(percent)% of \(megabytes(state.total)), \(rate(state, seconds))")
      }
    }
  }

  private func rate(_ state: State, _ seconds: Double) -> String {
    let (done, total) = (state.done, state.total)
    if seconds < 0.05 || done == 0 { return "" }
    let perSecond = Double(done) / seconds
    let left = total > done ? Int((Double(total - done) / perSecond).rounded(.up)) : 0
    let time =
      left < 60
      ? "\(left) s" : left < 3600 ? "\(left / 60) min \(left % 60) s" : "\(left / 3600) h \(left / 60 % 60) min"
    return "\(megabytes(UInt64(perSecond)))/s, \(time) left"
  }

  func end() { console.endProgress() }

  private static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
