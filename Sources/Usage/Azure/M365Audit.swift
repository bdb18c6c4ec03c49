extension LogFormat {
  /// Microsoft 365's unified audit log.
  static let m365Audit = LogFormat("m365-audit", json: M365Audit.self)
  /// As the compliance portal and `Export-Csv` write it: a table whose column `AuditData` holds the records.
  static let m365AuditTable = LogFormat("m365-audit-csv", column: "AuditData", of: .m365Audit)
}

/// Office 365 Management Activity API schema: records of the API, those of `Search-UnifiedAuditLog` with the record as text in
/// `AuditData`, those of Microsoft Graph's `auditLogQuery`, and rows of the table `OfficeActivity`.
///
/// A user's key is the name that the log gives (`entra:<tenant>/user/<name>`); a service principal's is its object id
/// (`ServicePrincipal_<id>`), an application's the application's id. Microsoft's own accounts are nobody of the tenant.
private struct M365Audit: JSONMapping {
  enum Field: String, JSONField {
    case recordType = "RecordType|/auditLogRecordType"
    case time = "CreationTime|/CreationDate|/createdDateTime|/TimeGenerated"
    case id = "Id|/id|/Identity|/OfficeId"
    case operation = "Operation|/Operations|/operation"
    case workload = "Workload|/service|/OfficeWorkload"
    case tenant = "OrganizationId|/organizationId"
    case user = "UserId|/UserIds|/userId|/userPrincipalName"
    case userType = "UserType"
    case app = "ApplicationId|AppId|ClientAppId|AppAccessContext/ClientAppId"
    case address = "ClientIP|ClientIPAddress|ActorIpAddress|/clientIp"
    case agent = "UserAgent|ClientInfoString"
    case moreName = "ExtendedProperties/*/Name"
    case moreValue = "ExtendedProperties/*/Value"
    case result = "ResultStatus"
    case object = "ObjectId|/objectId|/OfficeObjectId"
    case target = "Target/*/ID"
    case mailbox = "MailboxOwnerUPN"
    case token = "AppAccessContext/UniqueTokenId"
    case session = "AppAccessContext/AADSessionId|SessionId"

    var need: JSONNeed { self == .object || self == .agent || self == .moreValue ? .caller : .scalar }
  }

  static let lists = ["value", "records"]
  static let envelopes = ["", "AuditData/@json/", "auditData/@json/"]

  mutating func normalise(_ record: JSONRecord<Field>, into event: inout LogEvent, _ kit: inout EventKit) -> Fate {
    guard !record[.operation].isEmpty, !record[.recordType].isEmpty, !record[.time].isEmpty, !record[.user].isEmpty
    else { return .foreign }
    event.time = kit.azureTime(record[.time])
    event.id = record[.id]
    identify(record, &event, &kit)
    event.call = kit.call(record[.workload].isEmpty ? "m365" : kit.lowercased(record[.workload]), record[.operation])
    event.addResource(.first(object(record), record[.mailbox]))
    event.locate(record[.address])
    event.agent = .first(record[.agent], record.value(.moreValue, where: .moreName, is: "UserAgent"))
    event.account = kit.lowercased(record[.tenant])
    event.place = kit.place("entra", event.account)
    let result = record[.result]
    event.status = result
    event.isOutcomeKnown = !result.isEmpty
    let success: [StaticString] = ["success", "succeeded", "partiallysucceeded", "true"]
    event.isFailed = event.isOutcomeKnown && !success.contains { result.isWord($0) }
    return .event
  }

  /// Entra's events list what they are about, the id with its kind before it (`ServicePrincipal_<id>`), the id, and names.
  private func object(_ record: JSONRecord<Field>) -> RawText {
    if !record[.object].isWord("not available") { return record[.object] }
    let first = record[.target]
    guard let bar = first.firstIndex(of: UInt8(ascii: "_")) else { return first }
    return record.list(.target).first { $0.text == first.dropFirst(bar + 1) }?.text ?? first
  }

  /// `UserType`: 3 and 4 are accounts of Microsoft's data centres, 5 is an application, 6 a service principal, 7 and 8 are policies.
  private func identify(_ record: JSONRecord<Field>, _ event: inout LogEvent, _ kit: inout EventKit) {
    let (type, user, tenant) = (record[.userType], record[.user], record[.tenant])
    event.userName = user
    event.session = .first(record[.token].withoutPadding, record[.session])
    if let principal = user.dropPrefix("ServicePrincipal_") {
      event.identityType = "ServicePrincipal"
      event.identity = kit.entraPrincipal("servicePrincipal", principal, tenant: tenant)
    } else if isOne(of: ["5", "Application"], type) {
      event.identityType = "Application"
      event.identity = kit.entraPrincipal("application", .first(record[.app], user), tenant: tenant)
    } else if isOne(of: ["6", "ServicePrincipal"], type) {
      event.identityType = "ServicePrincipal"
      event.identity = kit.entraPrincipal("servicePrincipal", user, tenant: tenant)
    } else if isOne(of: ["3", "4", "7", "8", "DcAdmin", "System", "CustomPolicy", "SystemPolicy"], type) {
      event.identityType = "System"
    } else if user.hasPrefix("NT AUTHORITY\\") || user.isWord("system") || user.known.isEmpty
      || user.isWord("not available")
    {
      event.identityType = "System"
    } else {
      event.identityType = "User"
      event.identity = kit.entraPrincipal("user", user, tenant: tenant)
      event.invokedBy = record[.app]
    }
  }

  private func isOne(of words: [StaticString], _ text: RawText) -> Bool { words.contains { text.equals($0) } }
}
