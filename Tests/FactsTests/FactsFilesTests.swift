import Base
import Facts
import Model
import Testing

@Suite struct FactsFilesTests {
  @Test func decodesWhatItEncodes() throws {
    var random = RandomFacts()
    for size in [0, 1, 3, 50, 300] {
      let facts = random.facts(size)
      let files = FactsFiles.encode(facts)
      let read = try FactsFiles.decode(files)
      #expect(read.says(facts))
      #expect(FactsFiles.encode(read) == files)
    }
  }

  @Test func givesEqualBytesInAnyOrder() {
    var random = RandomFacts()
    var facts = random.facts(100)
    let files = FactsFiles.encode(facts)
    facts.identities.shuffle()
    facts.usage.shuffle()
    facts.lifecycles.shuffle()
    facts.sources.shuffle()
    #expect(FactsFiles.encode(facts) == files)
  }

  @Test func writesOneReadableRecordALine() throws {
    var facts = FactSet()
    var role = IdentityFact(
      principal: PrincipalKey("arn:aws:iam::111122223333:role/r"), kind: .role, name: "r", source: "aws")
    role.created = Instant("2024-01-02T03:04:05Z")
    role.tags = [Tag(key: "team", value: "payments")]
    role.grants = [GrantFact(effect: .allow, actions: ["s3:Get*"], resources: ["*"], via: "inline:p")]
    facts.identities = [role]
    let files = FactsFiles.encode(facts)
    #expect(files.keys.sorted() == ["coverage.jsonl", "identities/9d/b.jsonl", "muster-facts.json"].sorted())
    let shard = try #require(files.first { $0.key.hasPrefix("identities/") })
    #expect(
      String(decoding: shard.value, as: UTF8.self) == """
        {"principal":"arn:aws:iam::111122223333:role/r","source":"aws","kind":"role","name":"r",\
        "created":"2024-01-02T03:04:05Z","tags":[["team","payments"]],\
        "grants":[{"effect":"allow","actions":["s3:Get*"],"resources":["*"],"via":"inline:p"}]}

        """)
  }

  @Test func tellsWhereEachRecordStands() throws {
    var random = RandomFacts()
    let facts = random.facts(2000)
    let files = FactsFiles.encode(facts)
    for identity in try FactsFiles.decode(files).identities {
      let place = try #require(identity.location)
      let lines = String(decoding: try #require(files[place.path]), as: UTF8.self).split(separator: "\n")
      let line = String(lines[place.line - 1])
      var alone = FactSet()
      alone.identities = [identity]
      #expect(FactsFiles.encode(alone)[place.path].map { String(decoding: $0, as: UTF8.self) } == line + "\n")
    }
  }

  @Test func readsOnlyThePrincipalsAskedFor() throws {
    var random = RandomFacts()
    let facts = random.facts(100)
    let wanted = Set([facts.identities[3].principal, facts.identities[77].principal])
    let read = try FactsFiles.decode(FactsFiles.encode(facts), principals: wanted)
    #expect(Set(read.identities.map(\.principal)) == wanted)
    #expect(read.sources.count == facts.sources.count)
  }

  @Test(arguments: [
    (
      "identities/00.jsonl", #"{"principal":"p","source":"a","kind":"role","name":"n","nmae":"x"}"#,
      "unknown or misplaced field `nmae`", 55
    ),
    (
      "identities/00.jsonl", #"{"principal":"p","source":"a","kind":"rol","name":"n"}"#,
      "expected a known word, found `\"rol\",\"name\":\"n\"}`", 38
    ),
    (
      "identities/00.jsonl", #"{"principal":"p","kind":"role","name":"n"}"#,
      "unknown or misplaced field `kind`, expected `source`", 17
    ),
    ("identities/00.jsonl", #"{"principal":"é"}"#, "the field `source` is missing", 17),
    (
      "identities/00.jsonl", #"{"principal":1,"source":"a"}"#, "expected a text, found `1,\"source\":\"a\"}`", 14
    ),
    ("identities/00.jsonl", #"{"principal":"a\x"}"#, "unknown escape in a text", 16),
    ("identities/00.jsonl", #"{"principal":"a"#, "the text is not closed", 16),
    (
      "usage/00.jsonl", #"{"principal":"p","first":"yesterday","last":"x"}"#,
      "expected a time, found `\"yesterday\",\"last\":\"x\"}`", 26
    ),
    (
      "usage/00.jsonl", #"{"principal":"p","first":"2024-01-01","last":"2024-01-01","events":-1}"#,
      "expected a count, found `-1}`", 68
    ),
    (
      "usage/00.jsonl", #"{"principal":"p","first":"2024-01-01","last":"2024-01-01","events":18446744073709551616}"#,
      "the count is too large", 87
    ),
    ("credentials/00.jsonl", "[]", "expected an object, found `[]`", 1),
    ("credentials/00.jsonl", #"{"id":"a"} "#, "expected the end of the line, found ` `", 11),
    (
      "coverage.jsonl", #"{"name":"a","kind":"usage","gaps":[["2024-01-01"]]}"#, "expected a comma, found `]]}`", 49
    ),
    ("coverage.jsonl", #"{"name":"a""#, "the field `kind` is missing", 12),
  ])
  func namesThePlaceOfWhatItDoesNotKnow(path: String, line: String, message: String, column: Int) throws {
    var files = FactsFiles.encode(FactSet())
    files[path] = Array("\(line)\n".utf8)
    let error = #expect(throws: FactsError.self) { try FactsFiles.decode(files) }
    #expect(error?.code == .malformed)
    #expect(error?.message == message)
    #expect(error?.location == SourceLocation(path: path, line: 1, column: column))
  }

  @Test(arguments: [
    (#"{"schema":"muster.facts/2"}"#, "the schema is `muster.facts/2`, known is `muster.facts/1`"),
    ("{}", "no `schema`"),
    (nil, "the file is missing: these are no facts"),
  ])
  func refusesOtherSchemas(schema: String?, message: String) {
    var files = FactsFiles.encode(FactSet())
    files["muster-facts.json"] = schema.map { Array($0.utf8) }
    let error = #expect(throws: FactsError.self) { try FactsFiles.decode(files) }
    #expect(error?.code == .unknownSchema && error?.message == message)
    #expect(error?.description.contains("use the version of Muster that wrote them") == true)
  }

  @Test func anyBytesGiveFactsOrAnError() throws {
    var random = RandomFacts()
    let files = FactsFiles.encode(random.facts(20))
    let path = try #require(files.keys.filter { $0.hasPrefix("identities/") }.sorted().first)
    for _ in 0..<400 {
      var broken = files
      var bytes = try #require(broken[path])
      for _ in 0..<3 { bytes[Int.random(in: bytes.indices)] = UInt8.random(in: 0...255) }
      broken[path] = bytes
      // Either way is good; only a crash is not.
      _ = try? FactsFiles.decode(broken)
    }
  }
}

/// A field that is added to a fact and forgotten in the files would vanish without a word.
@Suite struct FactsFieldsTests {
  private static let now = Instant(milliseconds: 0)
  private static let principal = PrincipalKey("p")

  static let known: [(fact: any Sendable, fields: [String])] = [
    (
      IdentityFact(principal: principal, kind: .role, name: "", source: ""),
      [
        "principal", "kind", "name", "uniqueID", "created", "lastUsed", "isEnabled", "deleted", "tags", "credentials",
        "grants", "trusts", "boundary", "unknowable", "source", "location", "owners", "links", "accessed",
      ]
    ),
    (
      CredentialFact(id: "", kind: "", status: .active),
      [
        "id", "kind", "status", "created", "expires", "neverExpires", "lastUsed", "lastRotated", "lastService",
        "lastRegion", "deleted", "hash",
      ]
    ),
    (LinkFact(.becomes, to: "", via: ""), ["kind", "to", "via"]),
    (
      SignalFact(.exposed, source: "", rule: "", place: ""),
      ["kind", "source", "at", "credential", "hash", "principal", "rule", "place", "isLive", "location"]
    ),
    (
      PersonFact(.person, name: "", source: ""),
      ["kind", "name", "title", "emails", "teams", "left", "source", "location"]
    ),
    (
      GrantFact(effect: .allow, actions: [], resources: [], via: ""),
      ["effect", "actions", "notActions", "resources", "notResources", "condition", "via"]
    ),
    (
      TrustFact(effect: .allow, principals: [], actions: [], condition: nil),
      ["effect", "principals", "notPrincipals", "actions", "condition"]
    ),
    (
      UsageFact(principal: principal, first: now, last: now),
      [
        "principal", "first", "last", "events", "denied", "failed", "actions", "regions", "addresses", "agents",
        "places",
        "credentials", "days", "saturated", "location",
      ]
    ),
    (
      ActionUse(action: "", resource: "", first: now, last: now),
      ["action", "resource", "count", "denied", "failed", "first", "last", "lastSuccess"]
    ),
    (TermUse(term: "", count: 0, failed: 0, first: now, last: now), ["term", "count", "failed", "first", "last"]),
    (
      CredentialUse(id: "", isTemporary: false, first: now, last: now),
      ["id", "isTemporary", "count", "failed", "first", "last", "lastSuccess"]
    ),
    (DayUse(day: Day(number: 0)), ["day", "count", "denied", "bytesIn", "bytesOut", "hours"]),
    (
      CredentialLifecycle(id: ""),
      ["id", "owner", "created", "createdBy", "disabled", "enabled", "deleted", "deletedBy", "location"]
    ),
    (
      SourceCoverage(name: "", kind: .usage),
      [
        "name", "kind", "formats", "covers", "collected", "first", "last", "every", "lateness", "gaps", "inputs",
        "used",
        "duplicate", "filtered", "unreadable", "unattributed", "places", "ahead", "location",
      ]
    ),
    (PlaceCoverage(name: ""), ["name", "first", "last", "gaps"]),
    (
      InputFile(path: "", sha256: "", bytes: 0, records: 0, status: ""),
      ["path", "sha256", "bytes", "records", "status"]
    ),
  ]

  @Test func knowsEveryFieldOfTheModel() {
    for (fact, fields) in Self.known {
      #expect(Set(Mirror(reflecting: fact).children.compactMap(\.label)) == Set(fields), "\(type(of: fact))")
    }
  }
}
