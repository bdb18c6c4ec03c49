extension LogFormat {
  /// Entra audit logs: changes of the directory; risky users and detections of risk beside them.
  static let entraAudit = LogFormat("entra-audit", json: EntraAudit.self)
}

/// Microsoft Graph's `directoryAudit`, as diagnostic settings write it (`AuditLogs`), as the API lists it, and as the table
/// `AuditLogs` keeps it; `riskyUser` and `riskDetection` (also of workload identities).
///
/// Who acted is the service principal, else the user, by object id. A detection of risk is of the one at risk; a risky user's state
/// is nobody's deed.
private struct EntraAudit: JSONMapping {
  enum Field: String, JSONField {
    case category = "/category|/Category"
    case outerTime = "/time|/Time|/TimeGenerated|/TimeGenerated [UTC]"
    case time =
      "activityDateTime|ActivityDateTime|detectedDateTime|DetectedDateTime|riskLastUpdatedDateTime|RiskLastUpdatedDateTime"
    case id = "id|Id"
    case tenant = "/tenantId|/AADTenantId|properties/tenantId"
    case outerOperation = "/operationName|/OperationName"
    case operation = "activityDisplayName|ActivityDisplayName"
    case service = "loggedByService|LoggedByService"
    case result = "result|Result|/resultType"
    case userID = "initiatedBy/user/id|InitiatedBy/@json/user/id"
    case user = "initiatedBy/user/userPrincipalName|InitiatedBy/@json/user/userPrincipalName"
    case userAddress = "initiatedBy/user/ipAddress|InitiatedBy/@json/user/ipAddress"
    case principal = "initiatedBy/app/servicePrincipalId|InitiatedBy/@json/app/servicePrincipalId"
    case app = "initiatedBy/app/appId|InitiatedBy/@json/app/appId"
    case appName = "initiatedBy/app/displayName|InitiatedBy/@json/app/displayName"
    case target = "targetResources/*/id|TargetResources/@json/*/id"
    case targetName = "targetResources/*/displayName|TargetResources/@json/*/displayName"
    case targetType = "targetResources/*/type|TargetResources/@json/*/type"
    case changed = "targetResources/*/modifiedProperties/*/displayName"
    case newValue = "targetResources/*/modifiedProperties/*/newValue"
    case oldValue = "targetResources/*/modifiedProperties/*/oldValue"
    case riskUser = "userId|UserId"
    case riskPrincipal = "servicePrincipalId|ServicePrincipalId"
    case resource = "/resourceId"
    case address = "ipAddress|IpAddress|/callerIpAddress"
    case agent = "userAgent"
    case detail = "additionalDetails/*/key|AdditionalDetails/@json/*/key"
    case detailValue = "additionalDetails/*/value|AdditionalDetails/@json/*/value"
    case location = "/location"

    var need: JSONNeed {
      switch self {
      case .agent, .newValue, .oldValue, .detailValue, .targetName: .caller
      default: .scalar
      }
    }
  }

  static let lists = azureLists
  static let envelopes = ["properties/", ""]

