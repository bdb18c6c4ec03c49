extension LogFormat {
  /// Rows of Snowflake's ACCOUNT_USAGE, ORGANIZATION_USAGE and INFORMATION_SCHEMA views as JSON: LOGIN_HISTORY, QUERY_HISTORY,
  /// ACCESS_HISTORY, GRANTS_TO_ROLES, GRANTS_TO_USERS.
  static let snowflake = LogFormat("snowflake", json: SnowflakeHistory.self)
  /// The same rows as CSV; ACCESS_HISTORY without its objects, which are JSON there.
  static let snowflakeCSV = LogFormat("snowflake-csv", csv: SnowflakeHistory.self)
}

/// Snowflake documentation, "Account Usage" and the pages of the views. Keys are in upper case, or in lower case where a driver or a
/// quoted alias made them so.
///
/// Only ORGANIZATION_USAGE names the account; elsewhere keys are `snowflake:user/<name>` and `snowflake:role/<name>`. A row of
/// ACCESS_HISTORY is an event of its own, `snowflake:ACCESS`: what a query touched, under the id of the query.
private struct SnowflakeHistory: JSONMapping {
  enum Field: String, JSONField {
    case user = "USER_NAME|user_name"
    case account = "ACCOUNT_NAME|account_name"
    case region = "REGION|region"
    case eventType = "EVENT_TYPE|event_type"
    case eventID = "EVENT_ID|event_id"
    case eventTime = "EVENT_TIMESTAMP|event_timestamp"
    case address = "CLIENT_IP|client_ip"
    case client = "REPORTED_CLIENT_TYPE|reported_client_type"
    case factor = "FIRST_AUTHENTICATION_FACTOR|first_authentication_factor"
    case succeeded = "IS_SUCCESS|is_success"
    case errorCode = "ERROR_CODE|error_code"
    case errorText = "ERROR_MESSAGE|error_message"
    case queryType = "QUERY_TYPE|query_type"
    case queryID = "QUERY_ID|query_id"
    case queryTime = "START_TIME|start_time|QUERY_START_TIME|query_start_time|END_TIME|end_time"
    case queryStatus = "EXECUTION_STATUS|execution_status"
    case session = "SESSION_ID|session_id"
    case role = "ROLE_NAME|role_name"
    case database = "DATABASE_NAME|database_name"
    case schema = "SCHEMA_NAME|schema_name"
    case warehouse = "WAREHOUSE_NAME|warehouse_name"
    case sent = "OUTBOUND_DATA_TRANSFER_BYTES|outbound_data_transfer_bytes"
    case direct = """
      DIRECT_OBJECTS_ACCESSED/@json/*/objectName|direct_objects_accessed/@json/*/objectName|\
      BASE_OBJECTS_ACCESSED/@json/*/objectName|base_objects_accessed/@json/*/objectName
      """
    case modified = """
      OBJECTS_MODIFIED/@json/*/objectName|objects_modified/@json/*/objectName|\
      OBJECT_MODIFIED_BY_DDL/@json/objectName|object_modified_by_ddl/@json/objectName
      """
    case created = "CREATED_ON|created_on"
    case privilege = "PRIVILEGE|privilege"
    case grantee = "GRANTEE_NAME|grantee_name"
    case grantedTo = "GRANTED_TO|granted_to"
    case grantedBy = "GRANTED_BY|granted_by"
    case grantorKind = "GRANTED_BY_ROLE_TYPE|granted_by_role_type"
    case grantedRole = "ROLE|role"
    case name = "NAME|name"
    case catalog = "TABLE_CATALOG|table_catalog"
    case tableSchema = "TABLE_SCHEMA|table_schema"
    var need: JSONNeed { self == .client || self == .errorText ? .caller : .scalar }
  }

  static let lists = ["data", "rows"]

  mutating func normalise(_ record: JSONRecord<Field>, into event: inout LogEvent, _ kit: inout EventKit) -> Fate {
    let (user, hasQuery) = (record[.user], !record[.queryID].isEmpty)
    if !user.isEmpty && !record[.eventType].isEmpty && !record[.succeeded].isEmpty {
      signIn(record, &event, &kit)
    } else if !user.isEmpty && !record[.queryType].isEmpty && !record[.queryStatus].isEmpty {
      query(record, &event, &kit)
    } else if hasQuery && !user.isEmpty && (!record[.direct].isEmpty || !record[.modified].isEmpty) {
      access(record, &event, &kit)
    } else if hasQuery && !user.isEmpty && record[.queryType].isEmpty && !record[.queryTime].isEmpty {
      access(record, &event, &kit)
    } else if !record[.grantee].isEmpty && !record[.created].isEmpty && !record[.grantedTo].isEmpty {
      grant(record, &event, &kit)
    } else {
      return .foreign
    }
    event.account = record[.account]
    event.place = kit.place("snowflake", event.account)
    event.region = record[.region]
    return .event
  }

