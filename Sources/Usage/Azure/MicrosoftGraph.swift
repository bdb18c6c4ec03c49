extension LogFormat {
  /// Calls of Microsoft Graph.
  static let microsoftGraph = LogFormat("microsoft-graph", json: MicrosoftGraph.self)
}

/// Azure Monitor reference, "MicrosoftGraphActivityLogs", and the same of the older Azure AD Graph ("AzureADGraphActivityLogs"). The
/// token's `uti` (`signInActivityId`) is the session: the sign-in has it too. In the table `TenantId` is the workspace, not the tenant.
private struct MicrosoftGraph: JSONMapping {
  enum Field: String, JSONField {
    case category = "/category|Type"
    case outerTime = "/time|TimeGenerated|timeGenerated"
    case id = "requestId|RequestId"
    case tenant = "/tenantId|tenantId|AadTenantId"
    case principal = "servicePrincipalId|ServicePrincipalId"
    case user = "UserPrincipalObjectID|userId|UserId"
    case app = "appId|AppId"
    case token = "signInActivityId|SignInActivityId"
    case session = "C_Sid|sessionId|SessionId"
    case method = "requestMethod|RequestMethod|httpMethod"
    case uri = "requestUri|RequestUri"
    case status = "responseStatusCode|ResponseStatusCode|httpStatusCode"
    case bytes = "responseSizeBytes|ResponseSizeBytes"
    case address = "ipAddress|IPAddress|callerIpAddress|/callerIpAddress"
    case agent = "userAgent|UserAgent"
    case location = "location|Location|/location"

    var need: JSONNeed { self == .agent || self == .uri ? .caller : .scalar }
  }

  static let lists = azureLists
  static let envelopes = ["properties/", ""]

  mutating func normalise(_ record: JSONRecord<Field>, into event: inout LogEvent, _ kit: inout EventKit) -> Fate {
    let isOlder = record[.category].equals("AzureADGraphActivityLogs")
    guard isOlder || record[.category].equals("MicrosoftGraphActivityLogs"), !record[.method].isEmpty else {
      return .foreign
    }
    let service: RawText = isOlder ? "azure-ad-graph" : "graph"
    event.time = kit.azureTime(record[.outerTime])
    event.id = record[.id]
    let isService = !record[.principal].isEmpty
    event.identityType = isService ? "ServicePrincipal" : "User"
    event.userName = isService ? record[.principal] : record[.user]
    event.identity = kit.entraPrincipal(
      isService ? "servicePrincipal" : "user", event.userName, tenant: record[.tenant])
    if !isService { event.invokedBy = record[.app] }
    event.session = record[.token].isEmpty ? record[.session] : record[.token].withoutPadding
    let path = HTTPRequest(kit.join(record[.method], " ", record[.uri]))?.path ?? record[.uri]
    let action = kit.join(service, ":", record[.method], " ", kit.template(path))
    event.call = kit.call(service, .none, action: action)
    event.call.operation = kit.join(record[.method], " ", path)
    event.addResource(record[.uri])
    event.judge(http: record[.status])
    event.bytesOut = count(record[.bytes])
    event.locate(record[.address])
    event.agent = record[.agent]
    (event.region, event.regionTerm) = (record[.location], record[.location])
    event.account = kit.lowercased(record[.tenant])
    event.place = kit.place("entra", event.account)
    return .event
  }
}
