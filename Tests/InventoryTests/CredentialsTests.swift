import Base
import Inventory
import Model
import Testing

private let head = """
  user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,mfa_active,\
  access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,\
  access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,\
  access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,cert_1_last_rotated,cert_2_active,cert_2_last_rotated
  """
private let root = """
  <root_account>,arn:aws:iam::111122223333:root,2020-01-01T00:00:00+00:00,not_supported,2026-10-01T00:00:00+00:00,\
  not_supported,not_supported,false,false,N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A
  """
private let ana = """
  ana,arn:aws:iam::111122223333:user/ana,2021-01-01T00:00:00+00:00,true,no_information,2021-01-02T00:00:00+00:00,N/A,true,\
  true,2025-01-01T00:00:00+00:00,2026-11-01T00:00:00+00:00,eu-west-1,s3,false,2022-02-02T00:00:00+00:00,N/A,N/A,N/A,false,N/A,false,N/A
  """
private let keys = """
  {"AccessKeyMetadata": [
    {"UserName": "ana", "AccessKeyId": "AKIAOLD", "Status": "Inactive", "CreateDate": "2022-02-02T00:00:00Z"},
    {"UserName": "ana", "AccessKeyId": "AKIANEW", "Status": "Active", "CreateDate": "2025-01-01T00:00:00Z"}]}
  """

@Suite struct CredentialReportTests {
  @Test(arguments: ["\n", "\r\n"])
  func readsTheReport(lineEnd: String) throws {
    let result = read([("r.csv", [head, root, ana].joined(separator: lineEnd))])
    #expect(result.messages == [])
    #expect(result.identities.map(\.kind) == [.root, .user])
    #expect(result.identities[0].credentials.map(\.id) == ["password"])
    #expect(result.identities[0].lastUsed == Instant("2026-10-01T00:00:00Z"))
    let user = result.identities[1]
    #expect(user.credentials.map(\.id) == ["ana/1", "ana/2", "password"])
    #expect(user.credentials.map(\.status) == [.active, .inactive, .active])
    #expect(user.credentials[0].lastUsed == Instant("2026-11-01T00:00:00Z"))
    #expect((user.credentials[0].lastRegion, user.credentials[0].lastService) == ("eu-west-1", "s3"))
    #expect(user.credentials[1].lastUsed == nil && user.knows("credentials.lastUsed"))
    #expect(user.lastUsed == Instant("2026-11-01T00:00:00Z"))
    #expect(user.unknowable == ["boundary", "grants", "tags", "uniqueID"])
    #expect(result.coverage.formats == ["aws-credential-report"])
    #expect((result.coverage.used, result.coverage.records) == (2, 2))
  }

  @Test func readsTheReportInsideOfContent() throws {
    let content = base64("\(head)\n\(ana)\n")
    let json = #"{"Content": "\#(content)", "ReportFormat": "text/csv", "GeneratedTime": "2026-11-19T01:02:03Z"}"#
    let result = read([("r.json", json)])
    #expect(result.messages == [])
    #expect(result.identities.map(\.name) == ["ana"])
    #expect(result.coverage.collected == Instant("2026-11-19T01:02:03Z"))
    #expect(
      read([("r.json", json.replacing("\(content)", with: "????"))]).messages == [
        "bad base64 at character 1 of `Content`"
      ])
    let cut = read([("r.json", json.replacing("\"Content\": \"\(content)\", ", with: ""))])
    #expect(cut.messages == ["the credential report has no `Content`"])
  }

  @Test func findsTheListedKeysOfTheReportsRows() {
    for order in [["keys.json", "r.csv"], ["r.csv", "keys.json"]] {
      let texts = ["keys.json": keys, "r.csv": "\(head)\n\(ana)\n"]
      let result = read(order.map { ($0, texts[$0] ?? "") })
      #expect(result.messages == [])
      let credentials = result.identities[0].credentials
      #expect(credentials.map(\.id) == ["AKIANEW", "AKIAOLD", "password"])
      #expect(credentials[0].lastService == "s3")
      #expect(result.identities[0].unknowable == ["boundary", "grants", "tags", "uniqueID"])
      #expect((result.coverage.used, result.coverage.records) == (3, 3))
    }
  }

  @Test func findsKeysByTheirOrderWhereDatesDiffer() {
    let later = ana.replacing("2022-02-02T00", with: "2022-03-03T00").replacing("2025-01-01T00", with: "2025-02-02T00")
    let result = read([("keys.json", keys), ("r.csv", "\(head)\n\(later)\n")])
    #expect(result.identities[0].credentials.map(\.id) == ["AKIANEW", "AKIAOLD", "password"])
    #expect(result.identities[0].credentials[0].lastService == "s3")
  }

  @Test(arguments: [
    (ana.replacing(",true,true,", with: ",true,"), "the row has 21 fields, the head 22"),
    (ana.replacing("111122223333:user/ana", with: "x"), "`arn:aws:iam::x` is not the ARN of an IAM user"),
    (
      ana.replacing("2021-01-01T00:00:00+00:00", with: "yesterday"), "`yesterday` in `user_creation_time` is not a time"
    ),
    ("\"ana", "the row has 1 fields, the head 22"),
  ])
  func namesBadRowsAndKeepsTheRest(row: String, message: String) {
    let result = read([("r.csv", "\(head)\n\(root)\n\(row)")])
    #expect(result.messages.contains(message), "\(result.messages)")
    #expect(result.diagnostics.allSatisfy { $0.location.line == 3 })
    #expect(result.identities.contains { $0.kind == .root })
  }
}

