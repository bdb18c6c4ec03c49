import Base
import Model

extension RollupJob {
  /// `rollup`: reads logs and writes what they come to. The exit code.
  package func roll() throws(JobError) -> Int32 {
    let (formats, problems) = LogFormat.named(formatName)
    if formats.isEmpty {
      report(problems)
      throw JobError(.usage, "--format cannot be '\(value("format") ?? "")'", hint: problems.first?.hint ?? "")
    }
    if has("shard") { return try rollShard() }
    if (value("output") ?? "-") == "-" && world.outputIsTerminal {
      throw JobError(.usage, "a rollup is no text for a terminal", hint: "name a file: --output PART")
    }
    if has("frames") { return try finish(try rollFrames()) }
    if arguments == ["-"] { return try finish(try rollStream()) }
    if let manifest = try manifest() { return try finish(try roll(manifest.entries.map(\.name))) }
    if arguments.isEmpty {
      throw JobError(
        .usage, "no logs are named", hint: "give files, folders or globs, - for standard input, or --manifest")
    }
    return try finish(try roll(files()))
  }

  private func finish(_ result: (part: UsagePart, diagnostics: [Diagnostic])) throws(JobError) -> Int32 {
    report(result.diagnostics)
    let part = has("seal") ? result.part.sealed() : result.part
    try write(part, to: value("output"))
    summarise(part)
    return code(part.isComplete && !result.diagnostics.contains { $0.kind != .warning })
  }

  /// A kind of log, or the path of a mapping file.
  private var formatName: String? {
    guard let format = value("format") else { return nil }
    return usageFormats.contains(format) ? format : world.resolve(format)
  }

  /// What the ledger names inputs by.
  private func digest() throws(JobError) -> InputDigest.Kind {
    guard let name = value("digest") else { return .xxh128 }
    if let kind = InputDigest.Kind(rawValue: name) { return kind }
    let names = InputDigest.Kind.allCases.map(\.rawValue)
    throw JobError(.usage, "--digest cannot be '\(name)'", hint: suggestion(for: name, among: names))
  }

  private func threads() throws(JobError) -> Int {
    guard let text = value("threads") else { return world.cores }
    guard let number = Int(text), (1...1024).contains(number) else {
      throw JobError(.usage, "--threads cannot be '\(text)'", hint: "a number from 1 to 1024")
    }
    return number
  }

  /// Reads files by the names that the user gave them.
  private func roll(_ names: [String]) throws(JobError) -> (part: UsagePart, diagnostics: [Diagnostic]) {
    var given: [ExactText: String] = [:]
    for name in names where world.resolve(name) != name { given[ExactText(world.resolve(name))] = name }
    let paths = given.isEmpty ? names : names.map(world.resolve)
    var (part, diagnostics) = rollUp(
      paths, format: formatName, digest: try digest(), threads: try threads(), progress: world.progress)
    if given.isEmpty { return (part, diagnostics) }
    part.renameInputs { given[ExactText($0)] ?? $0 }
    for index in diagnostics.indices {
      let path = diagnostics[index].location.path
      diagnostics[index].location.path = given[ExactText(path)] ?? path
    }
    return (part, diagnostics)
  }

  private func rollStream() throws(JobError) -> (part: UsagePart, diagnostics: [Diagnostic]) {
    var rolling = StreamRolling(formats: LogFormat.named(formatName).formats, digest: try digest())
    rolling.read(InputStream(descriptor: 0), count: nil, as: "-")
    return try rolling.finish()
  }

  private func rollFrames() throws(JobError) -> (part: UsagePart, diagnostics: [Diagnostic]) {
    var rolling = StreamRolling(formats: LogFormat.named(formatName).formats, digest: try digest())
    var frames = FrameReader(InputStream(descriptor: 0))
    while let frame = try frames.next() {
      if !rolling.read(frames.stream, count: frame.length, as: frame.name) { throw frames.cutShort() }
    }
    return try rolling.finish()
  }

