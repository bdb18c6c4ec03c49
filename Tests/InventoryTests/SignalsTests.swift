import Base
import Inventory
import Model
import Testing

/// A secret of the tests' own: what of it must never be in a fact.
private let secret = "s3cretS3cretS3cretS3cretS3cretS3cretS3cr"
private let token = "ghp_\(secret)"

@Suite struct SecretScannerTests {
  private func signal(_ text: String, path: String = "f.json") throws -> SignalFact {
    let result = readServices([(path, text)])
    #expect(result.messages == [])
    #expect(result.coverage.used == 1)
    #expect(!"\(result)".contains(secret))
    return try #require(result.signals.first)
  }

  @Test(arguments: [
    (
      #""Match": "aws_access_key_id = AKIAIOSFODNN7EXAMPLE", "Secret": "AKIAIOSFODNN7EXAMPLE""#, "AKIAIOSFODNN7EXAMPLE",
      false
    ),
    (#""Match": "key_id = AKIAIOSFODNN7EXAMPLE; key = REDACTED", "Secret": "REDACTED""#, "AKIAIOSFODNN7EXAMPLE", false),
    (#""Match": "x", "Secret": "\#(token)""#, nil, true),
    (#""Match": "token = ghp_s...", "Secret": "ghp_s...""#, nil, false),
    (#""Match": "xAKIAIOSFODNN7EXAMPLE", "Secret": "REDACTED""#, nil, false),
    (
      #""Match": "{\"type\": \"service_account\", \"private_key_id\": \"0a1b2c3d4e5f\", \"client_email\": \"ci@acme.iam.gserviceaccount.com\"}", "Secret": "\#(token)""#,
      "0a1b2c3d4e5f", true
    ),
  ])
  func placesAFindingOfGitleaksWithoutItsSecret(fields: String, credential: String?, hasHash: Bool) throws {
    let found = try signal(
      #"[{"RuleID": "r", "StartLine": 7, "File": "a/b.sh", "Commit": "1a2b3c", "Date": "2026-05-01T10:00:00Z", "Fingerprint": "f", \#(fields)}]"#
    )
    #expect((found.kind, found.rule, found.place) == (.exposed, "r", "1a2b3c:a/b.sh:7"))
    #expect(found.credential == credential)
    #expect(found.hash == (hasHash ? SHA256Digest(of: token).hex : nil))
    #expect(found.at == Instant("2026-05-01T10:00:00Z"))
    if credential == "0a1b2c3d4e5f" { #expect(found.principal == "gcp:serviceAccount:ci@acme.iam.gserviceaccount.com") }
  }

  @Test func readsWhatTrufflehogTried() throws {
    let aws = #"""
      {"SourceMetadata":{"Data":{"Git":{"commit":"fbc1","file":"keys","email":"x","repository":"https://github.com/acme/web","timestamp":"2022-06-16 17:17:40 +0000","line":4}}},"SourceName":"trufflehog - git","DetectorType":2,"DetectorName":"AWS","Verified":true,"Raw":"AKIAIOSFODNN7EXAMPLE","RawV2":"AKIAIOSFODNN7EXAMPLE:\#(secret)","Redacted":"AKIAIOSFODNN7EXAMPLE","ExtraData":{"account":"111122223333","arn":"arn:aws:iam::111122223333:user/ci"}}
      """#
    let found = try signal(aws, path: "t.jsonl")
    #expect(found.credential == "AKIAIOSFODNN7EXAMPLE" && found.isLive == true && found.hash == nil)
    #expect(found.principal == "arn:aws:iam::111122223333:user/ci")
    #expect(found.place == "https://github.com/acme/web@fbc1:keys:4" && found.at == Instant("2022-06-16T17:17:40Z"))
    let untried = aws.replacing("\"Verified\":true", with: "\"Verified\":false,\"VerificationError\":\"timeout\"")
    #expect(try signal(untried).isLive == nil)
    let twice = readServices([("t.jsonl", "\(aws)\n\(aws)\n")])
    #expect((twice.coverage.used, twice.coverage.duplicate) == (1, 1))
  }

  @Test func readsAlertsOfGitHub() throws {
    func alert(_ state: String, _ resolution: String, _ validity: String) -> String {
      #"""
      [{"number": 42, "created_at": "2026-11-06T18:18:30Z", "html_url": "https://github.com/acme/web/security/secret-scanning/42",
        "state": "\#(state)", "resolution": \#(resolution), "secret_type": "github_personal_access_token", "secret": "\#(token)",
        "validity": "\#(validity)", "repository": {"full_name": "acme/web"},
        "first_location_detected": {"path": "a.txt", "start_line": 1, "commit_sha": "af5"}}]
      """#
    }
    let open = try signal(alert("open", "null", "active"))
    #expect(open.isLive == true && open.place == "acme/web@af5:a.txt:1" && open.hash == SHA256Digest(of: token).hex)
    #expect(try signal(alert("resolved", "\"revoked\"", "unknown")).isLive == false)
    let none = readServices([("a.json", alert("resolved", "\"false_positive\"", "unknown"))])
    #expect(none.signals.isEmpty && none.coverage.filtered == 1)
  }
}

@Suite struct SecurityEventTests {
  private func event(_ name: String, _ subject: String, _ more: String = "") -> String {
    #"{"iss": "https://acme.okta.com", "jti": "1", "iat": 1700000000, "aud": "x", "sub_id": \#(subject), "events": {"https://schemas.openid.net/secevent/\#(name)": {"event_timestamp": 1700000100\#(more)}}}"#
  }

  @Test(arguments: [
    (
      "risc/event-type/account-disabled", #"{"format": "email", "email": "Ana@Acme.example"}"#, "account-disabled",
      "ana@acme.example"
    ),
    (
      "risc/event-type/credential-compromise", #"{"format": "iss_sub", "iss": "https://acme.okta.com", "sub": "0oa1"}"#,
      "credential-compromise", "okta:app/0oa1"
    ),
    (
      "caep/event-type/session-revoked",
      #"{"format": "complex", "session": {"format": "opaque", "id": "s"}, "user": {"format": "opaque", "id": "00u1"}}"#,
      "session-revoked", "okta:user/00u1"
    ),
    (
      "risc/event-type/sessions-revoked", #"{"format": "uri", "uri": "arn:aws:iam::111122223333:role/r"}"#,
      "session-revoked", "arn:aws:iam::111122223333:role/r"
    ),
    (
      "caep/event-type/token-claims-change",
      #"{"format": "aliases", "identifiers": [{"format": "email", "email": "ci@acme.iam.gserviceaccount.com"}]}"#,
      "other", "gcp:serviceAccount:ci@acme.iam.gserviceaccount.com"
    ),
  ])
  func readsDecodedClaims(name: String, subject: String, kind: String, principal: String) throws {
    let result = readServices([("e.json", event(name, subject))])
    #expect(result.messages == [])
    let signal = try #require(result.signals.first)
    #expect((signal.kind.rawValue, signal.principal) == (kind, principal))
    #expect(signal.at == Instant("2023-11-14T22:15:00Z") && signal.place == "https://acme.okta.com")
  }

  @Test func readsCompactTokensAndSaysThatNobodyVerifiedThem() throws {
    let claims = event(
      "risc/event-type/credential-compromise", #"{"format": "opaque", "id": "00u1"}"#,
      #", "credential_type": "x509", "x509_serial": "0a1b""#)
    let middle = Base64.encode(Array(claims.utf8), isPadded: false).replacing("+", with: "-").replacing("/", with: "_")
    let jwt = "eyJhbGciOiJSUzI1NiJ9.\(middle).c2ln"
    for text in [jwt + "\n", #"{"sets": {"1": "\#(jwt)"}, "moreAvailable": false}"#] {
      let result = readServices([("e.jwt", text)])
      #expect(result.messages == ["the signatures of security event tokens are not verified here"])
      #expect(result.diagnostics.map(\.kind) == [.warning])
      let signal = try #require(result.signals.first)
      #expect((signal.credential, signal.rule) == ("0a1b", "credential-compromise x509"))
    }
    let bad = readServices([("e.jwt", "\(jwt)\neyJ.x\neyJhbGciOiJSUzI1NiJ9.e30.c2ln\n\(jwt)\n")])
    #expect((bad.coverage.used, bad.coverage.duplicate, bad.coverage.unreadable) == (1, 1, 2))
  }

  @Test func passesOverWhatTellsOfTheStreamAndRefusesWhatNamesNobody() {
    let verification = readServices([
      ("v.json", event("ssf/event-type/verification", #"{"format": "opaque", "id": "s"}"#))
    ])
    #expect(verification.signals.isEmpty && verification.coverage.filtered == 1)
    let nobody = readServices([("n.json", event("risc/event-type/account-disabled", #"{"format": "riddle"}"#))])
    #expect(nobody.signals.isEmpty && nobody.coverage.unreadable == 1)
  }
}
