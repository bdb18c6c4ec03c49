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
}
