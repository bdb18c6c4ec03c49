import Base
import Foundation
import TestSupport
import Testing

@testable import Usage

/// Events in shared schemas, whoever made them, and that no two kinds of log claim the same record.
struct SchemaLogTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test(arguments: ocsf + ecs)
  func tellsWhatTheSchemaSays(_ sample: LogSample) throws { try sample.check(in: folder) }

  static let ocsf = [
    LogSample(
      "ocsf",
      #"""
      {"metadata":{"product":{"name":"CloudTrail","vendor_name":"AWS"},"uid":"m1","version":"1.1.0","profiles":["cloud"]},"time":1767323045678,"cloud":{"region":"eu-west-1","provider":"AWS"},"api":{"response":{"error":"AccessDenied"},"operation":"GetObject","service":{"name":"s3.amazonaws.com"}},"actor":{"user":{"type":"AssumedRole","uid":"arn:aws:sts::111122223333:assumed-role/builder/i-1","account":{"uid":"111122223333"},"credential_uid":"ASIAX"},"session":{"issuer":"arn:aws:iam::111122223333:role/ci/builder"}},"http_request":{"user_agent":"boto3"},"src_endpoint":{"ip":"192.0.2.7"},"resources":[{"uid":"arn:aws:s3:::b"}],"class_uid":6003,"category_uid":6,"activity_id":2,"status_id":2,"severity_id":1}
      {"metadata":{"product":{"name":"Amazon EKS","vendor_name":"AWS"},"version":"1.1.0"},"time":1767323045679854,"class_uid":6003,"category_uid":6,"activity_id":2,"activity_name":"Read","api":{"operation":"get","response":{"code":200}},"actor":{"session":{"issuer":"arn:aws:iam::111122223333:role/node"},"user":{"name":"system:serviceaccount:shop:api","uid":"heptio:1"}},"src_endpoint":{"ip":"10.0.0.1"},"status_id":1}
      {"metadata":{"product":{"vendor_name":"Okta"},"version":"1.3.0"},"time":1767323045680,"class_uid":3002,"class_name":"Authentication","category_uid":3,"activity_id":1,"activity_name":"Logon","user":{"uid":"00u1","name":"ana"},"status":"Failure","src_endpoint":{"hostname":"laptop"}}
      {"metadata":{"product":{"name":"directory"},"version":"1.3.0"},"time":1767323045681,"class_uid":3001,"class_name":"Account Change","category_uid":3,"activity_name":"Create","actor":{"user":{"uid":"7","type_id":4,"name":"provisioner"}},"user":{"uid":"8"},"status_id":0}
      {"metadata":{"version":"1.3.0"},"time":1767323045682,"class_uid":4001,"category_uid":4,"activity_id":6}
      """#,
      [
        "muster.identity": "arn:aws:iam::111122223333:role/ci/builder", "muster.action": "s3:GetObject",
        "muster.denied": "1", "cloud.region": "eu-west-1", "actor.user.credential_uid": "ASIAX",
        "resources": "arn:aws:s3:::b", "metadata.uid": "m1",
      ],
      ["muster.identity": "k8s:shop/api", "muster.action": "get", "status_id": "1", "time": "1767323045679"],
      [
        "muster.identity": "okta:user/00u1", "muster.action": "Authentication:Logon", "status_id": "2",
        "src_endpoint.name": "laptop", "actor.user.name": "ana",
      ],
      ["muster.identity": "directory:service/7", "resources": "8", "status_id": "0"])
  ]

  static let ecs = [
    LogSample(
      "ecs",
      #"""
      {"@timestamp":"2026-01-02T03:04:05.678Z","ecs":{"version":"8.0.0"},"event":{"kind":"event","action":"GetSecretValue","provider":"secretsmanager.amazonaws.com","outcome":"failure","id":"e1","dataset":"aws.cloudtrail","module":"aws","category":["iam"]},"user":{"id":"AIDA1","name":"ana"},"source":{"ip":"192.0.2.7","address":"192.0.2.7"},"cloud":{"provider":"aws","region":"eu-west-1","account":{"id":"111122223333"}},"aws":{"cloudtrail":{"error_code":"AccessDenied","user_identity":{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/ana","access_key_id":"AKIAX"}}},"user_agent":{"original":"aws-cli"}}
      {"@timestamp":"2026-01-02T03:04:06Z","ecs.version":"8.0.0","event.kind":"event","event.module":"okta","event.dataset":"okta.system","event.action":"user.session.start","event.outcome":"success","user.id":"00u1","user.name":"ana","source.ip":"192.0.2.8","source.geo.country_iso_code":"CH"}
      {"_index":"x","_source":{"@timestamp":"2026-01-02T03:04:07Z","ecs":{"version":"8"},"event":{"dataset":"nginx.access","category":["web"]},"http":{"request":{"method":"GET"},"response":{"status_code":401}},"url":{"path":"/orders/17","domain":"shop.example"},"source":{"address":"gateway.internal"},"user":{"name":"batch"}}}
      {"@timestamp":"2026-01-02T03:04:08Z","ecs":{"version":"8"},"event":{"kind":"metric","module":"system","action":"x"}}
      """#,
      [
        "muster.identity": "arn:aws:iam::111122223333:user/ana", "muster.action": "secretsmanager:GetSecretValue",
        "muster.denied": "1", "actor.user.credential_uid": "AKIAX", "cloud.account.uid": "111122223333",
        "metadata.uid": "e1", "http_request.user_agent": "aws-cli",
      ],
      [
        "muster.identity": "okta:user/00u1", "muster.action": "okta:user.session.start", "cloud.region": "CH",
        "src_endpoint.ip": "192.0.2.8", "status_id": "1",
      ],
      [
        "muster.identity": "nginx:user/batch", "muster.action": "http:GET /orders/{}", "status_id": "2",
        "muster.denied": "1", "src_endpoint.name": "gateway.internal", "resources": "shop.example/orders/17",
      ])
  ]

  private static let last = ["azure", "aws-alb", "s3-access", "access-log", "wrapped"]

  /// The kinds that know each record, without those that are tried after the rest and take what it left: lines, whatever else Azure
  /// exports, and what others wrap.
  private func claims(on bytes: [UInt8]) -> [Int: [String]] {
    var claims: [Int: [String]] = [:]
    for format in LogFormat.all where !Self.last.contains(format.name) {
      let reader = format.makeReader()
      reader.restart()
      var window = bytes + [UInt8](repeating: 0, count: 64)
      window.withUnsafeMutableBufferPointer { buffer in
        guard let start = buffer.baseAddress else { return }
        _ = reader.scan(start, count: bytes.count, isLast: true)
        var event = LogEvent()
        for record in 0..<reader.recordCount {
          if case .foreign = reader.normalise(record, into: &event) { continue }
          claims[record, default: []].append(format.name)
        }
      }
    }
    return claims
  }

  @Test func triesTheGreedyKindsLast() {
    let names = LogFormat.all.map(\.name)
    let known = ServiceLogTests.all.map(\.format) + ["kubernetes"]
    let first = names.firstIndex { Self.last.contains($0) } ?? 0
    for name in known { #expect(names.firstIndex(of: name).map { $0 < first } == true, "\(name)") }
  }

  @Test func isClaimedByOneKindAlone() {
    for sample in Self.ocsf + Self.ecs + ServiceLogTests.all {
      let claims = claims(on: Array(sample.text.utf8))
      #expect(claims.count >= sample.wanted.count)
      #expect(Set(claims.values) == [[sample.format]])
    }
  }

  @Test(
    .enabled(if: Corpora.arePresent, "the shared corpora are not here; set MUSTER_SHARED"),
    arguments: ["panther", "datadog-azure", "c7n-events", "audit2rbac", "otrf", "stratus"])
  func isClaimedByOneKindInTheCorpora(_ folder: String) throws {
    let base = try Corpora.path("logs/\(folder)")
    for file in try FileSystem.files(at: base) where file.contains("/events/") && file.hasSuffix(".jsonl") {
      for (record, kinds) in claims(on: try FileSystem.read(file)).sorted(by: { $0.key < $1.key }) {
        #expect(kinds.count <= 1, "\(file.dropFirst(base.count)) \(record + 1): \(kinds)")
      }
    }
  }
}