  private func rollShard() throws(JobError) -> Int32 {
    let (number, count) = try shard()
    guard let manifest = try manifest() else {
      throw JobError(.usage, "--shard needs --manifest", hint: "`muster plan PATH… -o MANIFEST` writes one")
    }
    let entries = manifest.shard(number, of: count)
    let output = try shardOutput(number, count)
    if let part = existing(output, entries) {
      world.note("'\(output)' is there already, and whole")
      return code(part.isComplete)
    }
    let (part, diagnostics) = try roll(entries.map(\.name))
    report(diagnostics)
    try write(part, to: output)
    summarise(part)
    return code(part.isComplete && !diagnostics.contains { $0.kind != .warning })
  }

  /// `i/n`, with i from 1 to n, or 0 for n: indexes that begin at 0 cover all shards too. `n` alone takes the index of the job.
  private func shard() throws(JobError) -> (number: Int, count: Int) {
    let text = value("shard") ?? ""
    let fields = text.split(separator: "/", omittingEmptySubsequences: false)
    let places = ["JOB_COMPLETION_INDEX", "AWS_BATCH_JOB_ARRAY_INDEX"]
    let isAlone = fields.count == 1 || fields.first?.isEmpty == true
    let index = isAlone ? places.compactMap { world.environment[$0] }.first.map { Substring($0) } : fields.first
    guard let count = fields.last.flatMap({ Int($0) }), (1...100_000).contains(count), fields.count <= 2,
      let number = index.flatMap({ Int($0) }), (0...count).contains(number)
    else {
      throw JobError(
        .usage, "--shard cannot be '\(text)'",
        hint: "write i/n, with i from 1 to n; n alone takes i from \(places.joined(separator: " or "))")
    }
    // Indexes of jobs begin at 0.
    return (isAlone ? number % count : (number + count - 1) % count, count)
  }

  private func shardOutput(_ number: Int, _ count: Int) throws(JobError) -> String {
    if let output = value("output") { return output }
    guard let folder = value("out") else {
      throw JobError(.usage, "--shard needs --out DIR, or --output PART")
    }
    do throws(FileError) { try FileSystem.makeFolder(world.resolve(folder)) } catch { throw JobError(error) }
    let digits = String(count).utf8.count
    let padded = String(repeating: "0", count: digits - String(number + 1).utf8.count) + String(number + 1)
    return "\(folder.hasSuffix("/") ? String(folder.dropLast()) : folder)/shard-\(padded)-of-\(count).rollup"
  }

  /// The whole part of these inputs, where it is there.
  private func existing(_ output: String, _ entries: [Manifest.Entry]) -> UsagePart? {
    guard FileSystem.kind(world.resolve(output)) == .file,
      let part = try? UsagePart(reading: world.resolve(output)),
      Manifest(entries).disagreements(with: part.ledger).isEmpty
    else { return nil }
    // What could not be read may be there now.
    return part.ledger.contains { $0.status == .unreadable } ? nil : part
  }
}

/// Reads inputs that come one after another on a stream.
private struct StreamRolling: ~Copyable {
  private var reading: FileReading
  private var counting: Counting
  private var accounts: [FileAccount] = []

  init(formats: [LogFormat], digest: InputDigest.Kind) {
    reading = FileReading(formats: formats, digest: digest)
    counting = Counting(IndexTape())
  }

  /// Whether all of it came.
  @discardableResult
  mutating func read(_ stream: InputStream, count: UInt64?, as name: String) -> Bool {
    let (account, isWhole) = reading.read(stream, count: count, as: name, into: &counting)
    accounts.append(account)
    return isWhole
  }

  consuming func finish() throws(JobError) -> (part: UsagePart, diagnostics: [Diagnostic]) {
    let tried = reading.tried
    let accounts = accounts
    do throws(PartError) {
      return try joined(try counting.finish().get(), accounts, tried: tried, name: "rollup")
    } catch { throw JobError(error) }
  }
}
