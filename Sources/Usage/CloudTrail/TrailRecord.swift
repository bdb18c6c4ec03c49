private import CSimdjson

/// The fields of one record, as views.
struct TrailRecord {
  private let event: UnsafePointer<muster_trail_event>
  private let window: UnsafePointer<UInt8>?
  private let arena: UnsafePointer<UInt8>?
  private let mentionList: UnsafePointer<muster_mention>?

  /// Over what `muster_trail_scan` gave.
  init(
    event: UnsafeRawPointer, window: UnsafePointer<UInt8>?, arena: UnsafePointer<UInt8>?, mentions: UnsafeRawPointer?
  ) {
    self.event = event.assumingMemoryBound(to: muster_trail_event.self)
    self.window = window
    self.arena = arena
    mentionList = mentions?.assumingMemoryBound(to: muster_mention.self)
  }

  @inline(__always)
  private func text(_ slice: muster_slice) -> RawText {
    if slice.offset == 0 { return .none }
    let inArena = slice.offset & 0x8000_0000 != 0
    let base = UnsafeRawPointer(inArena ? arena : window)
    return RawText(start: base?.advanced(by: Int(slice.offset & 0x7FFF_FFFF)), count: Int(slice.length))
  }

  /// The record as it stands in the log.
  var bytes: RawText {
    let (begin, end) = (event.pointee.begin, event.pointee.end)
    let inArena = begin & 0x8000_0000 != 0
    return RawText(
      start: UnsafeRawPointer(inArena ? arena : window)?.advanced(by: Int(begin & 0x7FFF_FFFF)), count: Int(end - begin)
    )
  }

  var time: RawText { text(event.pointee.time) }
  var id: RawText { text(event.pointee.id) }
  var sharedID: RawText { text(event.pointee.shared_id) }
  var source: RawText { text(event.pointee.source) }
  var name: RawText { text(event.pointee.name) }
  var region: RawText { text(event.pointee.region) }
  var address: RawText { text(event.pointee.address) }
  var agent: RawText { text(event.pointee.agent) }
  var error: RawText { text(event.pointee.error) }
  var account: RawText { text(event.pointee.account) }
  var identityType: RawText { text(event.pointee.identity_type) }
  var principal: RawText { text(event.pointee.principal) }
  var arn: RawText { text(event.pointee.arn) }
  var identityAccount: RawText { text(event.pointee.identity_account) }
  var key: RawText { text(event.pointee.key) }
  var userName: RawText { text(event.pointee.user) }
  var invokedBy: RawText { text(event.pointee.invoked_by) }
  var issuer: RawText { text(event.pointee.issuer) }
  var created: RawText { text(event.pointee.created) }
  var sourceIdentity: RawText { text(event.pointee.source_identity) }
  var behalfUser: RawText { text(event.pointee.behalf_user) }
  var behalfStore: RawText { text(event.pointee.behalf_store) }
  var issuedKey: RawText { text(event.pointee.issued_key) }
  var issuedSession: RawText { text(event.pointee.issued_session) }
  var madeKey: RawText { text(event.pointee.made_key) }
  var madeKeyUser: RawText { text(event.pointee.made_key_user) }
  var subject: RawText { text(event.pointee.subject) }
  var login: RawText { text(event.pointee.login) }
  var bytesIn: RawText { text(event.pointee.bytes_in) }
  var bytesOut: RawText { text(event.pointee.bytes_out) }

  /// Whether `userIdentity` is a text in place of an object: AWS hides it from other accounts.
  var hidesIdentity: Bool { event.pointee.flags & UInt32(muster_trail_identity_hidden) != 0 }

  /// What a record without source and name of the call is.
  var fateWithoutName: Fate {
    if event.pointee.flags & UInt32(muster_trail_digest) != 0 { return .filtered }
    if text(event.pointee.type).equals("AwsCloudTrailInsight") || text(event.pointee.category).equals("Insight") {
      return .filtered
    }
    if !source.isEmpty || !arn.isEmpty || !identityType.isEmpty {
      return .unreadable(source.isEmpty ? "the record has no eventSource" : "the record has no eventName")
    }
    return .foreign
  }

