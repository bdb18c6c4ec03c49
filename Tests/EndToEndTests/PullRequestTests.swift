import Base
import TestSupport
import Testing

/// What a pull request's check says: two revisions, one instant.
@Suite(.enabled(if: Muster.path != nil, Muster.missing)) struct PullRequestTests {
  static let signer = "identities/payments/payments-signer.yaml"

  @Test func failsOnlyOnWhatIsNew() throws {
    let acme = try Acme()
    let base = try acme.git("rev-parse", "HEAD")
    let text = try acme.read(Self.signer)
    try acme.write(Self.signer, text.replacing("expires: 2027-03-31\n", with: ""))
    try acme.git("commit", "--quiet", "--all", "-m", "Drop the expiry")
    let result = try Muster.run("check", "--base", base, "--as-of", Acme.now, "--output", "json", in: acme.path)
    #expect(result.status == 1)
    let new = try jq(#".findings[] | select(.change == "new") | .policy"#, result.outputBytes)
    #expect(new == ["no-expiry"])
  }

  @Test func judgesTheChangeItself() throws {
    let acme = try Acme()
    let base = try acme.git("rev-parse", "HEAD")
    let file = "identities/payments/refund-worker.yaml"
    let text = try acme.read(file)
    let wider = text.replacing("dynamodb:UpdateItem", with: "dynamodb:*").replacing(
      "owner: team:payments", with: "owner: team:data"
    )
    .replacing("expires: 2027-06-30", with: "expires: 2037-06-30")
    try #require(wider != text)
    try acme.write(file, wider)
    let settings = try acme.read("muster.yaml")
    try acme.write("muster.yaml", settings.replacing("packs: [core],", with: "packs: [core], disabled: [no-expiry],"))
    try acme.git("commit", "--quiet", "--all", "-m", "More of everything")
    let result = try Muster.run("check", "--base", base, "--as-of", Acme.now, "--output", "json", in: acme.path)
    let new = try jq(
      #".findings[] | select(.change == "new" and .identity == "refund-worker") | .policy"#, result.outputBytes)
    #expect(Set(["expiry-extended", "ownership-weakened", "rule-weakened"]).subtracting(new).isEmpty, "\(new)")
    #expect(try jq(".summary.notAsked", result.outputBytes) == ["null"])
    let staged = try Muster.run("check", "--staged", "--as-of", Acme.now, in: acme.path)
    #expect(staged.status == 0 && !staged.output.contains("not asked"), "\(staged.output)")
    let alone = try Muster.run("check", "--as-of", Acme.now, in: acme.path)
    #expect(alone.output.contains("not asked") && !alone.output.contains("fail[EXP-07]"))
  }

  @Test func passesWhatMendsThings() throws {
    let acme = try Acme()
    let base = try acme.git("rev-parse", "HEAD")
    let file = "identities/platform/metrics-scraper.yaml"
    try acme.write(file, try acme.read(file) + "owner: team:platform\n")
    try acme.git("commit", "--quiet", "--all", "-m", "Name the owner")
    let result = try Muster.run("check", "--base", base, "--as-of", Acme.now, in: acme.path)
    #expect(result.status == 0, "\(result.output)")
    #expect(result.output.contains("fixed[OWN-02]"))
  }

  @Test func needsNoHistory() throws {
    let acme = try Acme()
    let text = try acme.read(Self.signer)
    try acme.write(Self.signer, text.replacing("owner: team:payments\n", with: ""))
    try acme.git("commit", "--quiet", "--all", "-m", "Drop the owner")
    let folder = try TemporaryFolder()
    let clone = folder.path("clone")
    try runProgram("git", ["clone", "--quiet", "--depth=2", "file://\(acme.path)", clone])
    try runProgram(
      "git", ["fetch", "--quiet", "--depth=1", "origin", "+refs/heads/muster/observed:refs/heads/muster/observed"],
      in: clone)
    let result = try Muster.run("check", "--base", "HEAD^1", "--as-of", Acme.now, in: clone)
    #expect(result.status == 1, "\(result.error)")
    #expect(result.output.contains("owner-missing"))
  }

  @Test func theActionReportsInAllFormats() throws {
    let acme = try Acme()
    let folder = try TemporaryFolder()
    for file in ["output", "summary"] { try folder.write(file, "") }
    var environment = try Muster.environment(home: folder.path)
    environment["MUSTER_PROGRAM"] = Muster.path
    environment["MUSTER_DIRECTORY"] = acme.path
    environment["MUSTER_AS_OF"] = Acme.now
    environment["MUSTER_FACTS"] = "muster/observed"
    environment["MUSTER_OUTPUT"] = folder.path
    environment["GITHUB_OUTPUT"] = folder.path("output")
    environment["GITHUB_STEP_SUMMARY"] = folder.path("summary")
    let script = PackageFolder.path(".github/actions/check/check.sh")
    let result = try runProgram(script, environment: environment, in: folder.path)
    #expect(result.status == 0, "\(result.error)")
    #expect(result.output.contains("::error file=identities/"))
    #expect(try folder.read("output").contains("exit-code=1\n"))
    #expect(try folder.read("output").contains("sarif-file=\(folder.path)/muster.sarif\n"))
    #expect(try folder.read("summary").contains("OWN-04"))
    #expect(try jq(".version", Array(folder.read("muster.sarif").utf8)) == ["2.1.0"])
    #expect(try jq(".schema", Array(folder.read("muster.json").utf8)) == ["muster.findings/1"])
  }
}
