import AllocationCounter
import Base
import Expressions
import Testing

struct AllocationTests {
  /// What a thread allocates in ten thousand evaluations over three subjects.
  private func allocations(_ text: String) throws -> UInt64 {
    let program = try testEnvironment.compile(text, expecting: .bool)
    let evaluation = Evaluation(testEnvironment)
    evaluation[1] = try instant("2026-11-21T00:00:00Z")
    let time = try instant("2026-11-20T00:00:00Z")
    let subjects = [
      TestIdentity("aws/prod/a-name-longer-than-fits-in-a-string", expires: time, lastUsed: time, uses: .int(7)),
      TestIdentity("short", enabled: .bool(false), environments: ["prod", "an-environment-with-a-long-name"]),
      TestIdentity("gcp/dev/another-name-that-needs-memory", uses: .int(90), owner: .object(TestOwner("payments"))),
    ].map { Value.object($0) }
    var before: UInt64 = 0
    var answers = 0
    // The first round is not counted: patterns and tables are made when first used.
    for round in 0...10_000 {
      if round == 1 { before = muster_allocations() }
      // By number: to iterate over an array allocates in debug builds.
      for at in subjects.indices {
        evaluation[0] = subjects[at]
        switch program.test(evaluation) {
        case .yes, .no: answers += 1
        case .unknown, .error: break
        }
      }
    }
    let after = muster_allocations()
    #expect(answers == 30_003)
    return after - before
  }

  @Test(arguments: [
    "identity.enabled",
    "identity.enabled && identity.uses > 5 || !identity.enabled",
    "has(identity.expires) && identity.expires < now",
    "has(identity.expires) && identity.expires - now < duration('720h')",
    "!has(identity.lastUsed) || age(identity.lastUsed) > days(30)",
    "identity.uses * 3 - 20 > 1 ? identity.enabled : identity.uses % 2 == 0",
    "identity.uses / (identity.uses + 1) >= 20",
    "identity.handle == 'aws/prod/a-name-longer-than-fits-in-a-string'",
    "identity.handle in ['one', 'gcp/dev/another-name-that-needs-memory']",
    "identity.handle.startsWith('aws/') || identity.handle.endsWith('-memory') || identity.handle.contains('name')",
    "identity.handle.matches('^(aws|gcp)/prod/.*[0-9]+$')",
    "glob(identity.handle, 'aws/*/deploy-*')",
    "identity.handle < 'gcp'",
    "has(identity.owner) && identity.owner.team == 'payments'",
    "identity.?owner.?team.orValue('nobody') == 'nobody'",
    "identity.?owner.hasValue()",
    "size(identity.environments) == 0",
    "'prod' in identity.environments",
    "identity.environments.exists(e, e == 'an-environment-with-a-long-name')",
    "identity.environments.all(e, e.startsWith('prod') || e != '')",
  ])
  func allocatesNothingFor(_ condition: String) throws {
    let count = try allocations(condition)
    #expect(count == 0)
  }

  @Test func countsWhatIsAllocated() throws {
    #expect(try allocations("identity.handle + ' is longer than fits' != ''") >= 30_000)
  }
}
