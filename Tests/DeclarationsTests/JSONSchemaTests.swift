import Base
import Declarations
private import Glibc
import TestSupport
import Testing

/// The table of keys, the schemas for editors and the decoders tell the same story.
@Suite struct JSONSchemaTests {
  /// Editors read YAML with the types of its core schema; so does the loader here, which leaves dates as text.
  private static let checker = """
    import json, sys, yaml, jsonschema
    class Loader(yaml.SafeLoader): pass
    Loader.yaml_implicit_resolvers = {
      first: [(tag, pattern) for tag, pattern in resolvers if tag.rsplit(':', 1)[1] in ('int', 'float', 'null')]
      for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()}
    import re
    Loader.add_implicit_resolver('tag:yaml.org,2002:bool', re.compile('^(true|false)$'), list('tf'))
    work = json.load(sys.stdin)
    for kind, schema in work['schemas'].items():
      jsonschema.Draft202012Validator.check_schema(schema)
    for kind, text in work['cases']:
      errors = jsonschema.Draft202012Validator(work['schemas'][kind]).iter_errors(yaml.load(text, Loader))
      print(len(list(errors)) == 0)
    """

  private static let hasPython =
    (try? runProgram("python3", ["-c", "import yaml, jsonschema"], environment: pythonEnvironment).status) == 0

  /// Whether the schema of a kind accepts each text.
  private static func accepts(_ cases: [(kind: FileKind, text: String)]) throws -> [Bool] {
    var writer = JSONWriter()
    writer.object { writer in
      writer.key("schemas")
      writer.object { writer in
        for kind in FileKind.allCases {
          writer.key(kind.rawValue)
          writer.raw(jsonSchema(kind))
        }
      }
      writer.key("cases")
      writer.array { writer in
        for (kind, text) in cases {
          writer.array {
            $0.string(kind.rawValue)
            $0.string(text)
          }
        }
      }
    }
    let run = try runProgram("python3", ["-c", checker], environment: pythonEnvironment, input: writer.bytes)
    #expect(run.status == 0, "\(run.error)")
    return run.output.split(separator: "\n").map { $0 == "True" }
  }

  /// Packages of the person's own Python are found by way of `HOME`.
  private static var pythonEnvironment: [String: String] {
    scrubbedEnvironment(home: getenv("HOME").map { String(cString: $0) } ?? "/nonexistent")
  }

  private static let cases: [(kind: FileKind, text: String, isGood: Bool)] = [
    (.declaration, "identity: a", true), (.declaration, "- identity: a\n- identity: b", true),
    (.declaration, "identity: 0123\nticket: x", false), (.declaration, "kind: role", false),
    (.declaration, "identity: a\nkind: rolle", false), (.declaration, "identity: a\nexpires: 2027-03-31", true),
    (.declaration, "identity: a\nexpires: soon", false), (.declaration, "identity: a\nowner: payments", false),
    (.declaration, "identity: a\nowner: team:payments\nprincipals: aws:x", true),
    (.declaration, "identity: a\nprincipals: [x]", false),
    (.declaration, "identity: a\nscope: [{ resources: x }]", false),
    (.declaration, "identity: a\nscope: { actions: s3:* }", true),
    (.declaration, "identity: a\nagent: { tools: [a, b] }", true),
    (.declaration, "identity: a\nbehaviour: { max-bytes-per-day: 1024, networks: 10.0.0.0/8 }", true),
    (.declaration, "identity: a\nbehaviour: { max-bytes-per-day: 5GB/d }", false),
    (.declaration, "identity: a\nbehaviour: { schedule: { days: mon-fri, hours: \"06:00-20:00\" } }", true),
    (.declaration, "identity: a\nbehaviour: { schedule: { days: [mon, frid] } }", false),
    (.declaration, "identity: a\ncredentials: { max-age: 90 days }", false),
    (.declaration, "identity: a\npurpose: \"\"", true),
    (.declaration, "identity: a\npurpose:", false), (.configuration, "muster: 1", true),
    (.configuration, "muster: 2", false),
    (.configuration, "muster: 1\nsources: { usage: [{ name: a, path: b, every: 24h }] }", true),
    (.configuration, "muster: 1\nsources: { usage: [{ name: a }] }", false),
    (.configuration, "muster: 1\npolicies: { params: { p: { grace: 1d, n: 3 } } }", true),
    (.owners, "people: { a: { bot: true, left: 2026-10-01 } }", true), (.owners, "people: { a: { bot: yes } }", false),
    (.exception, "exception: a\npolicy: p\nidentity: i\nexpires: 2027-01-31", true),
    (.exception, "exception: a", false),
    (.campaign, "campaign: a\ntitle: t\ndue: { high: 5d }", true),
    (.campaign, "campaign: a\ntitle: t\ndue: { hihg: 5d }", false),
  ]

