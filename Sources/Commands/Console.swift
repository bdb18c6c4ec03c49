import Base
private import Glibc

/// Where a run writes: results to standard output, everything said about the run to standard error.
package struct Console: Sendable {
  private let isQuiet: Bool
  /// Whether progress bars are drawn.
  let showsProgress: Bool

  /// Quiet leaves notes and progress out; progress bars need a terminal on standard error.
  package init(quiet: Bool, progress: Bool) {
    isQuiet = quiet
    showsProgress = progress && !quiet
  }

  /// Results. A reader that went away (`| head`) ends the output, not the run.
  func out(_ bytes: [UInt8]) { _ = write(bytes) }

  /// Results; `false` when nobody reads them any more.
  func write(_ bytes: [UInt8]) -> Bool { Console.write(STDOUT_FILENO, bytes) }

  func out(_ text: String) { out(Array(text.utf8)) }

  /// A line of results: what strangers named cannot begin another one.
  func line(_ text: String) { out(text.escapedOnOneLine + "\n") }

  /// A note about the run, one line.
  func note(_ text: String) {
    if !isQuiet { _ = Console.write(STDERR_FILENO, Array((text.escapedOnOneLine + "\n").utf8)) }
  }

  /// A problem; never silenced.
  func problem(_ text: String) { _ = Console.write(STDERR_FILENO, Array((text.escapedOnOneLine + "\n").utf8)) }

  /// Problems with inputs, sorted, at most `limit` of them with a count of the rest.
  func report(_ diagnostics: [Diagnostic], limit: Int = 50) {
    for diagnostic in diagnostics.sorted().prefix(limit) { problem(diagnostic.description) }
    if diagnostics.count > limit { problem("… and \(diagnostics.count - limit) more problems like these") }
  }

  /// A progress bar on one line, redrawn in place; nothing where standard error is no terminal.
  func progress(_ label: String, done: Int, total: Int, rate: String = "") {
    guard showsProgress, total > 0 else { return }
    let filled = min(24, done * 24 / total)
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 24 - filled)
    _ = Console.write(STDERR_FILENO, Array("\r\u{1B}[K\(label) \(bar) \(done * 100 / total)% \(rate)".utf8))
  }

  /// Takes the progress bar away.
  func endProgress() {
    if showsProgress { _ = Console.write(STDERR_FILENO, Array("\r\u{1B}[K".utf8)) }
  }

  private static func write(_ descriptor: Int32, _ bytes: [UInt8]) -> Bool {
    var done = 0
    return bytes.withUnsafeBytes { buffer in
      while done < buffer.count {
        let count = Glibc.write(descriptor, buffer.baseAddress?.advanced(by: done), buffer.count - done)
        if count < 0 && errno != EINTR { return false }
        done += max(count, 0)
      }
      return true
    }
  }
}
