/// An Amazon Resource Name: `arn:partition:service:region:account:resource`.
struct ARN: Hashable, Sendable {
  let text: String
  let partition: String
  let service: String
  let account: String
  /// What follows the fifth colon: `role/path/name`.
  let resource: String

  /// `nil` for what has not the six parts.
  init?(_ text: String) {
    let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
    guard parts.count == 6, parts[0] == "arn", parts[1].hasPrefix("aws"), !parts[2].isEmpty, !parts[5].isEmpty
    else { return nil }
    self.text = text
    partition = String(parts[1])
    service = String(parts[2])
    account = String(parts[4])
    resource = String(parts[5])
  }

  /// Whether it names a user, role, group or the root of an account.
  var isIAMIdentity: Bool {
    service == "iam" && !account.isEmpty && account.allSatisfy(\.isNumber) && account != "aws"
  }
}
