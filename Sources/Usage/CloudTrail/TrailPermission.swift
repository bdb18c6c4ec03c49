/// Which IAM permission a call needs, where it is not the call's own name. Sources: Service Authorization Reference (prefixes,
/// actions) and CloudTrail User Guide; S3: "Required permissions for Amazon S3 API operations" of its user guide.
enum TrailPermission {
  /// The permission, spelt as IAM does. Calls that need none (`sts:GetCallerIdentity`) keep their name.
  static func permission(service: String, operation: String) -> String {
    let prefix = prefixes[service] ?? service
    let name = withoutVersion(operation)
    if prefix == "s3", let other = s3[name] { return "s3:\(other)" }
    if prefix == "apigateway", let verb = verb(of: name) { return "apigateway:\(verb)" }
    return others["\(prefix):\(name)"] ?? "\(prefix):\(name)"
  }

  /// Lambda, CloudFront and others append the version of their interface: `GetFunction20150331v2`,
  /// `UpdateDistribution2016_11_25`.
  private static func withoutVersion(_ name: String) -> String {
    let bytes = Array(name.utf8)
    var end = bytes.count
    var digits = end
    while digits > 0, bytes[digits - 1] &- 0x30 < 10 { digits -= 1 }
    if digits < end, digits > 0, bytes[digits - 1] == UInt8(ascii: "v") { end = digits - 1 }
    for width in [8, 10] where end > width {
      let tail = bytes[(end - width)..<end]
      let isDate = tail.enumerated().allSatisfy { index, byte in
        width == 10 && (index == 4 || index == 7) ? byte == UInt8(ascii: "_") : byte &- 0x30 < 10
      }
      if isDate && tail.prefix(2).elementsEqual("20".utf8) {
        return String(decoding: bytes[..<(end - width)], as: UTF8.self)
      }
    }
    return name
  }

  /// API Gateway grants HTTP verbs on its own resources.
  private static func verb(of name: String) -> String? {
    let verbs = [
      ("Create", "POST"), ("Import", "POST"), ("Get", "GET"), ("Update", "PATCH"), ("Delete", "DELETE"), ("Put", "PUT"),
      ("TagResource", "PUT"), ("UntagResource", "DELETE"), ("Flush", "DELETE"),
    ]
    return verbs.first { name.hasPrefix($0.0) }?.1
  }

  /// Services with one home for all regions; their calls are logged there (CloudTrail User Guide, "global service events").
  static let globalServices: Set<String> = [
    "iam", "sts", "route53", "route53domains", "cloudfront", "organizations", "signin", "account", "budgets", "ce",
    "globalaccelerator", "networkmanager", "shield", "support", "trustedadvisor", "waf", "health", "artifact",
    "sso-directory",
    "billingconsole", "importexport",
  ]

  /// Event source → prefix of the permissions.
  private static let prefixes = [
    "monitoring": "cloudwatch", "email": "ses", "tagging": "tag", "streams.dynamodb": "dynamodb", "models.lex": "lex",
    "runtime.lex": "lex", "models-v2-lex": "lex", "catalog.marketplace": "aws-marketplace",
    "metering.marketplace": "aws-marketplace", "entitlement.marketplace": "aws-marketplace", "iotdata": "iot",
    "data.iot": "iot", "runtime.sagemaker": "sagemaker", "edge.sagemaker": "sagemaker", "api.sagemaker": "sagemaker",
    "api.ecr": "ecr", "billingconsole": "aws-portal", "portal.sso": "sso", "transcribestreaming": "transcribe",
    "bedrock-runtime": "bedrock", "mturk-requester": "mechanicalturk", "cloudhsmv2": "cloudhsm",
  ]

  private static let others = [
    "lambda:Invoke": "lambda:InvokeFunction", "lambda:InvokeAsync": "lambda:InvokeFunction",
    "kms:ReEncrypt": "kms:ReEncryptFrom", "bedrock:Converse": "bedrock:InvokeModel",
    "bedrock:ConverseStream": "bedrock:InvokeModelWithResponseStream", "sns:PublishBatch": "sns:Publish",
    "sqs:SendMessageBatch": "sqs:SendMessage", "sqs:DeleteMessageBatch": "sqs:DeleteMessage",
    "sqs:ChangeMessageVisibilityBatch": "sqs:ChangeMessageVisibility",
  ]

