import Base
import Testing

@testable import Documents

func yaml(_ text: String, limits: Limits = .declarations) -> (document: Document?, diagnostics: [Diagnostic]) {
  Document.yaml(Array(text.utf8), path: "a.yaml", limits: limits)
}

func place(_ location: Base.SourceLocation) -> String { "\(location.line):\(location.column)" }

@Suite struct YAMLTests {
  @Test func givesEachNodeItsPlace() throws {
    let text = """
      # hé
      name: wörld   # ünd
      list:
        - a
        - {b: "c\\n", 'd': [e]}
      none:
      text: |
        one
         two

      # end

      """
    let (document, diagnostics) = yaml(text)
    #expect(diagnostics.isEmpty)
    let root = try #require(document).root
    #expect(
      root.canonicalJSON() == #"{"list":["a",{"b":"c\n","d":["e"]}],"name":"wörld","none":null,"text":"one\n two\n"}"#)
    #expect(root.members.map { place($0.key.location) } == ["2:1", "3:1", "6:1", "7:1"])
    #expect(root.members.map { place($0.value.location) } == ["2:7", "4:3", "6:6", "7:7"])
    let inner = try #require(root["list"]?.elements.last)
    #expect(inner.rawText == #"{b: "c\n", 'd': [e]}"#)
    #expect(place(try #require(inner["d"]?.elements.first).location) == "5:22")
    #expect(root["text"]?.rawText == "|\n    one\n     two".replacing("    ", with: "  "))
    #expect(root.rawText.hasSuffix(" two"))
    #expect(root["none"]?.kind == .null)
  }

  @Test(arguments: [
    ("a: 1\nb: 2\na: 3\n", ["3:1: error: duplicate key `a`, first at line 1"]),
    ("a: &x 1\nb: *x\n", ["1:4: error: anchors (`&x`)", "2:4: error: aliases (`*name`)"]),
    ("a:\n  <<: {b: c}\n", ["2:3: error: merge keys"]),
    ("a: !!int 1\nb: !x {}\n", ["1:4: error: tags (`!!int`)", "2:4: error: tags (`!x`)"]),
    ("a: 1\n---\nb: 2\n", ["2:1: error: a second YAML document"]),
    ("a: 1\n\tb: 2\n", ["indent with spaces, not with tabs"]),
    ("a:\n\t- b\n", ["2:1: error: a tab cannot start a value (indent with spaces"]),
    ("a: \"b\nc: d\n", ["1:4: error: the quote that opens here is not closed"]),
    ("? [a]\n: b\nc: d\n", ["1:3: error: a key must be one text"]),
    ("? \n: b\n", ["1:2: error: a key is missing"]),
    ("a: b: c\n", ["1:5: error: a `:` cannot stand here"]),
    ("a: [b\nc: d\n", ["expected `,` or `]` for the bracket opened at line 1"]),
    ("a: b\n c: d\n", ["2:3: error: a `:` cannot stand here"]),
    ("a: b\u{7}\n", ["1:5: error: control character U+0007"]),
    ("a: \0\n", ["1:4: error: control character U+0000"]),
  ])
  func refuses(_ text: String, expected: [String]) {
    let (_, diagnostics) = yaml(text)
    #expect(diagnostics.count == expected.count, "\(diagnostics)")
    for (diagnostic, expected) in zip(diagnostics, expected) {
      #expect("\(diagnostic)".contains(expected))
      #expect(diagnostic.kind == .invalid)
    }
  }

  @Test(arguments: ["? [a]\n: [b]\nc: d\n", "? {a: b}\n: {c: d}\nc: d\n", "{[a]: {b: c}, c: d}", "? [a]\nc: d\n"])
  func dropsAKeyThatIsNoTextWithItsValue(_ text: String) throws {
    let (document, diagnostics) = yaml(text)
    #expect(diagnostics.map(\.message) == ["a key must be one text"])
    #expect(try #require(document).root.canonicalJSON() == #"{"c":"d"}"#)
  }