  /// Kinds that other rooms decode; their tests hold that the decoders agree.
  private static let policy = "policy: a\ntitle: t\nseverity: low\nrequire: \"true\"\nmessage: m\nremedy: r\n"
  private static let item = """
    item: 1a-p
    campaign: q
    policy: p
    severity: low
    status: in-review
    opened: 2026-11-20
    due: 2026-12-04
    evidence: { digest: sha256:\(String(repeating: "a", count: 64)) }

    """
  private static let decision =
    "by: person:a, at: 2026-11-21T09:00:00Z, reason: r, on: sha256:\(String(repeating: "a", count: 64))"
  private static let otherCases: [(kind: FileKind, text: String, isGood: Bool)] = [
    (.policy, policy + "subject: identity", true), (.policy, policy + "subject: change", true),
    (.policy, policy + "subject: decision", true), (.policy, policy + "subject: identiy", false),
    (.policy, policy, false),
    (.policy, policy + "subject: use\nneeds: used", true), (.policy, policy + "subject: use\nneeds: [seen]", false),
    (.policy, policy + "subject: use\nmatch: { kinds: role }", true),
    (.policy, policy + "subject: use\nmatch: { kind: role }", false),
    (.policy, policy + "subject: use\nparams: { grace: 1d, most: 4 }", true),
    (.policy, policy + "subject: use\ncontrols: { cis: [5.3] }", true),
    (.policy, policy + "subject: use\nunknown: [{ when: x }]", false),
    (.policy, policy + "subject: use\nsevirity: low", false),
    (.policy, policy + "subject: use\nexamples: [{ name: a, expect: fail }]", false),
    (
      .policy, policy + "subject: use\nexamples: [{ name: a, given: { now: 2026-11-20T12:00:00Z }, expect: fail }]",
      true
    ),
    (.policy, policy + "subject: use\nexamples: [{ name: a, given: { now: x, declard: {} }, expect: fail }]", false),
    (.review, item, true), (.review, item + "risk: 61", true), (.review, item + "risk: high", false),
    (.review, item + "decisions: []", true), (.review, item + "decisions: [{ decision: keep, \(decision) }]", true),
    (.review, item + "decisions: [{ decision: maybe, \(decision) }]", false),
    (.review, item + "decisions: [{ decision: keep, \(decision), by2: x }]", false), (.review, "item: a", false),
    (.review, item + "route: mail", false),
    (.review, item + "history: [{ event: routed, at: 2026-11-20T00:00:00Z }]", true),
  ]

  private static let paths: [FileKind: String] = [
    .configuration: "muster.yaml", .owners: "owners.yaml", .declaration: "identities/a.yaml",
    .exception: "exceptions/a.yaml", .campaign: "campaigns/a.yaml",
  ]

  @Test func decodersAgreeWithTheCases() throws {
    for (kind, text, isGood) in Self.cases {
      let path = try #require(Self.paths[kind])
      #expect(Repository([path: text]).problems.isEmpty == isGood, "\(text): \(Repository([path: text]).problems)")
    }
  }

  @Test(.enabled(if: hasPython, "python3 with PyYAML and jsonschema is not here")) func schemasAgreeWithTheCases()
    throws
  {
    let cases = Self.cases + Self.otherCases
    let accepted = try Self.accepts(cases.map { ($0.kind, $0.text) })
    #expect(accepted.count == cases.count)
    for ((_, text, isGood), isAccepted) in zip(cases, accepted) { #expect(isAccepted == isGood, "\(text)") }
  }

  @Test(.enabled(if: hasPython, "python3 with PyYAML and jsonschema is not here"))
  func schemasAcceptTheExampleAndTheBuiltInPolicies() throws {
    let root = String(#filePath.dropLast("Tests/DeclarationsTests/JSONSchemaTests.swift".count))
    var cases: [(kind: FileKind, text: String)] = []
    var names: [String] = []
    for (kind, place) in [
      (FileKind.configuration, "examples/acme/muster.yaml"), (.owners, "examples/acme/owners.yaml"),
      (.declaration, "examples/acme/identities"), (.exception, "examples/acme/exceptions"),
      (.campaign, "examples/acme/campaigns"), (.policy, "policies"), (.policy, "examples/acme/policies"),
    ] {
      for path in try FileSystem.files(at: root + place) where path.hasSuffix(".yaml") {
        cases.append((kind, String(decoding: try FileSystem.read(path), as: UTF8.self)))
        names.append(path)
      }
    }
    for path in try FileSystem.files(at: root + "examples/acme/reviews") where path.hasSuffix(".md") {
      let text = String(decoding: try FileSystem.read(path), as: UTF8.self)
      cases.append((.review, String(text.split(separator: "---\n", maxSplits: 2, omittingEmptySubsequences: true)[0])))
      names.append(path)
    }
    #expect(cases.count > 60)
    let accepted = try Self.accepts(cases)
    for (name, isAccepted) in zip(names, accepted) { #expect(isAccepted, "\(name)") }
  }

  /// A key of the table that no decoder reads would let any value pass: here each gets one that no key may have.
  @Test(arguments: [FileKind.configuration, .owners, .declaration, .exception, .campaign])
  func decodersReadEveryKey(kind: FileKind) throws {
    let path = try #require(Self.paths[kind])
    let required = kind.fields.filter(\.isRequired).map(\.name)
    for field in kind.fields {
      var lines = required.filter { $0 != field.name }.map { "\($0): \(kind == .configuration ? "1" : "a")" }
      lines.append("\(field.name): [[]]")
      let diagnostics = Repository([path: lines.joined(separator: "\n")]).load().diagnostics
      let found = diagnostics.filter { $0.location.path == path && $0.location.line == lines.count }
      #expect(!found.isEmpty, "\(field.name): \(diagnostics)")
      #expect(!found.contains { $0.message.contains("unknown key") }, "\(field.name)")
    }
  }

  @Test(arguments: FileKind.allCases) func documentsEveryKey(kind: FileKind) {
    let text = fieldDocumentation(kind)
    for field in kind.fields { #expect(text.contains("| `\(field.name)`"), "\(field.name)") }
    #expect(text.split(separator: "\n").allSatisfy { $0.hasPrefix("| ") || $0.hasPrefix("|:") })
  }
}
