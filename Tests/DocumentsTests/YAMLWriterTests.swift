import Testing

@testable import Documents

@Suite struct YAMLWriterTests {
  @Test func writesAFileAsAPersonWould() {
    var writer = YAMLWriter()
    writer.comment("Drafted from what was seen.\nLook at owner.")
    writer.field("identity", "release-publisher")
    writer.field("absent", nil)
    writer.field("expires", .plain("2027-03-31"), comment: "guessed")
    writer.field("risk", .plain("61"))
    writer.field("version", .text("1.10"))
    writer.field("evidence", .inline(["facts": "4be1", "window": "2026-08-22/2026-11-20"]))
    writer.sequence("scope") {
      $0.item {
        $0.comment("seen 12 times")
        $0.field("actions", .texts(["s3:GetObject", "s3:*"]))
      }
      $0.item("plain")
      $0.item([["a", "b"], []])
    }
    writer.mapping("empty") { _ in }
    writer.blankLine()
    writer.field("note", .literal("one\n\n  two\n"))
    #expect(
      writer.text == """
        # Drafted from what was seen.
        # Look at owner.
        identity: release-publisher
        expires: 2027-03-31  # guessed
        risk: 61
        version: "1.10"
        evidence: { facts: 4be1, window: 2026-08-22/2026-11-20 }
        scope:
          - # seen 12 times
            actions:
              - s3:GetObject
              - s3:*
          - plain
          - - - a
              - b
            - []
        empty: {}

        note: |
          one

            two

        """)
    #expect(yaml(writer.text).diagnostics.isEmpty)
  }

  @Test(arguments: 0..<500)
  func comesBackAsItWasWritten(seed: Int) throws {
    var random = Randomness(state: UInt64(seed))
    var writer = YAMLWriter()
    var members: [(key: String, value: YAMLValue)] = []
    for i in 0..<5 {
      members.append(("\(i)" + random.hostileText(), random.value(depth: 3)))
      writer.comment(random.hostileText())
      writer.field(members[i].key, members[i].value, comment: random.chance(30) ? random.hostileText() : "")
    }
    let (document, diagnostics) = yaml(writer.text)
    #expect(diagnostics.isEmpty, "\(diagnostics)\n\(writer.text)")
    #expect(YAMLValue.mapping(members).matches(try #require(document, "\(writer.text)").root), "\(writer.text)")
  }
}
