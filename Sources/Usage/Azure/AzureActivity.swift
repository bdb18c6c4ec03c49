extension LogFormat {
  /// Azure activity logs and the resource logs of the same shape (Storage and others).
  static let azureActivity = LogFormat("azure-activity", json: AzureActivity.self)
}

/// Azure Monitor documentation, "Azure activity log event schema", "Azure resource logs" and "Azure Blob Storage monitoring data
/// reference": the shape of diagnostic settings, of `az monitor activity-log list`, of the table `AzureActivity`, and Storage's logs.
///
/// Who acted is the object id in the claims of the token (`entra:<tenant>/servicePrincipal/<id>`, `…/user/<id>`), else the user's name,
/// else the application. A signature or key of a storage account names no one: `apikey:azure-storage/<account>/<key's name>`.
///
/// An operation that runs long has a record for its start and one for its end; both are calls of it, and both count: an end need not come.
private struct AzureActivity: JSONMapping {
  enum Field: String, JSONField {
    case time = "time|eventTimestamp|Time|TimeGenerated|TimeGenerated [UTC]"
    case operation = "operationName|operationName/value|OperationName|OperationNameValue"
    case resource = "resourceId|ResourceId|_ResourceId"
    case uri
    case category = "category|category/value|Category|CategoryValue"
    case tenant =
      "tenantId|tenantId\"|identity/claims/http:~1~1schemas.microsoft.com~1identity~1claims~1tenantid|claims/http:~1~1schemas.microsoft.com~1identity~1claims~1tenantid|identity/requester/tenantId"
    case eventID = "eventDataId|properties/eventDataId|EventDataId"
    case result = "resultType|status/value|ResultType|ActivityStatusValue"
    case signature = "resultSignature|subStatus/value|ResultSignature|ActivitySubstatusValue"
    case propertiesStatus = "properties/statusCode"
    case httpStatus = "statusCode|httpStatusCode"
    case statusText
    case response = "properties/metricResponseType"
    case address =
      "callerIpAddress|CallerIpAddress|httpRequest/clientIpAddress|identity/claims/ipaddr|claims/ipaddr"
    case location = "location|resourceLocation"
    case agent = "properties/userAgentHeader|properties/userAgent"
    case app = "identity/claims/appid|claims/appid|Claims/@json/appid|identity/requester/appId"
    case object =
      "identity/claims/http:~1~1schemas.microsoft.com~1identity~1claims~1objectidentifier|claims/http:~1~1schemas.microsoft.com~1identity~1claims~1objectidentifier|Claims/@json/http:~1~1schemas.microsoft.com~1identity~1claims~1objectidentifier|identity/claims/oid|claims/oid|identity/requester/objectId"
    case upn =
      "identity/claims/http:~1~1schemas.xmlsoap.org~1ws~12005~105~1identity~1claims~1upn|claims/http:~1~1schemas.xmlsoap.org~1ws~12005~105~1identity~1claims~1upn|Claims/@json/http:~1~1schemas.xmlsoap.org~1ws~12005~105~1identity~1claims~1upn|identity/requester/upn"
    case name = "identity/claims/name|claims/name"
    case caller = "caller|Caller"
    case token = "identity/claims/uti|claims/uti|identity/requester/uti"
    case kind = "identity/claims/idtyp|claims/idtyp|Claims/@json/idtyp"
    case evidence = "identity/authorization/evidence/principalId|authorization/evidence/principalId"
    case evidenceType = "identity/authorization/evidence/principalType|authorization/evidence/principalType"
    case permission = "identity/authorization/action|authorization/action"
    case principalID = "identity/authorization/*/principals/*/id"
    case principalType = "identity/authorization/*/principals/*/type"
    case accessType = "identity/type"
    case tokenHash = "identity/tokenHash"
    case storageAccount = "properties/accountName"
    case objectKey = "properties/objectKey"
    case requestSize = "properties/requestBodySize"
    case responseSize = "properties/responseBodySize"
    case metric = "metricName"
    case log = "properties/log"

