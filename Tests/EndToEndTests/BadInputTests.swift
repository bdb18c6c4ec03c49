import Base
import TestSupport
import Testing

/// Unreadable, half-valid and hostile input of every kind, given to the program.
@Suite(.enabled(if: Muster.path != nil, Muster.missing)) struct BadInputTests {
  @Test(arguments: [
    ("muster.yaml", "muster: 1\nsorces: {}\n", "muster.yaml:2:1"),
    ("owners.yaml", "teams:\n  a: { members: [x] }\n  a: { members: [y] }\n", "owners.yaml:3:3"),
    ("identities/new.yaml", "identity: new\nscope:\n  - acctions: [s3:GetObject]\n", "identities/new.yaml:3:5"),
    ("identities/new.yaml", "identity: &a new\npurpose: *a\n", "identities/new.yaml:"),
    ("exceptions/new.yaml", "exception: new\npolicy: idle\nidentity: x\nexpires: soon\n", "exceptions/new.yaml:4:10"),
    (
      "policies/new.yaml",
      "policy: new\ntitle: t\nseverity: high\nsubject: identity\nrequire: identity.ownr\nmessage: m\nremedy: r\n",
      "policies/new.yaml:5:"
    ),
  ])
  func saysWhereTheConfigurationIsWrong(_ file: String, _ text: String, _ place: String) throws {
    let acme = try Acme(synced: false)
    try acme.write(file, text)
    let result = try Muster.run("check", "--as-of", Acme.now, in: acme.path)
    #expect(result.status == 2, "\(result.output)\(result.error)")
    #expect((result.output + result.error).contains(place), "\(result.error)")
  }

  @Test func oneBadDeclarationHidesNoOther() throws {
    let acme = try Acme(synced: false)
    try acme.write("identities/data/new.yaml", "identity: [\n")
    let result = try Muster.run("check", "--as-of", Acme.now, "--output", "json", in: acme.path)
    #expect(result.status == 2)
    #expect(result.output.contains("owner-missing"))
    #expect(result.error.contains("identities/data/new.yaml:"))
  }

  @Test(arguments: [
    ("cut.json.gz", "head -c 300"), ("cut.json", "gzip -dc | head -c 5000"), ("noise.json", "head -c 4000"),
    ("page.json", "sh -c 'echo \"<html>denied</html>\"'"),
  ])
  func countsWhatCannotBeRead(_ name: String, _ make: String) throws {
    let acme = try Acme(synced: false)
    let source = try #require(
      try FileSystem.files(at: acme.path + "/logs/cloudtrail/444455556666/eu-west-1/*.json.gz").first)
    try runProgram("bash", ["-c", "\(make) < '\(source)' > '\(acme.path)/logs/cloudtrail/\(name)'"])
    let result = try Muster.run("sync", "--as-of", Acme.now, in: acme.path)
    #expect(result.status == 3, "\(result.output)\(result.error)")
    #expect(result.error.contains(name), "\(result.error)")
    // The rest was read and kept.
    #expect(try acme.git("grep", "--count", "release-publisher", "muster/observed").isEmpty == false)
    // And no check on these facts says that all is well.
    #expect(try Muster.run("check", "--as-of", Acme.now, "--fail-on", "critical", in: acme.path).status != 0)
  }

  @Test func tellsInventoryThatIsNoInventory() throws {
    let acme = try Acme(synced: false)
    try acme.write("exports/aws-prod/error.json", "An error occurred (AccessDenied) when calling GetCredentialReport\n")
    let result = try Muster.run("sync", "--as-of", Acme.now, in: acme.path)
    #expect(result.status == 3)
    #expect(result.error.contains("exports/aws-prod/error.json"))
  }

  @Test(arguments: ["text", "markdown", "github", "sarif", "json"])
  func strangersWordsStayWords(_ format: String) throws {
    let acme = try Acme(synced: false)
    let purpose = #""\e[31m::error::x | <script>@all</script> `x`\u202e\n## heading""#
    try acme.write("identities/data/odd.yaml", "identity: \"odd\\e[2J\"\npurpose: \(purpose)\n")
    let result = try Muster.run("check", "--as-of", Acme.now, "--output", format, in: acme.path)
    #expect(!result.outputBytes.contains(0x1B))
    #expect(!result.errorBytes.contains(0x1B))
    #expect(!result.output.contains("<script>") || format == "json" || format == "sarif" || format == "text")
    #expect(!result.output.contains("\n::error::x"))
    #expect(!result.output.contains("\n## heading"))
    #expect(!result.output.unicodeScalars.contains("\u{202E}"))
  }

  @Test(arguments: [
    (["chek"], "check"), (["check", "--stagged"], "--staged"), (["check", "--output", "sarf"], "sarif"),
    (["check", "--fail-on", "hihg"], "high"), (["explain", "expird-but-active"], "expired-but-active"),
  ])
  func suggestsWhatWasMeant(_ arguments: [String], _ meant: String) throws {
    let acme = try Acme(synced: false)
    let environment = try Muster.environment(home: acme.path)
    let result = try runProgram(#require(Muster.path), arguments, environment: environment, in: acme.path)
    #expect(result.status == 2)
    #expect(result.error.contains(meant), "\(result.error)")
    #expect(result.output == "")
  }

  @Test func saysSoOutsideOfARepository() throws {
    let folder = try TemporaryFolder()
    let result = try Muster.run("check", in: folder.path)
    #expect(result.status == 2)
    #expect((result.output + result.error).contains("muster init"))
  }
}
