import Testing

@testable import Reports

@Suite struct SnippetTests {
  @Test(arguments: [
    ("expires: 2026", 10, 4, 9, 4), ("日本: x", 5, 1, 6, 1), ("\tkey: v", 2, 3, 2, 3), ("e\u{301}: v", 4, 1, 2, 1),
    ("short", 99, 3, 5, 1), ("short", 1, 99, 0, 5), ("a\u{202E}b", 3, 1, 9, 1), ("", 1, 1, 0, 1),
  ]) func putsTheCaretUnderTheColumn(line: String, column: Int, marked: Int, offset: Int, length: Int) {
    let snippet = Snippet(line: line, number: 1, column: column, marked: marked, limit: 80)
    #expect(snippet.offset == offset && snippet.length == length)
  }

  @Test func marksNothingWithoutAColumn() {
    #expect(Snippet(line: "abc", number: 1, column: 0, marked: 2, limit: 80).length == 0)
  }

  @Test(arguments: [1, 40, 77, 500, 981, 1000]) func showsTheMarkOfALongLine(column: Int) {
    let line = String((0..<1000).map { Character(Unicode.Scalar(UInt8(97 + $0 % 26))) })
    let snippet = Snippet(line: line, number: 1, column: column, marked: 20, limit: 80)
    #expect(displayWidth(snippet.text) <= 80)
    let shown = Array(snippet.text)[snippet.offset..<(snippet.offset + snippet.length)]
    #expect(String(shown) == String(line.dropFirst(column - 1).prefix(20)))
  }

  @Test func wrapsAtSpacesOnly() {
    #expect("one two three".wrapped(to: 7) == ["one two", "three"])
    #expect("arn:aws:iam::111122223333:role/x y".wrapped(to: 7) == ["arn:aws:iam::111122223333:role/x", "y"])
    #expect("one two".wrapped(to: 0) == ["one two"])
  }
}
