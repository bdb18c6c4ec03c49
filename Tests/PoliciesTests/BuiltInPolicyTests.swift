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
