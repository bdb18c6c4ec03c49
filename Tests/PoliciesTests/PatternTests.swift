import Expressions
import Policies
import Testing

/// Actions and resources against the platforms' patterns; the cases are those of the vendors' documentation, worked by hand.
struct PatternTests {
  private func test(_ text: String, _ bindings: [(String, Value)] = []) throws -> Value {
    let environment = PolicyVocabulary.environment(bindings.map { .init($0.0, .dyn) })
    let evaluation = Evaluation(environment)
    for (slot, binding) in bindings.enumerated() { evaluation[slot] = binding.1 }
    return try environment.compile(text).evaluate(evaluation)
  }

  /// Asks with the pattern as a constant, as a variable, and in a list.
  private func expect(_ function: String, _ text: String, _ pattern: String, _ expected: Bool) throws {
    let values = [("text", Value.string(text)), ("pattern", .string(pattern))]
    for call in ["text, '\(pattern)'", "text, pattern", "text, ['no such', '\(pattern)']", "text, [pattern]"] {
      let value = try test("\(function)(\(call))", values)
      #expect(value.literalText == "\(expected)", "\(function) \(text) \(pattern)")
    }
  }

  /// IAM User Guide, "IAM JSON policy elements: Action".
  @Test(arguments: [
    ("s3:GetObject", "s3:GetObject", true), ("s3:GetObject", "*", true), ("s3:GetObject", "s3:*", true),
    ("iam:CreateAccessKey", "iam:*AccessKey*", true), ("iam:ListAccessKeys", "iam:*AccessKey*", true),
    ("iam:GetUser", "iam:*AccessKey*", false), ("S3:getobject", "s3:GetObject", true),
    ("sqs:SendMessage", "SQS:send*", true), ("s3:GetObject", "s3:Get?bject", true),
    ("s3:Getbject", "s3:Get?bject", false),
    ("s3-outposts:GetObject", "s3:*", false), ("s3:GetObjectAcl", "s3:GetObject", false),
  ])
  func matchesAWSActions(action: String, pattern: String, expected: Bool) throws {
    try expect("aws.matchesAction", action, pattern, expected)
  }

  /// IAM User Guide, "IAM JSON policy elements: Resource", "Using wildcards in resource ARNs".
  @Test(
    arguments: [
      "1/test/object.jpg", "1/2/test/object.jpg", "1/2/test/3/object.jpg", "1/2/3/test/4/object.jpg",
      "1///test///object.jpg", "1/test/.jpg", "/test/object.jpg", "1/test/",
    ].map { ($0, true) } + ["1-test/object.jpg", "test/object.jpg", "1/2/test.jpg"].map { ($0, false) })
  func matchesResourcesAcrossSlashes(key: String, expected: Bool) throws {
    let bucket = "arn:aws:s3:::amzn-s3-demo-bucket"
    try expect("aws.matchesResource", "\(bucket)/\(key)", "\(bucket)/*/test/*", expected)
  }

  @Test(arguments: [
    ("arn:aws:iam::123456789012:user/accounting/ann", "arn:aws:iam::123456789012:user/accounting/*", true),
    ("arn:aws:iam::123456789012:user/Ann", "arn:aws:iam::123456789012:user/ann", false),
    // A `*` at the end of a part goes on beyond the colon.
    ("arn:aws:sns:us-east-1:123456789012:topic", "arn:aws:sns:*", true),
    ("arn:aws:sns:us-east-1:123456789012:topic", "arn:aws:sns:*:topic", true),
    ("arn:aws:iam::123456789012:role/a1", "arn:aws:iam::123456789012:role/a?", true),
    ("arn:aws:iam::123456789012:role/a", "arn:aws:iam::123456789012:role/a?", false),
    ("arn:aws:s3:::bucket", "arn:aws:s3:::bucket/*", false), ("arn:aws:s3:::a*b", "arn:aws:s3:::a${*}b", true),
    ("arn:aws:s3:::axb", "arn:aws:s3:::a${*}b", false),
  ])
  func matchesAWSResources(resource: String, pattern: String, expected: Bool) throws {
    try expect("aws.matchesResource", resource, pattern, expected)
  }

