extension LogFormat {
  /// Entra audit logs: changes of the directory; risky users and detections of risk beside them.
  static let entraAudit = LogFormat("entra-audit", json: EntraAudit.self)
}

/// Microsoft Graph's `directoryAudit`, as diagnostic settings write it (`AuditLogs`) and as the API lists it.
private struct EntraAudit: JSONMapping {
  enum Field: String, JSONField {
    case category = "/category|/Category"
    case outerTime = "/time|/Time"
    case time = "activityDateTime|detectedDateTime|riskLastUpdatedDateTime"
    case id
    case tenant = "/tenantId"
    case outerOperation = "/operationName|/OperationName"
    case operation = "activityDisplayName"
    case service = "loggedByService"
    case result = "result|/resultType"
    case reason = "resultReason"
    case userID = "initiatedBy/user/id"
    case user = "initiatedBy/user/userPrincipalName"
    case userAddress = "initiatedBy/user/ipAddress"
    case principal = "initiatedBy/app/servicePrincipalId"
    case app = "initiatedBy/app/appId"
    case appName = "initiatedBy/app/displayName"
    case target = "targetResources/*/id"
    case targetName = "targetResources/*/displayName"
    case riskUser = "userId"
    case riskType = "riskEventType"
    case riskState = "riskState"
    case resource = "/resourceId"
    case address = "ipAddress|/callerIpAddress"
    case agent = "userAgent"
    case location = "/location"

    var need: JSONNeed { self == .agent || self == .targetName ? .caller : .scalar }
  }

  static let lists = azureLists
  static let envelopes = ["properties/", ""]

  mutating func normalise(_ record: JSONRecord<Field>, into event: inout LogEvent, _ kit: inout EventKit) -> Fate {
    let isRisk = record[.category].equals("RiskyUsers") || record[.category].equals("UserRiskEvents")
    let isAudit =
      !record[.operation].isEmpty && !record[.time].isEmpty && (!record[.result].isEmpty || isInitiated(record))
    guard isRisk || isAudit || record[.category].equals("AuditLogs") else { return .foreign }
    event.time = kit.azureTime(record[.outerTime].isEmpty ? record[.time] : record[.outerTime])
    event.id = record[.id]
    identify(record, isRisk: isRisk, &event, &kit)
    let operation = record[.outerOperation].isEmpty ? record[.operation] : record[.outerOperation]
    event.call = kit.call("entra", operation)
    for item in record.list(.target) { event.addResource(item.text) }
    if event.resourceCount == 0 { event.addResource(record[.resource]) }
    event.locate(record[.userAddress].isEmpty ? record[.address] : record[.userAddress])
    event.agent = record[.agent]
    (event.region, event.regionTerm) = (record[.location], record[.location])
    event.account = kit.lowercased(record[.tenant])
    event.place = kit.place("entra", event.account)
    judge(kit.lowercased(record[.result]), &event)
    return .event
  }

  private func isInitiated(_ record: JSONRecord<Field>) -> Bool {
    !record[.userID].isEmpty || !record[.principal].isEmpty || !record[.appName].isEmpty
  }

  private func identify(
    _ record: JSONRecord<Field>, isRisk: Bool, _ event: inout LogEvent, _ kit: inout EventKit
  ) {
    let tenant = record[.tenant]
    if isRisk {
      // The one at risk; who noticed is Microsoft.
      event.userName = record[.riskUser]
      event.identity = kit.entraPrincipal("user", record[.riskUser], tenant: tenant)
    } else if !record[.principal].isEmpty {
      (event.identityType, event.userName) = ("ServicePrincipal", record[.principal])
      event.identity = kit.entraPrincipal("servicePrincipal", record[.principal], tenant: tenant)
    } else if !record[.userID].isEmpty || !record[.user].isEmpty {
      let id = record[.userID].isEmpty ? record[.user] : record[.userID]
      (event.identityType, event.userName) = ("User", record[.user].isEmpty ? id : record[.user])
      event.identity = kit.entraPrincipal("user", id, tenant: tenant)
    } else {
      let id = record[.app].isEmpty ? record[.appName] : record[.app]
      (event.identityType, event.userName) = (id.isEmpty ? .none : "Application", id)
      event.identity = kit.entraPrincipal("application", id, tenant: tenant)
    }
  }

  private func isNumber(_ text: RawText) -> Bool { !text.isEmpty && text.bytes.allSatisfy { $0 &- 0x30 < 10 } }

  private func judge(_ result: RawText, _ event: inout LogEvent) {
    event.status = result
    let success: [StaticString] = ["success", "0"]
    let isSuccess = success.contains { result.equals($0) }
    // `unknownFutureValue` and the like say nothing.
    event.isFailed = !isSuccess && (result.equals("failure") || result.equals("timeout") || isNumber(result))
    event.isOutcomeKnown = event.isFailed || isSuccess
  }
}
