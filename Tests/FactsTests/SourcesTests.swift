import Base
import Facts
import Model
import Testing

private func identity(_ name: String, _ source: String) -> IdentityFact {
  IdentityFact(principal: PrincipalKey("arn:aws:iam::1:user/\(name)"), kind: .user, name: name, source: source)
}

@Suite struct SourcesTests {
  @Test func replacesOneSourceWholeAndKeepsTheOthers() {
    var facts = FactSet()
    facts.replaceInventory([identity("a", "one"), identity("b", "one")], SourceCoverage(name: "one", kind: .inventory))
    facts.replaceInventory([identity("b", "two")], SourceCoverage(name: "two", kind: .inventory))
    facts.replaceUsage([], [], [SourceCoverage(name: "one", kind: .usage)])
    facts.replaceInventory([identity("c", "one")], SourceCoverage(name: "one", kind: .inventory))
    #expect(facts.identities.map(\.name) == ["b", "c"])
    #expect(facts.sources.map(\.name) == ["one", "two", "one"])
    facts.removeInventory("two")
    #expect(facts.identities.map(\.name) == ["c"])
    #expect(facts.sources.map(\.kind) == [.inventory, .usage])
  }

  @Test func joinsWhatSourcesShowOfOneIdentity() throws {
    var (one, two) = (identity("a", "one"), identity("a", "two"))
    (one.unknowable, two.unknowable) = (["credentials", "created"], ["grants", "created"])
    one.grants = [GrantFact(effect: .allow, actions: ["a:b"], resources: ["*"], via: "inline:p")]
    one.uniqueID = "AIDA1"
    two.uniqueID = "AIDA2"
    two.lastUsed = Instant(milliseconds: 5)
    two.credentials = [CredentialFact(id: "AKIA", kind: "access-key", status: .active)]
    var facts = FactSet()
    facts.replaceInventory([two], SourceCoverage(name: "two", kind: .inventory))
    facts.replaceInventory([one], SourceCoverage(name: "one", kind: .inventory))
    let (joined, contradictions) = facts.joiningSources()
    let whole = try #require(joined.identities.first)
    #expect(joined.identities.count == 1)
    #expect((whole.source, whole.uniqueID, whole.unknowable) == ("one, two", "AIDA1", ["created"]))
    #expect((whole.grants.count, whole.credentials.count, whole.lastUsed) == (1, 1, Instant(milliseconds: 5)))
    #expect(
      contradictions.map(\.message) == [
        "`arn:aws:iam::1:user/a` has uniqueID `AIDA2` in two and `AIDA1` in one"
      ])
  }
}