  @Test func leavesVariablesUnknown() throws {
    let call = "aws.matchesResource('arn:aws:s3:::home/ann', %)"
    let mine = "'arn:aws:s3:::home/${aws:username}'"
    let unknown = try test(call.replacing("%", with: mine))
    #expect(unknown.displayText == "(unknown: a variable decides what `arn:aws:s3:::home/${aws:username}` matches)")
    #expect(try test(call.replacing("%", with: "[\(mine), 'arn:aws:s3:::home/*']")).literalText == "true")
    #expect(try test(call.replacing("%", with: "[\(mine), 'arn:aws:s3:::other/*']")).isFailure)
    #expect(try test("aws.matchesResource('arn:aws:s3:::other', \(mine))").literalText == "false")
    #expect(try test(call.replacing("%", with: mine) + " || true").literalText == "true")
  }

  /// Azure RBAC, "Understand Azure role definitions", and built-in roles.
  @Test(arguments: [
    ("Microsoft.Compute/virtualMachines/read", "*/read", true),
    ("Microsoft.Compute/virtualMachines/write", "*/read", false),
    ("Microsoft.Compute/virtualMachines/start/action", "Microsoft.Compute/*", true),
    ("Microsoft.Network/virtualNetworks/read", "Microsoft.Network/*/read", true),
    ("Microsoft.Network/virtualNetworks/subnets/read", "Microsoft.Network/*/read", true),
    ("Microsoft.Network/virtualNetworks/subnets/join/action", "Microsoft.Network/*/read", false),
    ("Microsoft.Compute/virtualMachines/start/action", "Microsoft.Compute/virtualMachines/*", true),
    ("Microsoft.Compute/virtualMachineScaleSets/read", "Microsoft.Compute/virtualMachines/*", false),
    ("microsoft.compute/VIRTUALMACHINES/Read", "Microsoft.Compute/virtualMachines/read", true),
    ("Microsoft.Authorization/roleAssignments/write", "Microsoft.Authorization/*/Write", true),
    ("Microsoft.Storage/storageAccounts/read", "*", true),
    ("Microsoft.Storage/x/read", "Microsoft.Storage/?/read", false),
  ])
  func matchesAzureActions(action: String, pattern: String, expected: Bool) throws {
    try expect("azure.matchesAction", action, pattern, expected)
  }

  /// Kubernetes, "Using RBAC Authorization".
  @Test(arguments: [
    ("k8s.matchesVerb", "get", "get", true), ("k8s.matchesVerb", "get", "*", true),
    ("k8s.matchesVerb", "get", "g*", false),
    ("k8s.matchesVerb", "Get", "get", false), ("k8s.matchesGroup", "", "", true),
    ("k8s.matchesGroup", "apps", "", false),
    ("k8s.matchesGroup", "apps", "*", true), ("k8s.matchesGroup", "apps", "apps", true),
    ("k8s.matchesResource", "pods", "pods", true), ("k8s.matchesResource", "pods/log", "pods", false),
    ("k8s.matchesResource", "pods/log", "pods/log", true), ("k8s.matchesResource", "pods", "pods/log", false),
    ("k8s.matchesResource", "pods/log", "*", true), ("k8s.matchesResource", "pods/log", "pods/*", false),
    ("k8s.matchesResource", "deployments/scale", "*/scale", true),
    ("k8s.matchesResource", "deployments", "*/scale", false),
    ("k8s.matchesResource", "deployments/status", "*/scale", false), ("k8s.matchesResource", "scale", "*/scale", false),
    ("k8s.matchesURL", "/healthz", "/healthz", true), ("k8s.matchesURL", "/healthz/ready", "/healthz", false),
    ("k8s.matchesURL", "/healthz/ready", "/healthz/*", true), ("k8s.matchesURL", "/healthz", "/healthz/*", false),
    ("k8s.matchesURL", "/healthzz", "/healthz*", true), ("k8s.matchesURL", "/apis", "*", true),
    ("k8s.matchesURL", "/a/b/c", "/a/*/c", false),
  ])
  func matchesKubernetesRules(function: String, text: String, pattern: String, expected: Bool) throws {
    try expect(function, text, pattern, expected)
  }

