import Testing

@testable import Documents

private func frontMatter(_ text: String) -> (frontMatter: FrontMatter?, diagnostics: [String]) {
  let read = FrontMatter.read(Array(text.utf8), path: "a.md")
  return (read.frontMatter, read.diagnostics.map { "\($0)" })
}

@Suite struct FrontMatterTests {
  @Test(arguments: ["\n", "\r\n"])
  func givesPlacesOfTheWholeFile(lineBreak: String) throws {
    let text = ["\u{FEFF}---", "a: ü", "b: [c]", "--- ", "# Title", "---", "x"].joined(separator: lineBreak)
    let (read, diagnostics) = frontMatter(text)
    #expect(diagnostics.isEmpty)
    let matter = try #require(read)
    #expect(matter.body == ["# Title", "---", "x"].joined(separator: lineBreak))
    #expect(place(try #require(matter.document.root["b"]?.elements.first).location) == "3:5")
    #expect(matter.document.root["a"]?.text == "ü")
  }

  @Test(arguments: [
    ("# Title\n", "a.md:1:1: error: the file has no front matter"),
    ("", "a.md:1:1: error: the file has no front matter"),
    ("--- a\n", "a.md:1:1: error: the file has no front matter"),
    ("---", "a.md:1:1: error: the front matter that starts here does not end"),
    ("---\na: b\n", "a.md:1:1: error: the front matter that starts here does not end"),
    ("---\na: b\na: c\n---\n", "a.md:3:1: error: duplicate key `a`, first at line 2"),
    ("---\na: \"b\n---\n", "a.md:2:4: error: the quote that opens here is not closed"),
  ])
  func saysWhatIsMissing(_ text: String, expected: String) {
    #expect(frontMatter(text).diagnostics.first?.hasPrefix(expected) ?? false, "\(frontMatter(text).diagnostics)")
  }

  @Test func readsAnEmptyOne() throws {
    let matter = try #require(frontMatter("---\n---\nbody").frontMatter)
    #expect(matter.document.root.kind == .null)
    #expect(matter.body == "body")
    let bytes = try apply(edits: [.set(["a"], to: "b"), .append("c", to: ["d"])], to: matter.document)
    #expect(String(decoding: bytes, as: UTF8.self) == "---\na: b\nd:\n  - c\n---\nbody")
  }

  @Test func keepsTheBodyWhatItIs() throws {
    let bytes = Array("---\na: b\n---\n".utf8) + [0xFF, 0x00]
    let read = FrontMatter.read(bytes, path: "a.md")
    #expect(read.diagnostics.isEmpty)
    #expect(read.frontMatter?.bodyRange.count == 2)
  }
}