    var need: JSONNeed {
      switch self {
      case .agent, .uri, .objectKey, .log: .caller
      default: .scalar
      }
    }
  }

  static let lists = azureLists

  mutating func normalise(_ record: JSONRecord<Field>, into event: inout LogEvent, _ kit: inout EventKit) -> Fate {
    let isResource = record[.resource].hasPrefix("/") || record[.uri].hasPrefix("https://")
    guard isResource, !record[.time].isEmpty else { return .foreign }
    // AKS's own reader takes those whose text it can read: what comes here is cut or damaged.
    if record[.category].isAKSAudit && !record[.log].isEmpty { return .unreadable(RecordFault.noInnerJSON) }
    if record[.operation].isEmpty { return record[.metric].isEmpty ? .foreign : .filtered }
    if tellsNoCall(record) { return .filtered }
    event.time = kit.azureTime(record[.time])
    event.id = record[.eventID]
    identify(record, &event, &kit)
    event.call = call(record, &kit)
    event.addResource(record[.resource])
    event.addResource(record[.objectKey])
    // What follows may hold a signature.
    event.addResource(record[.uri].prefix(upTo: UInt8(ascii: "?")))
    judge(record, &event)
    event.locate(record[.address])
    event.agent = record[.agent]
    (event.bytesIn, event.bytesOut) = (count(record[.requestSize]), count(record[.responseSize]))
    (event.region, event.regionTerm) = (record[.location], record[.location])
    kit.placeOfAzure(record[.resource], tenant: record[.tenant], &event)
    return .event
  }

  /// Records of a resource's inner life (flows, metrics, words of a cluster's components): no caller, no outcome.
  private func tellsNoCall(_ record: JSONRecord<Field>) -> Bool {
    let fields: [Field] = [
      .result, .httpStatus, .response, .address, .app, .object, .upn, .name, .caller, .evidence, .accessType,
    ]
    return fields.allSatisfy { record[$0].isEmpty }
  }

  /// `Microsoft.Storage/storageAccounts/write` is a permission as it stands; `GetBlob` is of Storage.
  private func call(_ record: JSONRecord<Field>, _ kit: inout EventKit) -> Call {
    let operation = record[.operation]
    let isPermission = operation.firstIndex(of: UInt8(ascii: "/")) != nil
    if isPermission { return kit.call("azure", operation, permission: operation) }
    let isStorage = record[.category].hasPrefix("Storage") || !record[.storageAccount].isEmpty
    return kit.call(isStorage ? "storage" : "azure", operation, permission: record[.permission])
  }

  private func identify(_ record: JSONRecord<Field>, _ event: inout LogEvent, _ kit: inout EventKit) {
    let tenant = record[.tenant]
    event.session = record[.token].withoutPadding
    if record[.object].isEmpty, isKey(record, &event, &kit) { return }
    let isUser = isUser(record, &kit)
    let (app, object) = (record[.app], record[.object])
    event.identityType = isUser ? "User" : app.isEmpty ? record[.evidenceType] : "ServicePrincipal"
    event.userName = .first(record[.upn], record[.name], record[.caller], object, app)
    let mail = [record[.upn], record[.name], record[.caller]].first { $0.firstIndex(of: UInt8(ascii: "@")) != nil }
    if !object.isEmpty {
      event.identity = kit.entraPrincipal(isUser ? "user" : "servicePrincipal", object, tenant: tenant)
      if isUser { event.invokedBy = app }
    } else if let mail {
      event.identityType = "User"
      event.identity = kit.entraPrincipal("user", mail, tenant: tenant)
    } else if !app.isEmpty {
      event.identity = kit.entraPrincipal("application", app, tenant: tenant)
    } else if record[.evidenceType].equals("User") || record[.evidenceType].equals("ServicePrincipal") {
      // Whose role allowed it; a group's does not tell who acted.
      event.userName = .first(event.userName, record[.evidence])
      let isPerson = record[.evidenceType].equals("User")
      event.identity = kit.entraPrincipal(isPerson ? "user" : "servicePrincipal", record[.evidence], tenant: tenant)
    } else if record[.caller].count == 36 {
      // The object id of what is no user.
      event.identityType = "ServicePrincipal"
      event.identity = kit.entraPrincipal("servicePrincipal", record[.caller], tenant: tenant)
    }
  }

