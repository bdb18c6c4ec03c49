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
    let (governance, problems) = try workspace.governance(.workTree)
    let facts = try workspace.facts(governance.configuration, revision: invocation.value("facts"))
    let name = invocation.arguments[0]
    let wanted = Wanted(name, governance, facts)
    if wanted.isEmpty {
      let known = governance.declarations.map(\.handle.value) + facts.identities.map(\.principal.description)
      throw CommandError(.usage, "nothing is called '\(name)'", hint: suggestion(for: name, among: known))
    }
    // Only what is asked about is judged: of a hundred thousand identities the others would take a minute.
    let assessment = await Assessment.of(
      governance, problems, facts: facts.limited(to: wanted.principals), now: try invocation.now(),
      cores: invocation.world.cores, only: wanted.handles)
    invocation.console.report(problems.filter { $0.kind != .warning })
    let found = assessment.estate.identities.filter { wanted.includes($0) }
    let pages = IdentityPages(assessment, IdentityGraph(facts.identities))
    try output.write(text: { pages.text(found, Ink($0)) }, json: { pages.json(found) }, invocation)
    return .clean
  }
}

/// Who is asked about: those with the handle, the principal key or the credential, else those whose key the pattern matches.
private struct Wanted {
  private(set) var principals: Set<PrincipalKey> = []
  private(set) var handles: Set<String> = []

  var isEmpty: Bool { principals.isEmpty && handles.isEmpty }

  init(_ name: String, _ governance: Governance, _ facts: FactSet) {
    take(governance, facts) { principal, handle, credentials in
      handle == name || principal?.description == name || credentials.contains(name)
    }
    if !isEmpty { return }
    let pattern = Glob(name)
    take(governance, facts) { principal, _, _ in
      principal.map { pattern.matches($0.description) || $0.shortName == name } ?? false
    }
  }

  private mutating func take(
    _ governance: Governance, _ facts: FactSet, _ isWanted: (PrincipalKey?, String?, [String]) -> Bool
  ) {
    for fact in facts.identities where isWanted(fact.principal, nil, fact.credentials.map(\.id)) {
      principals.insert(fact.principal)
    }
    for usage in facts.usage where isWanted(usage.principal, nil, usage.credentials.map(\.id)) {
      principals.insert(usage.principal)
    }
    for declaration in governance.declarations {
      let keys = declaration.principals.map(\.value)
      guard
        isWanted(nil, declaration.handle.value, [])
          || keys.contains(where: { principals.contains($0) || isWanted($0, nil, []) })
      else { continue }
      handles.insert(declaration.handle.value)
      principals.formUnion(keys)
    }
  }

  func includes(_ identity: JoinedIdentity) -> Bool {
    identity.principal.map { principals.contains($0) } ?? false
      || identity.declaration.map { handles.contains($0.handle.value) } ?? false
  }
}
