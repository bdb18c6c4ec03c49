/// Amazon Resource Names: `arn:partition:service:region:account-id:resource` (IAM User Guide, "Identify AWS resources with
/// Amazon Resource Names").
enum ARNLibrary {
  static let functions: [Function] = [
    Function(
      "arn", "An Amazon Resource Name from text", [Overload([.string], .arn), Overload([.arn], .arn)],
      .unary {
        if $0.arn != nil { return $0 }
        guard case .string(let text) = $0 else { return nil }
        return ResourceName(text).map { .opaque($0) }
          ?? .failure("\(text.quoted) is not an ARN such as arn:aws:iam::111122223333:role/name")
      }),
    Function(
      "isARN", "Whether the text is an Amazon Resource Name", [Overload([.string], .bool)],
      .unary {
        guard case .string(let text) = $0 else { return nil }
        return .bool(ResourceName(text) != nil)
      }),
    part("partition", "aws, aws-cn, aws-us-gov, …") { $0.fields[1] },
    part("service", "The service: iam, s3, …") { $0.fields[2] },
    part("region", "The region; empty for a global service") { $0.fields[3] },
    part("account", "The account; empty where the service leaves it out") { $0.fields[4] },
    part("resource", "All that follows the account") { $0.resource },
    part("resourceType", "What stands before the first `/` or `:` of the resource; empty where it has no type") {
      $0.typeAndID.type
    },
    part("resourceId", "The resource without its type") { $0.typeAndID.id },
  ]

  private static func part(_ name: String, _ summary: String, _ body: @escaping @Sendable (ResourceName) -> Substring)
    -> Function
  {
    Function(
      name, summary, [Overload(member: true, [.arn], .string)],
      .unary { $0.arn.map { .string(String(body($0))) } })
  }
}

extension CELType {
  /// An Amazon Resource Name.
  package static let arn = CELType.opaque("aws.ARN", [])
}

final class ResourceName: OpaqueValue {
  let text: String
  /// The six parts; the last holds all further colons.
  let fields: [Substring]
  var typeName: String { "aws.ARN" }

  /// `nil` where the text is no ARN. Wildcards may stand in it, since policies name resources by patterns.
  init?(_ text: String) {
    guard text.utf8.count <= 2048, text.utf8.starts(with: "arn:".utf8) else { return nil }
    fields = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
    guard fields.count == 6, !fields[1].isEmpty, !fields[2].isEmpty, !fields[5].isEmpty,
      fields[1...4].allSatisfy({ $0.utf8.allSatisfy(ResourceName.isWord) }),
      fields[5].utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F })
    else { return nil }
    self.text = text
  }

  private static func isWord(_ byte: UInt8) -> Bool { byte.isNameStart || byte.isDigit || "-.*?".utf8.contains(byte) }

  var resource: Substring { fields[5] }

  /// By form: `type/id`, `type:id` or `id`. S3 leaves account and region out and names `bucket/key`, which has no type; API
  /// Gateway begins with a slash.
  var typeAndID: (type: Substring, id: Substring) {
    if fields[2] == "s3", fields[3].isEmpty, fields[4].isEmpty { return ("", resource) }
    let rest = resource.first == "/" ? resource.dropFirst() : resource
    guard let mark = rest.utf8.firstIndex(where: { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: ":") }) else {
      return ("", rest)
    }
    return (rest[..<mark], rest[rest.utf8.index(after: mark)...])
  }

  func isEqual(to other: any OpaqueValue) -> Bool {
    (other as? ResourceName)?.text.isSameScalars(as: text) ?? false
  }
}

extension Value {
  fileprivate var arn: ResourceName? {
    if case .opaque(let value) = self { return value as? ResourceName }
    return nil
  }
}