  /// What the record names.
  var mentionCount: Int { Int(event.pointee.mentions) }

  func mention(_ index: Int) -> (kind: MentionKind, text: RawText) {
    guard let mentionList, index < mentionCount else { preconditionFailure("a mention of the record") }
    let mention = mentionList[Int(event.pointee.first_mention) + index]
    return (MentionKind(rawValue: mention.kind), text(mention.text))
  }
}

/// A member of `resources`, or of `requestParameters` by its key.
struct MentionKind: Hashable {
  let rawValue: UInt32

  private init(_ kind: muster_mention_kind) { rawValue = kind.rawValue }
  init(rawValue: UInt32) { self.rawValue = rawValue }

  static let arn = MentionKind(muster_mention_arn)
  static let arnPrefix = MentionKind(muster_mention_arn_prefix)
  static let accessKeyID = MentionKind(muster_mention_accessKeyId)
  static let bucketName = MentionKind(muster_mention_bucketName)
  static let key = MentionKind(muster_mention_key)
  static let userName = MentionKind(muster_mention_userName)
  static let roleName = MentionKind(muster_mention_roleName)
  static let groupName = MentionKind(muster_mention_groupName)
  static let policyARN = MentionKind(muster_mention_policyArn)
  static let instanceProfileName = MentionKind(muster_mention_instanceProfileName)
  static let roleARN = MentionKind(muster_mention_roleArn)
  static let secretID = MentionKind(muster_mention_secretId)
  static let keyID = MentionKind(muster_mention_keyId)
  static let tableName = MentionKind(muster_mention_tableName)
  static let functionName = MentionKind(muster_mention_functionName)
  static let queueURL = MentionKind(muster_mention_queueUrl)
  static let topicARN = MentionKind(muster_mention_topicArn)
  static let name = MentionKind(muster_mention_name)
  static let status = MentionKind(muster_mention_status)
  static let streamName = MentionKind(muster_mention_streamName)
  static let logGroupName = MentionKind(muster_mention_logGroupName)
  static let repositoryName = MentionKind(muster_mention_repositoryName)
  static let clusterName = MentionKind(muster_mention_clusterName)
  static let stackName = MentionKind(muster_mention_stackName)
  static let instanceID = MentionKind(muster_mention_instanceId)
  static let imageID = MentionKind(muster_mention_imageId)
  static let snapshotID = MentionKind(muster_mention_snapshotId)
  static let volumeID = MentionKind(muster_mention_volumeId)
  static let groupID = MentionKind(muster_mention_groupId)
  static let vpcID = MentionKind(muster_mention_vpcId)
  static let subnetID = MentionKind(muster_mention_subnetId)
  static let dbInstance = MentionKind(muster_mention_dBInstanceIdentifier)
  static let dbCluster = MentionKind(muster_mention_dBClusterIdentifier)
  static let dbSnapshot = MentionKind(muster_mention_dBSnapshotIdentifier)
  static let stateMachineARN = MentionKind(muster_mention_stateMachineArn)
  static let resourceArn = MentionKind(muster_mention_resourceArn)
  static let resourceARN = MentionKind(muster_mention_resourceARN)
  static let modelID = MentionKind(muster_mention_modelId)
  static let detectorID = MentionKind(muster_mention_detectorId)
  static let serialNumber = MentionKind(muster_mention_serialNumber)
  static let samlProviderARN = MentionKind(muster_mention_sAMLProviderArn)
  static let oidcProviderARN = MentionKind(muster_mention_openIDConnectProviderArn)
  static let certificateARN = MentionKind(muster_mention_certificateArn)
  static let trailName = MentionKind(muster_mention_trailName)
  static let trustAnchorARN = MentionKind(muster_mention_trustAnchorArn)
  static let profileARN = MentionKind(muster_mention_profileArn)
  static let names = MentionKind(muster_mention_names)
  static let target = MentionKind(muster_mention_target)
  static let instanceIDs = MentionKind(muster_mention_instanceIds)
  static let secretIDs = MentionKind(muster_mention_secretIdList)
}
