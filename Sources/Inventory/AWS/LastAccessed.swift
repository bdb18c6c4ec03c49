import Base
import Documents
import Model

extension InventoryFormat {
  /// `aws iam get-service-last-accessed-details`: which services a user or role used, and when. The answer names the identity only
  /// where it used something; otherwise its name is taken from the file's.
  static let awsServiceLastAccessed = InventoryFormat(
    name: "aws-service-last-accessed",
    recognises: { $0.object?["ServicesLastAccessed"]?.kind == .sequence },
    read: { content, reading in
      if let object = content.object { reading.readLastAccessed(object) }
    })

  /// `aws iam get-service-last-accessed-details-with-entities`: when users and roles last used a service, which the answer does not name.
  static let awsLastAccessedEntities = InventoryFormat(
    name: "aws-last-accessed-entities",
    recognises: { $0.object?["EntityInfo"]?["Arn"] != nil },
    read: { content, reading in
      guard let node = content.object, let info = node["EntityInfo"], let arn = info["Arn"]?.text else { return }
      let (isUser, isGroup) = (info["Type"]?.text == "USER", info["Type"]?.text == "GROUP")
      guard ARN(arn)?.isIAMIdentity ?? false, let name = info["Name"]?.text else {
        return reading.refuse(content.place, "`\(arn)` is not the ARN of an IAM identity")
      }
      var fact = IdentityFact(
        principal: PrincipalKey(arn), kind: isUser ? .user : isGroup ? .group : .role, name: name,
        source: reading.source.name)
      if arn.contains(":role/aws-service-role/") { fact.kind = .service }
      fact.uniqueID = info["Id"]?.text
      fact.isEnabled = true
      fact.lastUsed = reading.readInstant(node["LastAuthenticated"])
      fact.unknowable = AWSFields.unknownToKeyLists.filter { $0 != "uniqueID" } + (isUser || isGroup ? [] : ["trusts"])
      reading.add(fact, at: content.place)
    })
}

extension InventoryReading {
  fileprivate mutating func readLastAccessed(_ object: Node) {
    let services = object["ServicesLastAccessed"]?.elements ?? []
    if let status = object["JobStatus"]?.text, status != "COMPLETED" {
      return refuse(
        .node(object), "the report is not ready: \(status)", hint: "ask again with the same `--job-id` a little later")
    }
    if let made = readInstant(object["JobCompletionDate"]) { setCollected(made) }
    var accessed: [AccessFact] = []
    var entities = Set([object["Arn"]?.text].compactMap(\.self))
    for service in services {
      guard let name = service["ServiceNamespace"]?.text, !name.isEmpty else {
        diagnose(.unreadable, .node(service), "the service has no `ServiceNamespace`")
        continue
      }
      accessed.append(AccessFact(action: "\(name):*", last: readInstant(service["LastAuthenticated"])))
      if let entity = service["LastAuthenticatedEntity"]?.text { entities.insert(entity) }
      for action in AWSFields.list(service["TrackedActionsLastAccessed"]) {
        guard let operation = action["ActionName"]?.text else { continue }
        accessed.append(AccessFact(action: "\(name):\(operation)", last: readInstant(action["LastAccessedTime"])))
      }
    }
    aws.accessClaims.append(
      .init(
        accessed: accessed.sorted(), entities: entities, place: .node(object), file: fileNumber,
        count: UInt64(services.count)))
  }

  mutating func resolveAccessClaims() {
    for claim in aws.accessClaims {
      guard let principal = subject(of: claim) else {
        countFiltered(inFile: claim.file, claim.count)
        diagnose(
          .warning, claim.place, "the answer does not say whose use of services it shows",
          hint: "name the file after the user or role, or add `\"Arn\": \"…\"` of the request to the answer")
        continue
      }
      countUsed(inFile: claim.file, claim.count)
      let last = claim.accessed.compactMap(\.last).max()
      update(principal) { identity in
        identity.accessed = identity.accessed.joined(with: claim.accessed)
        identity.lastUsed = [identity.lastUsed, last].compactMap(\.self).max()
        // The report looks at every kind of credential that the identity has.
        identity.unknowable.removeAll { $0 == "lastUsed" }
      }
    }
  }

  /// The one entity that the answer names, else the identity whose name is the file's.
  private mutating func subject(of claim: AWSJoins.AccessClaim) -> PrincipalKey? {
    if claim.entities.count == 1, let text = claim.entities.first, let arn = ARN(text), arn.isIAMIdentity {
      let principal = PrincipalKey(text)
      if fact(of: principal) == nil {
        let kind: IdentityKind = arn.resource.hasPrefix("user/") ? .user : .role
        var identity = IdentityFact(principal: principal, kind: kind, name: principal.shortName, source: source.name)
        identity.unknowable = AWSFields.unknownToKeyLists + (kind == .role ? ["trusts"] : [])
        insert(identity, at: claim.place)
      }
      return principal
    }
    let last = claim.place.path.split(separator: "/").last.map(String.init) ?? ""
    let file = [".json", ".yaml", ".yml"].first { last.hasSuffix($0) }.map { String(last.dropLast($0.count)) } ?? last
    // As `muster collect` names files: the ARN without its slashes.
    let named = drafts.filter {
      $0.fact.principal.platform == "aws"
        && ($0.fact.name == file || $0.fact.principal.description.replacing("/", with: "_") == file)
    }
    return claim.entities.isEmpty && named.count == 1 ? named[0].fact.principal : nil
  }
}
