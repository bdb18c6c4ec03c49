import Base
import Expressions
import Testing

/// A host object as the Policies room makes them.
final class TestIdentity: HostObject {
  static let shape = ObjectType(
    "Identity", "A declared non-human identity",
    fields: [
      .init("handle", .string, "stable handle"),
      .init("enabled", .bool, "whether the platform lets it act"),
      .init("expires", .timestamp, "the first instant after its last valid day", optional: true),
      .init("lastUsed", .timestamp, "when it was last seen in logs", optional: true),
      .init("environments", .list(.string), "where it is declared for"),
      .init("uses", .int, "events in the window"),
      .init("owner", .object("Owner"), "who answers for it", optional: true),
    ])

  let handle: String
  let values: [Value]

  init(
    _ handle: String, enabled: Value = .bool(true), expires: Value = .absent, lastUsed: Value = .absent,
    environments: [String] = [], uses: Value = .int(0), owner: Value = .absent
  ) {
    self.handle = handle
    values = [
      .string(handle), enabled, expires, lastUsed, .list(environments.map { .string($0) }), uses, owner,
    ]
  }

  var type: ObjectType { Self.shape }
  var text: String { handle }
  func field(_ index: Int) -> Value { values[index] }
}

final class TestOwner: HostObject {
  static let shape = ObjectType("Owner", fields: [.init("team", .string, ""), .init("left", .bool, "")])
  let team: String
  init(_ team: String) { self.team = team }
  var type: ObjectType { Self.shape }
  func field(_ index: Int) -> Value { index == 0 ? .string(team) : .bool(false) }
}

func instant(_ text: String) throws -> Value { .instant(try #require(Instant(text))) }

let testEnvironment = Environment(
  types: [TestIdentity.shape, TestOwner.shape],
  variables: [
    .init("identity", .object("Identity"), "the subject"), .init("now", .timestamp, "the instant of the run"),
  ])

/// Evaluates over the identity at 2026-11-21.
func evaluate(
  _ text: String, _ identity: TestIdentity = TestIdentity("robot"), in environment: Environment = testEnvironment,
  costLimit: Int? = nil
) throws -> Value {
  let evaluation = Evaluation(environment)
  if let costLimit { evaluation.costLimit = costLimit }
  evaluation[0] = .object(identity)
  evaluation[1] = try instant("2026-11-21T00:00:00Z")
  return try environment.compile(text).evaluate(evaluation)
}

func answer(_ text: String, _ identity: TestIdentity, in environment: Environment = testEnvironment) throws
  -> Program.Answer
{
  let evaluation = Evaluation(environment)
  evaluation[0] = .object(identity)
  evaluation[1] = try instant("2026-11-21T00:00:00Z")
  return try environment.compile(text, expecting: .bool).test(evaluation)
}

struct DoorTests {
  @Test func evaluatesPolicyOverHostObjects() throws {
    let environment =
      try testEnvironment
      .adding(constant: "params.grace", .span(try #require(Milliseconds("1d"))), .duration)
      .adding(lazy: "variables.ended", "identity.expires + params.grace")
    let program = try environment.compile("!(now > variables.ended && identity.enabled)", expecting: .bool)
    let evaluation = Evaluation(environment)
    evaluation[1] = try instant("2026-11-21T00:00:00Z")
    var answers: [String] = []
    let subjects = [
      TestIdentity("old", expires: try instant("2026-01-01")), TestIdentity("new", expires: try instant("2027-01-01")),
      TestIdentity("unsure", enabled: .unknown("no inventory"), expires: try instant("2026-01-01")),
      TestIdentity("off", enabled: .bool(false)),
      TestIdentity("none"),
    ]
    for subject in subjects {
      evaluation[0] = .object(subject)
      answers.append("\(program.test(evaluation))".prefix(8).description)
    }
    #expect(answers == ["no", "yes", "unknown(", "yes", "error(no"])
  }

  @Test func saysWhereAndWhatIsWrong() throws {
    let error = #expect(throws: ExpressionError.self) {
      try testEnvironment.compile("identity.enabled &&\n  identity.ownr.team == 'x'", expecting: .bool)
    }
    #expect(error?.description == "2:12: `Identity` has no field `ownr` (did you mean `owner`?)")
  }
}
