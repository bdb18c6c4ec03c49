import Base
import Inventory
import Model
import Testing

@Suite struct PeopleTests {
  @Test func readsBackstagesGroupsAndUsers() {
    let text = """
      apiVersion: backstage.io/v1alpha1
      kind: User
      metadata: {name: ana}
      spec:
        profile: {displayName: Ana, email: Ana@Acme.example}
        memberOf: [group:default/payments]
      ---
      apiVersion: backstage.io/v1alpha1
      kind: Group
      metadata: {name: platform}
      spec: {type: team, parent: engineering, children: [], members: [user:default/ana]}
      ---
      apiVersion: backstage.io/v1alpha1
      kind: Component
      metadata: {name: web}
      spec: {owner: payments}
      """
    let result = readServices([("org.yaml", text)])
    #expect(result.messages == [])
    #expect(result.people.map(\.key) == ["person:ana", "team:platform"])
    #expect(result.people[0].emails == ["ana@acme.example"] && result.people[0].teams == ["payments", "platform"])
    #expect(result.people[1].teams == ["engineering"])
    #expect((result.coverage.used, result.coverage.filtered) == (2, 1))
  }

  @Test(arguments: [
    ("Email,Full Name,Team,End Date\nBo@Acme.example,Bo B,payments,2026-10-01\n", "bo@acme.example", "2026-10-01"),
    ("name,work_email,termination_date\n\"B, Bo\",bo@acme.example,2026/10/01\n", "bo@acme.example", "2026-10-01"),
    ("login,mail,left\nbo,bo@acme.example,2026-10-01T17:00:00Z\n", "bo", "2026-10-01"),
    ("login,mail,left\nbo,bo@acme.example,n/a\n", "bo", nil),
    (#"[{"email": "bo@acme.example", "lastDay": "2026-10-01"}]"#, "bo@acme.example", "2026-10-01"),
  ])
  func readsARosterByTheNamesOfItsColumns(text: String, name: String, left: String?) throws {
    let result = readServices([("roster", text)])
    #expect(result.messages == [])
    let bo = try #require(result.people.first)
    #expect(bo.name == name && bo.emails == ["bo@acme.example"] && bo.left?.description == left)
  }

  @Test func refusesADateThatMayMeanTwoDays() {
    let result = readServices([("r.csv", "email,left\nbo@acme.example,03/04/2026\nana@acme.example,\nx\n")])
    #expect(
      result.messages == ["`03/04/2026` is not a leaving date of bo@acme.example", "the row has 1 fields, the head 2"])
    #expect((result.coverage.used, result.coverage.unreadable) == (1, 2))
    #expect(result.diagnostics.map(\.location.line) == [2, 4])
  }
}
