package import Base
private import Glibc

/// What a run takes from outside, as values: read once, at the start.
package struct World: Sendable {
  /// The instant at which the program started.
  package var clock: Instant
  package var environment: [String: String]
  package var workingDirectory: String
  package var errorIsTerminal: Bool
  package var outputIsTerminal: Bool
  /// Columns of the terminal; 100 where there is none.
  package var width: Int
  /// Cores that may be used.
  package var cores: Int

  /// The world of this process.
  package static func current() -> World {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    var size = winsize()
    let hasSize = ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
    var environment: [String: String] = [:]
    var entry = environ
    while let text = entry.pointee {
      let pair = String(cString: text).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if pair.count == 2 { environment[String(pair[0])] = String(pair[1]) }
      entry += 1
    }
    let directory = getcwd(nil, 0)
    defer { free(directory) }
    return World(
      clock: Instant(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000),
      environment: environment, workingDirectory: directory.map { String(cString: $0) } ?? ".",
      errorIsTerminal: isatty(STDERR_FILENO) == 1 && environment["TERM"] != "dumb",
      outputIsTerminal: isatty(STDOUT_FILENO) == 1,
      width: hasSize ? Int(size.ws_col) : 100, cores: max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))))
  }

  /// Whether text on standard output may be coloured: https://no-color.org, then `FORCE_COLOR`, then the terminal.
  package var usesColour: Bool {
    if environment["NO_COLOR"].map({ !$0.isEmpty }) ?? false { return false }
    if let forced = environment["FORCE_COLOR"] ?? environment["CLICOLOR_FORCE"], !forced.isEmpty {
      return forced != "0"
    }
    return outputIsTerminal && environment["TERM"] != "dumb"
  }

  /// A path as the user gave it, made absolute from the working directory.
  package func absolute(_ path: String) -> String {
    path.hasPrefix("/") ? path : path == "." ? workingDirectory : "\(workingDirectory)/\(path)"
  }
}
