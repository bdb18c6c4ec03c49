import Base
import Model
import Testing

@testable import Policies

struct BuiltInPolicyTests {
  @Test func compilesEveryPolicyWithoutProblems() {
    let governance = Governance(configuration: Configuration(location: SourceLocation(path: "muster.yaml")))
    let set = PolicyLibrary.compiled(for: governance)
    #expect(set.diagnostics.map(\.description) == [])
    #expect(set.policies.count == PolicyLibrary.files.count)
  }

  @Test func givesEveryPolicyItsOwnCodeControlsAndExamples() {
    let policies = Policy.load(builtIn: true, PolicyLibrary.files).policies
    #expect(Set(policies.map(\.code)).count == policies.count)
    for policy in policies {
      #expect(!policy.examples.isEmpty, "\(policy.id) has no example")
      #expect(!policy.controls.isEmpty, "\(policy.id) maps to no control")
    }
  }
}

struct PolicyExampleTests {
  @Test(arguments: Policy.load(builtIn: true, PolicyLibrary.files).policies.map(\.id))
  func behavesAsItsExamplesSay(id: String) throws {
    let governance = Governance(configuration: Configuration(location: SourceLocation(path: "muster.yaml")))
    let set = PolicyLibrary.compiled(for: governance)
    let policy = try #require(set.policies.first { $0.policy.id == id })
    for result in policy.runExamples(among: set.policies.map(\.policy)) {
      #expect(
        result.isAsExpected,
        "\(id): \(result.example.name): \(result.verdict) \(result.message) \(result.diagnostics.map(\.description))")
    }
  }
}
