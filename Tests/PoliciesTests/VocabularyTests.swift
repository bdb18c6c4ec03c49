import Base
import Declarations
import Expressions
import Model
import Testing

@testable import Policies

struct VocabularyTests {
  private static let fields = PolicyVocabulary.types.flatMap { type in
    type.fields.map { ("\(type.name).\($0.name)", $0) }
  }

  @Test func describesEveryTypeAndField() {
    for type in PolicyVocabulary.types { #expect(!type.summary.isEmpty && !type.summary.hasSuffix(".")) }
    for (name, field) in Self.fields {
      #expect(field.summary.count > 5 && !field.summary.hasSuffix("."), "\(name)")
      #expect(field.isOptional == !field.absent.isEmpty, "\(name) does not say when it is absent")
      #expect(!field.absent.hasSuffix(".") && !field.unknown.hasSuffix("."), "\(name)")
    }
  }

  @Test func namesOnlyTypesThatItDeclares() {
    let declared = Set(PolicyVocabulary.types.map(\.name))
    #expect(declared.count == PolicyVocabulary.types.count)
    func names(_ type: CELType) -> [String] {
      switch type {
      case .object(let name): [name]
      case .list(let element): names(element)
      case .map(let key, let value): names(key) + names(value)
      default: []
      }
    }
    for (name, field) in Self.fields { #expect(declared.isSuperset(of: names(field.type)), "\(name)") }
    for subject in Policy.Subject.allCases {
      for variable in PolicyVocabulary.variables(of: subject) { #expect(declared.isSuperset(of: names(variable.type))) }
    }
  }

  @Test func neverGivesATextOutsideOfItsValues() {
    // What examples of all policies show, each text is one of those that the table allows.
    for policy in Policy.load(builtIn: true, PolicyLibrary.files).policies {
      for example in policy.examples {
        let given = ExampleReader(example.given)
        let (governance, _) = ExampleEstate.governance(given)
        let estate = Estate(
          governance: governance, facts: ExampleEstate.facts(given), now: given.now, decisions: given.decisions,
          since: ExampleEstate.base(given, governance).0)
        for joined in estate.identities { check(PolicyVocabulary.value(of: joined, in: estate), depth: 0) }
        for change in estate.changes?.changes ?? [] {
          check(PolicyVocabulary.change.object(ChangeSubject(change: change, estate: estate)), depth: 0)
        }
      }
    }
  }

  private func check(_ value: Value, depth: Int) {
    guard depth < 5 else { return }
    switch value {
    case .list(let elements): for element in elements { check(element, depth: depth + 1) }
    case .object(let object):
      for (number, field) in object.type.fields.enumerated() {
        let value = object.field(number)
        if case .absent = value { #expect(field.isOptional, "\(object.type.name).\(field.name) is absent") }
        if case .unknown = value { #expect(!field.unknown.isEmpty, "\(object.type.name).\(field.name) is unknown") }
        if case .string(let text) = value, !field.values.isEmpty {
          #expect(field.values.contains(text), "\(object.type.name).\(field.name) is \(text)")
        }
        check(value, depth: depth + 1)
      }
    default: break
    }
  }

  @Test func agreesWithTheSchemaAboutSubjectsAndNeeds() throws {
    let fields = FileKind.policy.fields
    #expect(fields.map(\.name) == Policy.keys)
    func words(_ key: String) throws -> [String] {
      switch try #require(fields.first { $0.name == key }).shape {
      case .word(let words), .list(.word(let words)): words
      default: []
      }
    }
    #expect(try words("subject") == Policy.Subject.allCases.map(\.rawValue))
    #expect(try words("needs") == Policy.Need.allCases.map(\.rawValue))
    #expect(try words("severity") == Severity.allCases.map(\.rawValue))
  }
}

struct PolicyCompletionTests {
  private static let head = """
    policy: own
    title: Own
    severity: low
    subject: identity
    params: { grace: 5d }
    variables:
      ended: identity.expires + params.grace

    """

  /// The texts that may stand at the `|` of a file.
  private static func at(_ marked: String) throws -> [String] {
    let lines = marked.split(separator: "\n", omittingEmptySubsequences: false)
    let number = try #require(lines.firstIndex { $0.contains("|") })
    let before = lines[number].prefix { $0 != "|" }
    var text = lines.map(String.init)
    text[number] = String(lines[number].replacing("|", with: "", maxReplacements: 1))
    let file = SourceFile(path: "policies/own.yaml", bytes: Array(text.joined(separator: "\n").utf8))
    let found = PolicyCompletion.at(line: number + 1, column: before.unicodeScalars.count + 1, of: file)
    #expect(found.begun <= before.unicodeScalars.count)
    return found.items.map(\.text)
  }

  @Test(
    arguments: [
      ("require: identity.|", "expires"), ("require: \"identity.ex|", "expires"),
      ("require: 'identity.kind == \"|", "role"),
      ("require: identity.kind == \"|", "role"), ("require: \"identity.enabled && |\"\nmessage: x\n", "identity"),
      ("require: >-\n  identity.enabled\n  && identity.us|\nmessage: x\n", "used"),
      ("require: 'identity.purpose == \"é\" && identity.han|", "handle"),
      ("when: |\n", "identity"), ("evidence: { last: identity.l|", "lastUsed"),
      ("evidence:\n  last: identity.l|", "lastUsed"),
      ("unknown:\n  - when: identity.|\n    because: x\n", "used"), ("unknown:\n  - { when: \"identity.|", "used"),
      ("message: \"{identity.handle} is {identity.|", "kind"), ("message: \"{identity.|}\"\nremedy: x\n", "kind"),
      ("require: now > variables.|", "ended"), ("require: now > params.|", "grace"),
      ("re|", "require"), ("at: exp|", "expires"), ("needs: [declared, gr|", "granted"), ("subject: de|", "decision"),
    ])
  func knowsWhatMayStand(lines: String, wanted: String) throws {
    let found = try Self.at(Self.head + lines)
    #expect(found.contains(wanted), "\(lines): \(found)")
  }

  @Test func offersNothingOutsideOfExpressions() throws {
    #expect(try Self.at(Self.head + "why: identity.|\n").isEmpty)
    #expect(try Self.at(Self.head + "message: \"identity.|\"\n").isEmpty)
    #expect(try Self.at("|").contains("policy"))
    let file = SourceFile(path: "x", bytes: [0xFF, 0xFE, 0x0A])
    for place in [(1, 1), (1, 99), (2, 1), (99, 1), (0, 0)] {
      #expect(PolicyCompletion.at(line: place.0, column: place.1, of: file).items.allSatisfy { $0.kind == .field })
    }
  }

  @Test(arguments: Policy.Subject.allCases) func knowsTheFieldsOfEverySubject(subject: Policy.Subject) throws {
    let head = Self.head.replacing("subject: identity", with: "subject: \(subject)").replacing(
      "identity.expires", with: "now")
    let type = try #require(PolicyVocabulary.types.first { $0.name.lowercased() == subject.rawValue })
    #expect(try Self.at(head + "require: \"\(subject).|") == type.fields.map(\.name))
  }
}