  private func key(
    _ kind: StaticString, _ name: RawText, _ record: JSONRecord<Field>, _ kit: inout EventKit
  ) -> RawText {
    let account = record[.account].isEmpty ? RawText.none : kit.join(record[.account], "/")
    return name.isEmpty ? .none : kit.join("snowflake:", account, RawText(kind), "/", name)
  }

  private func act(_ record: JSONRecord<Field>, _ event: inout LogEvent, _ kit: inout EventKit) {
    event.userName = record[.user]
    event.identityType = "User"
    event.identity = key("user", record[.user], record, &kit)
    event.session = record[.session]
  }

  private func signIn(_ record: JSONRecord<Field>, _ event: inout LogEvent, _ kit: inout EventKit) {
    act(record, &event, &kit)
    event.id = record[.eventID]
    event.time = kit.instant(record[.eventTime])
    event.call = kit.call("snowflake", record[.eventType])
    event.isFailed = record[.succeeded].isWord("no") || record[.succeeded].isWord("false")
    event.status = RawText.first(record[.errorText], record[.errorCode])
    event.locate(record[.address])
    event.agent = record[.client]
    event.addResource(event.account)
  }

  private func query(_ record: JSONRecord<Field>, _ event: inout LogEvent, _ kit: inout EventKit) {
    act(record, &event, &kit)
    event.id = record[.queryID]
    event.time = kit.instant(record[.queryTime])
    event.call = kit.call("snowflake", record[.queryType])
    let status = record[.queryStatus]
    event.isFailed = status.hasPrefix("FAIL") || status.isWord("incident") || status.isWord("failed_with_incident")
    event.isOutcomeKnown = event.isFailed || status.isWord("success")
    event.status = RawText.first(record[.errorCode], status)
    // 3001: insufficient privileges to operate on an object.
    let code = record[.errorCode]
    event.isDenied = event.isFailed && (code.equals("3001") || code.equals("003001"))
    if let bytes = Double(record[.sent].string), bytes > 0, bytes < 1e18 { event.bytesOut = UInt64(bytes) }
    let database = record[.database]
    event.addResource(record[.schema].isEmpty ? database : kit.join(database, ".", record[.schema]))
    event.addResource(record[.warehouse])
  }

  private func access(_ record: JSONRecord<Field>, _ event: inout LogEvent, _ kit: inout EventKit) {
    act(record, &event, &kit)
    event.id = record[.queryID]
    event.time = kit.instant(record[.queryTime])
    event.call = kit.call("snowflake", "ACCESS")
    for field: Field in [.modified, .direct] {
      if record.list(field).allSatisfy({ $0.text.isEmpty }) { event.addResource(record[field]) }
      for item in record.list(field) where !event.names(item.text) { event.addResource(item.text) }
    }
  }

  /// One grant a row; who gave it is a role.
  private func grant(_ record: JSONRecord<Field>, _ event: inout LogEvent, _ kit: inout EventKit) {
    event.time = kit.instant(record[.created])
    event.userName = record[.grantedBy]
    event.identityType = RawText.first(record[.grantorKind], "ROLE")
    event.identity = key("role", record[.grantedBy], record, &kit)
    let privilege = record[.privilege]
    event.call = kit.call("snowflake", privilege.isEmpty ? "GRANT ROLE" : kit.join("GRANT ", privilege))
    let schema = record[.tableSchema].isEmpty ? RawText.none : kit.join(record[.tableSchema], ".")
    let place = record[.catalog].isEmpty ? schema : kit.join(record[.catalog], ".", schema)
    event.addResource(record[.name])
    if !place.isEmpty { event.addResource(kit.join(place, record[.name])) }
    event.addResource(record[.grantedRole])
    event.addResource(record[.grantee])
  }
}

extension LogEvent {
  fileprivate func names(_ resource: RawText) -> Bool { resources.prefix(resourceCount).contains { $0 == resource } }
}
