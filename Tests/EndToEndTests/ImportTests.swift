import Base
import TestSupport
import Testing

/// Adoption from zero: drafts for what nobody declared.
@Suite(.enabled(if: Muster.path != nil, Muster.missing)) struct ImportTests {
  @Test func draftsWhatIsUsedWithItsEvidence() throws {
    let acme = try Acme()
    let result = try Muster.run("import", "--as-of", Acme.now, in: acme.path)
    #expect(result.status == 0, "\(result.error)")
    let draft = try acme.read("identities/imported/jenkins-old.yaml")
    for words in [
      "owner: team:platform", "# suggested (high): tag owner=team:platform", "- s3:PutObject",
      "used 100 times, last on 2026-11-19",
      "purpose: TODO", "# 90 days: it holds a access-key",
    ] { #expect(draft.contains(words), "\(words):\n\(draft)") }
    // What it wrote is a declaration that `check` takes, with its gaps as findings.
    let check = try Muster.run("check", "--as-of", Acme.now, "-o", "json", in: acme.path)
    #expect(
      try jq(
        #".findings[] | select(.identity == "jenkins-old" and .policy == "undeclared-identity")"#, check.outputBytes)
        == [])
    #expect(!check.error.contains("jenkins-old.yaml"), "\(check.error)")
  }

  @Test func neverTouchesWhatIsThere() throws {
    let acme = try Acme()
    _ = try Muster.run("import", "--as-of", Acme.now, in: acme.path)
    let file = "identities/imported/jenkins-old.yaml"
    let edited = try acme.read(file).replacing("purpose: TODO", with: "purpose: Old builds.")
    try acme.write(file, edited)
    let again = try Muster.run("import", "--as-of", Acme.now, in: acme.path)
    #expect(again.error.contains("0 drafts written"), "\(again.error)")
    #expect(try acme.read(file) == edited)
  }

  @Test func takesGrantsWhereNoLogCoversTheUse() throws {
    let acme = try Acme()
    // Two days later the logs have ended: what is unused then is unknown.
    let result = try Muster.run("import", "--dry-run", "*jenkins-old", "--as-of", "2026-11-23", in: acme.path)
    #expect(
      result.output.contains("TODO scope: narrow it. This is what is granted; what is used is unknown"),
      "\(result.output)")
    #expect(result.output.contains("arn:aws:s3:::acme-builds/*"))
  }

  @Test func findsOwnersInCheckouts() throws {
    let acme = try Acme()
    for file in try FileSystem.files(at: acme.path + "/identities").filter({ $0.hasSuffix("release-publisher.yaml") }) {
      acme.remove(String(file.dropFirst(acme.path.count + 1)))
    }
    try acme.write("src/acme/payments/.github/CODEOWNERS", "* @acme/payments\n/.github/ @acme/platform\n")
    let result = try Muster.run(
      "import", "--dry-run", "*release-publisher", "--repositories", "src", "--as-of", Acme.now, in: acme.path)
    #expect(
      result.output.contains(
        "# or team:platform (medium): CODEOWNERS of acme/payments, whose pipeline uses it"),
      "\(result.output)\(result.error)")
  }
}
