import Base
import Model
import Testing

@testable import Reviews

@Suite struct OwnerTests {
  private func resolve(_ acme: Acme, _ declaration: Declaration?, _ fact: IdentityFact? = nil) -> ResolvedOwner {
    OwnerResolver(
      owners: acme.governance.owners, codeOwners: { acme.codeOwners[$0] ?? [] },
      exceptionQueue: acme.template.exceptionQueue, now: acme.now
    ).resolve(declaration, fact)
  }

  @Test(arguments: [
    ("team:payments", "team:platform", "team:payments", OwnerSource.declared),
    ("person:bo", "team:platform", "team:platform", .backup),
    ("team:gone", "person:bo", "person:eli", .escalation),
    ("person:robo", "", "team:security", .exceptionQueue),
    ("person:nobody", "", "team:security", .exceptionQueue),
    ("person:bo", "", "team:payments", .escalation),
  ]) func passesOverWhoCannotAnswer(owner: String, backup: String, found: String, how: OwnerSource) {
    var declaration = Acme.declaration
    declaration.owner = OwnerReference(owner).map { located($0) }
    declaration.backup = OwnerReference(backup).map { located($0) }
    let resolved = resolve(Acme(), declaration)
    #expect(resolved.owner == OwnerReference(found))
    #expect(resolved.how == how)
    #expect(resolved.passedOver.isEmpty == (how == .declared))
  }

  @Test(arguments: [
    ("@ana-a", "person:ana"), ("@acme/platform", "team:platform"), ("chi@acme.example", "person:chi"),
    ("@nobody @acme/platform", "team:platform"),
  ]) func readsCodeOwnersBeforeTags(line: String, found: String) {
    var acme = Acme()
    var declaration = Acme.declaration
    declaration.owner = nil
    acme.codeOwners = [declaration.location.path: line.split(separator: " ").map(String.init)]
    var fact = Acme.publisherFact
    fact.tags = [Tag(key: "Owner", value: "dora")]
    #expect(
      resolve(acme, declaration, fact) == ResolvedOwner(owner: OwnerReference(found), how: .codeowners, passedOver: []))
  }

  @Test(arguments: [
    ("owner", "payments", "team:payments"), ("Owner", "ana@acme.example", "person:ana"),
    ("team", "platform", "team:platform"),
    ("Team", "person:chi", "person:chi"),
  ]) func readsTagsLast(key: String, value: String, found: String) {
    var fact = Acme.shadowFact
    fact.tags = [Tag(key: "Name", value: "payments"), Tag(key: key, value: value)]
    #expect(resolve(Acme(), nil, fact) == ResolvedOwner(owner: OwnerReference(found), how: .tag))
  }

  @Test func givesTheQueueWhatAStrangersTagNames() {
    var fact = Acme.shadowFact
    fact.tags = [Tag(key: "owner", value: "mallory"), Tag(key: "team", value: "robo")]
    #expect(resolve(Acme(), nil, fact).how == .exceptionQueue)
  }
}
