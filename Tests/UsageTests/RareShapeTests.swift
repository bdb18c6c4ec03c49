import TestSupport
import Testing

@testable import Usage

/// Records that are rarer than those of `CloudLogTests` and `ServiceLogTests`, and easily misread; the values are invented.
struct RareShapeTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test(arguments: teleport + others)
  func tellsWhatTheVendorDocuments(_ sample: LogSample) throws { try sample.check(in: folder) }

  static let teleport = [
    // Codes of all makes.
    LogSample(
      "teleport",
      #"""
      {"cluster_name":"c","time":"2026-01-02T03:04:05Z","code":"PG001I","event":"plugin.create","uid":"q1","user":"ana"}
      {"cluster_name":"c","time":"2026-01-02T03:04:05Z","code":"TSPIFFE000I","event":"spiffe.svid.issued","uid":"q2","user":"bot-x","user_kind":2}
      {"cluster_name":"c","time":"2026-01-02T03:04:05Z","code":"TDY01E","event":"db.session.dynamodb.request","db_service":"d1","status_code":0,"uid":"q3","user":"ana"}
      {"cluster_name":"c","time":"2026-01-02T03:04:05Z","code":"T3009I","event":"kube.request","response_code":403,"kubernetes_cluster":"k1","uid":"q4","user":"bot-ci"}
      {"cluster_name":"c","time":"2026-01-02T03:04:05Z","code":"T3009I","event":"kube.request","response_code":200,"kubernetes_cluster":"k1","uid":"q5","user":"bot-ci"}
      """#,
      ["muster.identity": "teleport:c/user/ana", "muster.action": "teleport:plugin.create", "status_id": "0"],
      ["muster.identity": "teleport:c/bot/bot-x"],
      ["status_id": "2", "muster.denied": "0", "resources": "d1"],
      ["muster.identity": "teleport:c/bot/bot-ci", "status_id": "2", "muster.denied": "1", "status_code": "403"],
      ["status_id": "1", "muster.denied": "0"]),
    // Those that join, and the certificate that the same bot gets.
    LogSample(
      "teleport",
      #"""
      {"code":"TJ001I","event":"bot.join","bot_name":"ci","cluster_name":"c","success":true,"time":"2026-01-02T03:04:05Z","uid":"q1"}
      {"code":"TJ001I","event":"bot.join","bot_name":"ci","user_name":"bot-ci","cluster_name":"c","success":true,"time":"2026-01-02T03:04:05Z","uid":"q2"}
      {"code":"TC000I","event":"cert.create","cert_type":"user","identity":{"user":"bot-ci","bot_name":"ci"},"cluster_name":"c","time":"2026-01-02T03:04:05Z","uid":"q3"}
      {"code":"TJ001E","event":"bot.join","bot_name":"the cook","cluster_name":"c","success":false,"error":"token expired","time":"2026-01-02T03:04:05Z","uid":"q4"}
      {"code":"TJ002I","event":"instance.join","host_id":"h1","node_name":"n","cluster_name":"c","success":true,"time":"2026-01-02T03:04:05Z","uid":"q5"}
      {"code":"T5001I","event":"access_request.update","updated_by":"sam","state":"APPROVED","time":"2026-01-02T03:04:05Z","uid":"q6"}
      """#,
      ["muster.identity": "teleport:c/bot/bot-ci", "actor.user.type": "Bot"],
      ["muster.identity": "teleport:c/bot/bot-ci"],
      ["muster.identity": "teleport:c/bot/bot-ci"],
      ["muster.identity": "teleport:c/bot/bot-the-cook", "status_id": "2", "status_code": "token expired"],
      ["muster.identity": "teleport:c/host/h1", "actor.user.type": "Host"],
      ["muster.identity": "teleport:user/sam", "actor.user.type": "User"]),
  ]

  static let others = [
    LogSample(
      "gitlab",
      #"{"id":2,"author_id":-1,"entity_id":60,"entity_type":"Group","details":{"failed_login":"STANDARD","author_name":"typed","ip_address":"192.0.2.7"},"created_at":"2026-01-02T03:04:05Z"}"#,
      ["muster.identity": "", "muster.action": "gitlab:failed_login", "status_id": "2"]),
    LogSample(
      "gcp-audit",
      #"{"insertId":"g1","logName":"organizations/1/logs/cloudaudit.googleapis.com%2Fdata_access","protoPayload":{"@type":"type.googleapis.com/google.cloud.audit.AuditLog","serviceName":"login.googleapis.com","methodName":"google.login.LoginService.loginFailure","authenticationInfo":{"principalEmail":"eva@acme.example"}},"timestamp":"2026-01-02T03:04:05Z"}"#,
      ["status_id": "2", "muster.denied": "0"]),
  ]
}
