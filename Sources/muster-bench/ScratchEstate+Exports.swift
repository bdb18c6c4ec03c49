extension ScratchEstate {
  /// What `aws iam get-account-authorization-details` would print of an account.
  func export(of account: Int) -> [UInt8] {
    let numbers = (0..<declarations).filter { account * declarations + $0 < identities }
    let roles = numbers.map { role($0, in: account) }.joined(separator: ",\n")
    return Array(
      "{\"UserDetailList\": [], \"GroupDetailList\": [], \"RoleDetailList\": [\n\(roles)\n], \"Policies\": []}\n".utf8)
  }

  private func role(_ number: Int, in account: Int) -> String {
    let name = name(number)
    // One in forty may do more than it declares; one in fifty has not been used for long.
    let actions = number % 40 == 7 ? "\"s3:*\"" : "\"s3:GetObject\", \"s3:PutObject\""
    let used = number % 50 == 9 ? "2026-02-01" : "2026-11-19"
    return """
      {"Path": "/", "RoleName": "\(name)", "RoleId": "\(id("AROA", number, account))",
       "Arn": "arn:aws:iam::\(self.account(account)):role/\(name)", "CreateDate": "2025-03-03T08:00:00+00:00",
       "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
         "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}]},
       "InstanceProfileList": [], "AttachedManagedPolicies": [],
       "RolePolicyList": [{"PolicyName": "orders", "PolicyDocument": {"Version": "2012-10-17", "Statement": [
         {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "\(bucket(number))"},
         {"Effect": "Allow", "Action": [\(actions)], "Resource": "\(bucket(number))/*"}]}}],
       "Tags": [{"Key": "team", "Value": "team-\(number % 50)"}],
       "RoleLastUsed": {"LastUsedDate": "\(used)T05:30:13+00:00", "Region": "eu-west-1"}}
      """
  }

  private func id(_ prefix: String, _ number: Int, _ account: Int) -> String {
    let digits = String(account * declarations + number)
    return "\(prefix)\(String(repeating: "Z", count: 9 - digits.count))\(digits)EXAMPLE"
  }

  /// A day between 10 August and 19 November: logs of 90 days can say what is not used.
  private static func day(_ number: Int) -> String {
    var (day, month) = (10 + number, 8)
    for length in [31, 30, 31] {
      if day <= length { break }
      (day, month) = (day - length, month + 1)
    }
    return "2026-\(month < 10 ? "0" : "")\(month)-\(day < 10 ? "0" : "")\(day)"
  }

  /// A record of CloudTrail: a role reads or writes an object.
  func event(_ number: Int) -> String {
    let identity = number % identities
    let (account, declaration) = (identity / declarations, identity % declarations)
    let (account12, name) = (self.account(account), name(declaration))
    let role = id("AROA", declaration, account)
    let action = ["PutObject", "GetObject", "ListObjects"][number / identities % 3]
    let day = ScratchEstate.day(number % 102)
    let time = "\(day)T\(10 + number / 10 % 14):\(10 + number / 140 % 50):\(10 + number % 50)Z"
    let object =
      action == "ListObjects"
      ? "" : "{\"type\":\"AWS::S3::Object\",\"ARN\":\"\(bucket(declaration))/orders/\(number).csv\"},"
    let unique = String(number)
    let tail = String(repeating: "0", count: 12 - unique.count) + unique
    return """
      {"eventVersion":"1.11","userIdentity":{"type":"AssumedRole","principalId":"\(role):task","arn":"arn:aws:sts::\(account12):assumed-role/\(name)/task","accountId":"\(account12)","accessKeyId":"\(id("ASIA", declaration, account))","sessionContext":{"sessionIssuer":{"type":"Role","principalId":"\(role)","arn":"arn:aws:iam::\(account12):role/\(name)","accountId":"\(account12)","userName":"\(name)"},"attributes":{"creationDate":"\(day)T09:00:00Z","mfaAuthenticated":"false"}}},"eventTime":"\(time)","eventSource":"s3.amazonaws.com","eventName":"\(action)","awsRegion":"eu-west-1","sourceIPAddress":"203.0.113.\(1 + declaration % 250)","userAgent":"Boto3/1.35.36 md/Botocore#1.35.36 ua/2.0 os/linux#6.1.109 lang/python#3.12.6","requestParameters":{"bucketName":"acme-\(name)","Host":"s3.eu-west-1.amazonaws.com","key":"orders/\(number).csv"},"responseElements":null,"additionalEventData":{"SignatureVersion":"SigV4","bytesTransferredIn":3145728.0},"requestID":"XAG7\(tail)","eventID":"1931a891-0e4d-4d24-a0f1-\(tail)","readOnly":\(action != "PutObject"),"resources":[\(object){"accountId":"\(account12)","type":"AWS::S3::Bucket","ARN":"\(bucket(declaration))"}],"eventType":"AwsApiCall","managementEvent":false,"recipientAccountId":"\(account12)","eventCategory":"Data"}
      """
  }
}
