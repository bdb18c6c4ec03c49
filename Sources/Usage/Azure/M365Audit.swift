extension LogFormat {
  /// Microsoft 365's unified audit log.
  static let m365Audit = LogFormat("m365-audit", json: M365Audit.self)
}

/// Office 365 Management Activity API schema: records of the API, and those of the compliance portal with the record as text in
/// `AuditData`.
private struct M365Audit: JSONMapping {
  enum Field: String, JSONField {
    case recordType = "RecordType"
    case time = "CreationTime"
    case id = "Id"
    case operation = "Operation"
    case workload = "Workload"
    case tenant = "OrganizationId"
    case user = "UserId"
    case userKey = "UserKey"
    case userType = "UserType"
    case actorID = "Actor/*/ID"
    case actorType = "Actor/*/Type"
    case app = "ApplicationId|AppId|ClientAppId"
    case address = "ClientIP|ClientIPAddress|ActorIpAddress"
    case agent = "UserAgent"
    case moreName = "ExtendedProperties/*/Name"
    case moreValue = "ExtendedProperties/*/Value"
    case result = "ResultStatus"
    case object = "ObjectId"
    case token = "AppAccessContext/UniqueTokenId"
    case session = "AppAccessContext/AADSessionId|SessionId"

    var need: JSONNeed { self == .object || self == .agent ? .caller : .scalar }
  }

  static let lists = ["value", "records"]
  static let envelopes = ["", "AuditData/@json/"]

  mutating func normalise(_ record: JSONRecord<Field>, into event: inout LogEvent, _ kit: inout EventKit) -> Fate {
    guard !record[.operation].isEmpty, !record[.recordType].isEmpty, !record[.time].isEmpty, !record[.user].isEmpty
    else { return .foreign }
    event.time = kit.azureTime(record[.time])
    event.id = record[.id]
    identify(record, &event, &kit)
    event.call = kit.call(record[.workload].isEmpty ? "m365" : kit.lowercased(record[.workload]), record[.operation])
    event.addResource(record[.object])
    event.locate(record[.address])
    event.agent = record[.agent].isEmpty ? record.value(.moreValue, where: .moreName, is: "UserAgent") : record[.agent]
    event.account = kit.lowercased(record[.tenant])
    event.place = kit.place("entra", event.account)
    let result = record[.result]
    event.status = result
    event.isOutcomeKnown = !result.isEmpty
    let success: [StaticString] = ["Success", "Succeeded", "PartiallySucceeded", "True", "true"]
    event.isFailed = event.isOutcomeKnown && !success.contains { result.equals($0) }
    return .event
  }

  /// `UserType` 4 is a system account, 5 an application, 6 a service principal; of the actors, the one of type 0 is the object's id.
  private func identify(_ record: JSONRecord<Field>, _ event: inout LogEvent, _ kit: inout EventKit) {
    let type = record[.userType]
    let user = record[.user]
    event.userName = user
    let principal = user.dropPrefix("ServicePrincipal_")
    let isService = principal != nil || type.equals("5") || type.equals("6")
    event.identityType = isService ? "ServicePrincipal" : type.equals("4") ? "System" : "User"
    event.credential = .none
    event.session = record[.token].isEmpty ? record[.session] : record[.token].withoutPadding
    if isService {
      event.identity = kit.entraPrincipal("servicePrincipal", principal ?? user, tenant: record[.tenant])
    } else {
      event.identity = kit.entraPrincipal("user", user, tenant: record[.tenant])
      event.invokedBy = record[.app]
    }
  }
}
