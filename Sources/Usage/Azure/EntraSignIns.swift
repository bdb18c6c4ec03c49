extension LogFormat {
  /// Entra sign-ins of people, service principals and managed identities, interactive or not.
  static let entraSignIns = LogFormat("entra-sign-ins", json: EntraSignIns.self)
}

/// Microsoft Entra documentation, "Sign-in logs schema", as diagnostic settings write them and as Microsoft Graph lists them
/// (`auditLogs/signIns`).
///
/// Who signed in is the service principal (a managed identity is one), else the user, by object id; the application of a service
/// principal is not it, for one application may have several: it counts where no principal is named. An id of zeros is nobody: whose
/// name was typed in is not known. The credential is the key's id; the token's `uti` is the session.
private struct EntraSignIns: JSONMapping {
  enum Field: String, JSONField {
    case category = "/category|/Category|/Type"
    case outerTime = "/time|/Time|/TimeGenerated|/TimeGenerated [UTC]"
    case created = "createdDateTime|CreatedDateTime"
    case id = "id|Id"
    case tenant = "/tenantId|/AADTenantId|resourceTenantId|homeTenantId|ResourceTenantId|HomeTenantId"
    case principal = "servicePrincipalId|ServicePrincipalId"
    case managed = "managedServiceIdentity/associatedResourceId"
    case userID = "userId|UserId"
    case user = "userPrincipalName|UserPrincipalName"
    case app = "appId|AppId"
    case keyID = "servicePrincipalCredentialKeyId|ServicePrincipalCredentialKeyId"
    case thumbprint = "servicePrincipalCredentialThumbprint|ServicePrincipalCredentialThumbprint"
    case federated = "federatedCredentialId|FederatedCredentialId"
    case token = "uniqueTokenIdentifier|UniqueTokenIdentifier"
    case sessionID = "sessionId|SessionId"
    case target = "resourceDisplayName|ResourceDisplayName"
    case targetID = "resourceId|ResourceIdentity"
    case error = "status/errorCode|Status/@json/errorCode"
    case result = "/resultType|/ResultType"
    case address = "ipAddress|IPAddress|/callerIpAddress"
    case agent = "userAgent|UserAgent"
    case country = "location/countryOrRegion|/location|/Location"
    case operation = "/operationName|/OperationName"
    case access = "conditionalAccessStatus|ConditionalAccessStatus"

    var need: JSONNeed { self == .agent ? .caller : .scalar }
  }

  static let lists = azureLists
  static let envelopes = ["properties/", ""]

  mutating func normalise(_ record: JSONRecord<Field>, into event: inout LogEvent, _ kit: inout EventKit) -> Fate {
    let category = kit.lowercased(record[.category])
    // Microsoft Graph lists sign-ins without a category.
    let isListed =
      category.isEmpty && !record[.created].isEmpty && !record[.app].isEmpty
      && (!record[.error].isEmpty || !record[.access].isEmpty)
    guard category.hasSuffix("signinlogs") || isListed else { return .foreign }
    event.time = kit.azureTime(.first(record[.outerTime], record[.created]))
    event.id = record[.id]
    let isManaged = category.contains("managedidentity")
    identify(record, isManaged: isManaged, isService: isManaged || category.contains("serviceprincipal"), &event, &kit)
    let operation: RawText = record[.operation].isEmpty ? "Sign-in activity" : record[.operation]
    event.call = kit.call("entra", operation)
    event.addResource(.first(record[.target], record[.targetID]))
    event.locate(record[.address])
    event.agent = record[.agent]
    event.region = record[.country]
    event.regionTerm = event.region
    event.account = kit.lowercased(record[.tenant])
    event.place = kit.place("entra", event.account)
    judge(.first(record[.error], record[.result]), &event)
    return .event
  }

  /// Microsoft Entra documentation, "Authentication and authorization error codes": 0 is success. Refused are those whom a policy, an
  /// assignment or a consent keeps out, not those who could not show who they are.
  private func judge(_ status: RawText, _ event: inout LogEvent) {
    event.status = status
    event.isOutcomeKnown = !status.isEmpty
    event.isFailed = event.isOutcomeKnown && !status.equals("0") && !status.isWord("success")
    let refused: [StaticString] = [
      "50105", "53000", "53001", "53002", "53003", "53004", "530032", "65001", "90094", "7000112",
    ]
    event.isDenied = event.isFailed && refused.contains { status.equals($0) }
  }

  private func identify(
    _ record: JSONRecord<Field>, isManaged: Bool, isService: Bool, _ event: inout LogEvent, _ kit: inout EventKit
  ) {
    let principal = record[.principal].isZeroID ? RawText.none : record[.principal]
    let isService = isService || !principal.isEmpty
    let isManaged = isManaged || isService && !record[.managed].isEmpty
    event.identityType = isManaged ? "ManagedIdentity" : isService ? "ServicePrincipal" : "User"
    if isService {
      event.userName = .first(principal, record[.app])
      event.identity = kit.entraPrincipal(
        principal.isEmpty ? "application" : "servicePrincipal", event.userName, tenant: record[.tenant])
    } else if record[.userID].isZeroID {
      event.userName = record[.user]
      event.invokedBy = record[.app]
    } else {
      let id = record[.userID].isEmpty ? record[.user] : record[.userID]
      event.userName = record[.user].isEmpty ? id : record[.user]
      event.identity = kit.entraPrincipal("user", id, tenant: record[.tenant])
      event.invokedBy = record[.app]
    }
    event.credential = .first(record[.keyID], record[.thumbprint], record[.federated])
    event.issuedSession = record[.token].withoutPadding
    event.session = record[.token].isEmpty ? record[.sessionID] : event.issuedSession
  }
}

extension RawText {
  /// Whether it is the id that stands for none.
  var isZeroID: Bool { equals("00000000-0000-0000-0000-000000000000") }

  /// A `uti` without the `=` that some logs leave at its end.
  var withoutPadding: RawText {
    var length = count
    while length > 0 && self[length - 1] == UInt8(ascii: "=") { length -= 1 }
    return prefix(length)
  }
}
