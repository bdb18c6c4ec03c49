import Base
import Expressions
import Model
import Policies

extension CommandSpecification {
  static let policyFields = CommandSpecification(
    "policy fields", "every word that a condition may use",
    details: """
      The types with their fields, and everything that can be called: the same table that policies are checked by. A name shows one
      type, one field (`identity.expires`) or one function; --search shows what has the text in its name or description.
      """,
    arguments: [ArgumentSpecification("NAME", "a subject, a type, a field or a function", required: false)],
    options: [
      OptionSpecification("search", value: "TEXT", "only what has the text, in either case"),
      OptionSpecification(
        "output", short: "o", value: "FORMAT", "text, a Markdown page, or JSON for programs",
        choices: ["text", "markdown", "json"]),
    ],
    examples: [
      ("muster policy fields identity", "the fields of an identity"),
      ("muster policy fields --search expir", "what has to do with expiry"),
      ("muster policy fields -o markdown > fields.md", "the whole page"),
    ]
  ) { invocation throws(CommandError) in
    var words = VocabularyPage.whole
    if let name = invocation.arguments.first {
      guard let named = words.named(name) else {
        throw CommandError(
          .usage, "no type, field or function `\(name)`", hint: suggestion(for: name, among: words.names))
      }
      words = named
    }
    if let text = invocation.value("search") { words = words.searching(text) }
    if words.isEmpty { invocation.console.note("nothing has that text") }
    switch invocation.value("output") {
    case "json": invocation.console.out(words.json)
    case "markdown": invocation.console.out(words.markdown)
    default: invocation.console.out(words.text)
    }
    return .clean
  }
}

/// What is to be shown of the vocabulary.
struct VocabularyPage {
  var subjects: [(name: String, variables: [Expressions.Environment.Variable])]
  var types: [(type: ObjectType, fields: [ObjectType.Field])]
  var calls: [CallDocumentation]

  /// Everything.
  static var whole: VocabularyPage {
    let now = Expressions.Environment.Variable("now", .timestamp, "the instant of the run")
    let calls = PolicyVocabulary.environment([now]).callDocumentation(now: .instant(exampleInstant))
    return VocabularyPage(
      subjects: Policy.Subject.allCases.map { ($0.rawValue, PolicyVocabulary.variables(of: $0)) },
      types: PolicyVocabulary.types.map { ($0, $0.fields) }, calls: calls)
  }

  /// The instant of the examples: 2026-11-20T12:00:00Z, so that the page is the same on every day.
  private static let exampleInstant = Instant(milliseconds: 1_795_176_000_000)

  var isEmpty: Bool { types.isEmpty && calls.isEmpty }

  var names: [String] {
    types.map(\.type.name) + types.map { $0.type.name.lowercased() }
      + calls.filter { $0.kind != .operator }.map(\.name)
  }

  /// One type, one field of one, or what is called by that name.
  func named(_ name: String) -> VocabularyPage? {
    let parts = name.split(separator: ".", maxSplits: 1).map { $0.lowercased() }
    var page = VocabularyPage(subjects: [], types: [], calls: calls.filter { $0.name == name })
    page.types = types.filter { $0.type.name.lowercased() == name.lowercased() }
    if parts.count == 2 {
      page.types += types.filter { $0.type.name.lowercased() == parts[0] }.compactMap { type, fields in
        let fitting = fields.filter { $0.name.lowercased() == parts[1] }
        return fitting.isEmpty ? nil : (type, fitting)
      }
    }
    page.subjects = subjects.filter { $0.name == name.lowercased() && !page.types.isEmpty }
    return page.isEmpty ? nil : page
  }

  /// What has the text in its name or its description, in either case.
  func searching(_ text: String) -> VocabularyPage {
    let wanted = text.lowercased()
    func has(_ texts: String...) -> Bool { texts.contains { $0.lowercased().contains(wanted) } }
    let found = types.compactMap { type, fields -> (type: ObjectType, fields: [ObjectType.Field])? in
      let fitting = fields.filter {
        has($0.name, $0.summary, $0.absent, $0.unknown, $0.type.description) || $0.values.contains { has($0) }
      }
      return fitting.isEmpty ? nil : (type, fitting)
    }
    return VocabularyPage(
      subjects: [], types: found, calls: calls.filter { has($0.name, $0.summary, $0.signatures.joined(separator: " ")) }
    )
  }
}

extension ObjectType.Field {
  /// `timestamp?` where it may be absent.
  var shape: String { "\(type)\(isOptional ? "?" : "")" }

  /// Everything but the summary, each with a word before it.
  var notes: [(name: String, text: String)] {
    var notes: [(name: String, text: String)] = []
    if !values.isEmpty {
      notes.append(("one of", values.map { $0.isEmpty ? "(empty)" : $0 }.joined(separator: ", ")))
    }
    if !absent.isEmpty { notes.append(("absent where", absent)) }
    if !unknown.isEmpty { notes.append(("unknown where", unknown)) }
    return notes
  }
}
