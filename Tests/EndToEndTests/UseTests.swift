import Base
import TestSupport
import Testing

/// What a person meets who calls the program from odd places or with odd words.
@Suite(.enabled(if: Muster.path != nil, Muster.missing)) struct UseTests {
  @Test(arguments: [["explain", "undeclared-identity"], ["check"], ["check", "-o", "github"], ["status"], ["sync"]])
  func namesBeginNoLine(_ words: [String]) throws {
    let acme = try Acme(synced: false)
    let export = try acme.read("exports/aws-prod/account-authorization-details.json")
    try acme.write(
      "exports/aws-prod/account-authorization-details.json",
      export.split(separator: "jenkins-old", omittingEmptySubsequences: false)
        .joined(separator: #"j\n::error::x\u001b[31m\n---"#))
    try acme.write("identities/odd.yaml", "identity: odd\nprincipals: [\"arn:x\\n::error::x\"]\n")
    _ = try Muster.run("sync", "--as-of", Acme.now, in: acme.path)
    let environment = try Muster.environment(home: acme.path)
    var words = words
    if words[0] == "explain" {
      let check = try Muster.run("check", "--as-of", Acme.now, "-o", "json", in: acme.path)
      let filter = #".findings[] | select((.principal // "") | contains("::error")) | .fingerprint"#
      words[1] = try #require(try jq(filter, check.outputBytes).first)
    }
    let result = try runProgram(
      #require(Muster.path), words + ["--as-of", Acme.now], environment: environment, in: acme.path)
    for line in (result.output + "\n" + result.error).split(whereSeparator: \.isNewline) {
      #expect(!line.hasPrefix("::error::x"), "\(line)")
    }
    #expect(!(result.outputBytes + result.errorBytes).contains(0x1B))
  }

  @Test func writesNothingIntoABareRepository() throws {
    let acme = try Acme()
    let bare = acme.path + "/bare.git"
    try acme.git("clone", "--quiet", "--bare", acme.path, bare)
    let before = try FileSystem.files(at: bare)
    for command in ["init", "check", "import", "sync", "status"] {
      let result = try Muster.run(command, in: bare)
      #expect(result.status == 2, "\(command): \(result.output)")
      #expect(result.error.contains("no work tree"), "\(command): \(result.error)")
    }
    #expect(try FileSystem.files(at: bare) == before)
  }

  @Test func takesTheSettingsThatGitTakes() throws {
    let acme = try Acme()
    try acme.git("config", "--unset", "user.email")
    try acme.write("global", "[user]\n  email = fay@acme.example\n")
    var environment = try Muster.environment(home: acme.path)
    environment["GIT_COMMITTER_EMAIL"] = nil
    environment["GIT_CONFIG_GLOBAL"] = acme.path + "/global"
    let words = ["decide", "162b6a", "keep", "--reason", "Seen.", "--no-sign", "--as-of", Acme.now]
    let result = try runProgram(#require(Muster.path), words, environment: environment, in: acme.path)
    #expect(result.output.contains("by person:fay"), "\(result.output)\(result.error)")
  }

  @Test func leavesDevicesDevices() throws {
    let acme = try Acme()
    let pipe = acme.path + "/pipe"
    try runProgram("mkfifo", [pipe])
    let script =
      "cat pipe > got & '\(try #require(Muster.path))' check -q -o csv=pipe --as-of \(Acme.now); wait; test -p pipe"
    let result = try runProgram(
      "bash", ["-c", script], environment: Muster.environment(home: acme.path), in: acme.path, seconds: 60)
    #expect(result.status == 0, "\(result.error)")
    #expect(try acme.read("got").contains("owner-missing"))
  }

  @Test(arguments: [
    (["check", "-o", "json="], "names no file"), (["check", "-o", "json=/no/such/folder/x"], "/no/such/folder/x"),
    (["check", "--facts", "nope"], "nope"), (["check", "--base", "nope"], "nope"), (["-C"], "-C needs a folder"),
    (["eval", "now.foo"], "now.foo\n      ^"),
  ])
  func endsWithTwoWhenTheCallIsWrong(_ words: [String], _ said: String) throws {
    let acme = try Acme()
    let environment = try Muster.environment(home: acme.path)
    let result = try runProgram(#require(Muster.path), words, environment: environment, in: acme.path)
    #expect(result.status == 2)
    #expect(result.error.contains(said), "\(result.error)")
  }

  @Test func tellsABrokenConfigurationOnce() throws {
    let acme = try Acme()
    try acme.write("muster.yaml", "muster: [\n")
    let result = try Muster.run("check", "-q", "-o", "concise", "--as-of", Acme.now, in: acme.path)
    #expect(result.status == 2)
    #expect(!result.error.contains("has no environment"), "\(result.error)")
    #expect(result.error.contains("muster.yaml:"))
    // The monitoring does not work either.
    #expect(try Muster.run("status", in: acme.path).status == 2)
  }

  @Test func completesWhatOptionsAndArgumentsCanBe() throws {
    let script = """
      source <(muster completion bash)
      try() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=(); _muster; echo "${COMPREPLY[*]}"; }
      try muster che; try muster check --fail-on h; try muster check -o js; try muster decide x rev; try muster review o
      """
    let result = try runProgram(
      "bash", ["-c", script], environment: Muster.environment(home: "/nonexistent"))
    #expect(result.output == "check\nhigh\njson\nrevoke\nopen\n", "\(result.error)")
  }
}
