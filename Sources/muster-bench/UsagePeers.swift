import Base

/// A program from PyPI that does the rollup's work, run by the Python of `Program.peers`: count, first and last by identity,
/// credential, action, first resource, region, outcome and hour over distinct events. All of it on one thread; a resource is the one
/// that the record names itself, of Muster's further work (parameters, addresses, agents, sessions, digests) it does nothing.
enum UsagePeer: String, CaseIterable {
  case clickhouse, duckdb, polars, orjson

  var name: String {
    switch self {
    case .clickhouse: "ClickHouse"
    case .duckdb: "DuckDB"
    case .polars: "Polars"
    case .orjson: "Python"
    }
  }

  /// What it came to.
  struct Answer: Equatable {
    var events: Int
    var groups: Int
  }

  /// `nil` where it is not installed.
  func run(
    _ python: Program, _ shape: UsageShape, _ scratch: ScratchFolder
  ) throws(BenchmarkError) -> (run: ProgramRun, answer: Answer)? {
    let arguments = [scratch.path("peers.py"), rawValue, shape.rawValue, scratch.path("logs")]
    let run = try python.expect(arguments, orStatus: Self.isMissing)
    if run.status == Self.isMissing { return nil }
    let words = String(decoding: run.output, as: UTF8.self).split(whereSeparator: \.isWhitespace)
    guard words.count == 2, let events = Int(words[0]), let groups = Int(words[1]) else {
      throw BenchmarkError(message: "\(name) did not answer")
    }
    return (run, Answer(events: events, groups: groups))
  }

  /// The exit status of the program where the peer is not installed.
  private static let isMissing: Int32 = 5

  /// Makes what the peers read: their program, and links to the logs in a folder of their own.
  static func prepare(_ files: [String], in scratch: ScratchFolder) throws(BenchmarkError) {
    try scratch.write("peers.py", Array((program + sqlPrograms + polarsProgram + pythonProgram + main).utf8))
    try scratch.link(files, into: "logs")
  }

  private static let program = #"""
    import glob, json, os, sys

    peer, shape, folder = sys.argv[1:]
    os.environ["POLARS_MAX_THREADS"] = "1"
    everything = folder + "/*"
    files = sorted(glob.glob(everything))
    zipped = files[0].endswith(".gz")
    CREDENTIAL = "authentication.kubernetes.io/credential-id"
    KEYS = ["identity", "credential", "action", "resource", "region", "outcome"]

    def unzipped(path):
        from isal import igzip
        with igzip.open(path) as file: return file.read()


    """#

  private static let main = #"""
    try:
        found = {"clickhouse": clickhouse, "duckdb": duckdb, "polars": polars, "orjson": orjson}[peer]()
    except ImportError:
        sys.exit(5)
    print(*found, flush=True)
    # Nobody waits for the memory to be given back.
    os._exit(0)
    """#
}
