import Base
import TestSupport
import Testing

@testable import Git

@Suite struct CommitTests {
  @Test func readsWhatGitWrote() throws {
    let scratch = try ScratchRepository()
    let first = try scratch.commitAll("First")
    try scratch.run("switch", "-q", "-c", "side")
    try scratch.commitAll("Side")
    try scratch.run("switch", "-q", "main")
    try scratch.commitAll("Second")
    let message = "Merge sides\n\nA paragraph.\n\nReviewed-by: Bo <bo@acme.example>\nMuster-Item: a\nmuster-item: b\n"
    try scratch.run(
      with: ["GIT_AUTHOR_NAME": "Zoë", "GIT_AUTHOR_DATE": "1600000000 -0330"], "merge", "-q", "--no-ff", "-m", message,
      "side")
    let repository = try Repository(at: scratch.path)
    let head = try repository.require("HEAD")
    let commit = try repository.commit(head)
    #expect(commit.id == head && commit.message == message && commit.subject == "Merge sides")
    #expect(commit.tree.hex == (try scratch.run("rev-parse", "HEAD^{tree}")))
    #expect(
      commit.parents.map(\.hex) == [try scratch.run("rev-parse", "HEAD^1"), try scratch.run("rev-parse", "HEAD^2")])
    #expect(
      commit.author
        == CommitPerson(
          name: "Zoë", email: "ana@acme.example", time: Instant(milliseconds: 1_600_000_000_000), offset: -210))
    #expect(commit.committer.name == "Ana" && commit.signature == .none)
    let shown = try scratch.run("log", "-1", "--format=%(trailers:unfold)").split(separator: "\n").map(String.init)
    #expect(try commit.trailers.map { "\($0.key): \($0.value)" } == shown)
    #expect(try commit.trailers("Muster-Item") == ["a", "b"])
    #expect(try repository.commit(#require(ObjectID(hex: first))).parents.isEmpty)
    #expect(try failure { _ = try Repository(at: scratch.path).commit(commit.tree) }.code == .wrongKind)
  }

  static let id = "tree 0123456789abcdef0123456789abcdef01234567\n"
  static let people = "author A <a@x> 1 +0000\ncommitter C <c@x> 2 +0100\n"

  func parse(_ text: String) throws -> Commit {
    let name = try #require(ObjectID(hex: ObjectIDTests.text))
    let bytes = Array(text.utf8)
    let result = bytes.withUnsafeBytes { buffer in Result { try CommitParser.parse(buffer, name) } }
    let header = bytes.withUnsafeBytes { buffer in Result { try CommitHeader.parse(buffer, name) } }
    if let commit = try? result.get() {
      let header = try header.get()
      #expect(header.tree == commit.tree && header.parents == commit.parents)
      #expect(header.time * 1000 == commit.committer.time.milliseconds)
    }
    return try result.get()
  }

  @Test func separatesTheSignatureFromWhatItSigns() throws {
    let signature = "gpgsig -----BEGIN\n AAAA\n \n -----END\n"
    let commit = try parse(Self.id + Self.people + signature + "encoding UTF-8\n\nMessage\n\ngpgsig no\n")
    let expected = Array((Self.id + Self.people + "encoding UTF-8\n\nMessage\n\ngpgsig no\n").utf8)
    #expect(commit.signature == .one(text: "-----BEGIN\nAAAA\n\n-----END\n", payload: expected))
    for headers in [
      signature + signature, signature + "gpgsig-sha256 x\n", "gpgsig-sha256 x\n",
      signature + "encoding x\n" + signature,
    ] {
      #expect(try parse(Self.id + Self.people + headers + "\nx\n").signature == .several)
    }
    // A merged tag's own signature stands in a header of its own.
    let tagged = try parse(
      Self.id + Self.people + "mergetag object 1\n gpgsig x\n -----BEGIN PGP SIGNATURE-----\n\nx\n")
    #expect(tagged.signature == .none)
  }

  @Test(arguments: [
    "", "tree 0123\n" + people + "\n", people + "\n", id + "\n", id + "author A <a@x> 1 +0000\n\n",
    id + id + people + "\n",
    id + "parent 0\n" + people + "\n", id + people + "author B <b@x> 1 +0000\n\n",
  ])
  func refusesOtherForms(_ text: String) throws {
    #expect(try failure { _ = try parse(text) }.code == .corruptObject)
  }

  @Test(arguments: [
    ("author A <a@x> 1 +0000", "A", "a@x", 1), ("author <a@x> 1 +0000", "", "a@x", 1),
    ("author A <> 1 +0000", "A", "", 1),
    ("author A", "A", "", 0), ("author A <b <a@x>> 9 x", "A", "b <a@x>", 9),
    ("author A <a@x> 99999999999999999999 +0000", "A", "a@x", 0),
    ("author A <a@x> 9223372036854775807 +0000", "A", "a@x", 0), ("author A > b < 1", "A > b", "", 0),
  ])
  func readsBrokenPersonsAsFarAsItCan(_ line: String, _ name: String, _ email: String, _ seconds: Int64) throws {
    let commit = try parse(Self.id + line + "\ncommitter C <c@x> 2 +0100\n\nx")
    #expect(commit.author.name == name && commit.author.email == email)
    #expect(commit.author.time.milliseconds == seconds * 1000)
  }

  @Test func neverCrashesOnAnyBytes() throws {
    let name = try #require(ObjectID(hex: ObjectIDTests.text))
    let whole = Array(
      (Self.id + "parent 0123456789abcdef0123456789abcdef01234567\n" + Self.people + "gpgsig a\n b\n\nMessage\n").utf8)
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<20_000 {
      var bytes = Array(whole.prefix(Int.random(in: 0...whole.count, using: &generator)))
      for _ in 0..<Int.random(in: 0...3, using: &generator) where !bytes.isEmpty {
        bytes[Int.random(in: bytes.indices, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
      }
      bytes.withUnsafeBytes {
        _ = try? CommitParser.parse($0, name)
        _ = try? CommitHeader.parse($0, name)
      }
      if var cursor = try? TreeCursor(bytes, of: name) {
        while !cursor.isAtEnd { if (try? cursor.advance()) == nil { break } }
      }
    }
  }
}
