import Base
import Model
import Policies

extension CommandSpecification {
  static let show = CommandSpecification(
    "show", "one identity's whole picture",
    details: """
      Declared, granted and used side by side: who owns it, its credentials, what it may do and by which path, who may become it
      and what it may become, what it did, and what is wrong with it now. What a source cannot know is said.
      """,
    arguments: [ArgumentSpecification("ID", "a handle, a principal key, a pattern of keys, or a credential's id")],
    options: [OptionSpecification("facts", value: "REV", "take the facts of that revision"), DataOutput.option],
    examples: [
      ("muster show release-publisher", "a declared identity"),
      ("muster show 'k8s:*/payments/*' -o json", "service accounts of a namespace, for a program"),
    ]
  ) { invocation throws(CommandError) in
    let output = try DataOutput(invocation)
    let workspace = try Workspace(invocation.world)
    let assessment = try await workspace.assessWorkTree(invocation)
    let name = invocation.arguments[0]
    let found = assessment.estate.identities(named: name)
    if found.isEmpty {
      let known = assessment.estate.identities.flatMap { [$0.handle, $0.principal?.description ?? ""] }
      throw CommandError(.usage, "nothing is called '\(name)'", hint: suggestion(for: name, among: known))
    }
    let pages = IdentityPages(assessment)
    try output.write(
      output.isJSON ? pages.json(found) : pages.text(found, Ink(output.usesColour(invocation.world))), invocation)
    return .clean
  }
}

extension Estate {
  /// Those with the handle, the principal key or the credential, else those whose key the pattern matches.
  fileprivate func identities(named name: String) -> [JoinedIdentity] {
    let exact = identities.filter { identity in
      identity.declaration?.handle.value == name || identity.principal?.description == name
        || identity.credentials.contains { $0.id == name }
    }
    if !exact.isEmpty { return exact }
    let pattern = Glob(name)
    return identities.filter { $0.principal.map { pattern.matches($0.description) } ?? false || $0.handle == name }
  }
}
