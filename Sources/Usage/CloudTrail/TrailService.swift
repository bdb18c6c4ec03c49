/// How a service's calls name what they are about, where the record has no `resources`.
struct TrailService {
  /// A key of `requestParameters` and the ARN that it makes (Service Authorization Reference, "Resource types").
  struct Rule {
    var kind: MentionKind
    var prefix: StaticString
    var place: Place

    enum Place { case regional, account, partition, withoutAccount }

    init(_ kind: MentionKind, _ prefix: StaticString, _ place: Place = .regional) {
      self.kind = kind
      self.prefix = prefix
      self.place = place
    }
  }

  /// The first that applies names the resource.
  let rules: [Rule]
  let isS3: Bool
  let isSSM: Bool
  /// Whether a call is about all that the rules find, not only about what the first one does.
  let namesAll: Bool
  /// As it stands in ARNs.
  let name: StaticString

  init(_ service: String) {
    isS3 = service == "s3"
    isSSM = service == "ssm"
    namesAll = service == "rolesanywhere"
    (name, rules) = Self.catalog[service] ?? ("", [])
  }

  private static let catalog: [String: (StaticString, [Rule])] = [
    "iam": (
      "iam",
      [
        Rule(.userName, "user/", .account), Rule(.roleName, "role/", .account), Rule(.groupName, "group/", .account),
        Rule(.policyARN, "", .account), Rule(.instanceProfileName, "instance-profile/", .account),
        Rule(.samlProviderARN, "", .account), Rule(.oidcProviderARN, "", .account), Rule(.serialNumber, "", .account),
      ]
    ),
    "sts": ("iam", [Rule(.roleARN, "role/", .account)]),
    "secretsmanager": (
      "secretsmanager", [Rule(.secretID, "secret:"), Rule(.name, "secret:"), Rule(.secretIDs, "secret:")]
    ),
    "kms": ("kms", [Rule(.keyID, "key/")]),
    "dynamodb": ("dynamodb", [Rule(.tableName, "table/"), Rule(.resourceArn, "")]),
    "lambda": ("lambda", [Rule(.functionName, "function:")]),
    "sqs": ("sqs", [Rule(.queueURL, "")]),
    "sns": ("sns", [Rule(.topicARN, "")]),
    "ssm": (
      "ssm",
      [
        Rule(.name, "parameter/"), Rule(.names, "parameter/"), Rule(.instanceID, "managed-instance/"),
        Rule(.instanceIDs, "managed-instance/"), Rule(.target, "managed-instance/"),
      ]
    ),
    "logs": ("logs", [Rule(.logGroupName, "log-group:")]),
    "kinesis": ("kinesis", [Rule(.streamName, "stream/")]),
    "ecr": ("ecr", [Rule(.repositoryName, "repository/")]),
    "eks": ("eks", [Rule(.name, "cluster/"), Rule(.clusterName, "cluster/")]),
    "eks-auth": ("eks", [Rule(.clusterName, "cluster/")]),
    "rolesanywhere": (
      "rolesanywhere", [Rule(.roleARN, ""), Rule(.profileARN, "profile/"), Rule(.trustAnchorARN, "trust-anchor/")]
    ),
    "ecs": ("ecs", [Rule(.clusterName, "cluster/")]),
    "cloudformation": ("cloudformation", [Rule(.stackName, "stack/")]),
    "cloudtrail": ("cloudtrail", [Rule(.name, "trail/"), Rule(.trailName, "trail/")]),
    "states": ("states", [Rule(.stateMachineARN, "stateMachine:")]),
    "guardduty": ("guardduty", [Rule(.detectorID, "detector/")]),
    "bedrock": ("bedrock", [Rule(.modelID, "foundation-model/", .withoutAccount)]),
    "acm": ("acm", [Rule(.certificateARN, "certificate/")]),
    "rds": (
      "rds", [Rule(.dbInstance, "db:"), Rule(.dbCluster, "cluster:"), Rule(.dbSnapshot, "snapshot:")]
    ),
    "ec2": (
      "ec2",
      [
        Rule(.instanceID, "instance/"), Rule(.volumeID, "volume/"), Rule(.snapshotID, "snapshot/", .withoutAccount),
        Rule(.imageID, "image/", .withoutAccount), Rule(.groupID, "security-group/"), Rule(.subnetID, "subnet/"),
        Rule(.vpcID, "vpc/"),
      ]
    ),
  ]
}
