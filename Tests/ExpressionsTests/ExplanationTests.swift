import Expressions
import Testing

struct ExplanationTests {
  private func lines(_ text: String) throws -> String {
    let evaluation = Evaluation(testEnvironment)
    evaluation[0] = .object(TestIdentity("robot", environments: ["prod", "dev"], uses: .int(7)))
    evaluation[1] = try instant("2026-11-21T10:00:00Z")
    return try testEnvironment.compile(text).explain(evaluation).lines.joined(separator: "\n")
  }

  @Test func showsValuesOfParts() throws {
    #expect(
      try lines("!(identity.uses > 3 && math.abs(-1) == 1)") == """
        !(identity.uses > 3 && math.abs(-1) == 1) = false
          identity.uses > 3 && math.abs(-1) == 1 = true
            identity.uses > 3 = true
              identity.uses = 7
            math.abs(-1) == 1 = true
              math.abs(-1) = 1
        """)
  }

  @Test func showsRoundsOfMacrosAndWhatWasLeftOut() throws {
    #expect(
      try lines("identity.uses > 9 && now > now || identity.environments.exists(e, e == 'prod')") == """
        identity.uses > 9 && now > now || identity.environments.exists(e, e == 'prod') = true
          identity.uses > 9 && now > now = false
            identity.uses > 9 = false
              identity.uses = 7
            now > now = (not evaluated)
          identity.environments.exists(e, e == 'prod') = true
            identity.environments = ["prod", "dev"]
            e == 'prod' = true
              e = "prod"
        """)
  }

  @Test func showsWhatNamedExpressionsAre() throws {
    let environment = try testEnvironment.adding(lazy: "variables.busy", "identity.uses > 3")
    let evaluation = Evaluation(environment)
    evaluation[0] = .object(TestIdentity("robot", uses: .int(7)))
    #expect(
      try environment.compile("!variables.busy").explain(evaluation).lines == [
        "!variables.busy = false", "  variables.busy = true", "    identity.uses > 3 = true", "      identity.uses = 7",
      ])
  }
}
