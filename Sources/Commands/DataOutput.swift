import Base

/// Where the answer of a command goes that knows two forms: `--output text|json[=PATH]`.
struct DataOutput: Sendable {
  static let option = OptionSpecification(
    "output", short: "o", value: "FORMAT[=PATH]", "`text` or `json`, to standard output without PATH; repeatable",
    repeated: true, choices: ["text", "json"])

  private let targets: [(isJSON: Bool, path: String?)]

  init(_ invocation: Invocation) throws(CommandError) {
    var targets: [(isJSON: Bool, path: String?)] = []
    for value in invocation.values("output").isEmpty ? ["text"] : invocation.values("output") {
      let parts = value.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if parts.count == 2 && parts[1].isEmpty {
        throw CommandError(.usage, "--output \(value) names no file", hint: "--output \(parts[0])=PATH")
      }
      targets.append((parts[0] == "json", parts.count == 2 ? String(parts[1]) : nil))
    }
    if targets.count(where: { $0.path == nil }) > 1 {
      throw CommandError(
        .usage, "only one format can go to standard output", hint: "write the other to a file: --output json=PATH")
    }
    self.targets = targets
  }

  /// Writes the answer in each form that was asked for; the text is told whether it may use colours.
  func write(text: (Bool) -> [UInt8], json: () -> [UInt8], _ invocation: Invocation) throws(CommandError) {
    for target in targets {
      let bytes = target.isJSON ? json() : text(target.path == nil && invocation.world.usesColour)
      guard let path = target.path else {
        invocation.console.out(bytes)
        continue
      }
      do throws(FileError) { try FileSystem.write(bytes, to: invocation.world.absolute(path)) } catch {
        throw CommandError(.usage, error.description, hint: "--output FORMAT=PATH needs a writable file")
      }
    }
  }
}

/// The options that limit a question about logs to a period.
enum PeriodOptions {
  static let all = [
    OptionSpecification("since", value: "TIME", "not before: a day, an instant, or a span back from now (`90d`)"),
    OptionSpecification("until", value: "TIME", "not after: a day (its end), an instant, or a span back from now"),
  ]

  /// Both ends, in milliseconds since the epoch.
  static func period(_ invocation: Invocation) throws(CommandError) -> ClosedRange<Int64> {
    let now = try invocation.now()
    let since = try instant("since", invocation, now) { $0.start }?.milliseconds ?? .min
    let until = try instant("until", invocation, now) { Instant(milliseconds: $0.end.milliseconds - 1) }?.milliseconds
    if let until, until < since { throw CommandError(.usage, "--until is before --since") }
    return since...(until ?? .max)
  }

  private static func instant(
    _ name: String, _ invocation: Invocation, _ now: Instant, _ ofDay: (Day) -> Instant
  ) throws(CommandError) -> Instant? {
    guard let text = invocation.value(name) else { return nil }
    if let span = Milliseconds(text) { return now.advanced(by: Milliseconds(-span.count)) }
    if let day = Day(text) { return ofDay(day) }
    if let instant = Instant(text) { return instant }
    throw CommandError(
      .usage, "--\(name) '\(text)' is no time",
      hint: "write a day (2026-11-20), an instant (2026-11-20T12:00:00Z) or a span back from now (90d, 12h)")
  }
}
