import Base
import TestSupport
import Testing

/// Questions about the inventory: who can reach what, what is known of one identity, what changed.
@Suite(.enabled(if: Muster.path != nil, Muster.missing)) struct PictureTests {
  @Test func saysWhoCanReachAResource() throws {
    let acme = try Acme()
    let result = try Muster.run(
      "access", "arn:aws:s3:::payments-artifacts/*", "--as-of", Acme.now, "-o", "json", in: acme.path)
    #expect(result.status == 0, "\(result.error)")
    let filter =
      #".access[] | select(.identity == "release-publisher") | .routes[] | [.actions[], .via, .declared, (.used > 0)] | map(tostring) | join(" ")"#
    #expect(try jq(filter, result.outputBytes) == ["s3:GetObject s3:PutObject inline:publish true true"])
    let paths = try jq(
      #".access[] | select(.identity == "release-publisher") | .paths[][] | .from"#, result.outputBytes)
    #expect(paths.contains { $0.hasSuffix("#repo:acme/payments:ref:refs/heads/main") })
    let text = try Muster.run("access", "arn:aws:s3:::payments-artifacts/*", "--as-of", Acme.now, in: acme.path).output
    #expect(text.contains("release-publisher, team:payments") && text.contains("declared   used 435×"), "\(text)")
  }

  @Test func showsOneIdentityWhole() throws {
    let acme = try Acme()
    let page = try Muster.run("show", "release-publisher", "--as-of", Acme.now, in: acme.path)
    for words in ["team:payments", "inline:publish   declared ✓   used ✓", "who may become it", "580 events"] {
      #expect(page.output.contains(words), "\(page.output)\(page.error)")
    }
    let bounded = try Muster.run("show", "search-indexer", "--as-of", Acme.now, in: acme.path)
    #expect(bounded.output.contains("  at most  "), "\(bounded.output)")
    let limits = try Muster.run("show", "search-indexer", "-o", "json", "--as-of", Acme.now, in: acme.path)
    #expect(try jq(".identities[].boundary | length > 0", limits.outputBytes) == ["true"])
    let key = try Muster.run("show", "AKIA453HAYIG4EXAMPLE", "-o", "json", "--as-of", Acme.now, in: acme.path)
    #expect(try jq(".identities[].principal", key.outputBytes) == ["arn:aws:iam::111122223333:user/jenkins-old"])
    let unknown = try Muster.run("show", "release-publishr", in: acme.path)
    #expect(unknown.status == 2)
    #expect(unknown.error.contains("release-publisher"), "\(unknown.error)")
  }

  @Test func tellsWhatChangedInTheInventoryAndWhichCommitSaysSo() throws {
    let acme = try Acme()
    let export = "exports/aws-prod/account-authorization-details.json"
    let text = try acme.read(export)
    try acme.write(export, text.replacing("arn:aws:s3:::payments-artifacts/*", with: "arn:aws:s3:::*"))
    let declaration = "identities/payments/release-publisher.yaml"
    try acme.write(declaration, try acme.read(declaration).replacing("purpose: ", with: "purpose: Now "))
    var environment = try Muster.environment(home: acme.path)
    environment["GIT_COMMITTER_DATE"] = nil
    try runProgram(
      "git", ["commit", "--quiet", "-am", "Let it publish everywhere"], environment: environment, in: acme.path)
    #expect(try Muster.run("sync", in: acme.path).status == 0)
    let result = try Muster.run("diff", "--facts", "muster/observed~1", "muster/observed", "--json", in: acme.path)
    let rows = try jq(#".changes[] | [.kind, .identity, (.subject // "-"), .text] | join("|")"#, result.outputBytes)
    #expect(
      rows.contains(
        "privilege-raised|release-publisher|Let it publish everywhere|s3:GetObject, s3:PutObject on arn:aws:s3:::* by inline:publish"
      ),
      "\(rows)\(result.error)")
    let page = try Muster.run("diff", "--facts", in: acme.path).output
    #expect(page.contains("explained by"), "\(page)")
  }
}
