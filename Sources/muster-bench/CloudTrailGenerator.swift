import Base

/// Makes CloudTrail files: the same bytes for the same size, with the shapes and proportions of a real account. For machines
/// that have no logs to measure on.
struct CloudTrailGenerator {
  private var dice: UInt64 = 0x0BAD_5EED
  private var serial = 0
  private var text: [UInt8] = []

  /// The events that a template stands for, and how often among a hundred.
  private struct Template {
    let weight: Int
    let source: String
    let name: String
    let more: String
  }

  private static let templates = [
    Template(
      weight: 30, source: "s3", name: "GetObject",
      more: #""requestParameters":{"bucketName":"$B","Host":"$B.s3.$R.amazonaws.com","key":"data/$D/part-$O.parquet"},"#
        + #""responseElements":null,"additionalEventData":{"SignatureVersion":"SigV4","CipherSuite":"TLS_AES_128_GCM_SHA256","#
        + #""bytesTransferredIn":0,"AuthenticationMethod":"AuthHeader","bytesTransferredOut":$N},"#
        + #""resources":[{"type":"AWS::S3::Object","ARN":"arn:aws:s3:::$B/data/$D/part-$O.parquet"},"#
        + #"{"accountId":"$A","type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::$B"}],"eventCategory":"Data","#),
    Template(
      weight: 15, source: "kms", name: "Decrypt",
      more:
        #""requestParameters":{"encryptionContext":{"aws:s3:arn":"arn:aws:s3:::$B"},"encryptionAlgorithm":"SYMMETRIC_DEFAULT"},"#
        + #""responseElements":null,"resources":[{"accountId":"$A","type":"AWS::KMS::Key","#
        + #""ARN":"arn:aws:kms:$R:$A:key/1c2d3e4f-0000-4000-8000-00000000000$K"}],"eventCategory":"Management","#),
    Template(
      weight: 15, source: "sts", name: "AssumeRole",
      more:
        #""requestParameters":{"roleArn":"arn:aws:iam::$A:role/target-$K","roleSessionName":"s-$O","durationSeconds":3600},"#
        + #""responseElements":{"credentials":{"accessKeyId":"ASIA$E","sessionToken":"IQoJb3JpZ2luX2VjE$E$E$E","#
        + #""expiration":"Mar 1, 2026, 1:00:00 PM"},"assumedRoleUser":{"assumedRoleId":"AROATARGET$K:s-$O","#
        + #""arn":"arn:aws:sts::$A:assumed-role/target-$K/s-$O"}},"eventCategory":"Management","#),
    Template(
      weight: 25, source: "ec2", name: "DescribeInstances",
      more: #""requestParameters":{"instancesSet":{"items":[{"instanceId":"i-0$E"},{"instanceId":"i-1$E"}]},"#
        + #""filterSet":{"items":[{"name":"tag:team","valueSet":{"items":[{"value":"data"},{"value":"web"}]}}]}},"#
        + #""responseElements":null,"eventCategory":"Management","#),
    Template(
      weight: 10, source: "secretsmanager", name: "GetSecretValue",
      more: #""requestParameters":{"secretId":"app/$K/database"},"responseElements":null,"eventCategory":"Management","#
    ),
    Template(
      weight: 5, source: "iam", name: "PutRolePolicy",
      more: #""errorCode":"AccessDenied","errorMessage":"User is not authorized to perform: iam:PutRolePolicy","#
        + #""requestParameters":{"roleName":"target-$K","policyName":"p","policyDocument":"{\"Version\":\"2012-10-17\","#
        + #"\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\"}]}"},"responseElements":null,"#
        + #""eventCategory":"Management","#),
  ]

  /// Writes files of about 25 MB into the folder until they hold so many bytes; their paths.
  mutating func write(bytes: Int, into folder: String) throws(FileError) -> [String] {
    var paths: [String] = []
    var left = bytes
    while left > 0 {
      text = Array(#"{"Records":["#.utf8)
      let size = min(left, 25_000_000)
      while text.count < size {
        if text.count > 16 { text.append(UInt8(ascii: ",")) }
        appendRecord()
      }
      text += Array("]}".utf8)
      let path = "\(folder)/111122223333_CloudTrail_\(1000 + paths.count).json"
      try FileSystem.write(text, to: path)
      paths.append(path)
      left -= text.count
    }
    return paths
  }

  private mutating func random(_ limit: Int) -> Int {
    dice = dice &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((dice >> 33) % UInt64(limit))
  }

  private mutating func appendRecord() {
    serial += 1
    var pick = random(100)
    let template = Self.templates.first { candidate in
      pick -= candidate.weight
      return pick < 0
    }
    guard let template else { return }
    // Few identities make most of the calls.
    let person = min(random(400), random(400), random(400))
    let hour = serial / 300
    let time = Instant(milliseconds: 1_767_225_600_000 + Int64(hour) * 3_600_000 + Int64(random(3600)) * 1000)
    let region = ["eu-west-1", "us-east-1", "eu-central-1"][person % 3]
    let account = "11112222333\(person % 4)"
    let key = person % 5 < 3 ? "ASIA\(1_000_000 + person)\(hour % 1000)" : "AKIA\(1_000_000_000 + person)"
    let values: [UInt8: String] = [
      UInt8(ascii: "A"): account, UInt8(ascii: "R"): region, UInt8(ascii: "B"): "team-\(person % 40)-data",
      UInt8(ascii: "D"): String(time.description.prefix(10)), UInt8(ascii: "O"): String(random(900)),
      UInt8(ascii: "N"): "\(random(5_000_000)).0", UInt8(ascii: "K"): String(person % 10),
      UInt8(ascii: "E"): String(1_000_000_000_000_000 + serial), UInt8(ascii: "X"): String(100_000_000_000 + serial),
      UInt8(ascii: "T"): time.description,
      UInt8(ascii: "P"): "10.\(person % 20).\(person % 7).\(1 + random(30))", UInt8(ascii: "S"): template.source,
      UInt8(ascii: "C"): template.name, UInt8(ascii: "I"): identity(person, account, key, time),
      UInt8(ascii: "U"): "aws-sdk-java/1.12.\(person % 30) Linux/5.10.184 OpenJDK_64-Bit_Server_VM/17.0.8",
    ]
    append(
      #"{"eventVersion":"1.09","userIdentity":{$I},"eventTime":"$T","eventSource":"$S.amazonaws.com","eventName":"$C","#,
      values)
    append(#""awsRegion":"$R","sourceIPAddress":"$P","userAgent":"$U","#, values)
    append(template.more, values)
    append(
      #""requestID":"r$E","eventID":"0f0f0f0f-4b4b-4c4c-8d8d-$X","readOnly":true,"eventType":"AwsApiCall","managementEvent":true,"#,
      values)
    append(
      #""recipientAccountId":"$A","tlsDetails":{"tlsVersion":"TLSv1.3","clientProvidedHostHeader":"$S.$R.amazonaws.com"}}"#,
      values)
  }

  private func identity(_ person: Int, _ account: String, _ key: String, _ time: Instant) -> String {
    if !key.hasPrefix("ASIA") {
      return """
        "type":"IAMUser","principalId":"AIDA\(person)","arn":"arn:aws:iam::\(account):user/svc-\(person)",\
        "accountId":"\(account)","accessKeyId":"\(key)","userName":"svc-\(person)"
        """
    }
    return """
      "type":"AssumedRole","principalId":"AROA\(person):i-0\(person)",\
      "arn":"arn:aws:sts::\(account):assumed-role/app-\(person)/i-0\(person)","accountId":"\(account)","accessKeyId":"\(key)",\
      "sessionContext":{"sessionIssuer":{"type":"Role","principalId":"AROA\(person)",\
      "arn":"arn:aws:iam::\(account):role/app-\(person)","accountId":"\(account)","userName":"app-\(person)"},\
      "webIdFederationData":{},"attributes":{"creationDate":"\(time)","mfaAuthenticated":"false"},"ec2RoleDelivery":"2.0"}
      """
  }

  /// Appends with `$X` replaced by the value of X.
  private mutating func append(_ template: String, _ values: [UInt8: String]) {
    var isName = false
    for byte in template.utf8 {
      if isName, let value = values[byte] {
        text += Array(value.utf8)
      } else if byte != UInt8(ascii: "$") {
        text.append(byte)
      }
      isName = byte == UInt8(ascii: "$")
    }
  }
}
