import Base
import Documents
import Model

extension ReviewItem {
  /// The front matter with its two `---` lines, in the order of `keys`.
  var frontMatterText: String {
    var writer = YAMLWriter()
    writer.field("item", id)
    writer.field("campaign", campaign)
    writer.field("identity", identity)
    writer.field("principal", principal?.description)
    writer.field("subject", subject)
    writer.field("policy", policy)
    writer.field("code", code)
    writer.field("field", field)
    writer.field("severity", severity.rawValue)
    writer.field("risk", .plain(String(risk)))
    writer.field("status", status.rawValue)
    writer.field("owner", owner?.description)
    writer.field("owner-resolved", ownerResolved?.rawValue)
    writer.field("backup", backup?.description)
    writer.field("route", route.rawValue)
    writer.field("opened", .plain(opened.description))
    writer.field("due", .plain(due.description))
    writer.field("evidence", .inline(evidence.yaml))
    writer.field("declaration", declaration)
    writer.field("history", .sequence(history.map(\.yaml)))
    writer.field("decisions", .sequence([]))
    return "---\n" + writer.text + "---\n"
  }
}

extension ReviewItem.Evidence {
  var yaml: YAMLValue {
    var members: [(key: String, value: YAMLValue)] = []
    if let facts { members.append((key: "facts", value: .text(facts))) }
    members.append((key: "digest", value: .text(digest)))
    if let window { members.append((key: "window", value: .text("\(window.lowerBound)/\(window.upperBound)"))) }
    return .mapping(members)
  }
}

extension ItemEvent {
  /// One line a step.
  var yaml: YAMLValue {
    var members: [(key: String, value: YAMLValue)] = [
      (key: "event", value: .text(kind.rawValue)), (key: "at", value: .plain(at.description)),
    ]
    if let to { members.append((key: "to", value: .text(to.description))) }
    if let level { members.append((key: "level", value: .plain(String(level)))) }
    if let facts { members.append((key: "facts", value: .text(facts))) }
    if let note { members.append((key: "note", value: .text(note))) }
    return .inline(.mapping(members))
  }
}

extension Decision {
  /// A key a line, without the signature.
  var lines: [String] {
    var writer = YAMLWriter()
    writer.field("decision", kind.rawValue)
    writer.field("by", by.description)
    writer.field("at", .plain(at.description))
    if let until { writer.field("until", .plain(until.description)) }
    writer.field("owner", owner?.description)
    writer.field("approver", approver?.description)
    writer.field("route", route?.rawValue)
    writer.field("reason", reason)
    writer.field("ticket", ticket)
    let lines = writer.text.split(separator: "\n").map(String.init)
    // As people write it; the writer would quote the key, since old YAML reads `on` as a boolean. A digest needs no
    // quotes.
    return lines + ["on: \(on)"]
  }
}

/// Changes of an item's file that leave every other byte as it is: a person's text, comments and layout stay.
struct ItemEdit {
  private let item: ReviewItem
  private var edits: [Edit] = []
  private var body: (page: ItemBody, day: Day)?

  init(_ item: ReviewItem) { self.item = item }

  /// Gives a top-level key a value.
  mutating func set(_ key: String, _ value: String) {
    let isPlain = ["risk", "opened", "due"].contains(key)
    edits.append(.set([.key(key)], to: isPlain ? .plain(value) : .text(value)))
  }

  mutating func set(_ evidence: ReviewItem.Evidence) {
    if let facts = evidence.facts { edits.append(.set(["evidence", "facts"], to: .text(facts))) }
    edits.append(.set(["evidence", "digest"], to: .text(evidence.digest)))
    if let window = evidence.window {
      edits.append(.set(["evidence", "window"], to: .text("\(window.lowerBound)/\(window.upperBound)")))
    }
  }

