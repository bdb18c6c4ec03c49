import Base
private import Glibc

/// Everyone over the same logs, one after the other, as often as asked: neighbours on the machine then slow all of them alike.
struct UsageContest {
  private let input: UsageInput
  private let options: UsageOptions
  private let scratch: ScratchFolder

  private var muster = Runs()
  private var onTwoCores = Runs()
  /// Two processes on half of the files each, who share nothing: what the machine's second core is worth.
  private var apart = Runs()
  private var limits: [UsageLimit.Fields: Runs] = [:]
  private var peers: [UsagePeer: Runs] = [:]
  private var answers: [UsagePeer: UsagePeer.Answer] = [:]
  /// Bytes of text, expanded; without the limit, as they are stored.
  private var plain: UInt64

  init(_ input: UsageInput, _ options: UsageOptions) throws(BenchmarkError) {
    self.input = input
    self.options = options
    scratch = try ScratchFolder()
    for (number, half) in ["first", "second"].enumerated() {
      try scratch.link(input.files.enumerated().filter { $0.offset % 2 == number }.map(\.element), into: half)
    }
    plain = input.stored
    if options.hasPeers && Program.peers != nil { try UsagePeer.prepare(input.files, in: scratch) }
  }

  /// Everyone once.
  mutating func run() throws(BenchmarkError) {
    muster.add(try roll(UsageContest.muster.onOneCore, threads: 1))
    if options.hasLimit {
      for fields in UsageLimit.Fields.allCases {
        let run = try Program.own.onOneCore.expect(
          ["usage", "--project", input.shape.rawValue, "--fields", fields.rawValue] + input.files)
        limits[fields, default: Runs()].add(run)
        if let found = UsageLimit(saying: run.output) { plain = found.plain }
      }
    }
    if options.hasPeers, let python = Program.peers {
      for peer in UsagePeer.allCases {
        guard let (run, answer) = try peer.run(python.onOneCore, input.shape, scratch) else { continue }
        peers[peer, default: Runs()].add(run)
        answers[peer] = answer
      }
    }
    onTwoCores.add(try roll(UsageContest.muster, threads: 2))
    if input.files.count > 1 { apart.add(try rollApart()) }
  }

  private func rollApart() throws(BenchmarkError) -> ProgramRun {
    let half = #""$1" "$2" rollup --quiet --threads 1 --output "#
    let script = #"\#(half)"$3.part" "$3" & \#(half)"$4.part" "$4"; status=$?; wait $! && exit $status"#
    let halves = ["first", "second"].map { scratch.path($0) }
    return try Program("sh", "-c", script, "sh").expect(UsageContest.muster.words + halves)
  }

  private func roll(_ muster: Program, threads: Int) throws(BenchmarkError) -> ProgramRun {
    try muster.expect(
      ["rollup", "--quiet", "--threads", String(threads), "--output", part] + input.files)
  }

  /// The program that was built together with this one, which the one that lies beside it may not have been.
  private static var muster: Program { Program(Program.own.words[0], "muster") }

  private var part: String { scratch.path("part.rollup") }
}

extension UsageContest {
  func tell() throws(BenchmarkError) {
    let part = try UsageContest.muster.expect(["rollup", "show", part])
    let lines = String(decoding: part.output, as: UTF8.self).split(separator: "\n").prefix(2)
    print("\(input.name): \(input.files.count) files, \(input.stored) bytes, \(plain) expanded")
    for line in lines { print(line) }
    say("rollup", rates(muster))
    // On a machine that others use, the clock says little; processor time says what could be reached.
    let ceiling = hundredths(2 * muster.leastProcessor / onTwoCores.leastProcessor)
    say("two cores", "\(hundredths(muster.leastWall / onTwoCores.leastWall)) x one by the clock, \(ceiling) x at most")
    if input.files.count > 1 {
      say("", "\(hundredths(muster.leastWall / apart.leastWall)) x by two processes on half of the files each")
    }
    say("", rates(onTwoCores))
    say("memory", "\(muster.peakMemory) MiB at most, \(onTwoCores.peakMemory) MiB on two cores")
    for fields in UsageLimit.Fields.allCases {
      guard let limit = limits[fields] else { continue }
      say(fields == .read ? "limit" : "", "\(rates(limit)): \(input.shape.limit) over \(fields.text)")
      say("", "reached: \(shown(100 * limit.leastProcessor / muster.leastProcessor)) % by processor time")
    }
    tellPeers()
    try say("sha256", sha256())
    sayLoad()
    print("")
    fflush(nil)
    try check(String(lines.first ?? ""))
  }

  private func tellPeers() {
    for peer in UsagePeer.allCases {
      guard let runs = peers[peer], let answer = answers[peer] else { continue }
      let memory = "\(runs.peakMemory) MiB, \(answer.events) events in \(answer.groups) groups"
      say(peer.name, "\(rates(runs)), \(memory)")
    }
    if peers.count < UsagePeer.allCases.count {
      say("peers", options.hasPeers ? "not all are installed: Tests/install.sh peers does it" : "not asked for")
    }
    if let best = peers.values.map(\.leastProcessor).min(), let quickest = peers.values.map(\.leastWall).min() {
      let ratio = "\(hundredths(best / muster.leastProcessor)) x the best peer by processor time"
      say("of peers", "\(ratio), \(hundredths(quickest / muster.leastWall)) x by the clock")
    }
  }

  private func rates(_ runs: Runs) -> String {
    let best = Measurement(wall: runs.leastWall, processor: runs.leastProcessor)
    return "\(best.rates(plain)) (\(hundredths(best.processor)) s, \(hundredths(best.wall)) s)"
  }

  /// By another program: what this one holds would count as the memory of those that it starts later.
  private func sha256() throws(BenchmarkError) -> String {
    String(decoding: try Program("sha256sum").expect([part]).output.prefix(64), as: UTF8.self)
  }

  /// Who counts other events did other work.
  private func check(_ events: String) throws(BenchmarkError) {
    let words = events.split(separator: " ")
    guard words.count > 1, let count = Int(words[1]) else { throw BenchmarkError(message: "no part came out") }
    for peer in UsagePeer.allCases {
      guard let answer = answers[peer] else { continue }
      if answer.events != count || answer.groups != answers.values.first?.groups {
        throw BenchmarkError(message: "\(peer.name) did not count the same events or groups")
      }
    }
  }
}

/// The number with two digits after the point.
private func hundredths(_ value: Double) -> String {
  let number = Int((value * 100).rounded())
  return "\(number / 100).\(number / 10 % 10)\(number % 10)"
}
