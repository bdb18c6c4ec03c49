import Base

extension UsageFact {
  /// Whether the identity succeeded in an action that the pattern matches: SCP-03 for what was granted. Unknown where the log
  /// cannot show some action of the pattern or where the list of actions hit its cap. `dataEvents`: see `ActionObservability`.
  ///
  /// The caller still has to know that the logs cover the window: silence of a source that did not listen says nothing.
  package func uses(_ pattern: AccessPattern, dataEvents: Bool = false) -> Answer {
    for use in actions where use.lastSuccess != nil && pattern.matches(use.action) == .yes { return .yes }
    return saturated.contains("actions") ? .unknown : ActionObservability.silence(of: pattern, dataEvents: dataEvents)
  }
}

/// Which AWS permissions leave a trace in CloudTrail.
package enum ActionObservability {
  /// Checked inside another call or outside of the API; no event names them.
  private static let never = ["iam:PassRole", "rds-db:connect", "logs:PutLogEvents", "execute-api:Invoke"]

  /// Data events, logged only where a trail asks for them: CloudTrail User Guide, "Logging data events", table of resource types.
  private static let onRequest = [
    "s3:GetObject*", "s3:PutObject*", "s3:DeleteObject*", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts",
    "s3:RestoreObject", "s3:ListBucket", "s3:ListBucketVersions", "s3:ListBucketMultipartUploads", "s3-object-lambda:*",
    "s3express:*", "s3-outposts:*Object*", "lambda:Invoke*", "dynamodb:GetItem", "dynamodb:PutItem",
    "dynamodb:UpdateItem",
    "dynamodb:DeleteItem", "dynamodb:Query", "dynamodb:Scan", "dynamodb:Batch*Item", "dynamodb:ConditionCheckItem",
    "dynamodb:PartiQL*", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "sqs:SendMessage*", "sqs:ReceiveMessage",
    "sqs:DeleteMessage*", "sqs:ChangeMessageVisibility*", "sns:Publish*", "kinesis:PutRecord*", "kinesis:GetRecords",
    "kinesis:GetShardIterator", "kinesis:SubscribeToShard", "kinesisvideo:PutMedia", "kinesisvideo:GetMedia",
    "cognito-sync:*", "ebs:GetSnapshotBlock", "ebs:PutSnapshotBlock", "ebs:List*Blocks", "sagemaker:InvokeEndpoint*",
    "sagemaker:PutRecord", "sagemaker:GetRecord", "bedrock:Invoke*", "bedrock:Retrieve*", "timestream:Select",
    "timestream:WriteRecords", "neptune-db:*", "cassandra:Select", "cassandra:Modify", "managedblockchain:*Rpc*",
    "cloudwatch:PutMetricData", "cloudwatch:GetMetric*", "xray:Put*", "xray:GetTrace*", "ssmmessages:*",
    "ec2messages:*",
    "iot:Connect", "iot:Publish", "iot:Receive", "iot:Subscribe", "swf:*Task*", "rds-data:*",
    "states:StartSyncExecution",
    "servicediscovery:DiscoverInstances*", "kafka-cluster:*", "firehose:PutRecord*", "events:PutEvents",
  ]

  /// Platforms whose logs call what is done otherwise than what is granted: scopes, entitlements, `contents:write` are in no event, so
  /// that neither use nor silence of a permission can be told from them.
  private static let otherwise: Set<String> = [
    "agent", "anthropic", "apikey", "databricks", "github", "gitlab", "mcp", "okta", "openai", "snowflake",
  ]

  /// Whether the platform's logs spell actions as its grants do.
  package static func namesPermissions(_ platform: String) -> Bool { !otherwise.contains(platform) }

  private static let unseen = never.map { AccessPattern(action: $0) }
  private static let unseenUnlessAsked = onRequest.map { AccessPattern(action: $0) }

  /// What follows for "was it used" when no event shows a use: `no` where every use of every action of the pattern would show,
  /// else `unknown`. With `dataEvents`, the trail is known to log them.
  package static func silence(of pattern: AccessPattern, dataEvents: Bool = false) -> Answer {
    let hidden = dataEvents ? unseen : unseen + unseenUnlessAsked
    return hidden.contains { $0.overlaps(pattern) } ? .unknown : .no
  }
}
