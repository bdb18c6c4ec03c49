extension LogFormat {
  /// Azure Key Vault and Managed HSM: who read, used or changed which secret, key or certificate.
  static let keyVault = LogFormat("azure-key-vault", json: KeyVault.self)
}

/// Azure Key Vault documentation, "Azure Key Vault logging" (`AuditEvent`), as diagnostic settings write it and as the table
/// `AzureDiagnostics` keeps it.
///
/// Who acted is the object id in the claims of the token. A client's first request has no token and is refused with 401
/// (`Authentication`): nobody is named.
private struct KeyVault: JSONMapping {
  enum Field: String, JSONField {
    case category = "category|Category"
    case time = "time|TimeGenerated|TimeGenerated [UTC]"
    case resource = "resourceId|ResourceId|_ResourceId"
    case operation = "operationName|OperationName"
    case result = "resultType|ResultType"
    case signature = "resultSignature|ResultSignature"
    case httpStatus = "properties/httpStatusCode|httpStatusCode_d"
    case address = "callerIpAddress|CallerIPAddress|CallerIpAddress"
    case object =
      "identity/claim/http:~1~1schemas.microsoft.com~1identity~1claims~1objectidentifier|identity/claim/oid|identity_claim_oid_g|identity_claim_http_schemas_microsoft_com_identity_claims_objectidentifier_g"
    case app = "identity/claim/appid|identity_claim_appid_g"
    case name =
      "identity/claim/http:~1~1schemas.xmlsoap.org~1ws~12005~105~1identity~1claims~1upn|identity/claim/upn|identity_claim_upn_s|identity_claim_http_schemas_xmlsoap_org_ws_2005_05_identity_claims_upn_s"
    case token = "identity/claim/uti"
    case kind = "identity/claim/idtyp|identity_claim_idtyp_s"
    case managed = "identity/claim/xms_mirid|identity_claim_xms_mirid_s"
    case tenant =
      "tenantId|properties/tenantId|identity/claim/tid|identity/claim/http:~1~1schemas.microsoft.com~1identity~1claims~1tenantid"
    case id = "properties/id|id_s"
    case uri = "properties/requestUri|requestUri_s"
    case agent = "properties/clientInfo|clientInfo_s"
    case location

    var need: JSONNeed { self == .agent || self == .uri ? .caller : .scalar }
  }

  static let lists = azureLists

  mutating func normalise(_ record: JSONRecord<Field>, into event: inout LogEvent, _ kit: inout EventKit) -> Fate {
    let resource = kit.lowercased(record[.resource])
    guard record[.category].equals("AuditEvent"),
      resource.contains("/microsoft.keyvault/vaults/") || resource.contains("/microsoft.keyvault/managedhsms/")
    else { return .foreign }
    event.time = kit.azureTime(record[.time])
    identify(record, &event, &kit)
    event.call = kit.call("keyvault", record[.operation])
    event.addResource(record[.id].isEmpty ? record[.uri].prefix(upTo: UInt8(ascii: "?")) : record[.id])
    if event.resourceCount == 0 { event.addResource(resource) }
    event.judge(http: record[.httpStatus])
    if !event.isOutcomeKnown {
      event.status = record[.signature]
      event.isOutcomeKnown = !record[.result].isEmpty
      event.isFailed = event.isOutcomeKnown && !record[.result].equals("Success")
      event.isDenied = record[.signature].equals("Forbidden") || record[.signature].equals("Unauthorized")
    }
    event.locate(record[.address])
    event.agent = record[.agent]
    (event.region, event.regionTerm) = (record[.location], record[.location])
    kit.placeOfAzure(record[.resource], tenant: record[.tenant], &event)
    return .event
  }

  private func identify(_ record: JSONRecord<Field>, _ event: inout LogEvent, _ kit: inout EventKit) {
    let (app, object, name, tenant) = (record[.app], record[.object], record[.name], record[.tenant])
    let isUser = !name.isEmpty || record[.kind].equals("user")
    event.session = record[.token].withoutPadding
    let isService = !app.isEmpty || !object.isEmpty
    event.identityType =
      isUser ? "User" : !record[.managed].isEmpty ? "ManagedIdentity" : isService ? "ServicePrincipal" : .none
    event.userName = .first(name, object, app)
    if !object.isEmpty {
      event.identity = kit.entraPrincipal(isUser ? "user" : "servicePrincipal", object, tenant: tenant)
      if isUser { event.invokedBy = app }
    } else if !name.isEmpty {
      event.identity = kit.entraPrincipal("user", name, tenant: tenant)
    } else {
      event.identity = kit.entraPrincipal("application", app, tenant: tenant)
    }
  }
}
