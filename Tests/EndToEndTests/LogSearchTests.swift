import Base
import TestSupport
import Testing

/// `who`, `trail` and `logs`, held against the logs as `zcat` and `jq` read them.
@Suite(.enabled(if: Muster.path != nil, Muster.missing)) struct LogSearchTests {
  private static let publisher = "arn:aws:iam::111122223333:role/release-publisher"

  /// Ids of the distinct events of all logs that the filter lets through.
  private func ids(_ filter: String, _ acme: Acme) throws -> Set<String> {
    let command = "zcat -f logs/cloudtrail/*/*/* | jq -r '.Records[] | select(\(filter)) | .eventID'"
    let result = try runProgram("bash", ["-c", command], in: acme.path)
    try #require(result.status == 0, "\(result.error)")
    return Set(result.output.split(separator: "\n").map(String.init))
  }

  @Test(arguments: [
    (
      ["--identity", "release-publisher"],
      #".userIdentity.sessionContext.sessionIssuer.arn == "arn:aws:iam::111122223333:role/release-publisher""#
    ),
    (
      ["--action", "iam:createaccesskey"],
      #".eventSource == "iam.amazonaws.com" and .eventName == "CreateAccessKey""#
    ),
    (
      ["--resource", "arn:aws:s3:::payments-artifacts/releases/*", "--until", "2026-09-30T23:59:59Z"],
      #".requestParameters.bucketName? == "payments-artifacts" and (.requestParameters.key // "" | startswith("releases/")) and .eventTime <= "2026-09-30T23:59:59Z""#
    ),
    (["--credential", "ASIA42DRYOWR3EXAMPLE"], #".userIdentity.accessKeyId == "ASIA42DRYOWR3EXAMPLE""#),
  ])
  func whoGivesTheEventsThatTheLogsHold(_ words: [String], _ filter: String) throws {
    let acme = try Acme()
    let found = try runProgram(
      #require(Muster.path), ["who"] + words + ["--events", "-o", "json"],
      environment: Muster.environment(home: acme.path), in: acme.path)
    #expect(found.status == 0, "\(found.error)")
    let events = try jq(".events[].id", found.outputBytes)
    let expected = try ids(filter, acme)
    #expect(!expected.isEmpty)
    #expect(events.count == expected.count)
    #expect(Set(events) == expected)
  }

  @Test func trailLeadsFromTheTokenThroughRolesToData() throws {
    let acme = try Acme()
    let result = try Muster.run("trail", "release-publisher", "-o", "json", in: acme.path)
    #expect(result.status == 0, "\(result.error)")
    let chain = #"""
      .nodes as $n | .nodes[] | select(.identity | endswith("role/payments-signer")) | $n[.parent] as $role
        | [$n[$role.parent].identity, $role.identity] | join(" ")
      """#
    let chains = Set(try jq(chain, result.outputBytes))
    #expect(chains.count == 1)
    let first = try #require(chains.first)
    #expect(first.contains("token.actions.githubusercontent.com") && first.hasSuffix(Self.publisher), "\(first)")
  }

  @Test func trailSaysWhereEachStepStandsInTheLogs() throws {
    let acme = try Acme()
    let result = try Muster.run("trail", "release-publisher", "-o", "json", in: acme.path)
    let steps = try jq(#".nodes[].uses[] | .first | "\(.file) \(.offset) \(.id)""#, result.outputBytes)
    #expect(steps.count > 20)
    for step in steps.prefix(20) {
      let words = step.split(separator: " ").map(String.init)
      try #require(words.count == 3)
      // The record that begins at the byte is the event; what follows it is no JSON by itself.
      let command = #"zcat -f "$1" | tail -c "+$(($2 + 1))" | jq -n 'try input catch empty | .eventID' -r 2> /dev/null"#
      let text = try runProgram("bash", ["-c", command, "at", words[0], words[1]], in: acme.path)
      #expect(text.line == words[2], "\(step)")
    }
  }

  @Test func tellsThatAnAnswerMayLackWhatCouldNotBeRead() throws {
    let acme = try Acme()
    try acme.write("logs/cloudtrail/broken.json", "{\"Records\":[{\"eventVersion\":\"1.10\",")
    #expect(try Muster.run("sync", "--as-of", Acme.now, in: acme.path).status == 3)
    for words in [["who", "--identity", "release-publisher"], ["trail", "release-publisher"]] {
      let result = try Muster.run(words + ["--as-of", Acme.now], in: acme.path)
      #expect(result.status == 3)
      #expect(
        result.error.contains("logs/cloudtrail/broken.json: error: 1 record of it could not be read"), "\(result.error)"
      )
      #expect(!result.output.isEmpty)
    }
  }

  @Test func writesAnAnswerInBothForms() throws {
    let acme = try Acme()
    _ = try Muster.run("sync", "--as-of", Acme.now, in: acme.path)
    let both = try Muster.run(
      "who", "--identity", "release-publisher", "-o", "json=who.json", "-o", "text", in: acme.path)
    #expect(both.status == 0 && both.output.contains("release-publisher"), "\(both.error)")
    #expect(try jq(".schema", FileSystem.read(acme.path + "/who.json", limit: 1 << 20)) == ["muster.who/1"])
    let twice = try Muster.run("who", "--identity", "release-publisher", "-o", "json", "-o", "text", in: acme.path)
    #expect(twice.status == 2 && twice.error.contains("only one format can go to standard output"))
  }

  @Test func verifyTellsLogsThatWereChangedOrRemoved() throws {
    let acme = try Acme()
    let log = try #require(
      try FileSystem.files(at: acme.path + "/logs/cloudtrail").filter { $0.hasSuffix(".gz") }.sorted().first)
    #expect(try Muster.run("logs", "verify", in: acme.path).status == 0)
    let change =
      #"zcat "$1" | sed s/GetObject/PutObject/ | gzip > "$1.new" && touch -r "$1" "$1.new" && mv "$1.new" "$1""#
    try runProgram("bash", ["-c", change, "change", log])
    let changed = try Muster.run("logs", "verify", in: acme.path)
    #expect(changed.status == 1)
    #expect(changed.output.hasPrefix("changed"), "\(changed.output)")
    try runProgram("rm", [log])
    let vanished = try Muster.run("logs", "verify", in: acme.path)
    #expect(vanished.status == 1)
    #expect(vanished.output.hasPrefix("vanished"), "\(vanished.output)")
  }

  @Test(arguments: [["who", "--action", "s3:*"], ["trail", "release-publisher"]])
  func searchesOnlyWhereLogsWereRead(_ words: [String]) throws {
    let acme = try Acme(synced: false)
    let environment = try Muster.environment(home: acme.path)
    let result = try runProgram(#require(Muster.path), words, environment: environment, in: acme.path)
    #expect(result.status == 3)
    #expect(result.error.contains("muster sync"), "\(result.error)")
  }
}
