import Base
private import Glibc
import Usage

/// The command line of `muster-rollup`.
struct RollupProgram {
  private static let version = "0.1.0"

  private static let help = """
    usage: muster-rollup [PATH…] [OPTIONS]            what logs come to, as a part that can be merged
           muster-rollup merge [PART…] [OPTIONS]      several parts as one
           muster-rollup show PART [-o json]          what a part holds
           muster-rollup plan PATH… [-o MANIFEST]     the inputs of a rollup, as a manifest

      -o, --output FILE   what to write, whole or not at all
      --format FORMAT     read the logs as that: \(usageFormats.joined(separator: ", "))
      --digest KIND       what names an input in the ledger: xxh128 (without this) or sha256
      --threads N         threads; as many as cores without
      --frames            read inputs, or parts, as frames from standard input
      --manifest FILE     read its inputs; of merge, refuse unless exactly those were read
      --shard I/N         of the manifest, the inputs of one of N machines; N alone takes I from the job's index
      --out DIR           write shard-I-of-N.rollup there, if it is not there already
      --seal              without the index of events
      --since PART        of plan, leave out what that part has read already
      -q, --quiet         no notes
      --version           the program's version

    As the commands of the same names of muster, whose --help says more: `muster rollup --help`.
    exit codes: 0 clean, 2 usage, 3 input unreadable or incomplete

    """

  /// Options by command; those with a value.
  private static let known: [String: (values: Set<String>, flags: Set<String>)] = [
    "rollup": (["output", "format", "digest", "threads", "manifest", "shard", "out"], ["frames", "seal"]),
    "merge": (["output", "manifest"], ["frames", "seal"]),
    "show": (["output"], []),
    "plan": (["output", "since"], []),
  ]

  private var command = "rollup"
  private var arguments: [String] = []
  private var options: [String: String] = [:]
  private var isQuiet = false
  private var text: String?
  private var mistake: String?

  init(_ words: [String]) {
    var rest = words[...]
    if rest.first == "rollup" { rest = rest.dropFirst() }
    if let first = rest.first, first != "rollup", Self.known[first] != nil {
      command = first
      rest = rest.dropFirst()
    }
    var onlyArguments = false
    while let word = rest.popFirst(), mistake == nil {
      if onlyArguments || word == "-" || !word.hasPrefix("-") {
        arguments.append(word)
      } else if word == "--" {
        onlyArguments = true
      } else {
        take(word, &rest)
      }
    }
  }

  private mutating func take(_ word: String, _ rest: inout ArraySlice<String>) {
    switch word {
    case "--version", "-V": text = "muster-rollup \(Self.version)\n"
    case "--help", "-h": text = Self.help
    case "--quiet", "-q": isQuiet = true
    default:
      let parts = (word == "-o" ? "--output" : word).split(
        separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(parts[0].dropFirst(2))
      guard let known = Self.known[command] else { return }
      if known.flags.contains(name) && parts.count == 1 {
        options[name] = ""
      } else if known.values.contains(name), let value = parts.count == 2 ? String(parts[1]) : rest.popFirst() {
        options[name] = value
      } else if known.values.contains(name) {
        mistake = "\(word) needs a value"
      } else {
        mistake = "unknown option \(word) of `muster-rollup \(command)`"
      }
    }
  }

  /// Does what the words say; the exit code.
  func run() -> Int32 {
    if let text {
      Self.write(1, text)
      return 0
    }
    if let mistake {
      Self.write(2, "muster-rollup: \(mistake.escapedOnOneLine)\n")
      return 2
    }
    let job = RollupJob(arguments: arguments, options: options, world: world())
    do throws(JobError) {
      switch command {
      case "merge": return try job.merge()
      case "show": return try job.show()
      case "plan": return try job.plan()
      default: return try job.roll()
      }
    } catch {
      Self.write(2, "muster-rollup: \(error.message.escapedOnOneLine)\n")
      if !error.hint.isEmpty { Self.write(2, "  help: \(error.hint.escapedOnOneLine)\n") }
      return error.kind.rawValue
    }
  }

  private func world() -> JobWorld {
    let isQuiet = isQuiet
    var environment: [String: String] = [:]
    for name in ["JOB_COMPLETION_INDEX", "AWS_BATCH_JOB_ARRAY_INDEX"] {
      if let value = getenv(name) { environment[name] = String(cString: value) }
    }
    return JobWorld(
      resolve: { $0 }, note: { if !isQuiet { Self.write(2, $0.escapedOnOneLine + "\n") } },
      problem: { Self.write(2, $0.escapedOnOneLine + "\n") }, out: { Self.write(1, $0) }, progress: { _ in },
      outputIsTerminal: isatty(1) == 1, cores: max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))),
      environment: environment)
  }

  private static func write(_ descriptor: Int32, _ text: String) { write(descriptor, Array(text.utf8)) }

  private static func write(_ descriptor: Int32, _ bytes: [UInt8]) {
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress?.advanced(by: done), bytes.count - done)
      }
      if count < 0 && errno != EINTR { return }
      done += max(count, 0)
    }
  }
}