  mutating func append(_ event: ItemEvent) { edits.append(.append(event.yaml, to: ["history"])) }
  mutating func append(_ decision: Decision) { edits.append(.append(lines: decision.lines, to: ["decisions"])) }

  /// Stores a signature beside a decision.
  mutating func sign(_ decision: Decision, _ signature: String) {
    let stored = StoredDecision.all(in: item.source.bytes, path: item.path)
    let index = stored.firstIndex { $0.location == decision.location } ?? item.decisions.count
    let path: [PathStep] = ["decisions", .index(index)]
    if decision.signature != nil {
      edits.append(.set(path + ["signature"], to: .literal(signature)))
    } else {
      edits.append(.insert("signature", .literal(signature), in: path))
    }
  }

  mutating func replaceBody(with page: ItemBody, on day: Day) { body = (page, day) }

  /// The item read again from its new bytes.
  func apply() throws(ReviewError) -> ReviewItem {
    var source = item.source
    source.bytes = try FrontMatterEdit.apply(edits, to: source)
    if let body { source.bytes = FrontMatterEdit.replaceGenerated(in: source, with: body.page, on: body.day) }
    let (changed, diagnostics) = ReviewItem.read(source)
    guard let changed, changed.decisions.count >= item.decisions.count else {
      let worst = diagnostics.first
      throw ReviewError(
        .invalidItem, "the item cannot be changed safely: \(worst?.message ?? "it does not read back")",
        at: worst?.location ?? item.location(of: "item"))
    }
    return changed
  }
}

/// Edits of files with front matter.
enum FrontMatterEdit {
  static func apply(_ edits: [Edit], to file: SourceFile) throws(ReviewError) -> [UInt8] {
    let (matter, diagnostics) = FrontMatter.read(file.bytes, path: file.path)
    guard let matter else {
      throw ReviewError(
        .invalidItem, diagnostics.first?.message ?? "the file has no front matter", at: diagnostics.first?.location)
    }
    do {
      return try Documents.apply(edits: edits, to: matter.document)
    } catch {
      throw ReviewError(.invalidItem, error.message, hint: "mend the file by hand first", at: error.location)
    }
  }

  /// The file with the generated part of its body renewed. A part that a person changed is kept below, under its own
  /// heading; a body without the marks is a person's own and gets the new part before it.
  static func replaceGenerated(in file: SourceFile, with page: ItemBody, on day: Day) -> [UInt8] {
    guard let range = FrontMatter.read(file.bytes, path: file.path).frontMatter?.bodyRange else { return file.bytes }
    let head = Array(file.bytes[..<range.lowerBound])
    let body = String(decoding: file.bytes[range], as: UTF8.self)
    let lines = body.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    guard let begin = lines.firstIndex(where: { $0.hasPrefix(ItemBody.beginMark) }),
      let end = lines.lastIndex(where: { $0 == ItemBody.endMark }), begin < end
    else {
      return head + Array(("\n" + page.generated + "\n" + body.drop { $0 == "\n" }).utf8)
    }
    let old = lines[(begin + 1)..<end].joined(separator: "\n")
    let isUntouched = lines[begin] == ItemBody.beginMark + ItemBody.seal(of: old) + ")"
    let kept = isUntouched ? "" : "\n## Edited by hand, kept from before \(day)\n\n\(old)\n"
    let before = lines[..<begin].map { $0 + "\n" }.joined()
    let after = lines[(end + 1)...].joined(separator: "\n")
    return head + Array((before + page.generated + kept + after).utf8)
  }

  /// The campaign's file marked as closed.
  static func closing(_ file: SourceFile, on day: Day, adding text: String) throws(ReviewError) -> SourceFile {
    var file = file
    file.bytes = try apply(
      [
        .set(["status"], to: .text(CampaignRecord.Status.closed.rawValue)),
        .insert("closed", .plain(day.description), after: "opened"),
      ],
      to: file)
    file.bytes += Array(("\n" + text).utf8)
    return file
  }
}
