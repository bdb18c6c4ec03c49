import Base
import Testing

@testable import Expressions

private let credential = ObjectType(
  "Credential", "a key",
  fields: [
    .init("id", .string, "its id"), .init("isActive", .bool, "whether it works"),
    .init("status", .string, "its state", values: ["active", "inactive"]),
  ])
private let identity = ObjectType(
  "Identity", "an identity",
  fields: [
    .init("handle", .string, "its name"), .init("enabled", .bool, "whether it can act"),
    .init("kind", .string, "what it is", values: ["role", "user"]),
    .init("expires", .timestamp, "its end", absent: "it has none"),
    .init("credentials", .list(.object("Credential")), "its keys"),
    .init("data", .list(.string), "its data", values: ["public", "secret"]),
    .init("tags", .map(.string, .string), "its tags"),
  ])

struct CompletionTests {
  private static let environment = Environment(
    types: [identity, credential], variables: [.init("now", .timestamp), .init("identity", .object("Identity"), "it")]
  ).adding(constant: "params.grace", .int(3), .int)

  /// The texts that may stand at the `|`, and what they take the place of.
  private static func at(_ marked: String, template: Bool = false) throws -> (items: [Completion], begun: String) {
    let place = try #require(marked.firstRange(of: "|"))
    let text = marked.replacing("|", with: "", maxReplacements: 1)
    let offset = marked[..<place.lowerBound].utf8.count
    let found =
      template ? environment.completions(inTemplate: text, at: offset) : environment.completions(in: text, at: offset)
    return (found.items, String(decoding: Array(text.utf8)[found.range.start..<found.range.end], as: UTF8.self))
  }

  @Test(
    arguments: [
      ("identity.|", "enabled"), ("identity.en|", "enabled"), ("identity.|.size() > 0", "handle"),
      ("identity.| && true", "enabled"), ("!identity.|", "enabled"), ("[identity.|", "handle"),
      ("{'a': identity.|", "handle"), ("{identity.|", "handle"), ("identity.enabled ? identity.|", "handle"),
      ("true ? identity.handle : identity.|", "handle"), ("identity.?exp|", "expires"), ("(1 + (identity.|", "handle"),
      ("identity.credentials.filter(c, c.|", "isActive"), ("identity.credentials.exists(c, c.isActive && c.|", "id"),
      ("identity.credentials[0].|", "status"), ("identity.credentials.filter(c, c.isActive).|", "size"),
      ("identity.credentials.map(c, c.isActive, c.|", "id"), ("cel.bind(i, identity, i.|", "expires"),
      ("identity.?handle.optMap(h, h.|", "startsWith"), ("identity.credentials.|", "exists"),
      ("identity.tags.|", "transformMap"), ("identity.expires.|", "getHours"), ("'a'.|", "startsWith"),
      ("math.|", "abs"), ("params.|", "grace"), ("has(identity.|", "expires"), ("|", "identity"), ("i|", "identity"),
      ("identity.enabled && |", "identity"), ("size(|", "identity"), ("p|", "params"), ("m|", "math"),
      ("identity.credentials.all(c, |", "c"), ("identity.enabled |", "&&"),
      ("identity.credentials.all(c, c.isActive) |", "||"),
      ("identity.kind == '|", "role"), ("identity.kind == \"ro|", "role"), ("identity.kind != '|' && true", "user"),
      ("identity.kind in ['role', '|", "user"), ("'|' in identity.data", "secret"), ("'se|' == identity.kind", ""),
      ("identity.credentials.exists(c, c.status == 'in|", "inactive"),
    ])
  func knowsWhatMayStand(marked: String, wanted: String) throws {
    let (items, begun) = try Self.at(marked)
    #expect(items.contains { $0.text == wanted } != wanted.isEmpty, "\(marked): \(items.map(\.text))")
    #expect(items.allSatisfy { $0.text.lowercased().hasPrefix(begun.lowercased()) })
  }

