import Base
import Usage

extension CommandSpecification {
  static let rollup = CommandSpecification(
    "rollup", "what logs come to, as a part that can be merged",
    details: """
      A part holds what each identity did and one row for each input. Parts are merged in any order to the same bytes as one run
      over all logs; an event that comes twice counts once, also where both deliveries are in different parts.

      --frames reads inputs from standard input: <name>, a tab, <length>, a line feed, so many bytes, and again; a tab, 0 and a line
      feed end the stream. --shard i/n reads the inputs of a manifest that are the i-th of n machines' (i from 1 to n, 0 for n); n
      alone takes the index from JOB_COMPLETION_INDEX or AWS_BATCH_JOB_ARRAY_INDEX, which begin at 0.
      """,
    arguments: [
      ArgumentSpecification("PATH", "files, folders or globs; - for standard input", required: false, repeated: true)
    ],
    options: [
      OptionSpecification("output", short: "o", value: "PART", "the file to write, whole or not at all"),
      OptionSpecification(
        "format", value: "FORMAT", "read the files as that, or as a mapping file (*.yaml) describes",
        choices: usageFormats,
        isOpen: true),
      OptionSpecification(
        "digest", value: "KIND",
        "what names an input in the ledger: xxh128 (without this option) tells inputs apart, sha256 also proves them unchanged",
        choices: InputDigest.Kind.allCases.map(\.rawValue)),
      OptionSpecification("threads", value: "N", "threads; as many as cores without"),
      OptionSpecification("frames", "read inputs as frames from standard input"),
      OptionSpecification("manifest", value: "FILE", "read the inputs that it lists"),
      OptionSpecification("shard", value: "I/N", "of the manifest, the inputs of one of N machines"),
      OptionSpecification("out", value: "DIR", "write shard-I-of-N.rollup there, if it is not there already"),
      OptionSpecification(
        "seal", "without the index of events: small, but no more part of the same hours can be merged"),
    ],
    examples: [
      ("muster rollup logs/ -o all.rollup", "one machine"),
      ("muster rollup --shard 3/16 --manifest plan.manifest --out parts/", "one of sixteen"),
    ]
  ) { invocation throws(CommandError) in
    let job = RollupJob(invocation)
    return try invocation.runJob { () throws(JobError) in try job.roll() }
  }

  static let rollupMerge = CommandSpecification(
    "rollup merge", "several parts as one",
    details: """
      Refuses parts that hold the same input, and sealed parts that share an hour with another. With --manifest, it writes nothing
      unless the inputs of the parts are those of the manifest.
      """,
    arguments: [ArgumentSpecification("PART", "files, folders or globs", required: false, repeated: true)],
    options: [
      OptionSpecification("output", short: "o", value: "PART", "the file to write, whole or not at all"),
      OptionSpecification("manifest", value: "FILE", "refuse unless exactly its inputs were read"),
      OptionSpecification("frames", "read parts as frames from standard input"),
      OptionSpecification("seal", "without the index of events"),
    ],
    examples: [("muster rollup merge parts/ --manifest plan.manifest -o all.rollup", "what all machines read")]
  ) { invocation throws(CommandError) in
    let job = RollupJob(invocation)
    return try invocation.runJob { () throws(JobError) in try job.merge() }
  }

  static let rollupShow = CommandSpecification(
    "rollup show", "what a part holds",
    arguments: [ArgumentSpecification("PART", "the part")],
    options: [
      OptionSpecification(
        "output", short: "o", value: "FORMAT", "text, or json with all records", choices: ["text", "json"])
    ],
    examples: [("muster rollup show all.rollup -o json | jq '.identities[].principal'", "who is in it")]
  ) { invocation throws(CommandError) in
    let job = RollupJob(invocation)
    return try invocation.runJob { () throws(JobError) in try job.show() }
  }

  static let plan = CommandSpecification(
    "plan", "the inputs of a rollup, as a manifest",
    details: """
      A line an input, sorted: name, size and time of the last change, with tabs between them. In names, a tab, a line feed, a carriage
      return and a backslash are written \\t, \\n, \\r and \\\\, other control characters \\xHH.
      """,
    arguments: [ArgumentSpecification("PATH", "files, folders or globs", repeated: true)],
    options: [
      OptionSpecification("output", short: "o", value: "MANIFEST", "the file to write"),
      OptionSpecification("since", value: "PART", "leave out what that part has read already, by name and size"),
    ],
    examples: [("muster plan logs/ -o plan.manifest", "what sixteen machines are to read")]
  ) { invocation throws(CommandError) in
    let job = RollupJob(invocation)
    return try invocation.runJob { () throws(JobError) in try job.plan() }
  }
}

extension RollupJob {
  fileprivate init(_ invocation: Invocation) {
    var options: [String: String] = [:]
    for option in invocation.command.options { options[option.name] = invocation.value(option.name) }
    self.init(arguments: invocation.arguments, options: options, world: invocation.jobWorld)
  }
}

extension Invocation {
  fileprivate var jobWorld: JobWorld {
    let (console, world) = (console, world)
    let isMoved = World.current().workingDirectory != world.workingDirectory
    return JobWorld(
      resolve: { isMoved ? world.absolute($0) : $0 }, note: { console.note($0) }, problem: { console.problem($0) },
      out: { console.out($0) },
      progress: { console.progress("logs", done: Int(clamping: $0.bytes), total: Int(clamping: $0.totalBytes)) },
      outputIsTerminal: world.outputIsTerminal, cores: world.cores, environment: world.environment)
  }

  fileprivate func runJob(_ body: () throws(JobError) -> Int32) throws(CommandError) -> ExitCode {
    do throws(JobError) {
      let code = try body()
      console.endProgress()
      return ExitCode(rawValue: code) ?? .internalError
    } catch {
      console.endProgress()
      throw CommandError(ExitCode(rawValue: error.kind.rawValue) ?? .internalError, error.message, hint: error.hint)
    }
  }
}
