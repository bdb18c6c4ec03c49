extension LogFormat {
  /// Azure activity logs and the resource logs of the same shape (Storage and others).
  static let azureActivity = LogFormat("azure-activity", json: AzureActivity.self)
}

/// Azure Monitor documentation, "Azure activity log event schema" and "Azure resource logs": the shape of diagnostic settings, of `az
/// monitor activity-log list`, and of Storage's logs.
///
/// An operation that runs long has a record for its start and one for its end; both are calls of it, and both count: an end need not come.
private struct AzureActivity: JSONMapping {
  enum Field: String, JSONField {
    case time = "time|eventTimestamp|Time"
    case operation = "operationName|operationName/value|OperationName"
    case resource = "resourceId|ResourceId"
    case uri
    case category = "category|category/value|Category"
    case tenant = "tenantId|tenantId\"|identity/claims/http:~1~1schemas.microsoft.com~1identity~1claims~1tenantid"
    case eventID = "eventDataId|properties/eventDataId"
    case result = "resultType|status/value|ResultType"
    case signature = "resultSignature|subStatus/value"
    case httpStatus = "statusCode|httpStatusCode"
    case statusText
    case address = "callerIpAddress|httpRequest/clientIpAddress|identity/claims/ipaddr|claims/ipaddr"
    case location = "location|resourceLocation"
    case agent = "properties/userAgentHeader|properties/userAgent"
    case app = "identity/claims/appid|claims/appid"
    case object =
      "identity/claims/http:~1~1schemas.microsoft.com~1identity~1claims~1objectidentifier|claims/http:~1~1schemas.microsoft.com~1identity~1claims~1objectidentifier|identity/requester/objectId"
    case upn =
      "identity/claims/http:~1~1schemas.xmlsoap.org~1ws~12005~105~1identity~1claims~1upn|claims/http:~1~1schemas.xmlsoap.org~1ws~12005~105~1identity~1claims~1upn|identity/requester/upn"
    case name = "identity/claims/name|claims/name"
    case caller
    case token = "identity/claims/uti|claims/uti|identity/requester/uti"
    case kind = "identity/claims/idtyp|claims/idtyp"
    case evidence = "identity/authorization/evidence/principalId|authorization/evidence/principalId"
    case evidenceType = "identity/authorization/evidence/principalType"
    case accessType = "identity/type"
    case tokenHash = "identity/tokenHash"
    case requesterApp = "identity/requester/appId"
    case object2 = "properties/objectKey"
    case requestSize = "properties/requestBodySize"
    case responseSize = "properties/responseBodySize"
    case correlation = "correlationId|CorrelationId"

    var need: JSONNeed { self == .agent || self == .uri || self == .object2 ? .caller : .scalar }
  }

  static let lists = azureLists

  mutating func normalise(_ record: JSONRecord<Field>, into event: inout LogEvent, _ kit: inout EventKit) -> Fate {
    let isResource = record[.resource].hasPrefix("/") || record[.uri].hasPrefix("https://")
    guard !record[.operation].isEmpty, isResource, !record[.time].isEmpty else { return .foreign }
    event.time = kit.azureTime(record[.time])
    event.id = record[.eventID]
    identify(record, &event, &kit)
    event.call = call(record, &kit)
    event.addResource(record[.resource])
    event.addResource(record[.object2])
    event.addResource(record[.uri].prefix(upTo: UInt8(ascii: "?")))
    judge(record, &event)
    event.locate(record[.address])
    event.agent = record[.agent]
    (event.bytesIn, event.bytesOut) = (count(record[.requestSize]), count(record[.responseSize]))
    (event.region, event.regionTerm) = (record[.location], record[.location])
    kit.placeOfAzure(record[.resource], tenant: record[.tenant], &event)
    return .event
  }

  /// `Microsoft.Storage/storageAccounts/write` is a permission as it stands; `GetBlob` is of Storage.
  private func call(_ record: JSONRecord<Field>, _ kit: inout EventKit) -> Call {
    let operation = record[.operation]
    let isPermission = operation.firstIndex(of: UInt8(ascii: "/")) != nil
    if isPermission { return kit.call("azure", operation, permission: operation) }
    return kit.call(record[.category].hasPrefix("Storage") ? "storage" : "azure", operation)
  }

  private func identify(_ record: JSONRecord<Field>, _ event: inout LogEvent, _ kit: inout EventKit) {
    let tenant = record[.tenant]
    let isUser = !record[.upn].isEmpty || !record[.name].isEmpty || record[.kind].equals("user")
    let app = record[.app].isEmpty ? record[.requesterApp] : record[.app]
    event.session = record[.token].withoutPadding
    if record[.accessType].equals("SAS") || record[.accessType].equals("AccountKey") {
      // A signature or a key of the account: it names itself, and nobody behind it.
      event.identityType = record[.accessType]
      event.credential = record[.tokenHash]
      event.userName = record[.tokenHash]
      return
    }
    event.identityType = isUser ? "User" : app.isEmpty ? record[.evidenceType] : "ServicePrincipal"
    let name = [record[.name], record[.upn], record[.caller]].first { !$0.isEmpty } ?? .none
    event.userName = !name.isEmpty ? name : record[.object].isEmpty ? app : record[.object]
    if !record[.object].isEmpty {
      event.identity = kit.entraPrincipal(
        isUser ? "user" : "servicePrincipal", record[.object], tenant: tenant)
      if isUser { event.invokedBy = app }
    } else if isUser || name.firstIndex(of: UInt8(ascii: "@")) != nil {
      event.identity = kit.entraPrincipal("user", name, tenant: tenant)
    } else if !app.isEmpty {
      event.identity = kit.entraPrincipal("application", app, tenant: tenant)
    } else if !record[.evidence].isEmpty {
      let isPerson = record[.evidenceType].equals("User")
      event.identity = kit.entraPrincipal(isPerson ? "user" : "servicePrincipal", record[.evidence], tenant: tenant)
    } else {
      event.identity = kit.entraPrincipal("servicePrincipal", record[.caller], tenant: tenant)
    }
  }

  private func judge(_ record: JSONRecord<Field>, _ event: inout LogEvent) {
    let result = record[.result]
    if result.isEmpty {
      event.judge(http: record[.httpStatus])
      if !record[.statusText].isEmpty { event.status = record[.statusText] }
      return
    }
    event.status = record[.signature].isEmpty ? result : record[.signature]
    let success: [StaticString] = ["Success", "Succeeded", "Start", "Started", "Accept", "Accepted", "Resolved", "0"]
    event.isFailed = !success.contains { result.equals($0) }
    let denied: [StaticString] = ["Forbidden", "Unauthorized", "AuthorizationFailed", "403", "401"]
    event.isDenied = event.isFailed && denied.contains { event.status.equals($0) || event.status.hasPrefix($0) }
  }
}