@Suite struct AccessKeyTests {
  @Test func namesTheUserByTheCoveredAccount() {
    let result = read([("keys.json", keys)], covers: ["aws:111122223333"])
    #expect(result.messages == [])
    #expect(result.identities.map(\.principal.description) == ["arn:aws:iam::111122223333:user/ana"])
    #expect(result.identities[0].credentials.map(\.status) == [.active, .inactive])
    #expect(result.identities[0].credentials.allSatisfy { $0.neverExpires && $0.kind == "access-key" })
    #expect(
      result.identities[0].unknowable
        == ["boundary", "created", "credentials.lastUsed", "grants", "lastUsed", "tags", "uniqueID"])
  }

  @Test func refusesKeysWhoseAccountNobodyNames() {
    let result = read([("keys.json", keys)])
    #expect(result.identities.isEmpty)
    #expect(result.messages.count == 2)
    #expect(result.diagnostics.map(\.location.line) == [2, 3])
    #expect(result.coverage.unreadable == 2)
  }

  @Test func findsTheUserWhateverItsPath() {
    let users = #"{"Users": [{"UserName": "ana", "UserId": "AIDA", "Arn": "arn:aws:iam::111122223333:user/eu/ana"}]}"#
    let result = read([("keys.json", keys), ("users.json", users)])
    #expect(result.messages == [])
    #expect(result.identities.map(\.principal.description) == ["arn:aws:iam::111122223333:user/eu/ana"])
    #expect(result.identities[0].credentials.count == 2)
  }

  @Test func takesTheLastUseByTheFilesName() {
    let used = """
      {"UserName": "ana", "AccessKeyLastUsed": {"LastUsedDate": "2026-10-10T00:00:00Z", "ServiceName": "sts", "Region": "us-east-1"}}
      """
    let long = keys.replacing("AKIANEW", with: "AKIANEWNEWNEWNEW0001")
    let result = read([("keys.json", long), ("last/AKIANEWNEWNEWNEW0001.json", used)], covers: ["aws:111122223333"])
    #expect(result.messages == [])
    #expect(result.identities[0].credentials.first?.lastService == "sts")
    #expect(result.identities[0].knows("credentials.lastUsed"))
    #expect(result.identities[0].lastUsed == Instant("2026-10-10T00:00:00Z"))
    let unnamed = read([("keys.json", keys), ("last.json", used)], covers: ["aws:111122223333"])
    #expect(unnamed.messages == ["the last use does not say which of 2 keys of `ana` it is about"])
    #expect(unnamed.coverage.unreadable == 1)
  }

  @Test func keepsNoSecretOfACreatedKey() {
    let made = #"{"AccessKey": {"UserName": "ana", "AccessKeyId": "AKIAX", "SecretAccessKey": "wJalrXUtnFEMIsecret"}}"#
    let result = read([("k.json", made)], covers: ["aws:111122223333"])
    #expect(result.identities.flatMap(\.credentials).map(\.id) == ["AKIAX"])
    #expect(!"\(result)".contains("wJalr"))
    #expect(result.messages == ["the export holds a secret in clear text; it is not read"])
  }
}

/// Base64 without a library: for tests only.
private func base64(_ text: String) -> String {
  let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
  let bytes = Array(text.utf8)
  var out = ""
  for start in stride(from: 0, to: bytes.count, by: 3) {
    let group = bytes[start..<min(start + 3, bytes.count)]
    let number = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
    for index in 0..<4 { out.append(index <= group.count ? letters[number >> (18 - 6 * index) & 63] : "=") }
  }
  return out
}
