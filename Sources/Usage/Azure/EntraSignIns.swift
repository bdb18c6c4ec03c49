extension LogFormat {
  /// Entra sign-ins of people, service principals and managed identities, interactive or not.
  static let entraSignIns = LogFormat("entra-sign-ins", json: EntraSignIns.self)
}

/// Microsoft Entra documentation, "Sign-in logs schema", as diagnostic settings write them and as Microsoft Graph lists them
/// (`auditLogs/signIns`).
///
/// Who signed in is the service principal (a managed identity is one), else the user, by object id; the application of a service
/// principal is not it, for one application may have several. The credential is the key's id; the token's `uti` is the session.
private struct EntraSignIns: JSONMapping {
  enum Field: String, JSONField {
    case category = "/category|/Category"
    case outerTime = "/time|/Time"
    case created = "createdDateTime"
    case id
    case tenant = "/tenantId|resourceTenantId|homeTenantId"
    case principal = "servicePrincipalId"
    case principalName = "servicePrincipalName"
    case managed = "managedServiceIdentity/associatedResourceId"
    case userID = "userId"
    case user = "userPrincipalName"
    case app = "appId"
    case appName = "appDisplayName"
    case keyID = "servicePrincipalCredentialKeyId"
    case thumbprint = "servicePrincipalCredentialThumbprint"
    case federated = "federatedCredentialId"
    case token = "uniqueTokenIdentifier"
    case sessionID = "sessionId"
    case target = "resourceDisplayName"
    case targetID = "resourceId"
    case error = "status/errorCode"
    case result = "/resultType|/ResultType"
    case address = "ipAddress|/callerIpAddress"
    case agent = "userAgent"
    case country = "location/countryOrRegion|/location"
    case operation = "/operationName"
    case interactive = "isInteractive"
    case types = "signInEventTypes/*"
    case protocolName = "authenticationProtocol"

    var need: JSONNeed { self == .agent ? .caller : .scalar }
  }

  static let lists = azureLists
  static let envelopes = ["properties/", ""]

  mutating func normalise(_ record: JSONRecord<Field>, into event: inout LogEvent, _ kit: inout EventKit) -> Fate {
    let category = record[.category]
    let isListed = category.isEmpty && !record[.created].isEmpty && !record[.target].isEmpty && !record[.app].isEmpty
    guard category.hasSuffix("SignInLogs") || isListed else { return .foreign }
    event.time = kit.azureTime(record[.outerTime].isEmpty ? record[.created] : record[.outerTime])
    event.id = record[.id]
    identify(record, &event, &kit)
    let operation: RawText = record[.operation].isEmpty ? "Sign-in activity" : record[.operation]
    event.call = kit.call("entra", operation)
    event.addResource(record[.target])
    event.locate(record[.address])
    event.agent = record[.agent]
    event.region = record[.country]
    event.regionTerm = event.region
    event.account = kit.lowercased(record[.tenant])
    event.place = kit.place("entra", event.account)
    let status = record[.error].isEmpty ? record[.result] : record[.error]
    event.status = status
    event.isOutcomeKnown = !status.isEmpty
    event.isFailed = event.isOutcomeKnown && !status.equals("0")
    return .event
  }

  private func identify(_ record: JSONRecord<Field>, _ event: inout LogEvent, _ kit: inout EventKit) {
    let isService = !record[.principal].isEmpty
    let isManaged = record[.category].hasPrefix("ManagedIdentity") || !record[.managed].isEmpty
    event.identityType = isManaged ? "ManagedIdentity" : isService ? "ServicePrincipal" : "User"
    if isService {
      event.userName = record[.principal]
      event.identity = kit.entraPrincipal("servicePrincipal", record[.principal], tenant: record[.tenant])
    } else {
      let id = record[.userID].isEmpty ? record[.user] : record[.userID]
      event.userName = record[.user].isEmpty ? id : record[.user]
      event.identity = kit.entraPrincipal("user", id, tenant: record[.tenant])
      event.invokedBy = record[.app]
    }
    let credentials = [record[.keyID], record[.thumbprint], record[.federated]]
    event.credential = credentials.first { !$0.isEmpty } ?? .none
    event.issuedSession = record[.token].withoutPadding
    event.session = record[.token].isEmpty ? record[.sessionID] : event.issuedSession
  }
}

extension RawText {
  /// A `uti` without the `=` that some logs leave at its end.
  var withoutPadding: RawText {
    var length = count
    while length > 0 && self[length - 1] == UInt8(ascii: "=") { length -= 1 }
    return prefix(length)
  }
}