  private static let s3 = [
    "CompleteMultipartUpload": "PutObject", "CopyObject": "PutObject",
    "CreateMultipartUpload": "PutObject", "UploadPart": "PutObject", "UploadPartCopy": "PutObject",
    "PostObject": "PutObject",
    "DeleteObjects": "DeleteObject", "HeadObject": "GetObject", "SelectObjectContent": "GetObject",
    "HeadBucket": "ListBucket",
    "ListBuckets": "ListAllMyBuckets", "ListObjects": "ListBucket", "ListObjectsV2": "ListBucket",
    "ListObjectVersions": "ListBucketVersions", "ListMultipartUploads": "ListBucketMultipartUploads",
    "ListParts": "ListMultipartUploadParts", "GetBucketCors": "GetBucketCORS", "PutBucketCors": "PutBucketCORS",
    "DeleteBucketCors": "PutBucketCORS", "GetBucketLifecycle": "GetLifecycleConfiguration",
    "GetBucketLifecycleConfiguration": "GetLifecycleConfiguration", "PutBucketLifecycle": "PutLifecycleConfiguration",
    "PutBucketLifecycleConfiguration": "PutLifecycleConfiguration",
    "DeleteBucketLifecycle": "PutLifecycleConfiguration",
    "GetBucketReplication": "GetReplicationConfiguration", "PutBucketReplication": "PutReplicationConfiguration",
    "DeleteBucketReplication": "PutReplicationConfiguration", "GetBucketEncryption": "GetEncryptionConfiguration",
    "PutBucketEncryption": "PutEncryptionConfiguration", "DeleteBucketEncryption": "PutEncryptionConfiguration",
    "GetBucketAccelerateConfiguration": "GetAccelerateConfiguration",
    "PutBucketAccelerateConfiguration": "PutAccelerateConfiguration",
    "GetBucketNotificationConfiguration": "GetBucketNotification",
    "PutBucketNotificationConfiguration": "PutBucketNotification",
    "GetBucketAnalyticsConfiguration": "GetAnalyticsConfiguration",
    "ListBucketAnalyticsConfigurations": "GetAnalyticsConfiguration",
    "PutBucketAnalyticsConfiguration": "PutAnalyticsConfiguration",
    "DeleteBucketAnalyticsConfiguration": "PutAnalyticsConfiguration",
    "GetBucketInventoryConfiguration": "GetInventoryConfiguration",
    "ListBucketInventoryConfigurations": "GetInventoryConfiguration",
    "PutBucketInventoryConfiguration": "PutInventoryConfiguration",
    "DeleteBucketInventoryConfiguration": "PutInventoryConfiguration",
    "GetBucketMetricsConfiguration": "GetMetricsConfiguration",
    "ListBucketMetricsConfigurations": "GetMetricsConfiguration",
    "PutBucketMetricsConfiguration": "PutMetricsConfiguration",
    "DeleteBucketMetricsConfiguration": "PutMetricsConfiguration",
    "GetBucketIntelligentTieringConfiguration": "GetIntelligentTieringConfiguration",
    "ListBucketIntelligentTieringConfigurations": "GetIntelligentTieringConfiguration",
    "PutBucketIntelligentTieringConfiguration": "PutIntelligentTieringConfiguration",
    "DeleteBucketIntelligentTieringConfiguration": "PutIntelligentTieringConfiguration",
    "DeleteBucketTagging": "PutBucketTagging", "DeleteBucketOwnershipControls": "PutBucketOwnershipControls",
    "GetPublicAccessBlock": "GetBucketPublicAccessBlock", "PutPublicAccessBlock": "PutBucketPublicAccessBlock",
    "DeletePublicAccessBlock": "PutBucketPublicAccessBlock",
    "DeleteBucketPublicAccessBlock": "PutBucketPublicAccessBlock",
    "GetObjectLockConfiguration": "GetBucketObjectLockConfiguration",
    "PutObjectLockConfiguration": "PutBucketObjectLockConfiguration",
  ]
}
