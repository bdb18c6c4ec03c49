import TestSupport
import Testing

/// `eval` and `policy lint` as a person meets them.
@Suite(.enabled(if: Muster.path != nil, Muster.missing)) struct ExpressionTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write("a.json", #"{"n": 18446744073709551615, "l": [1, 2, 3, 4, 5, 6, 7, 8], "t": "x\u001b[31m"}"#)
    try folder.write("bad.json", "{\"ä\": 1,\n \"b\" 2}")
    try folder.write("huge.json", "[1, 1e400]")
  }

  private func eval(_ words: [String], input: String = "") throws -> ProgramResult {
    try runProgram(
      #require(Muster.path), ["eval"] + words, environment: Muster.environment(home: folder.path), in: folder.path,
      input: Array(input.utf8))
  }

  @Test(arguments: [
    (["--json", "a.json", "input.n"], 0, "18446744073709551615u\n"), (["--json", "-", "input.a"], 0, "1\n"),
    (["--json", "a.json", "input.t"], 0, "\"x\\u{1b}[31m\"\n"),
    (["--json", "none.json", "input"], 3, "No such file"),
    (
      ["--json", "bad.json", "input"], 3,
      "muster: bad.json:2:6: expected `:` after the key, found `2`\n   \"b\" 2}\n       ^"
    ),
    (["--json", "huge.json", "input"], 3, "muster: huge.json:1:5: the number 1e400 is larger"),
    (["--json", "a.json", "'ü' == input.m.x"], 2, "no value: no such key: m\n  'ü' == input.m.x\n               ^\n"),
    (["a\tb && 日 == c"], 2, "unexpected `b` after the expression\n  a  b && 日 == c\n     ^\n"),
    (["--identity", "nope", "identity.handle"], 2, "no identity 'nope'\n  help: nothing is declared"),
  ])
  func answersOrSaysWhatIsWrong(words: [String], status: Int32, said: String) throws {
    let result = try eval(words, input: "{\"a\": 1}")
    #expect(result.status == status)
    #expect((result.output + result.error).contains(said), "\(result.output)\(result.error)")
  }

  @Test func showsTheRoundThatDecided() throws {
    let result = try eval(["--explain", "--json", "a.json", "input.l.exists(x, x * x > 36) && input.t != ''"])
    #expect(
      result.output == """
        input.l.exists(x, x * x > 36) && input.t != '' = true
          input.l.exists(x, x * x > 36) = true
            input.l = [1, 2, 3, 4, 5, 6, 7, 8]
            x * x > 36 = false
              x * x = 1
                x = 1
            x * x > 36 = false
              x * x = 4
                x = 2
            x * x > 36 = false
              x * x = 9
                x = 3
            … 3 more
            x * x > 36 = true
              x * x = 49
                x = 7
          input.t != '' = true
            input.t = "x\\u{1b}[31m"

        """)
  }

  @Test func lintsInTheFormatThatIsAskedFor() throws {
    try folder.write("muster.yaml", "muster: 1\n")
    try folder.write(
      "policies/p.yaml",
      """
      policy: p
      title: T
      severity: low
      subject: identity
      require: size(identity.grants) > 3 && size(identity.grants) > 1
      message: m
      remedy: R
      """)
    let text = try Muster.run("policy", "lint", "p", in: folder.path)
    #expect(text.status == 1)
    #expect(
      text.output.contains(
        """
        warning: this adds nothing: `size(identity.grants) > 3` already says so
          --> policies/p.yaml:5:39
           |
         5 | require: size(identity.grants) > 3 && size(identity.grants) > 1
           |                                       ^
           = help: leave it out
        """), "\(text.output)")
    let json = try Muster.run("policy", "lint", "p", "-o", "json", in: folder.path)
    #expect(try jq(".diagnostics[1].location | \"\\(.line):\\(.column)\"", json.outputBytes) == ["5:39"])
    try folder.write("policies/q.yaml", "policy: q\nsubject: identity\nrequire: identity.nope\n")
    let broken = try Muster.run("policy", "list", in: folder.path)
    #expect(broken.status == 2)
    #expect(broken.error.contains("3 | require: identity.nope\n   |                   ^"), "\(broken.error)")
  }
}