  mutating func normalise(_ record: JSONRecord<Field>, into event: inout LogEvent, _ kit: inout EventKit) -> Fate {
    let risks: [StaticString] = [
      "RiskyUsers", "UserRiskEvents", "RiskyServicePrincipals", "ServicePrincipalRiskEvents",
    ]
    let isRisk = risks.contains { record[.category].equals($0) }
    let isAudit =
      !record[.operation].isEmpty && !record[.time].isEmpty && (!record[.result].isEmpty || isInitiated(record))
    guard isRisk || isAudit || record[.category].equals("AuditLogs") else { return .foreign }
    event.time = kit.azureTime(.first(record[.outerTime], record[.time]))
    event.id = record[.id]
    identify(record, isRisk: isRisk, &event, &kit)
    event.call = kit.call("entra", .first(record[.outerOperation], record[.operation]))
    for item in record.list(.target) { event.addResource(item.text) }
    // A policy has a name and no id.
    for item in record.list(.targetName) where record[.target, in: item].isEmpty { event.addResource(item.text) }
    if event.resourceCount == 0 { event.addResource(record[.resource]) }
    event.locate(.first(record[.userAddress], record[.address]))
    event.agent = .first(record[.agent], record.value(.detailValue, where: .detail, is: "User-Agent"))
    (event.region, event.regionTerm) = (record[.location], record[.location])
    event.account = kit.lowercased(record[.tenant])
    event.place = kit.place("entra", event.account)
    judge(record[.result], &event)
    if !event.isFailed { event.lifecycle = keyChange(record, &kit) }
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
      let isService = !record[.riskPrincipal].isEmpty
      event.userName = .first(record[.riskPrincipal], record[.riskUser])
      event.identityType = event.userName.isEmpty ? .none : isService ? "ServicePrincipal" : "User"
      event.identity = kit.entraPrincipal(isService ? "servicePrincipal" : "user", event.userName, tenant: tenant)
    } else if !record[.principal].isEmpty {
      (event.identityType, event.userName) = ("ServicePrincipal", record[.principal])
      event.identity = kit.entraPrincipal("servicePrincipal", record[.principal], tenant: tenant)
    } else if !record[.userID].isEmpty || !record[.user].isEmpty {
      let id = RawText.first(record[.userID], record[.user])
      (event.identityType, event.userName) = ("User", .first(record[.user], id))
      event.identity = kit.entraPrincipal("user", id, tenant: tenant)
    } else {
      let id = RawText.first(record[.app], record[.appName])
      (event.identityType, event.userName) = (id.isEmpty ? .none : "Application", id)
      event.identity = kit.entraPrincipal("application", id, tenant: tenant)
    }
  }

  /// `unknownFutureValue` and the like say nothing.
  private func judge(_ result: RawText, _ event: inout LogEvent) {
    event.status = result
    let isNumber = !result.isEmpty && result.bytes.allSatisfy { $0 &- 0x30 < 10 }
    let isSuccess = result.isWord("success") || result.equals("0")
    let failures: [StaticString] = ["failure", "failed", "timeout"]
    event.isFailed = !isSuccess && (isNumber || failures.contains { result.isWord($0) })
    event.isOutcomeKnown = event.isFailed || isSuccess
  }

  /// The secret or certificate that was added to an application or service principal, or taken from it: the one that only the new or
  /// only the old `KeyDescription` names.
  private func keyChange(_ record: JSONRecord<Field>, _ kit: inout EventKit) -> LifecycleChange? {
    for item in record.list(.changed) where item.text.equals("KeyDescription") {
      let (new, old) = (record[.newValue, in: item].keyIDs, record[.oldValue, in: item].keyIDs)
      let made = new.first { key in !old.contains { $0 == key } }
      guard let key = made ?? old.first(where: { key in !new.contains { $0 == key } }) else { continue }
      let isTarget = { (target: JSONItem) in target.element == item.outer }
      let id = record.list(.target).first(where: isTarget)?.text ?? .none
      let type = record.list(.targetType).first(where: isTarget)?.text ?? .none
      let kind: StaticString = type.equals("Application") ? "application" : "servicePrincipal"
      let owner = kit.entraPrincipal(kind, id, tenant: record[.tenant])
      return LifecycleChange(kind: made == nil ? .deleted : .created, credential: kit.lowercased(key), owner: owner)
    }
    return nil
  }
}

extension RawText {
  /// The ids in `[KeyIdentifier=<id>,KeyType=Password,KeyUsage=Verify,DisplayName=…]`.
  fileprivate var keyIDs: [RawText] {
    let marker: StaticString = "KeyIdentifier="
    var (rest, ids): (RawText, [RawText]) = (self, [])
    while let at = rest.firstIndex(of: UInt8(ascii: "K")) {
      rest = rest.dropFirst(at)
      if let found = rest.dropPrefix(marker) {
        ids.append(found.prefix(upTo: UInt8(ascii: ",")))
        rest = found
      } else {
        rest = rest.dropFirst(1)
      }
    }
    return ids
  }
}
