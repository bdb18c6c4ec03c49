import Base
import Expressions
import Testing

struct TemplateTests {
  private func render(_ text: String) throws -> String {
    let evaluation = Evaluation(testEnvironment)
    evaluation[0] = .object(
      TestIdentity(
        "robot", enabled: .unknown("no inventory"), expires: try instant("2026-10-01"), environments: ["a", "b"]))
    evaluation[1] = try instant("2026-11-21T10:00:00Z")
    return try testEnvironment.compileTemplate(text).render(evaluation)
  }

  @Test(arguments: [
    ("{identity.handle} expired on {identity.expires}", "robot expired on 2026-10-01"),
    ("{{{identity.handle}}}", "{robot}"), ("plain", "plain"), ("", ""),
    ("for {now - identity.expires}, in {identity.environments}", "for 1234h, in a, b"),
    ("{ {'a': 1}.a } {'}'}", "1 }"), ("{identity.enabled}", "(unknown: no inventory)"),
    ("{identity.owner.team}", "(error: no such key: owner)"),
    ("{size(identity.environments)} {1.5} {true}", "2 1.5 true"),
    ("{span('90d')} {span('36h')} {span('90m')} {duration('1.5s')}", "90d 36h 90m 1.5s"),
  ])
  func rendersHoles(text: String, expected: String) throws {
    #expect(try render(text) == expected)
  }

  @Test(arguments: [
    ("a { b }", "1:5: there is no variable"), ("a {identity.handle", "1:3: this `{` is not closed"),
    ("a } b", "1:3: a `}` without a `{` (write `}}` for a brace)"),
    ("x\n{identity.hndle}", "2:11: `Identity` has no field `hndle`"),
    ("{}", "1:2: unexpected `}` where a value should be"), ("{1 2}", "1:4: unexpected `2`"),
  ])
  func pointsIntoText(text: String, expected: String) {
    let error = #expect(throws: ExpressionError.self) { try testEnvironment.compileTemplate(text) }
    #expect(error?.description.hasPrefix(expected) == true, "\(error?.description ?? "")")
  }
}
