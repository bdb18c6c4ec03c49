import Base
import Documents
private import Glibc

extension CommandSpecification {
  static let collect = CommandSpecification(
    "collect", "runs a platform's own program to write its exports",
    details: """
      Makes read-only calls of the vendor's program (aws, gcloud, az, kubectl, gh, glab, vault, spire-server, snow, databricks), which
      holds the credentials, and writes what each prints to a file below `exports/PLATFORM`, where `muster sync` finds it. With --plan
      prints the exact calls and the least that the caller must be allowed, and calls nothing. A call that fails is named, the
      others are made, its older export stays, and the exit code is 3. No call prints a secret's value.
      """,
    arguments: [
      ArgumentSpecification("PLATFORM", CollectPlan.all.map(\.platform).joined(separator: ", "))
    ],
    options: [
      OptionSpecification("plan", "print the calls and the permissions that they need; call nothing"),
      OptionSpecification("to", value: "DIR", "the folder for the exports; exports/PLATFORM by default"),
      OptionSpecification(
        "set", value: "NAME=VALUE", "what a platform must know: project, context, organization, group", repeated: true),
    ],
    examples: [
      ("muster collect --plan aws", "what it would call, and the policy for it"),
      ("muster collect aws", "write exports/aws/*.json with the credentials that `aws` has"),
      ("muster collect gcp --set project=acme-prod", "one project of Google Cloud"),
    ]
  ) { invocation throws(CommandError) in
    let name = invocation.arguments[0]
    guard let plan = CollectPlan.all.first(where: { $0.platform == name }) else {
      throw CommandError(
        .usage, "'\(name)' is no platform that can be collected",
        hint: suggestion(for: name, among: CollectPlan.all.map(\.platform)))
    }
    let values = try plan.values(invocation)
    if invocation.has("plan") {
      invocation.console.out(plan.page(values, folder: invocation.value("to") ?? "exports/\(name)"))
      return .clean
    }
    if let reason = plan.onlyPrinted {
      throw CommandError(
        .usage, "\(name) cannot be collected from here: \(reason)", hint: "muster collect --plan \(name)")
    }
    if let missing = plan.parameters.first(where: { values[$0.name] == nil }) {
      throw CommandError(
        .usage, "\(name) needs \(missing.name): \(missing.help)",
        hint: "muster collect \(name) --set \(missing.name)=VALUE")
    }
    var collection = Collection(plan, values, invocation)
    return try collection.run()
  }
}

extension CollectPlan {
  /// What `--set` says, by name.
  fileprivate func values(_ invocation: Invocation) throws(CommandError) -> [String: String] {
    var values: [String: String] = [:]
    for setting in invocation.values("set") {
      let parts = setting.split(separator: "=", maxSplits: 1).map(String.init)
      let known = parameters.map(\.name)
      guard parts.count == 2, known.contains(parts[0]) else {
        throw CommandError(
          .usage, "--set '\(setting)' is not understood",
          hint: known.isEmpty
            ? "\(platform) needs nothing" : "\(platform) needs \(known.map { "\($0)=VALUE" }.joined(separator: " "))")
      }
      guard isPlain(parts[1]) else {
        throw CommandError(.usage, "--set \(parts[0]): '\(parts[1])' cannot be a word of a call or the name of a file")
      }
      values[parts[0]] = parts[1]
    }
    return values
  }

  /// The calls, one a line as a shell would take them, and the permissions.
  fileprivate func page(_ values: [String: String], folder: String) -> String {
    var text = "# \(platform): read-only calls of `\(program)`\n"
    for step in steps {
      let words = step.arguments.map { quoted(filled($0, values)) }.joined(separator: " ")
      let target = step.file.map { " > \(quoted("\(folder)/\(filled($0, values))"))" } ?? ""
      let each = step.each.map { ", once for each \($0.place) of \(filled($0.file, values))" } ?? ""
      text += "\n# \(step.what)\(each)\(step.isOptional ? " (optional)" : "")\n\(program) \(words)\(target)\n"
    }
    return text + "\n# The least that the caller must be allowed\n"
      + filled(permission, values).split(separator: "\n", omittingEmptySubsequences: false)
      .map { "# \($0)\n" }.joined()
  }
}

/// The text with `{name}` filled in; names that are not known stay.
private func filled(_ text: String, _ values: [String: String]) -> String {
  var text = text
  for (name, value) in values.sorted(by: { $0.key < $1.key }) { text = text.replacing("{\(name)}", with: value) }
  return text
}

/// As one word of a POSIX shell.
private func quoted(_ word: String) -> String {
  let plain = "-_./:=@%+,{}"
  if !word.isEmpty, word.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || plain.contains($0)) }) {
    return word
  }
  return "'\(word.replacing("'", with: "'\\''"))'"
}

/// Whether a stranger's name may become a word of a call: it must not look like an option, climb out of a folder, or hold what no
/// name of a platform holds.
private func isPlain(_ name: String) -> Bool {
  !name.isEmpty && name.utf8.count <= 512 && !name.hasPrefix("-") && !name.split(separator: "/").contains("..")
    && name.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F }
}

/// One run over a platform's calls.
private struct Collection {
  private let plan: CollectPlan
  private let values: [String: String]
  private let invocation: Invocation
  private let folder: String
  private var failures = 0
  private var written = 0

