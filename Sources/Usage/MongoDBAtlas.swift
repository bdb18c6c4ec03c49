extension LogFormat {
  /// Events of organisations and projects of MongoDB Atlas.
  static let mongoDBAtlas = LogFormat("mongodb-atlas", json: MongoDBAtlas.self)
}

/// MongoDB Atlas Administration API, "Events". Collectors that store keys in lower case are read as well.
///
/// People are `mongodb-atlas:user/<userId>`, API keys `apikey:mongodb-atlas/<public key>` (what the API shows of a key; it is no secret).
private struct MongoDBAtlas: JSONMapping {
  enum Field: String, JSONField {
    case id, username
    case time = "created"
    case type = "eventTypeName|eventtypename|event_type_name"
    case organization = "orgId|orgid|org_id"
    case project = "groupId|groupid|group_id"
    case address = "remoteAddress|remoteaddress|remote_address"
    case user = "userId|userid|user_id"
    case key = "publicKey|publickey|public_key"
    case keyID = "apiKeyId|apikeyid|api_key_id"
    case targetUser = "targetUsername|targetusername|target_username"
    case targetKey = "targetPublicKey|targetpublickey|target_public_key"
    case cluster = "clusterName|clustername"
    case resource = "resourceId|dbUserUsername|hostname|alertConfigId|alertconfigid|alertId|teamId|invoiceId|endpointId"
    case entry = "whitelistEntry|whitelistentry|accessListEntry"
    case isGlobal = "isGlobalAdmin|isglobaladmin"
    var need: JSONNeed { .scalar }
  }

  static let lists = ["results"]

  mutating func normalise(_ record: JSONRecord<Field>, into event: inout LogEvent, _ kit: inout EventKit) -> Fate {
    let type = record[.type]
    let isPlaced = !record[.organization].isEmpty || !record[.project].isEmpty || !record[.isGlobal].isEmpty
    guard !type.isEmpty, !record[.time].isEmpty, !record[.id].isEmpty, isPlaced else { return .foreign }
    event.id = record[.id]
    event.time = kit.instant(record[.time])
    let (user, key) = (record[.user], RawText.first(record[.key], record[.keyID]))
    event.userName = RawText.first(record[.username], key, user)
    event.credential = key
    if !key.isEmpty {
      event.identityType = "ApiKey"
      event.identity = kit.join("apikey:mongodb-atlas/", key)
    } else if !user.isEmpty || !record[.username].isEmpty {
      event.identityType = "User"
      event.identity = kit.join("mongodb-atlas:user/", RawText.first(user, record[.username]))
    }
    event.call = kit.call("mongodb-atlas", type)
    // An event tells what happened, not how a request ended.
    event.isFailed = type.hasSuffix("_FAILED")
    event.isOutcomeKnown = event.isFailed
    event.locate(record[.address])
    event.account = RawText.first(record[.project], record[.organization])
    event.place = kit.place("mongodb-atlas", event.account)
    for field: Field in [.targetUser, .targetKey, .cluster, .entry, .resource] { event.addResource(record[field]) }
    event.addResource(event.account)
    if type.equals("API_KEY_CREATED") && !record[.targetKey].isEmpty {
      event.lifecycle = LifecycleChange(
        kind: .created, credential: record[.targetKey], owner: kit.join("apikey:mongodb-atlas/", record[.targetKey]))
    } else if type.equals("API_KEY_DELETED") && !record[.targetKey].isEmpty {
      event.lifecycle = LifecycleChange(kind: .deleted, credential: record[.targetKey], owner: .none)
    }
    return .event
  }
}
