import Base
import Declarations
import Model
import Testing

@Suite struct DeclarationTests {
  private static let whole = """
    identity: release-publisher              # stable handle
    principals:
      - arn:aws:iam::111122223333:role/release-publisher
      - spiffe://acme.example/ns/payments/sa/publisher
    kind: role
    owner: team:payments
    backup: person:ana
    purpose: Publishes signed build artifacts.
    serves: { repository: acme/payments, workflow: release.yml }
    environments: prod
    criticality: high
    data: [internal]
    expires: 2027-03-31
    credentials: { max-age: 90d, overlap: 2d }
    scope:
      - actions: [s3:GetObject, s3:PutObject]
        resources: ["arn:aws:s3:::payments-artifacts/*"]
      - actions: sts:AssumeRole
    behaviour:
      regions: [eu-west-1]
      networks: [10.20.0.0/16, "2001:db8::/32"]
      schedule: { days: mon-fri, hours: "06:00-20:00", zone: Europe/Zurich }
      destinations: ["arn:aws:s3:::payments-artifacts"]
      max-bytes-per-day: 5GiB
    review: { every: 90d }
    third-party: { vendor: Northwind, contract-ends: 2026-10-31 }
    agent: { on-behalf-of: person:ana, tools: [git, "kubectl"] }
    shared: { why: Two jobs of one pipeline. }
    notes: Nothing else.
    """