  init(_ plan: CollectPlan, _ values: [String: String], _ invocation: Invocation) {
    (self.plan, self.values, self.invocation) = (plan, values, invocation)
    folder = invocation.world.absolute(invocation.value("to") ?? "exports/\(plan.platform)")
  }

  mutating func run() throws(CommandError) -> ExitCode {
    for step in plan.steps {
      guard let each = step.each else {
        try call(step, values)
        continue
      }
      let names = names(each)
      for (index, name) in names.enumerated() {
        invocation.console.progress(step.what, done: index, total: names.count)
        var values = values
        (values["each"], values["from"]) = (name.value, name.file)
        try call(step, values)
      }
      invocation.console.endProgress()
    }
    invocation.console.note(
      "\(counted(written, "export", "exports")) below \(folder)\(failures > 0 ? ", \(counted(failures, "call", "calls")) failed" : "")"
    )
    if failures == 0 { invocation.console.note("next: muster sync") }
    return failures > 0 ? .incomplete : .clean
  }

  /// The values that earlier exports hold; such as cannot be a word of a call are named and left out.
  private func names(_ each: CollectStep.Each) -> [(value: String, file: String)] {
    let pattern = "\(folder)/\(filled(each.file, values))"
    var names: [String: String] = [:]
    for path in (try? FileSystem.files(at: pattern)) ?? [] {
      let file = String(path.split(separator: "/").last ?? "")
      guard let bytes = try? FileSystem.read(path, limit: 1 << 30),
        let root = Document.json(bytes, path: path).document?.root
      else { continue }
      for text in Self.texts(in: root, at: each.place.split(separator: "/")[...]) {
        var name = each.takesLastPart ? String(text.split(separator: "/").last ?? "") : text
        if let marker = each.after { name = text.firstRange(of: marker).map { String(text[$0.upperBound...]) } ?? "" }
        if isPlain(name) {
          names[name] = file.hasSuffix(".json") ? String(file.dropLast(5)) : file
        } else {
          invocation.console.problem("left out: '\(name)' of \(path) cannot be a word of a call")
        }
      }
    }
    return names.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  private static func texts(in node: Node, at place: ArraySlice<Substring>) -> [String] {
    guard let step = place.first else { return node.text.map { [$0] } ?? [] }
    if step == "*" { return node.elements.flatMap { texts(in: $0, at: place.dropFirst()) } }
    return node[String(step)].map { texts(in: $0, at: place.dropFirst()) } ?? []
  }

  private mutating func call(_ step: CollectStep, _ values: [String: String]) throws(CommandError) {
    let arguments = step.arguments.map { filled($0, values) }
    let shown = ([plan.program] + arguments).map(quoted).joined(separator: " ")
    invocation.console.progress(step.what, done: 0, total: 1)
    let result: ExternalProgram.Result
    do throws(ExternalProgramError) { result = try run(arguments, waitingWhile: step.waitsWhile) } catch {
      invocation.console.endProgress()
      if error.isMissing {
        throw CommandError(
          .usage, "the program '\(plan.program)' is not installed",
          hint: "install it and sign in, or run the calls of --plan elsewhere")
      }
      return refuse(step, shown, error.message)
    }
    invocation.console.endProgress()
    if result.status == 0 { return try keep(result.output, step, values) }
    let said = String(decoding: result.errors, as: UTF8.self).split(whereSeparator: \.isNewline).last.map(String.init)
    refuse(step, shown, said ?? "it ended with \(result.status)")
  }

  /// Runs the program; again, a second apart and a minute at most, while it says those words.
  private func run(
    _ arguments: [String], waitingWhile words: String?
  ) throws(ExternalProgramError) -> ExternalProgram.Result {
    let program = ExternalProgram(plan.program, environment: invocation.world.environment)
    var result = try program.run(arguments, limit: 1 << 30)
    for _ in 0..<60 {
      let said = result.status == 0 ? result.output : result.errors
      guard let words, said.count < 1 << 20, String(decoding: said, as: UTF8.self).contains(words) else { break }
      sleep(1)
      result = try program.run(arguments, limit: 1 << 30)
    }
    return result
  }

  private mutating func refuse(_ step: CollectStep, _ call: String, _ reason: String) {
    if step.isOptional { return invocation.console.note("without \(step.what): \(call): \(reason)") }
    failures += 1
    invocation.console.problem("\(step.what) could not be had: \(call): \(reason)")
  }

  /// Writes the export in one step: who reads meanwhile sees the old one or the new one.
  private mutating func keep(_ bytes: [UInt8], _ step: CollectStep, _ values: [String: String]) throws(CommandError) {
    guard let file = step.file else { return }
    // A name of a platform may hold slashes, as ARNs do: they are no folders here.
    let name = values["each"].map { step.each?.after == nil ? $0.replacing("/", with: "_") : $0 }
    var values = values
    values["each"] = name
    let path = "\(folder)/\(filled(file, values))"
    do throws(FileError) {
      try FileSystem.makeFolder(String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)]))
      try FileSystem.write(bytes, to: path, mode: 0o600)
    } catch { throw CommandError(error) }
    written += 1
  }
}
