import Base

extension Benchmark {
  static let usage = Benchmark(
    name: "usage", arguments: "[DIR…] [--size MEGABYTES] [--runs N] [--no-limit] [--no-peers]",
    summary:
      "logs → rollup as a whole process on one core and on two, against a bare projection of the same fields and four peers"
  ) { (arguments) throws(BenchmarkError) in
    let options = try UsageOptions(arguments)
    if let shape = options.writes {
      try shape.write(bytes: options.megabytes * 1_000_000, into: options.folders.first ?? ".")
    } else if let shape = options.projects {
      print(try UsageLimit(shape, options.fields, options.folders).text)
    } else if options.folders.isEmpty {
      for shape in UsageShape.allCases { try measureGenerated(shape, options) }
    } else {
      for folder in options.folders { try measure(UsageInput(folder: folder), options) }
    }
  } standard: { (quick, _) throws(BenchmarkError) in
    quick ? ["--size", "1", "--runs", "1", "--no-peers"] : []
  }
}

struct UsageOptions {
  var folders: [String] = []
  var megabytes = 256
  var runs = 1
  var hasLimit = true
  var hasPeers = true
  /// What this program does in a process of its own: write logs of a shape into a folder, or run the limit over files.
  var writes, projects: UsageShape?
  var fields = UsageLimit.Fields.read

  init(_ arguments: [String]) throws(BenchmarkError) {
    megabytes = try number("size", in: arguments, else: megabytes)
    runs = try number("runs", in: arguments, else: runs)
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      switch argument {
      case "--size", "--runs": rest = rest.dropFirst()
      case "--no-limit": hasLimit = false
      case "--no-peers": hasPeers = false
      case "--write": writes = rest.popFirst().flatMap { UsageShape(rawValue: $0) }
      case "--fields": fields = rest.popFirst().flatMap { UsageLimit.Fields(rawValue: $0) } ?? fields
      case "--project": projects = rest.popFirst().flatMap { UsageShape(rawValue: $0) }
      default:
        if argument.hasPrefix("-") { throw BenchmarkError(message: "unknown option '\(argument)'") }
        folders.append(argument)
      }
    }
  }
}

/// Plain and compressed. Other processes make the logs: what a program's parent ever held counts as the program's memory.
private func measureGenerated(_ shape: UsageShape, _ options: UsageOptions) throws(BenchmarkError) {
  let scratch = try ScratchFolder()
  try scratch.makeFolder("plain")
  try Program.own.expect([
    "usage", scratch.path("plain"), "--write", shape.rawValue, "--size", String(options.megabytes),
  ])
  try measure(UsageInput(folder: scratch.path("plain")), options)
  try Program("gzip", "--recursive", "--no-name").expect([scratch.path("plain")])
  try measure(UsageInput(folder: scratch.path("plain")), options)
}

private func measure(_ input: UsageInput, _ options: UsageOptions) throws(BenchmarkError) {
  var contest = try UsageContest(input, options)
  for _ in 0..<options.runs { try contest.run() }
  try contest.tell()
}