  private func isUser(_ record: JSONRecord<Field>, _ kit: inout EventKit) -> Bool {
    if record[.kind].equals("app") { return false }
    if !record[.upn].isEmpty || !record[.name].isEmpty || record[.kind].equals("user") { return true }
    if record[.caller].firstIndex(of: UInt8(ascii: "@")) != nil { return true }
    // Storage says of what kind those are whose roles it looked at.
    let object = kit.lowercased(record[.object])
    for item in record.list(.principalID) where kit.lowercased(item.text) == object {
      return record[.principalType, in: item].equals("User")
    }
    return false
  }

  /// Whether a key or a signature of the storage account was shown: `key1(<hash>)`, `key1(<hash>),SasSignature(<hash>)`.
  private func isKey(_ record: JSONRecord<Field>, _ event: inout LogEvent, _ kit: inout EventKit) -> Bool {
    let type = record[.accessType]
    let kinds: [StaticString] = ["sas", "sas key", "saskey", "accountkey", "account key"]
    guard kinds.contains(where: { type.isWord($0) }) else { return false }
    let hash = record[.tokenHash]
    (event.identityType, event.credential, event.userName) = (type, hash, hash)
    let resource = kit.lowercased(record[.resource])
    let account = RawText.first(record[.storageAccount], resource.part(after: "/storageaccounts/"))
    if hash.isEmpty || account.isEmpty { return true }
    let head = kit.join("apikey:azure-storage/", kit.lowercased(account), "/")
    event.identity = kit.join(head, hash.prefix(upTo: UInt8(ascii: "(")))
    return true
  }

  private func judge(_ record: JSONRecord<Field>, _ event: inout LogEvent) {
    let result = record[.result]
    if result.isEmpty { return judge(httpOf: record, &event) }
    event.status = .first(record[.signature], record[.propertiesStatus], result)
    let success: [StaticString] = [
      "success", "succeeded", "start", "started", "accept", "accepted", "resolved", "activated", "updated",
      "inprogress",
      "in progress", "0",
    ]
    event.isFailed = !success.contains { result.isWord($0) }
    event.isDenied = event.isFailed && (event.status.isRefusal || record[.propertiesStatus].isRefusal)
  }

  /// Storage's records have the status of HTTP, some only the kind of response that metrics count.
  private func judge(httpOf record: JSONRecord<Field>, _ event: inout LogEvent) {
    let response = record[.response]
    event.judge(http: record[.httpStatus])
    if !event.isOutcomeKnown && !response.isEmpty {
      event.isOutcomeKnown = true
      event.isFailed = !response.hasPrefix("Success")
      event.isDenied = response.contains("Authorization") || response.contains("Authentication")
    }
    event.status = .first(record[.statusText], event.status, response)
  }
}

extension RawText {
  /// `Forbidden`, `Failed.Forbidden`, `AuthorizationFailed` …
  fileprivate var isRefusal: Bool {
    equals("403") || equals("401") || contains("Forbidden") || contains("Unauthorized")
      || contains("AuthorizationFailed")
  }

  /// What stands between the marker and the next `/`.
  fileprivate func part(after marker: StaticString) -> RawText {
    guard let at = (0..<count).first(where: { dropFirst($0).hasPrefix(marker) }) else { return .none }
    return dropFirst(at + marker.utf8CodeUnitCount).prefix(upTo: UInt8(ascii: "/"))
  }
}
