import Base
import Model
import TestSupport
import Testing
import Usage

@testable import Catalog

/// Credentials and sessions are joined with what issued them, from either side alike.
struct TrailTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func user(_ name: String, key: String) -> String {
    """
    "type":"IAMUser","arn":"arn:aws:iam::111122223333:user/\(name)","accountId":"111122223333","accessKeyId":"\(key)"
    """
  }

  private func session(_ role: String, key: String?, started: String) -> String {
    """
    "type":"AssumedRole","principalId":"AROA\(role):s","arn":"arn:aws:sts::111122223333:assumed-role/\(role)/s",\
    "accountId":"111122223333",\(key.map { "\"accessKeyId\":\"\($0)\"," } ?? "")"sessionContext":{"sessionIssuer":\
    {"type":"Role","arn":"arn:aws:iam::111122223333:role/\(role)"},"attributes":{"creationDate":"2026-03-\(started)Z"}}
    """
  }

  private func record(_ id: String, _ by: String, at time: String, _ call: String, _ more: String = "") -> String {
    let source = call == "GetObject" ? "s3" : call.hasSuffix("Key") ? "iam" : "sts"
    return """
      {"eventVersion":"1.10","userIdentity":{\(by)},"eventTime":"2026-03-\(time)Z","eventSource":"\(source).amazonaws.com",\
      "eventName":"\(call)","awsRegion":"eu-west-1","eventID":"\(id)","recipientAccountId":"111122223333"\(more)}
      """
  }

  private func issue(_ id: String, _ by: String, role: String, key: String?, at time: String) -> String {
    let credentials = key.map { "\"credentials\":{\"accessKeyId\":\"\($0)\"}," } ?? ""
    return record(
      id, by, at: time, "AssumeRole",
      ",\"responseElements\":{\(credentials)\"assumedRoleUser\":{\"assumedRoleId\":\"AROA\(role):s\",\"arn\":\"x\"}}")
  }

  private func use(_ id: String, _ by: String, at time: String) -> String { record(id, by, at: time, "GetObject") }

  private func catalog(of log: [String]) throws -> LogCatalog {
    let path = folder.path("muster/catalog.sqlite")
    let file = try folder.write("a.jsonl", log.joined(separator: "\n"))
    let writer = try CatalogWriter(path, root: folder.path)
    let (_, accounts, diagnostics) = rollUpIndexed([file], index: writer.indexing(of: "trail"))
    #expect(diagnostics.isEmpty)
    let stamp = try #require(FileStamp(of: file))
    try writer.withCatalog { (catalog) throws(CatalogError) in
      try catalog.record(accounts, stamps: [ExactText(file): stamp], source: "trail")
    }
    return try LogCatalog(reading: path, root: folder.path)
  }

  private func trail(
    _ catalog: borrowing LogCatalog, of id: String, since: String? = nil, limit: Int = 100
  ) throws -> Trail {
    let start = try since.map { try #require(Instant("2026-03-\($0)Z")).milliseconds } ?? .min
    return try catalog.trail(of: [id], period: start ... .max, limit: limit, threads: 1)
  }

  @Test func joinsSessionsByKeyAndByTime() throws {
    let one = session("one", key: "ASIA1", started: "01T10:00:01")
    // Its key is not the issued one, as in logs that hide keys: only session and time join it.
    let two = session("two", key: "ASIAX", started: "01T11:00:02")
    let late = session("two", key: "ASIAY", started: "01T11:00:10")
    let catalog = try catalog(of: [
      issue("i-1", user("ana", key: "AKIA1"), role: "one", key: "ASIA1", at: "01T10:00:00"),
      issue("i-2", one, role: "two", key: "ASIA2", at: "01T11:00:00"),
      use("u-1", two, at: "01T11:05:00"), use("u-2", late, at: "01T11:06:00"),
    ])
    let down = try trail(catalog, of: "arn:aws:iam::111122223333:user/ana")
    #expect(down.nodes.map(\.actor.credential) == ["AKIA1", "ASIA1", "ASIAX"])
    #expect(down.nodes.map(\.join) == [nil, .issuedKey, .session])
    #expect(down.nodes.map(\.depth) == [0, 1, 2])
    #expect(down.nodes[2].uses.map(\.permission) == ["s3:GetObject"])
    #expect(down.nodes[2].issue?.id == "i-2")
    let up = try trail(catalog, of: "ASIAX")
    #expect(up.nodes.map(\.actor.credential) == ["AKIA1", "ASIA1", "ASIAX"])
    #expect(up.nodes.map(\.isFollowed) == [false, false, true])
    #expect(up.nodes[0].uses.isEmpty)
    let alone = try trail(catalog, of: "ASIAY")
    #expect(alone.nodes.count == 1 && alone.unknown.count == 1)
  }

  /// Two sessions of one name, opened a second apart; one is never used, the other's key is named or hidden.
  @Test(arguments: ["ASIABO", nil]) func givesASessionToOneIssuerAlone(_ key: String?) throws {
    let catalog = try catalog(of: [
      issue("i-1", user("ana", key: "AKIA1"), role: "x", key: key.map { _ in "ASIAANA" }, at: "01T09:00:00"),
      issue("i-2", user("bo", key: "AKIA2"), role: "x", key: key, at: "01T09:00:01"),
      use("u-1", session("x", key: key, started: "01T09:00:01"), at: "01T09:05:00"),
    ])
    let ana = try trail(catalog, of: "arn:aws:iam::111122223333:user/ana")
    #expect(!ana.nodes.contains { $0.actor.identity.hasSuffix("role/x") })
    let bo = try trail(catalog, of: "arn:aws:iam::111122223333:user/bo")
    #expect(bo.nodes.map(\.actor.identity).last == "arn:aws:iam::111122223333:role/x")
    #expect(bo.nodes.last?.uses.map(\.first.id) == ["u-1"])
    let up = try trail(catalog, of: key ?? "AROAx:s")
    #expect(up.nodes.map(\.actor.identity) == bo.nodes.map(\.actor.identity))
  }

  @Test func findsASessionWhetherItsRecordsNameTheKeyOrNot() throws {
    let catalog = try catalog(of: [
      issue("i-1", user("ana", key: "AKIA1"), role: "x", key: "ASIA1", at: "01T09:00:00"),
      use("u-1", session("x", key: "ASIA1", started: "01T09:00:00"), at: "01T09:05:00"),
      use("u-2", session("x", key: nil, started: "01T09:00:00"), at: "01T09:06:00"),
      issue("i-2", user("ana", key: "AKIA1"), role: "y", key: "ASIA2", at: "01T10:00:00"),
      use("u-3", session("y", key: nil, started: "01T10:00:00"), at: "01T10:05:00"),
    ])
    func uses(_ id: String) throws -> Set<String> {
      Set(try trail(catalog, of: id).nodes.flatMap { $0.uses.map(\.first.id) })
    }
    #expect(try uses("arn:aws:iam::111122223333:user/ana").isSuperset(of: ["u-1", "u-2", "u-3"]))
    for id in ["ASIA1", "AROAx:s", "AROAx:s/2026-03-01T09:00:00Z"] { #expect(try uses(id) == ["u-1", "u-2"], "\(id)") }
    #expect(try trail(catalog, of: "AROAx:s/2026-03-01T09:00:01Z").nodes.isEmpty)
  }

  @Test func citesTheCallThatIssuedASession() throws {
    let catalog = try catalog(of: [
      issue("i-1", user("ana", key: "AKIA1"), role: "x", key: nil, at: "01T09:00:00"),
      issue("i-2", user("ana", key: "AKIA1"), role: "y", key: nil, at: "01T09:00:00"),
      use("u-1", session("x", key: nil, started: "01T09:00:00"), at: "01T09:05:00"),
      use("u-2", session("y", key: nil, started: "01T09:00:00"), at: "01T09:06:00"),
    ])
    let trail = try trail(catalog, of: "AKIA1")
    let pairs = trail.nodes.dropFirst().map { [$0.issue?.id, $0.uses.first?.first.id] }
    #expect(pairs.contains(["i-1", "u-1"]) && pairs.contains(["i-2", "u-2"]), "\(pairs)")
  }

  @Test func joinsTokensByTheirIDAlone() throws {
    func azure(_ time: String, _ category: String, _ properties: String) -> String {
      """
      {"time":"2026-03-\(time)Z","category":"\(category)","operationName":"x","tenantId":"4d3bac44-0230-4732-9e70-cc00736f0a97",\
      "resultType":"0","properties":{"servicePrincipalId":"2af8a6bf-7396-4e79-885d-000000000001",\(properties)}}
      """
    }
    let catalog = try catalog(of: [
      azure(
        "01T08:00:00", "ServicePrincipalSignInLogs",
        """
        "id":"s1","createdDateTime":"2026-03-01T08:00:00Z","appId":"a","status":{"errorCode":0},"servicePrincipalName":"sp",\
        "servicePrincipalCredentialKeyId":"11111111-aaaa-4aaa-8aaa-111111111111","uniqueTokenIdentifier":"UTI1"
        """),
      azure(
        "01T08:30:00", "MicrosoftGraphActivityLogs",
        """
        "timeGenerated":"2026-03-01T08:30:00Z","requestId":"r1","requestMethod":"GET","responseStatusCode":200,\
        "tenantId":"4d3bac44-0230-4732-9e70-cc00736f0a97","signInActivityId":"UTI1","appId":"a",\
        "requestUri":"https://graph.microsoft.com/v1.0/users","tokenIssuedAt":"2026-03-01T07:55:00Z"
        """),
    ])
    for id in ["UTI1", "11111111-aaaa-4aaa-8aaa-111111111111"] {
      let trail = try trail(catalog, of: id)
      #expect(trail.nodes.map(\.join) == [nil, .sessionID], "\(id)")
      #expect(trail.nodes.last?.issue?.id == "s1")
      #expect(trail.nodes.last?.uses.map(\.first.id) == ["r1"])
      #expect(trail.unknown.isEmpty)
    }
  }

  @Test func showsWhatWasDoneInAnothersNameBelowTheOwnCredential() throws {
    func audit(_ id: String, _ more: String) -> String {
      """
      {"kind":"Event","apiVersion":"audit.k8s.io/v1","auditID":"\(id)","stage":"ResponseComplete","verb":"get",\
      "requestURI":"/api/v1/namespaces/p/secrets/db","user":{"username":"ana",\
      "extra":{"authentication.kubernetes.io/credential-id":["JTI=t1"]}}\(more),"responseStatus":{"code":200},\
      "objectRef":{"resource":"secrets","namespace":"p","name":"db","apiVersion":"v1"},\
      "requestReceivedTimestamp":"2026-03-01T09:05:0\(id)Z","stageTimestamp":"2026-03-01T09:05:0\(id)Z"}
      """
    }
    let catalog = try catalog(of: [
      audit("1", ""), audit("2", ",\"impersonatedUser\":{\"username\":\"system:serviceaccount:p:deployer\"}"),
    ])
    for id in ["JTI=t1", "t1"] {
      let trail = try trail(catalog, of: id)
      #expect(trail.nodes.map(\.actor.identity) == ["k8s:user:ana", "k8s:p/deployer"], "\(id)")
      #expect(trail.nodes.map { $0.uses.map(\.first.via) } == [[""], ["ana"]])
    }
    // It is no credential of the account.
    let facts = usage(of: [folder.path("a.jsonl")])
    #expect(facts.map(\.principal.description) == ["k8s:p/deployer", "k8s:user:ana"])
    #expect(facts.map { $0.credentials.map(\.id) } == [[], ["JTI=t1"]])
  }

  @Test func showsWhatEndedATokenOfVault() throws {
    func audit(_ second: Int, _ by: String, _ path: String, _ more: String = "", response: String = "") -> String {
      """
      {"time":"2026-03-01T08:00:0\(second)Z","type":"response","auth":{"accessor":"hmac-sha256:\(by)","display_name":"approle",\
      "metadata":{"role_name":"deployer"}},"request":{"id":"v\(second)","operation":"update","path":"\(path)",\
      "mount_type":"token"\(more)},"response":{\(response)}}
      """
    }
    let child = #""auth":{"accessor":"hmac-sha256:child","display_name":"token-child"}"#
    let catalog = try catalog(of: [
      audit(1, "first", "auth/token/create", response: child), audit(2, "child", "secret/data/db"),
      audit(3, "first", "auth/token/revoke-accessor", #","data":{"accessor":"hmac-sha256:child"}"#),
      audit(4, "first", "auth/token/revoke-self"),
    ])
    let trail = try trail(catalog, of: "hmac-sha256:child")
    #expect(trail.nodes.map(\.actor.credential) == ["hmac-sha256:first", "hmac-sha256:child"])
    #expect(trail.nodes.map { $0.changes.map(\.id) } == [["v4"], ["v3"]])
    // Sessions come and go by the million.
    #expect(rollUp([folder.path("a.jsonl")]).part.lifecycles.isEmpty)
  }

  private func usage(of files: [String]) -> [UsageFact] { rollUp(files).part.facts }

  @Test func showsOfThePeriodWhatCameOfEarlierIssues() throws {
    let made =
      ",\"responseElements\":{\"accessKey\":{\"accessKeyId\":\"AKIABOT\",\"userName\":\"bot\"}}"
    let log = [
      record("c", user("admin", key: "AKIA1"), at: "01T09:00:00", "CreateAccessKey", made),
      issue("i-1", user("bot", key: "AKIABOT"), role: "x", key: "ASIA1", at: "01T10:00:00"),
      use("u-1", session("x", key: "ASIA1", started: "01T10:00:00"), at: "02T14:00:00"),
    ]
    // Sessions of the same issuer that the period does not show must not use up the limit.
    let others = (10..<60).flatMap { minute in
      [
        issue("o-\(minute)", user("bot", key: "AKIABOT"), role: "y", key: "ASIAO\(minute)", at: "01T09:\(minute):00"),
        use(
          "p-\(minute)", session("y", key: "ASIAO\(minute)", started: "01T09:\(minute):00"), at: "01T09:\(minute):30"),
      ]
    }
    let catalog = try catalog(of: log + others)
    for id in ["AKIABOT", "arn:aws:iam::111122223333:user/bot"] {
      let trail = try trail(catalog, of: id, since: "02T00:00:00", limit: 5)
      #expect(trail.nodes.map(\.actor.credential) == ["AKIA1", "AKIABOT", "ASIA1"], "\(id)")
      #expect(trail.omitted == 0)
      #expect(trail.nodes.last?.uses.map(\.first.id) == ["u-1"])
    }
    #expect(try trail(catalog, of: "AKIABOT", since: "03T00:00:00").nodes.isEmpty)
  }
}
