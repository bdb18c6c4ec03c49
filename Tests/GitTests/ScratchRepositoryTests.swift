import TestSupport
import Testing

@Suite struct ScratchRepositoryTests {
  @Test func commitsAndReads() throws {
    let scratch = try ScratchRepository()
    try scratch.write("a/b.txt", "hello\n")
    let id = try scratch.commitAll("First")
    #expect(id.count == 40)
    #expect(try scratch.run("cat-file", "-p", "HEAD:a/b.txt") == "hello")
    #expect(try scratch.run(["hash-object", "--stdin"], input: Array("hello\n".utf8)).count == 40)
    #expect(try scratch.attempt("cat-file", "-p", "HEAD:absent").status == 128)
    #expect(throws: ProgramError.self) { try scratch.run("no-such-command") }
  }

  @Test func runsProgramsInAScrubbedEnvironment() throws {
    let result = try runProgram("env", environment: ["PATH": "/usr/bin:/bin", "A": "b"])
    #expect(result.line == "A=b\nPATH=/usr/bin:/bin")
    #expect(try runProgram("cat", input: Array("x".utf8)).output == "x")
    #expect(try runProgram("sh", ["-c", "echo bad >&2; exit 7"]).status == 7)
    #expect(try runProgram("sh", ["-c", "kill -9 $$"]).status == 137)
    #expect(throws: ProgramError.self) { try runProgram("sleep", ["5"], seconds: 0) }
    #expect(throws: ProgramError.self) { try runProgram("no-such-program-at-all") }
  }

  @Test func deletesItsFolder() throws {
    var folder: TemporaryFolder? = try TemporaryFolder()
    let path = try #require(folder).path
    try folder?.write("a/b/c", "x")
    try folder?.link("a/loop", to: "..")
    #expect(try runProgram("test", ["-d", path]).status == 0)
    folder = nil
    #expect(try runProgram("test", ["-d", path]).status == 1)
  }
}
