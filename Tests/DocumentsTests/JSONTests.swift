import Base
import Testing

@testable import Documents

func json(_ text: String, limits: Limits = .exports) -> (document: Document?, diagnostics: [Diagnostic]) {
  Document.json(Array(text.utf8), path: "a.json", limits: limits)
}

@Suite struct JSONTests {
  @Test func givesEachNodeItsPlace() throws {
    let text = "\u{FEFF}{\n  \"é\": [1, -2.50e3, true, null, \"x\\u00e9\\n\"],\n  \"o\": {\"p\": {}, \"q\": []}\n}\n"
    let (document, diagnostics) = json(text)
    #expect(diagnostics.isEmpty)
    let root = try #require(document).root
    #expect(place(root.location) == "1:1")
    let list = try #require(root["é"]).elements
    #expect(list.map(\.kind) == [.number, .number, .bool, .null, .string])
    #expect(list.map(\.text) == ["1", "-2.50e3", "true", nil, "xé\n"])
    #expect(list.map { place($0.location) } == ["2:9", "2:12", "2:21", "2:27", "2:33"])
    #expect(root["o"]?["q"]?.count == 0)
    #expect(root.rawText.hasPrefix("{\n") && root.rawText.hasSuffix("}"))
    #expect(root.canonicalJSON() == "{\"o\":{\"p\":{},\"q\":[]},\"é\":[1,-2.50e3,true,null,\"xé\\n\"]}")
  }

  @Test(arguments: [
    ("", "1:1: error: the text is empty"),
    (" \n ", "1:1: error: the text is empty"),
    ("{\"a\": 1", "1:8: error: the text ends inside the object opened at line 1, column 1 (the file may be cut off)"),
    ("{\"a\":\n [1,", "2:5: error: the text ends inside the array opened at line 2, column 2"),
    ("{\"a\": \"b", "1:7: error: the string that starts here is not closed"),
    ("{\"a\": \"b\\\"", "1:7: error: the string that starts here is not closed"),
    ("{\"a\": 1}\nx", "2:1: error: expected the end of the text, found `x`"),
    ("[1,]", "1:4: error: expected a JSON value, found `]`"),
    ("{\"a\": 1,}", "1:9: error: expected a key in double quotes, found `}`"),
    ("{a: 1}", "1:2: error: expected a key in double quotes, found `a`"),
    ("{\"a\" 1}", "1:6: error: expected `:` after the key, found `1`"),
    ("[1 2]", "1:4: error: expected `,` or `]` in the array opened at line 1, column 1, found `2`"),
    ("{\"a\": 1 \"b\": 2}", "1:9: error: expected `,` or `}` in the object"),
    ("[NaN]", "1:2: error: not a JSON value: `NaN`"),
    ("[-Infinity]", "1:2: error: not a JSON number: `-Infinity`"),
    ("[True]", "1:2: error: not a JSON value: `True`"),
    ("[01]", "1:2: error: not a JSON number: `01`"),
    ("[1.]", "1:2: error: not a JSON number"), ("[.5]", "1:2: error"), ("[+1]", "1:2: error"), ("[1e]", "1:2: error"),
    ("['a']", "1:2: error: expected a JSON value, found `'`"),
    ("[\"a\\x\"]", "1:4: error: unknown escape"), ("[\"\\u12g4\"]", "1:3: error: unknown escape"),
    ("[\"a\nb\"]", "1:4: error: control character in a string"),
    ("[1]\0", "1:4: error: expected the end of the text"), ("\0", "1:1: error: expected a JSON value"),
    ("[\"a\"b]", "1:5: error: expected `,` or `]`"), ("[tru\"e\"]", "1:2: error: not a JSON value"),
    ("{\"a\":1}}", "1:8: error"),
    ("[1}", "1:3: error: expected `,` or `]`"), ("// x\n[]", "1:1: error: expected a JSON value, found `/`"),
  ])
  func saysWhereItStopsBeingJSON(_ text: String, expected: String) {
    let (document, diagnostics) = json(text)
    #expect(document == nil)
    #expect(diagnostics.map(\.kind) == [.unreadable])
    #expect(diagnostics.first.map { "\($0)" }?.hasPrefix("a.json:" + expected) ?? false, "\(diagnostics)")
  }

