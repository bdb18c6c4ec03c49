import Base
import Foundation

/// The shared corpora of real logs, which are no part of the project.
enum Corpora {
  /// Their folder; `nil` where they are absent.
  static let folder: String? = {
    let environment = ProcessInfo.processInfo.environment["MUSTER_SHARED"]
    let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../shared").standardized.path
    let folder = (environment ?? root) + "/corpora"
    return FileSystem.kind(folder) == .folder ? folder : nil
  }()

  static var arePresent: Bool { folder != nil }

  static func path(_ name: String) throws -> String {
    struct Absent: Error {}
    guard let folder else { throw Absent() }
    return "\(folder)/\(name)"
  }
}

/// One line of a truth table, as far as these tests read it.
struct TruthRow: Decodable {
  struct Session: Decodable {
    var accessKeyId: String?
    var created: String?
    var issuedKey: String?
  }

  var file: String?
  var line: Int?
  var src: String?
  var timestamp: String?
  var actor: String?
  var action: String?
  var outcome: String?
  var sourceIp: String?
  var sourceHost: String?
  var region: String?
  var account: String?
  var userAgent: String?
  var target: String?
  var via: String?
  var bytes: Int64?
  var eventId: String?
  var session: Session?
  var agree: [String]?
}

/// A line of `muster events`, as far as these tests read it.
struct EventRow: Decodable {
  var time: Int64?
  var id: String?
  var identity: String?
  var userName: String?
  var userType: String?
  var invokedBy: String?
  var credential: String?
  var session: String?
  var parent: String?
  var action: String?
  var operation: String?
  var permission: String?
  var resources: [String]?
  var status: Int?
  var statusCode: String?
  var denied: Bool?
  var address: String?
  var host: String?
  var region: String?
  var account: String?
  var identityAccount: String?
  var agent: String?
  var bytesIn: Int64?
  var bytesOut: Int64?
  var issued: String?
  var file: String
  var line: Int

  enum CodingKeys: String, CodingKey {
    case time
    case id = "metadata.uid"
    case identity = "muster.identity"
    case userName = "actor.user.name"
    case userType = "actor.user.type"
    case invokedBy = "actor.invoked_by"
    case credential = "actor.user.credential_uid"
    case session = "actor.session.uid"
    case parent = "muster.parent_session"
    case action = "muster.action"
    case operation = "api.operation"
    case permission = "muster.permission"
    case resources
    case status = "status_id"
    case statusCode = "status_code"
    case denied = "muster.denied"
    case address = "src_endpoint.ip"
    case host = "src_endpoint.name"
    case region = "cloud.region"
    case account = "cloud.account.uid"
    case identityAccount = "actor.user.account.uid"
    case agent = "http_request.user_agent"
    case bytesIn = "muster.bytes_in"
    case bytesOut = "muster.bytes_out"
    case issued = "muster.issued_credential_uid"
    case file = "muster.file"
    case line = "muster.line"
  }
}

/// JSON Lines as rows.
func rows<Row: Decodable>(_ bytes: [UInt8], of type: Row.Type = Row.self) throws -> [Row] {
  let decoder = JSONDecoder()
  if type == TruthRow.self { decoder.keyDecodingStrategy = .convertFromSnakeCase }
  return try bytes.split(separator: 0x0A).map { try decoder.decode(Row.self, from: Data($0)) }
}
