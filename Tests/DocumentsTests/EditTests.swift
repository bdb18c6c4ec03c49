import Base
import Testing

@testable import Documents

func edited(_ text: String, _ edits: Edit...) throws -> String {
  let (document, diagnostics) = yaml(text)
  #expect(diagnostics.isEmpty)
  return String(decoding: try apply(edits: edits, to: try #require(document)), as: UTF8.self)
}

@Suite struct EditTests {
  @Test(arguments: [
    ("a: b\n", "c", "a: c\n"),
    ("a: b   # why\nz: y", "c: d", "a: \"c: d\"   # why\nz: y"),
    ("a: 'b' # why\r\n", "it's", "a: 'it''s' # why\r\n"),
    ("a: \"b\"\n", "c", "a: \"c\"\n"),
    ("a:\n", "c", "a: c\n"),
    ("a: # why\n", "c", "a: c # why\n"),
    ("z: y\n", "c", "z: y\na: c\n"),
    ("z: y", "c", "z: y\na: c"),
    ("a: |\n  one\n  two\n\nz: y\n", "three\nfour\n", "a: |\n  three\n  four\n\nz: y\n"),
    ("a: > # why\n    one\n    two\nz: y\n", "three", "a: three # why\nz: y\n"),
    ("{a: b, z: [y]}", "c, d", "{a: \"c, d\", z: [y]}"),
    ("{z: [y]}", "c", "{z: [y], a: c}"),
    ("a: b\n  and more\n# end\n", "no", "a: \"no\"\n# end\n"),
    ("a: b\n", "x\ny: z\n", "a: \"x\\ny: z\\n\"\n"),
    ("# only a comment\n", "c", "a: c\n# only a comment\n"),
    ("--- # x\n", "c", "--- # x\na: c\n"),
    ("\u{FEFF}", "c", "\u{FEFF}a: c\n"),
    ("é: ü\na: ß # ö\n", "ß", "é: ü\na: ß # ö\n"),
  ])
  func setsOneScalar(_ before: String, text: String, after: String) throws {
    #expect(try edited(before, .set(["a"], to: .text(text))) == after)
  }

  @Test(arguments: [
    ("a:\n  - b\n  # end of the list\nz: y\n", "a:\n  - b\n  - x: 1\n    w: two\n  # end of the list\nz: y\n"),
    ("a:\n- b\nz: y\n", "a:\n- b\n- x: 1\n  w: two\nz: y\n"),
    ("a: []\nz: y\n", "a:\n  - x: 1\n    w: two\nz: y\n"),
    ("a: [ ] # none\r\n", "a: # none\r\n  - x: 1\r\n    w: two\r\n"),
    ("a:\nz: y\n", "a:\n  - x: 1\n    w: two\nz: y\n"),
    ("z: y\n", "z: y\na:\n  - x: 1\n    w: two\n"),
    ("z: y", "z: y\na:\n  - x: 1\n    w: two"),
    ("a: [b] # c\n", "a: [b, { x: 1, w: two }] # c\n"),
    ("a: [ # none\n  ]\n", "a: [{ x: 1, w: two } # none\n  ]\n"),
    ("{z: y}", "{z: y, a: [{ x: 1, w: two }]}"),
    (
      "a:\n    - s: |+\n        text\n\n\nz: y\n", "a:\n    - s: |+\n        text\n\n\n    - x: 1\n      w: two\nz: y\n"
    ),
  ])
  func appendsOneItem(_ before: String, after: String) throws {
    #expect(try edited(before, .append(["x": .plain("1"), "w": "two"], to: ["a"])) == after)
  }

  @Test func appendsLinesAsTheyAre() throws {
    let lines = ["decision: keep   # by hand", "signature: |", "  -----BEGIN", "", "  end"]
    let after = try edited("decisions:\n  - decision: extend\n", .append(lines: lines, to: ["decisions"]))
    #expect(
      after
        == "decisions:\n  - decision: extend\n  - decision: keep   # by hand\n    signature: |\n      -----BEGIN\n\n      end\n"
    )
    #expect(throws: EditError.self) { try edited("a: []\n", .append(lines: ["x: 1", "- y"], to: ["a"])) }
    #expect(throws: EditError.self) { try edited("a: []\n", .append(lines: ["x: 1\nb: 2"], to: ["a"])) }
    #expect(throws: EditError.self) { try edited("a: [b]\n", .append(lines: ["x: 1"], to: ["a"])) }
  }

  @Test func insertsAKeyWhereItIsAsked() throws {
    let text = "a:\n  b: c # d\n  e: |\n    f\n\nz: y\n"
    #expect(
      try edited(text, .insert("u", "v", in: ["a"], after: "b"), .insert("m", ["k": "w"], after: "a"))
        == "a:\n  b: c # d\n  u: v\n  e: |\n    f\nm:\n  k: w\n\nz: y\n")
    #expect(throws: EditError.self) { try edited(text, .insert("b", "v", in: ["a"])) }
    #expect(throws: EditError.self) { try edited(text, .insert("u", "v", in: ["a"], after: "q")) }
  }

  @Test(arguments: [["x"], ["a", "b"], ["a", 2], ["l"], ["m"]] as [[PathStep]])
  func refusesWhatIsNoScalar(path: [PathStep]) throws {
    let text = "a: [b]\nl: [c]\nm: {d: e}\n"
    if path == ["x"] { return #expect(try edited(text, .set(path, to: "v")) == text + "x: v\n") }
    #expect(throws: EditError.self) { try edited(text, .set(path, to: "v")) }
  }

  @Test(arguments: [
    // The text has no line feed at its end; a line below would give it one.
    "z: y\na: |+\n  text", "b: 1\nb: 2\n", "a: &x 1\n",
  ])
  func refusesWhatItCannotProve(_ text: String) throws {
    let document = try #require(yaml(text).document)
    #expect(throws: EditError.self) { try apply(edits: [.insert("new", "v")], to: document) }
    #expect(throws: EditError.self) { try apply(edits: [.append(lines: ["v"], to: ["list"])], to: document) }
  }

  @Test func namesThePlaceOfAnEditThatFails() throws {
    let document = try #require(yaml("a:\n  b: |+\n    text").document)
    let error = #expect(throws: EditError.self) { try apply(edits: [.insert("c", "v", in: ["a"])], to: document) }
    #expect(error.map { place($0.location) } == "2:3")
    #expect(error?.message == "the edit cannot be made safely: more than the intended value would change")
    #expect(throws: EditError.self) { try apply(edits: [.set(["a"], to: "x")], to: try #require(json("{}").document)) }
  }

  @Test func editsFrontMatterAndLeavesTheBody() throws {
    let text = "---\r\nstatus: open  # s\r\ndecisions: []\r\n---\r\n# Title\r\n\r\n---\r\ndecisions: x\r\n"
    let read = FrontMatter.read(Array(text.utf8), path: "a.md")
    let document = try #require(read.frontMatter).document
    let after = try apply(
      edits: [.set(["status"], to: "decided"), .append(["by": "ana"], to: ["decisions"])], to: document)
    #expect(
      String(decoding: after, as: UTF8.self)
        == "---\r\nstatus: decided  # s\r\ndecisions:\r\n  - by: ana\r\n---\r\n# Title\r\n\r\n---\r\ndecisions: x\r\n")
  }

  @Test(arguments: 0..<3000)
  func changesOnlyWhatIsAsked(seed: Int) throws {
    let source = RandomYAML(seed: UInt64(seed))
    var random = source.random
    let (document, diagnostics) = yaml(source.text)
    #expect(diagnostics.isEmpty, "\(source.text)")
    var paths: [(path: [PathStep], node: Node)] = []
    collect(try #require(document).root, [], &paths)
    for _ in 0..<6 {
      let (path, node) = random.pick(paths)
      let edit = edit(path, node, &random)
      let bytes: [UInt8]
      do { bytes = try apply(edits: [edit], to: try #require(document)) } catch let error as EditError {
        // Text that ends with the file, not with a line, would change when a line follows.
        if !source.text.hasSuffix("\n"), isBlock(try #require(document).arena.records.last),
          error.message.contains("more than")
        {
          continue
        }
        Issue.record("\(edit)\n\(error)\n\(source.text)")
        continue
      }
      try check(
        edit, node, before: source.text, after: String(decoding: bytes, as: UTF8.self), comments: source.comments)
    }
  }

  private func edit(_ path: [PathStep], _ node: Node, _ random: inout Randomness) -> Edit {
    let text = random.hostileText()
    switch node.kind {
    case .mapping: return .insert("new " + text, random.chance(50) ? .text(text) : ["x": .text(text)], in: path)
    case .sequence: return .append(random.value(depth: 2), to: path)
    case .null where random.chance(50) && node.key != nil && !isInFlow(node):
      return .append(random.value(depth: 1), to: path)
    default: return .set(path, to: random.chance(50) ? .text(text) : .literal(text))
    }
  }

  private func isBlock(_ record: Record?) -> Bool { record?.style == .literal || record?.style == .folded }

  private func isInFlow(_ node: Node) -> Bool {
    node.document.root.arena.records.contains {
      $0.isContainer && $0.style == .flow && $0.start < node.record.start && node.record.start < $0.end
    }
  }

  private func check(_ edit: Edit, _ node: Node, before: String, after: String, comments: Int) throws {
    // Every comment is there, in order.
    var rest = after[...]
    for i in 0..<comments {
      let mark = "<c\(i + 1)>"
      guard let found = rest.firstRange(of: mark) else {
        Issue.record("\(mark) was lost\n\(edit)\n\(before)\n--- became\n\(after)")
        return
      }
      rest = rest[found.upperBound...]
    }
    // Before the value, and behind the line that it ends on, nothing moved.
    let (old, new) = (Array(before.utf8), Array(after.utf8))
    let lineEnd = old[node.range.upperBound...].firstIndex { $0 == 0x0A || $0 == 0x0D } ?? old.count
    #expect(
      new.starts(with: old[..<node.range.lowerBound].reversed().drop { $0 == 0x20 }.reversed()), "\(edit)\n\(before)")
    #expect(new.reversed().starts(with: old[lineEnd...].reversed()), "\(edit)\n\(before)\n--- became\n\(after)")
    if case .set(let value) = edit.action, case .text(let text) = value {
      var read = try #require(yaml(after).document).root
      for step in edit.path {
        switch step {
        case .key(let key): read = try #require(read[key])
        case .index(let index): read = read.elements[index]
        }
      }
      #expect((read.text ?? "").utf8.elementsEqual(text.utf8))
    }
  }

  private func collect(_ node: Node, _ path: [PathStep], _ paths: inout [(path: [PathStep], node: Node)]) {
    if !path.isEmpty || node.kind == .mapping { paths.append((path, node)) }
    for (key, value) in node.members { collect(value, path + [.key(key.text ?? "")], &paths) }
    for (i, element) in node.elements.enumerated() { collect(element, path + [.index(i)], &paths) }
  }
}