  @Test(arguments: [
    "identity.nothing.|", "identity.handle == '|", "1.|", "12|", "'done'|x", "a $ b.|", "identity.enabled.|",
  ])
  func saysNothingWhereNothingIsKnown(marked: String) throws {
    let fields = try Self.at(marked).items.filter { $0.kind == .field || $0.kind == .value }
    #expect(fields.filter { $0.text != "true" && $0.text != "false" }.isEmpty, "\(marked): \(fields.map(\.text))")
  }

  @Test func asksForWhatMayBeAbsentFirst() throws {
    let items = try Self.at("has(identity.|)").items
    #expect(items.first?.text == "expires")
    #expect(items.allSatisfy { $0.kind == .field })
  }

  @Test func givesTypesOfMacroVariables() throws {
    let items = try Self.at("identity.credentials.exists(key, |").items
    #expect(items.first == Completion("key", .variable, "Credential", "of the macro around"))
  }

  @Test func speaksInHolesOfMessagesOnly() throws {
    #expect(try Self.at("{identity.handle} is {identity.|", template: true).items.contains { $0.text == "kind" })
    #expect(try Self.at("{identity.|} and more", template: true).items.contains { $0.text == "kind" })
    #expect(try Self.at("identity.|", template: true).items.isEmpty)
    #expect(try Self.at("{{identity.|", template: true).items.isEmpty)
    #expect(try Self.at("{identity.handle} identity.|", template: true).items.isEmpty)
    #expect(try Self.at("{ {'a': 1}.size() } {|", template: true).items.contains { $0.text == "identity" })
  }

  @Test func survivesEveryCutOfAnyText() {
    let texts = [
      "identity.credentials.filter(c, c.status in ['active', \"x\"] ? true : !c.isActive).size() > 0x1F",
      "{'k': [1, 2.5e3, b'x', r'\\d'], identity.kind: {}}[identity.?handle.orValue(\"\"\"a\"\"\")] // end",
      "a.b(c[d]{e: f}).`g`? é 'ü' \\ \u{0} (((((",
    ]
    for text in texts {
      for offset in 0...text.utf8.count {
        for cut in [text, String(decoding: text.utf8.prefix(offset), as: UTF8.self)] {
          let found = Self.environment.completions(in: cut, at: offset)
          #expect(found.range.start <= found.range.end && found.range.end <= cut.utf8.count)
          _ = Self.environment.completions(inTemplate: cut, at: offset)
        }
      }
    }
  }
}

struct CallDocumentationTests {
  private static let calls = Environment(variables: [.init("now", .timestamp)]).callDocumentation(
    now: .instant(Instant(milliseconds: 0)))

  @Test func documentsEveryFunctionWithAnExampleThatWorks() {
    let now = Value.instant(Instant(milliseconds: 1_795_176_000_000))
    for call in Environment(variables: [.init("now", .timestamp)]).callDocumentation(now: now) {
      #expect(!call.summary.isEmpty && !call.summary.hasSuffix("."), "\(call.name)")
      #expect(!call.signatures.isEmpty, "\(call.name)")
      #expect(!call.example.isEmpty, "\(call.name) has no example in CallDocumentation+Examples.swift")
      #expect(!call.value.contains("error") && !call.value.contains("there is no"), "\(call.example): \(call.value)")
      let parts = call.name == "? :" ? ["?"] : call.name == "[ ]" ? ["["] : [call.name]
      #expect(parts.allSatisfy { call.example.contains($0) }, "\(call.example) does not show \(call.name)")
    }
  }

  @Test func leavesNoFunctionAndNoMacroOut() {
    let names = Set(Self.calls.map(\.name))
    for name in StandardLibrary.functions.keys {
      #expect(names.contains(name.isOperatorName ? name.operatorText : name), "\(name)")
    }
    for name in ["has", "all", "exists", "exists_one", "filter", "map", "sortBy", "cel.bind", "optMap", "&&", "? :"] {
      #expect(names.contains(name), "\(name)")
    }
  }
}
