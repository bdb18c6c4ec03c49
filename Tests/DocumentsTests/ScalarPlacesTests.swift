import Base
import Testing

@testable import Documents

@Suite struct ScalarPlacesTests {
  @Test(arguments: [
    ("a: plain text", 6, "1:10"),
    ("a: 'it''s so'", 3, "1:9"),
    ("a: \"x\\u00e9y\\tz\"", 2, "1:12"),
    ("a: \"x\\u00e9y\\tz\"", 4, "1:15"),
    ("a: |\n  one\n  two é x\n\n  three\n", 10, "3:9"),
    ("a: |\n  one\n  two é x\n\n  three\n", 13, "5:3"),
    ("a: >-\n   one\n   two\n\n   three\n", 4, "3:4"),
    ("a: >-\n   one\n   two\n\n   three\n", 8, "5:4"),
    ("a: one\n  two\n\n  three\n", 4, "2:3"),
    ("a: one\n  two\n\n  three\n", 8, "4:3"),
    ("a: \"one\\\n  two\"", 3, "2:3"),
    ("a: |\r\n  one\r\n  two\r\n", 4, "3:3"),
    ("a: text", 99, "1:8"),
  ])
  func pointsIntoTheSource(_ text: String, offset: Int, expected: String) throws {
    let node = try #require(yaml(text).document?.root["a"])
    #expect(place(node.at(scalarOffset: offset)) == expected)
  }

  @Test func pointsIntoJSONStrings() throws {
    let text = #"{"a": "x\ud83d\udd11y\n\"z"}"#
    let node = try #require(Document.json(Array(text.utf8), path: "a.json").document?.root["a"])
    #expect(node.text == "x🔑y\n\"z")
    #expect((0...6).map { node.at(scalarOffset: $0).column } == [8, 9, 21, 22, 24, 26, 27])
  }

  @Test(arguments: 0..<300)
  func pointsAtTheSameCharacter(seed: Int) throws {
    let text = RandomYAML(seed: UInt64(seed)).text
    let document = try #require(yaml(text).document)
    let lines = text.replacing("\r\n", with: "\n").unicodeScalars.split(
      separator: "\n", omittingEmptySubsequences: false
    )
    .map { Array($0) }
    for index in document.arena.records.indices {
      let node = Node(arena: document.arena, index: UInt32(index))
      guard let value = node.text else { continue }
      for (i, scalar) in value.unicodeScalars.enumerated() where scalar != "\n" && scalar != " " {
        let place = node.at(scalarOffset: i)
        let line = lines[place.line - 1]
        let found: Unicode.Scalar? = line.indices.contains(place.column - 1) ? line[place.column - 1] : nil
        #expect(found == scalar || found == "\\" || found == "'", "\(value.debugDescription) [\(i)]\n\(text)")
      }
    }
  }
}