  @Test func namesEachDuplicateAmongManyKeys() {
    let text = (0..<50).map { "k\($0): x\n" }.joined() + "k7: y\n\"k7\": z\nk31: z\n"
    #expect(
      yaml(text).diagnostics.map { "\(place($0.location)) \($0.message)" } == [
        "51:1 duplicate key `k7`, first at line 8", "52:1 duplicate key `k7`, first at line 8",
        "53:1 duplicate key `k31`, first at line 32",
      ])
  }

  @Test(arguments: ["[", "{", "- ", "? ", "{a: ", "[[", "- ? "])
  func stopsAtTheDepthLimitBeforeItCosts(_ opening: String) {
    let text = String(repeating: opening, count: (128 << 10) / opening.utf8.count)
    let (document, diagnostics) = yaml(text)
    #expect(document == nil)
    #expect(diagnostics.contains { $0.message == "more than 64 levels of lists and mappings" })
  }

  @Test func refusesPastItsLimits() {
    #expect(yaml("[[[a]]]", limits: Limits(depth: 3)).document != nil)
    #expect(yaml("[[[[a]]]]", limits: Limits(depth: 3)).diagnostics.map { place($0.location) } == ["1:4"])
    #expect(yaml("[a, b, c]", limits: Limits(nodes: 3)).diagnostics.map { place($0.location) } == ["1:8"])
    #expect(
      yaml("abcd", limits: Limits(bytes: 3)).diagnostics.map(\.message) == ["the file is larger than 3 bytes: it has 4"]
    )
    #expect(yaml(String(repeating: "a: [\n", count: 60_000)).diagnostics.count == 1)
  }

  @Test(
    arguments: [
      ([0x61, 0x3A, 0x20, 0xC3, 0xA9, 0xFF], "1:5"), ([0x0A, 0xED, 0xA0, 0x80], "2:1"),
      ([0xFF, 0xFE, 0x61, 0x00], "1:1"),
      ([0x61, 0xC0, 0x80], "1:2"),
    ] as [([UInt8], String)])
  func namesTheByteThatIsNoUTF8(_ bytes: [UInt8], expected: String) {
    let (document, diagnostics) = Document.yaml(bytes, path: "a.yaml")
    #expect(document == nil)
    #expect(diagnostics.map { place($0.location) } == [expected])
    #expect(diagnostics.first?.message.contains("is not UTF-8") ?? false)
  }

  @Test func readsMarksAndCarriageReturns() throws {
    let root = try #require(yaml("\u{FEFF}é: x\r\nb: |\r\n  one\r\n  two\r\n").document).root
    #expect(root.canonicalJSON() == #"{"b":"one\ntwo\n","é":"x"}"#)
    #expect(root.members.map { place($0.key.location) } == ["1:1", "2:1"])
    #expect(root["b"]?.rawText == "|\r\n  one\r\n  two")
  }

  @Test func leavesEveryScalarText() throws {
    let text = "[no, 0123, 1.10, 12:30:00, 2027-01-01, ~, null, true, 1e3, 0x1F]"
    let elements = try #require(yaml(text).document).root.elements
    #expect(elements.map(\.kind) == Array(repeating: .string, count: 10))
    #expect(elements.map { $0.text ?? "" }.joined(separator: ", ") == text.dropFirst().dropLast())
    #expect(elements.map(\.bool) == [nil, nil, nil, nil, nil, nil, nil, true, nil, nil])
    #expect(elements.compactMap(\.double) == [123, 1.1, 1000])
  }

  @Test(arguments: ["", "# only a comment\n", "---\n", "\u{FEFF}"])
  func readsNothingAsNull(_ text: String) throws {
    let (document, diagnostics) = yaml(text)
    #expect(diagnostics.isEmpty)
    #expect(try #require(document).root.kind == .null)
  }
}