  @Test(
    arguments: [
      ([0x5B, 0x22, 0xC3, 0x28, 0x22, 0x5D], "1:3"), ([0x0A, 0xFF], "2:1"), ([0x5B, 0x22, 0xE2, 0x82], "1:3"),
    ] as [([UInt8], String)])
  func namesTheByteThatIsNoUTF8(_ bytes: [UInt8], expected: String) {
    let (document, diagnostics) = Document.json(bytes, path: "a.json")
    #expect(document == nil)
    #expect(diagnostics.map { place($0.location) } == [expected])
    #expect(diagnostics.first?.message.contains("is not UTF-8") ?? false)
  }

  @Test func takesTheLastOfEqualKeysAndWarns() throws {
    let many = (0..<40).map { "\"k\($0)\": \($0)" }.joined(separator: ", ")
    for (text, at) in [("{\"a\": 1, \"\\u0061\": 2}", "1:10"), ("{\"a\": 1, \(many), \"a\": 2}", nil)]
      as [(String, String?)]
    {
      let (document, diagnostics) = json(text)
      let root = try #require(document).root
      #expect(diagnostics.map(\.kind) == [.warning])
      if let at { #expect(diagnostics.map { place($0.location) } == [at]) }
      #expect(root["a"]?.int == 2)
      #expect(root.members.filter { $0.key.text == "a" }.count == 1)
      #expect(root.count == root.members.count)
    }
    #expect(json("{\"a\": {\"a\": 1}, \"b\": {\"a\": 2}}").diagnostics.isEmpty)
  }

  @Test func keepsNumbersAsTheyAreWritten() throws {
    let text = "[123456789012345678901234567890, 9223372036854775807, 1e400, 1.0, -0, 1e3]"
    let list = try #require(json(text).document).root.elements
    #expect(list.map(\.int) == [nil, 9_223_372_036_854_775_807, nil, nil, 0, nil])
    #expect(list.map(\.double) == [1.2345678901234568e29, 9.223372036854775807e18, nil, 1, 0, 1000])
    #expect(list.map(\.text).first == "123456789012345678901234567890")
  }

  @Test func refusesPastItsLimits() throws {
    let deep = String(repeating: "[", count: 200)
    #expect(
      json(deep + String(repeating: "]", count: 200)).diagnostics.first?.message
        == "more than 128 levels of objects and arrays")
    #expect(json("[[[1]]]", limits: Limits(depth: 3)).document != nil)
    #expect(json("[[[[1]]]]", limits: Limits(depth: 3)).diagnostics.map { place($0.location) } == ["1:4"])
    #expect(json("[1,2,3]", limits: Limits(nodes: 3)).diagnostics.map { place($0.location) } == ["1:6"])
    #expect(json("[1,2,3]", limits: Limits(bytes: 6)).diagnostics.map(\.kind) == [.unreadable])
    #expect(json(String(repeating: "[", count: 1 << 20)).document == nil)
  }

  @Test func readsLinesAndGoesOnAfterABadOne() throws {
    let text = "\u{FEFF}{\"a\": 1}\r\n\n[1,\n  \"x\"  \n{\"a\": \"\u{7}\"}\n{\"a\": 1, \"a\": 2}\nnull"
    let (document, diagnostics) = Document.jsonLines(Array(text.utf8), path: "a.jsonl")
    let lines = try #require(document)
    #expect(lines.roots.map { $0.canonicalJSON() } == ["{\"a\":1}", "\"x\"", "{\"a\":2}", "null"])
    #expect(lines.roots.map { place($0.location) } == ["1:1", "4:3", "6:1", "7:1"])
    #expect(lines.unreadableLines == 2)
    #expect(diagnostics.map { place($0.location) } == ["3:4", "5:8", "6:10"])
    #expect(diagnostics.map(\.kind) == [.unreadable, .unreadable, .warning])
    #expect(Document.jsonLines([], path: "a").document?.roots.isEmpty ?? false)
  }

  @Test func listsAHundredProblemsAndCountsTheRest() throws {
    let (document, diagnostics) = Document.jsonLines(Array(String(repeating: "x\n", count: 500).utf8), path: "a.jsonl")
    #expect(document?.unreadableLines == 500)
    #expect(diagnostics.count == 101)
    #expect(diagnostics.last?.message == "400 more problems of this file are not listed")
    #expect(diagnostics.last?.kind == .unreadable)
  }

  @Test func findsColumnsFarInsideALongLine() throws {
    let text = "[" + String(repeating: "\"é\", ", count: 20_000) + "true]"
    let last = try #require(json(text).document?.root.elements.last)
    #expect(place(last.location) == "1:\(20_000 * 5 + 2)")
  }
}