  @Test func readsEveryKey() throws {
    let (governance, diagnostics) = Repository(declaration: Self.whole).load()
    #expect(diagnostics.isEmpty)
    let read = try #require(governance.declarations.first)
    #expect(read.handle.value == "release-publisher" && read.handle.location.description == "identities/a.yaml:1:11")
    #expect(read.principals.map(\.value.platform) == ["aws", "spiffe"])
    #expect(read.kind?.value == .role)
    #expect(read.owner?.value == OwnerReference(kind: .team, name: "payments"))
    #expect(read.backup?.value == OwnerReference(kind: .person, name: "ana"))
    #expect(
      read.serves == [Tag(key: "repository", value: "acme/payments"), Tag(key: "workflow", value: "release.yml")])
    #expect(read.environments.map(\.value) == ["prod"])
    #expect(read.criticality?.value == "high" && read.data.map(\.value) == ["internal"])
    #expect(read.expires?.value == Day("2027-03-31") && read.expires?.location.description == "identities/a.yaml:13:10")
    #expect(read.credentialMaxAge?.value == Milliseconds("90d") && read.credentialOverlap?.value == Milliseconds("2d"))
    #expect(read.scope.map { $0.actions.map(\.value) } == [["s3:GetObject", "s3:PutObject"], ["sts:AssumeRole"]])
    #expect(read.scope.map { $0.resources.count } == [1, 0])
    #expect(read.reviewEvery?.value == Milliseconds("90d"))
    #expect(read.thirdParty.map(\.key) == ["vendor", "contract-ends"])
    #expect(read.agent.map(\.value) == ["person:ana", "[\"git\",\"kubectl\"]"])
    #expect(read.sharedWhy?.value == "Two jobs of one pipeline.")
    #expect(read.location.description == "identities/a.yaml:1:1")
    #expect(read.location(of: "expires").description == "identities/a.yaml:13:1")
    #expect(read.location(of: "nothing") == read.location)
  }

  @Test func readsBehaviour() throws {
    let behaviour = try #require(Repository(declaration: Self.whole).load().governance.declarations.first).behaviour
    #expect(behaviour.networks.map(\.value) == ["10.20.0.0/16", "2001:db8::/32"])
    #expect(behaviour.maxBytesPerDay?.value == 5 << 30)
    let schedule = try #require(behaviour.schedule)
    #expect(schedule.days == [0, 1, 2, 3, 4] && (schedule.from, schedule.to) == (360, 1200))
    #expect(schedule.zone.description == "Europe/Zurich")
  }

  @Test(arguments: [
    ("identity: a\nownr: team:x", "2:1: error: unknown key `ownr` in declaration (did you mean `owner`?)"),
    ("kind: role", "1:1: error: missing key `identity` in declaration"),
    ("identity: a b", "1:11: error: expected a handle"), ("identity: \"a:b\"", "1:11: error: expected a handle"),
    ("identity: a\nkind: rolle", "2:7: error: expected a known word, found 'rolle' (did you mean `role`?)"),
    ("identity: a\nowner: payments", "(write team:payments or person:payments)"),
    ("identity: a\nowner: group:x", "2:8: error: expected an owner like team:payments"),
    ("identity: a\nexpires: 2027-02-30", "2:10: error: expected a date like 2027-03-31, found '2027-02-30'"),
    ("identity: a\nexpires: in 3 days", "2:10: error: expected a date"),
    ("identity: a\nexpires:", "2:1: error: expected a date like 2027-03-31, found nothing"),
    ("identity: a\nenvironments: [prd]", "2:16: error: muster.yaml has no environment 'prd' (did you mean `prod`?)"),
    ("identity: a\ncriticality: hgih", "(did you mean `high`?)"),
    ("identity: a\nprincipals: [x]", "2:14: error: expected a principal like arn:aws:iam"),
    ("identity: a\nprincipals: arn:aws:sts::1:assumed-role/r/s", "(a session is not an identity"),
    ("identity: a\ncredentials: { max-age: 3 months }", "2:25: error: expected a duration like 90d or 24h"),
    ("identity: a\nreview: { evry: 90d }", "unknown key `evry` in review (did you mean `every`?)"),
    ("identity: a\nscope: [{ resources: x }]", "2:11: error: missing key `actions` in scope entry"),
    ("identity: a\nscope: s3:*", "2:8: error: expected a mapping (scope entry), found 's3:*'"),
    ("identity: a\nbehaviour: { networks: 10.20.0.5/16 }", "(did you mean 10.20.0.0/16?)"),
    ("identity: a\nbehaviour: { networks: 10.20.0.5 }", "(one address is 10.20.0.5/32)"),
    ("identity: a\nbehaviour: { max-bytes-per-day: 5GB/d }", "expected a size like 5GiB or 500MB, found '5GB/d'"),
    ("identity: a\nbehaviour: { max-bytes-per-day: 99999999999TiB }", "expected a size"),
    (
      "identity: a\nbehaviour: { schedule: { days: mon-fry } }",
      "2:32: error: expected days like mon-fri or sat, found 'mon-fry'"
    ),
    ("identity: a\nbehaviour: { schedule: { hours: 6-20 } }", "expected hours like 06:00-20:00, found '6-20'"),
    ("identity: a\nbehaviour: { schedule: { hours: \"06:00-24:30\" } }", "expected hours"),
    ("identity: a\nbehaviour: { schedule: { hours: \"06:00-06:00\" } }", "expected hours"),
    (
      "identity: a\nbehaviour: { schedule: { zone: Mars/Olympus } }",
      "there is no time zone 'Mars/Olympus' (use an IANA name"
    ),
    ("- identity: a\n- kind: role", "2:3: error: missing key `identity` in declaration"),
    ("just words", "1:1: error: expected a mapping (declaration), found 'just words'"),
    ("identity: a\nidentity: b", "2:1: error: duplicate key `identity`, first at line 1"),
    ("identity: [a", "identities/a.yaml:"), ("\tidentity: a", "with spaces, not with tabs"),
    ("identity: &x a", "anchors (`&x`) are not allowed"),
  ]) func tellsWhatIsWrongAndWhere(text: String, expected: String) {
    let problems = Repository(declaration: text).problems
    #expect(problems.contains { $0.contains(expected) }, "\(problems)")
  }

  @Test(arguments: [
    ("sat", [5]), ("fri-mon", [4, 5, 6, 0]), ("[mon, wed-thu]", [0, 2, 3]), ("mon-sun", [0, 1, 2, 3, 4, 5, 6]),
  ]) func readsDays(text: String, days: [Int]) {
    let schedule = Repository(declaration: "identity: a\nbehaviour: { schedule: { days: \(text) } }").load()
    #expect(schedule.diagnostics.isEmpty)
    #expect(schedule.governance.declarations.first?.behaviour.schedule?.days == Set(days))
  }

  @Test(arguments: [
    ("22:00-06:00", 1320, 360), ("00:00-24:00", 0, 1440), ("06:30-06:31", 390, 391),
  ]) func readsHours(text: String, from: Int, to: Int) {
    let read = Repository(declaration: "identity: a\nbehaviour: { schedule: { hours: \"\(text)\" } }").load()
    let schedule = read.governance.declarations.first?.behaviour.schedule
    #expect(schedule?.from == from && schedule?.to == to && schedule?.zone.description == "UTC")
  }

  @Test(arguments: [
    ("1024", 1024), ("0", 0), ("7B", 7), ("500MB", 500_000_000), ("2kB", 2000), ("3KiB", 3072), ("1TiB", 1 << 40),
  ]) func readsSizes(text: String, size: UInt64) {
    let read = Repository(declaration: "identity: a\nbehaviour: { max-bytes-per-day: \(text) }").load()
    #expect(read.governance.declarations.first?.behaviour.maxBytesPerDay?.value == size)
  }

  @Test func keepsWhatIsGoodBesideWhatIsBad() throws {
    let read = Repository(declaration: "- identity: a\n  owner: payments\n  purpose: p\n- identity: b\n- kind: x\n")
      .load()
    #expect(read.governance.declarations.map(\.handle.value) == ["a", "b"])
    let first = try #require(read.governance.declarations.first)
    #expect(first.owner == nil && first.purpose?.value == "p")
    #expect(read.diagnostics.count == 3)
  }

  @Test func takesScalarsAsText() throws {
    let read = Repository(declaration: "identity: 0123\npurpose: no\ndata: [1.10, true]").load()
    let declaration = try #require(read.governance.declarations.first)
    #expect(declaration.handle.value == "0123" && declaration.purpose?.value == "no")
    #expect(declaration.data.map(\.value) == ["1.10", "true"])
  }
}
