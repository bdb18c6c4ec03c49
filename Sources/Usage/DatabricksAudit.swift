extension LogFormat {
  /// Databricks audit logs: delivered files (also verbose ones), rows of `system.access.audit`, Azure's diagnostic logs.
  static let databricks = LogFormat("databricks", json: DatabricksAudit.self)
}

/// Databricks documentation, "Audit log reference", "Audit log system table reference", "Diagnostic log reference".
///
/// A service principal acts under its application id, a person under a mail address: `databricks:<account>/servicePrincipal/<id>`,
/// `databricks:<account>/user/<email>`, without the account where the record does not tell it. Where a job runs as somebody else than who
/// started it, `run_as` acts and `run_by` is who invoked it.
private struct DatabricksAudit: JSONMapping {
  enum Field: String, JSONField {
    case version, auditLevel
    case service = "serviceName|service_name"
    case action = "actionName|action_name"
    case time = "timestamp|event_time|/time"
    case email = "userIdentity/@json/email|user_identity/@json/email|/identity/@json/email"
    case subject = "userIdentity/@json/subjectName|user_identity/@json/subject_name|/identity/@json/subjectName"
    case runAs = "identity_metadata/@json/run_as|identityMetadata/@json/runAs"
    case runBy = "identity_metadata/@json/run_by|identityMetadata/@json/runBy"
    case account = "accountId|account_id"
    case workspace = "workspaceId|workspace_id"
    case address = "sourceIPAddress|source_ip_address|sourceIpAddress"
    case agent = "userAgent|user_agent"
    case session = "sessionId|session_id"
    case id = "event_id|eventId|logId"
    case request = "requestId|request_id"
    case status = "response/@json/statusCode|response/@json/status_code"
    case error = "response/@json/errorMessage|response/@json/error_message"
    case token = "requestParams/@json/tokenId|request_params/@json/token_id|request_params/@json/tokenId"
    case target = """
      requestParams/@json/full_name_arg|request_params/@json/full_name_arg|requestParams/@json/table_full_name|\
      request_params/@json/table_full_name|requestParams/@json/securable_full_name|request_params/@json/securable_full_name|\
      requestParams/@json/path|request_params/@json/path|requestParams/@json/notebookId|request_params/@json/notebookId|\
      requestParams/@json/notebook_id|request_params/@json/notebook_id|requestParams/@json/jobId|request_params/@json/jobId|\
      requestParams/@json/job_id|request_params/@json/job_id|requestParams/@json/clusterId|request_params/@json/clusterId|\
      requestParams/@json/cluster_id|request_params/@json/cluster_id|requestParams/@json/warehouseId|\
      request_params/@json/warehouseId|requestParams/@json/scope|request_params/@json/scope|requestParams/@json/targetUserName|\
      request_params/@json/targetUserName|requestParams/@json/user|request_params/@json/user|requestParams/@json/name|\
      request_params/@json/name
      """
    var need: JSONNeed { self == .agent || self == .error || self == .target ? .caller : .scalar }
  }

  static let envelopes = ["", "properties/"]
  static let lists = ["records"]

  mutating func normalise(_ record: JSONRecord<Field>, into event: inout LogEvent, _ kit: inout EventKit) -> Fate {
    guard !record[.service].isEmpty, !record[.action].isEmpty else { return .foreign }
    let tales: [Field] = [.email, .account, .workspace, .request, .auditLevel, .version, .subject]
    guard tales.count(where: { !record[$0].isEmpty }) >= 2 else { return .foreign }
    event.id = RawText.first(record[.id], record[.request])
    event.time = kit.instant(record[.time])
    identify(record, &event, &kit)
    event.call = kit.call(record[.service], record[.action])
    event.judge(http: record[.status])
    if event.isFailed && !record[.error].isEmpty && event.status.isEmpty { event.status = record[.error] }
    event.locate(record[.address])
    event.agent = record[.agent]
    let workspace = record[.workspace]
    event.account = workspace.isEmpty || workspace.equals("0") ? record[.account] : workspace
    event.place = kit.place("databricks", event.account)
    event.addResource(record[.target])
    changeToken(record, &event)
    return .event
  }

  private func identify(_ record: JSONRecord<Field>, _ event: inout LogEvent, _ kit: inout EventKit) {
    let actor = RawText.first(record[.runAs].known, record[.email].known, record[.subject].known)
    event.userName = actor
    let by = record[.runBy].known
    if !(by == actor) { event.invokedBy = by }
    event.session = record[.session]
    let isSystem = actor.equals("System-User") || actor.hasPrefix("__")
    let isPerson = actor.firstIndex(of: UInt8(ascii: "@")) != nil
    event.identityType = isSystem ? "System" : isPerson ? "User" : "ServicePrincipal"
    if actor.isEmpty { return }
    let kind: RawText = isSystem ? "system/" : isPerson ? "user/" : "servicePrincipal/"
    let account = record[.account].isEmpty ? RawText.none : kit.join(record[.account], "/")
    event.identity = kit.join("databricks:", account, kind, actor)
  }

  /// A token signs in, is made, and is revoked.
  private func changeToken(_ record: JSONRecord<Field>, _ event: inout LogEvent) {
    let (action, token) = (record[.action], record[.token])
    if token.isEmpty || event.isFailed { return }
    if action.equals("generateDbToken") || action.equals("createToken") {
      event.issuedCredential = token
      event.lifecycle = LifecycleChange(kind: .created, credential: token, owner: event.identity)
    } else if action.equals("revokeDbToken") || action.equals("garbageCollectDbToken") {
      event.lifecycle = LifecycleChange(kind: .deleted, credential: token, owner: .none)
    } else {
      event.credential = token
    }
  }
}
