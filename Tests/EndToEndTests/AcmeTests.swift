import Base
import TestSupport
import Testing

@Suite(.enabled(if: Muster.path != nil, Muster.missing)) struct AcmeTests {
  @Test func findsWhatTheTableSaysAndNothingElse() throws {
    let acme = try Acme()
    let result = try Muster.run("check", "--as-of", Acme.now, "--output", "json", in: acme.path)
    #expect(result.status == 1, "\(result.error)")
    // Sources, exceptions and files are no identities; their findings tell in words, or by the file, what they are about.
    let subject = """
      .identity // .principal // (if .policy == "leaked-unknown" then .evidence.name else null end)
        // (.message | [match("aws-[a-z]+|cloudtrail| on ([a-z-]+)") | .captures[0].string // .string][0])
        // (.location.path | split("/") | last | rtrimstr(".yaml"))
      """
    let pairs = try jq(
      ".findings[] | select(.verdict == \"fail\") | .policy + \" \" + (\(subject))", result.outputBytes)
    let expected = try Acme.table().flatMap { subject, policies in policies.map { "\($0) \(subject)" } }
    #expect(Set(pairs).subtracting(expected).sorted() == [])
    #expect(Set(expected).subtracting(pairs).sorted() == [])
  }

  @Test func pointsAtTheLineThatSaysOtherwise() throws {
    let acme = try Acme()
    let result = try Muster.run("check", "--as-of", Acme.now, "--output", "json", in: acme.path)
    let places = try jq(
      #".findings[] | select(.policy == "expired-but-active") | "\(.location.path):\(.location.line)""#,
      result.outputBytes)
    let file = "identities/data/partner-feed.yaml"
    let lines = try acme.read(file).split(separator: "\n", omittingEmptySubsequences: false)
    let number = try #require(lines.firstIndex { $0.hasPrefix("expires:") }) + 1
    #expect(places == ["\(file):\(number)"])
  }

  @Test(arguments: ["text", "json", "sarif", "markdown", "github"])
  func givesTheSameBytesTwice(_ format: String) throws {
    let acme = try Acme()
    let runs = try (1...2).map { _ in
      try Muster.run("check", "--as-of", Acme.now, "--output", format, in: acme.path).outputBytes
    }
    #expect(runs[0] == runs[1])
    #expect(!runs[0].isEmpty)
  }

  @Test func syncAgainAddsNothing() throws {
    let acme = try Acme()
    let before = try acme.git("rev-parse", "muster/observed")
    let result = try Muster.run("sync", "--as-of", Acme.now, in: acme.path)
    #expect(result.status == 0)
    #expect(try acme.git("rev-parse", "muster/observed") == before)
  }

  @Test(arguments: ["text", "json", "sarif", "markdown", "github"])
  func neverShowsTheSecret(_ format: String) throws {
    let acme = try Acme()
    let declaration = try acme.read("identities/messaging/sms-gateway.yaml")
    let token = try #require(declaration.firstMatch(of: /ghp_[A-Za-z0-9]+/)).0
    let result = try Muster.run("check", "--as-of", Acme.now, "--output", format, in: acme.path)
    #expect(!result.output.contains(token))
    #expect(!result.error.contains(token))
  }

  @Test func factsHoldNoTokens() throws {
    let acme = try Acme()
    #expect(!(try acme.git("grep", "--count", "-e", "", "muster/observed")).isEmpty)
    let found = try runProgram("git", ["grep", "-q", "IQoJb3JpZ2luX2Vj", "muster/observed"], in: acme.path)
    #expect(found.status == 1)
  }
}

/// The example's data, whatever the program says of it.
@Suite struct AcmeDataTests {
  @Test func generatorWritesWhatIsThere() throws {
    let folder = try TemporaryFolder()
    let made = try runProgram("python3", [PackageFolder.path("Tests/Tools/acme/make.py"), folder.path])
    try #require(made.status == 0, "\(made.error)")
    // The content of compressed files: another zlib packs the same text into other bytes.
    let compare = """
      set -e
      cd "$1"; names=$(find exports logs -type f | sort)
      cd "$2"; [ "$names" = "$(find exports logs -type f | sort)" ]
      for name in $names; do
        case $name in
          *.gz) [ "$(gzip -dc "$1/$name" | sha256sum)" = "$(gzip -dc "$2/$name" | sha256sum)" ] || echo "$name" ;;
          *) cmp "$1/$name" "$2/$name" || echo "$name" ;;
        esac
      done
      """
    let example = PackageFolder.path("examples/acme")
    let result = try runProgram("bash", ["-c", compare, "compare", folder.path, example])
    #expect(result.status == 0)
    #expect(result.output == "")
  }

  @Test func everyPolicyHasACase() throws {
    let own = try PackageFolder.files(below: "examples/acme/policies", suffix: ".yaml").count
    let planted = Set(try Acme.table().values.joined())
    #expect(planted.count == 32 + own)
    for file in try PackageFolder.files(below: "policies", suffix: ".yaml") {
      let policy = String(file.split(separator: "/").last?.dropLast(5) ?? "")
      // What needs two trees, and what would make the example's audit fail, has tests of its own.
      if try PackageFolder.read(file).contains("\nsubject: change\n") || policy == "stale-decision" { continue }
      #expect(planted.contains(policy), "examples/acme has no case of \(policy)")
    }
  }

  @Test func everyDeclarationIsInTheTable() throws {
    let table = try Acme.table()
    for file in try PackageFolder.files(below: "examples/acme/identities", suffix: ".yaml") {
      let name = String(try #require(file.split(separator: "/").last).dropLast(5))
      #expect(table[name] != nil, "\(name) is not in examples/acme/README.md")
      #expect(try PackageFolder.read(file).contains("identity: \(name)\n"))
    }
  }
}