  /// Google Cloud, "Create and manage custom roles" and "Permissions supported in deny policies".
  @Test(arguments: [
    ("gcp.matchesPermission", "iam.roles.create", "iam.roles.create", true),
    ("gcp.matchesPermission", "iam.roles.create", "iam.roles.*", false),
    ("gcp.matchesPermission", "iam.roles.create", "*", false),
    ("gcp.matchesPermission", "iam.roles.Create", "iam.roles.create", false),
    ("gcp.matchesDenied", "iam.googleapis.com/roles.delete", "iam.googleapis.com/roles.delete", true),
    ("gcp.matchesDenied", "iam.googleapis.com/roles.delete", "iam.googleapis.com/roles.*", true),
    ("gcp.matchesDenied", "iam.googleapis.com/roles.delete", "iam.googleapis.com/*.delete", true),
    ("gcp.matchesDenied", "iam.googleapis.com/roles.delete", "iam.googleapis.com/*.*", true),
    ("gcp.matchesDenied", "iam.googleapis.com/roles.delete", "iam.googleapis.com/serviceAccounts.*", false),
    ("gcp.matchesDenied", "iam.googleapis.com/roles.delete", "storage.googleapis.com/*.*", false),
    ("gcp.matchesDenied", "iam.googleapis.com/roles.delete", "iam.googleapis.com/*.get", false),
    ("gcp.matchesDenied", "iam.googleapis.com/roles.delete", "iam.googleapis.com/*", false),
    ("gcp.matchesDenied", "iam.googleapis.com/roles.delete", "iam.googleapis.com/rol*.delete", false),
  ])
  func matchesGCPPermissions(function: String, text: String, pattern: String, expected: Bool) throws {
    try expect(function, text, pattern, expected)
  }

  @Test(arguments: [
    ("aws.matchesAktion('a', 'b')", "did you mean `matchesAction`"), ("aws.matchesAction('a', 1)", "does not take"),
    ("aws.matchesAction('a', [1])", "does not take"), ("aws.matchesAction(['a'], 'b')", "does not take"),
  ])
  func isCheckedWhenLoaded(text: String, message: String) {
    let error = #expect(throws: ExpressionError.self) { try PolicyVocabulary.environment([]).compile(text) }
    #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
  }

  @Test func failsOnWhatOnlyRunningShows() throws {
    let value = try test("aws.matchesAction(x, y)", [("x", .string("a")), ("y", .list([.int(1)]))])
    #expect(value.displayText == "(error: no such overload: aws.matchesAction(string, list))")
    let failed = try test("aws.matchesAction(dyn(x), 's3:*')", [("x", .int(1))])
    #expect(failed.displayText == "(error: no such overload: aws.matchesAction(int, string))")
    #expect(
      try test("aws.matchesAction(x.y, 's3:*')", [("x", .unknown("no export"))]).displayText == "(unknown: no export)")
  }

  @Test func costsWhatMatchingCosts() throws {
    let environment = PolicyVocabulary.environment([.init("x", .string), .init("y", .string)])
    let evaluation = Evaluation(environment)
    evaluation.costLimit = 10_000
    evaluation[0] = .string(String(repeating: "a", count: 20_000))
    evaluation[1] = .string(String(repeating: "*a", count: 10_000) + "b")
    let value = try environment.compile("aws.matchesAction(x, y)").evaluate(evaluation)
    #expect(value.displayText.contains("the cost limit of 10000"))
  }
}
