import Base
import Declarations
import Model
import Testing

/// `muster.yaml`, `owners.yaml`, exceptions and campaigns.
@Suite struct OtherFilesTests {
  private static let key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDx9863vZF6pmoIBIpf5j+OgGXqH9eHlPqhr3NVnilZA"

  @Test func readsTheConfiguration() throws {
    let text = """
      muster: 1
      environments:
        prod: ["aws:111122223333", "k8s:prod-eu"]
        dev: k8s:dev-*
      sources:
        inventory:
          - { name: aws-prod, path: exports/aws-prod/*.json, every: 24h }
        usage: { name: cloudtrail, path: logs/**, covers: ["aws:*"], lateness: 15m, format: cloudtrail }
      facts: { branch: observed, repository: ../facts }
      policies: { profile: owasp-nhi, params: { expired-but-active: { grace: 1d } }, disabled: [idle] }
      reviews: { signed: [critical, high] }
      """
    let (governance, diagnostics) = Repository(["muster.yaml": text]).load()
    #expect(diagnostics.isEmpty)
    let read = governance.configuration
    #expect(read.environments.map(\.name) == ["prod", "dev"])
    #expect(read.environments(of: "k8s:dev-eu") == ["dev"])
    #expect(read.inventory.map(\.name.value) == ["aws-prod"] && read.inventory[0].every == Milliseconds("24h"))
    let usage = try #require(read.usage.first)
    #expect(usage.covers == ["aws:*"] && usage.lateness == Milliseconds("15m") && usage.format == "cloudtrail")
    #expect(read.factsBranch == "observed" && read.factsRepository == "../facts")
    #expect(read.policyPacks == ["core"] && read.policyProfile == "owasp-nhi")
    #expect(read.policyParameters["expired-but-active"]?["grace"]?.value == "1d")
    #expect(read.disabledPolicies.map(\.value) == ["idle"])
    #expect(read.signedSeverities == [.critical, .high])
  }

  @Test(arguments: [
    ("muster: 2", "muster.yaml:1:9: error: expected one of `1`, found '2'"),
    ("environments: {}", "missing key `muster` in configuration"),
    ("muster: 1\nsources: { inventory: [{ name: a }] }", "missing key `path` in source"),
    ("muster: 1\nsources: { usage: [{ name: a, path: b }, { name: a, path: c }] }", "two sources have the name 'a'"),
    ("muster: 1\nreviews: { signed: [hgih] }", "(did you mean `high`?)"),
    ("muster: 1\nenviroments: {}", "(did you mean `environments`?)"),
  ]) func refusesABadConfiguration(text: String, expected: String) {
    let problems = Repository(["muster.yaml": text]).problems
    #expect(problems.contains { $0.contains(expected) }, "\(problems)")
  }

  @Test func readsOwners() throws {
    let text = """
      teams:
        payments: { members: [ana], contact: "#payments", escalation: [team:payments, person:ana] }
      people:
        ana: { emails: [ana@acme.example], keys: ["\(Self.key) ana@laptop"], github: ana-a, left: 2026-10-01 }
        robot: { bot: true }
      """
    let (governance, diagnostics) = Repository(["owners.yaml": text]).load()
    #expect(diagnostics.isEmpty)
    let ana = try #require(governance.owners.people["ana"])
    #expect(ana.keys.map(\.value) == ["\(Self.key) ana@laptop"] && ana.left == Day("2026-10-01"))
    #expect(ana.location.description == "owners.yaml:4:3" && !ana.isBot)
    #expect(governance.owners.people["robot"]?.isBot == true)
    let team = try #require(governance.owners.teams["payments"])
    #expect(team.members.map(\.value) == ["ana"] && team.escalation.count == 2)
  }

  @Test(arguments: [
    ("teams: { a: { members: [anna] } }\npeople: { ana: {} }", "(did you mean `ana`?)"),
    ("teams: { a: { escalation: team:b } }", "team a escalates to team:b, who is not in this file"),
    ("people: { ana: { left: soon } }", "expected a date like"),
    ("people: { ana: { bot: yes } }", "expected true or false, found 'yes'"),
    ("people: { ana: { keys: [ssh-ed25519 QUJD] } }", "expected an SSH public key"),
    (
      "people: { ana: { keys: [\"ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIDx9863vZF6pmoIBIpf5j+OgGXqH9eHlPqhr3NVnilZA\"] } }",
      "names another kind"
    ),
    ("people: { ana: { keys: [\"\(key)\"] }, bo: { keys: [\"\(key) x\"] } }", "this key of bo is the key of ana too"),
    ("people: { ana: { keys: [\"\(key)\", \"\(key) x\"] } }", "this key of ana is listed twice"),
    ("people: { \"ana b\": {} }", "the name of a person has no white space"),
  ]) func refusesBadOwners(text: String, expected: String) {
    let problems = Repository(["owners.yaml": text]).problems
    #expect(problems.contains { $0.contains(expected) }, "\(problems)")
  }

  @Test func readsExceptions() throws {
    let text = """
      - exception: batch-key-age
        policy: rotation-overdue
        identity: nightly-batch
        reason: The device rotates only at its yearly maintenance.
        owner: team:payments
        approver: person:chi
        expires: 2027-01-31
        ticket: SEC-1234
        scope: sha256:ab
      - exception: bad-date
        policy: EXP-04
        identity: arn:aws:iam::1:user/x
        expires: soon
      - exception: nothing-else
      """
    let (governance, diagnostics) = Repository(["exceptions/a.yaml": text]).load()
    #expect(governance.exceptions.map(\.id.value) == ["bad-date", "batch-key-age"])
    let first = governance.exceptions[1]
    #expect(
      first.expires?.value == Day("2027-01-31") && first.approver?.value.name == "chi" && first.ticket == "SEC-1234")
    #expect(governance.exceptions[0].expires == nil)
    #expect(diagnostics.map(\.location.line) == [13, 14, 14])
  }

  @Test func readsCampaigns() throws {
    let text = """
      campaign: 2026-q4
      title: Machine identities
      filter: finding.severity == 'high'
      policies: [idle]
      severity: high
      due: { critical: 1d, high: 5d }
      unowned: { due: 3d, queue: team:security }
      notes: Decide by what it did.
      """
    let (governance, diagnostics) = Repository(["campaigns/q4.yaml": text]).load()
    #expect(diagnostics.isEmpty)
    let read = try #require(governance.campaigns.first)
    #expect(read.id.value == "2026-q4" && read.minimumSeverity == .high && read.unownedDue == Milliseconds("3d"))
    #expect(read.due == [.critical: Milliseconds("1d"), .high: Milliseconds("5d")].compactMapValues { $0 })
    #expect(read.exceptionQueue?.name == "security" && read.filter?.location.line == 3)
  }

  @Test(arguments: [
    ("campaign: ../x\ntitle: t", "a campaign's id names a folder"), ("campaign: a", "missing key `title`"),
    ("campaign: a\ntitle: t\ndue: { hihg: 1d }", "unknown key `hihg` in due (did you mean `high`?)"),
  ]) func refusesABadCampaign(text: String, expected: String) {
    let problems = Repository(["campaigns/a.yaml": text]).problems
    #expect(problems.contains { $0.contains(expected) }, "\(problems)")
  }
}
