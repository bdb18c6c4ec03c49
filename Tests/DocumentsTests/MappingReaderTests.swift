import Base
import Testing

@testable import Documents

private enum Severity: String, CaseIterable { case critical, high, low }

@Suite struct MappingReaderTests {
  private func read<T>(_ text: String, keys: [String] = ["a", "owner"], _ body: (inout MappingReader) -> T) throws -> (
    T, [String]
  ) {
    var reader = MappingReader(try #require(yaml(text).document).root, kind: "declaration", keys: keys)
    let value = body(&reader)
    return (value, reader.diagnostics.map { "\($0)".replacing("a.yaml:", with: "").replacing("error: ", with: "") })
  }

  @Test(arguments: [
    ("a: soon", "1:4: expected a date like 2027-03-31, found 'soon'"),
    ("a: 2027-02-30", "1:4: expected a date like 2027-03-31, found '2027-02-30'"),
    ("a: [2027-02-03]", "1:4: expected a date like 2027-03-31, found a list"),
    ("a: {b: c}", "1:4: expected a date like 2027-03-31, found a mapping"),
    ("a:", "1:1: expected a date like 2027-03-31, found nothing"),
    ("owner: x", "1:1: missing key `a` in declaration"),
    ("# c\n\nowner: x", "3:1: missing key `a` in declaration"),
  ])
  func saysWhatWasExpected(_ text: String, expected: String) throws {
    let (value, diagnostics) = try read(text) { $0.required("a", .day)?.value }
    #expect(value == nil)
    #expect(diagnostics == [expected])
  }

  @Test func readsEachTypeWithItsPlace() throws {
    let text =
      "day: 2027-03-31\nfor: 90d\nflag: true\nn: -7\nlist: [x, 'y']\none: z\nlevel: high\nat: 2026-11-21T09:12:44Z\n"
    let keys = ["day", "for", "flag", "n", "list", "one", "level", "at"]
    _ = try read(text, keys: keys) { reader in
      #expect(reader.required("day", .day)?.value == Day("2027-03-31"))
      #expect(reader.optional("for", .duration)?.value == Milliseconds(90 * 86_400_000))
      #expect(reader.optional("flag", .bool)?.value == true)
      #expect(reader.optional("n", .int)?.value == -7)
      #expect(reader.optional("list", .list(of: .text))?.value.map { place($0.location) } == ["5:8", "5:11"])
      #expect(reader.optional("one", .list(of: .text))?.value.map(\.value) == ["z"])
      #expect(reader.optional("level", Reading<Severity>.choice)?.value == .high)
      #expect(reader.optional("at", .instant)?.value == Instant("2026-11-21T09:12:44Z"))
      #expect(reader.optional("absent", .text) == nil)
      #expect(reader.diagnostics.isEmpty)
    }
  }

  @Test(arguments: [
    ("a: 'true'", "1:4: expected true or false, found 'true' in quotes"),
    ("a: yes", "1:4: expected true or false, found 'yes'"),
    ("a: True", "1:4: expected true or false, found 'True'"),
  ])
  func takesOnlyPlainTrueAndFalse(_ text: String, expected: String) throws {
    #expect(try read(text) { $0.optional("a", .bool)?.value }.1 == [expected])
  }

  @Test(arguments: ["0123", "1.0", "0x1", "'7'", "1e3", "99999999999999999999", "+1", "--1"])
  func takesOnlyPlainDecimals(_ text: String) throws {
    #expect(try read("a: \(text)") { $0.optional("a", .int)?.value }.1.count == 1)
  }

  @Test func suggestsWhatWasMeant() throws {
    let (_, diagnostics) = try read("ownr: x\na: hgh\n") { $0.optional("a", Reading<Severity>.choice) }
    #expect(
      diagnostics == [
        "1:1: unknown key `ownr` in declaration (did you mean `owner`?)",
        "2:4: expected one of `critical`, `high`, `low`, found 'hgh' (did you mean `high`?)",
      ])
  }

  @Test func readsNestedMappingsAndFreeNames() throws {
    let text = "a:\n  - x: 1\n    wide: q\n  - x: one\n  - z\nowner:\n  ana: {x: 2}\n  bo: {}\n"
    let scope = Reading.mapping("entry", keys: ["x"]) { $0.required("x", .int)?.value }
    let (values, diagnostics) = try read(text) {
      (
        $0.required("a", .list(of: scope))?.value.map(\.value),
        $0.required("owner", .entries(of: scope))?.value.map(\.name.value)
      )
    }
    #expect(values.0 == [1])
    #expect(values.1 == ["ana"])
    #expect(
      diagnostics == [
        "3:5: unknown key `wide` in entry (known: `x`)", "4:8: expected a whole number, found 'one'",
        "5:5: expected a mapping (entry), found 'z'", "8:3: missing key `x` in entry",
      ])
  }

  @Test func saysNothingTwiceOfWhatIsRefused() throws {
    let document = try #require(yaml("owner: &o x\na: *o\n<<: {b: c}\n").document)
    var reader = MappingReader(document.root, kind: "declaration", keys: ["a", "owner"])
    #expect(reader.required("a", .text) == nil)
    #expect(reader.diagnostics.isEmpty)
  }

  @Test(arguments: ["- x", "text", "", "# c"])
  func refusesWhatIsNoMapping(_ text: String) throws {
    let (_, diagnostics) = try read(text) { $0.required("a", .text) }
    #expect(diagnostics.count == 1)
    #expect(diagnostics.first?.contains("expected a mapping (declaration), found ") ?? false)
  }

  @Test func callsAnExportUnreadable() throws {
    let document = try #require(json("{\"a\": 1}").document)
    var reader = MappingReader(document.root, kind: "export", keys: ["a"])
    _ = reader.optional("a", .text)
    #expect(reader.diagnostics.map(\.kind) == [.unreadable])
  }
}
