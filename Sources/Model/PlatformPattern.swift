/// A pattern of actions or resources, read by the rules of the platform that it was written for.
package struct PlatformPattern: Sendable {
  /// Whose rules, for which part of a permission.
  package enum Rule: String, Sendable, CaseIterable {
    /// `service:Operation` with `*` and `?` anywhere, in either case (IAM User Guide, "Action").
    case awsAction
    /// An ARN with `*` and `?`, in its own case; they go on across `/` and `:` (IAM User Guide, "Resource").
    case awsResource
    /// `Company.Provider/type/…/verb` with `*` for any run of characters, `/` among them, in either case (Azure RBAC, "Understand
    /// Azure role definitions"). Data actions have the same form; whoever asks compares each kind with its own list.
    case azureAction
    /// A verb, or `*` alone for all (Kubernetes, "Using RBAC Authorization").
    case kubernetesVerb
    /// An API group, empty for the core one, or `*` alone for all.
    case kubernetesGroup
    /// `pods`, `pods/log`, `*/scale` for one subresource of everything, or `*` for everything. `pods` does not hold `pods/log`,
    /// and `pods/*` holds nothing.
    case kubernetesResource
    /// A path; a `*` at its end takes whatever follows.
    case kubernetesURL
    /// A permission of an allow policy: roles list them one by one, so nothing is a wildcard.
    case gcpPermission
    /// A permission of a deny policy, `service/resource.verb`, with `*` for the whole resource, the verb or both (IAM,
    /// "Permissions supported in deny policies": permission groups).
    case gcpDenied
  }

  private enum Form: Sendable {
    case pattern(AccessPattern)
    case exact
    case everything
    case prefix(String)
    case subresource(String)
    case denied(service: Substring, resource: Substring, verb: Substring)
    case nothing
  }

  /// As written.
  package let text: String
  private let form: Form

  /// Any text is a pattern; what the platform would refuse matches at most itself.
  package init(_ text: String, _ rule: Rule) {
    self.text = text
    switch rule {
    case .awsAction: form = .pattern(AccessPattern(action: text))
    case .awsResource: form = .pattern(AccessPattern(resource: text))
    // A question mark stands for nothing there, and no action has one.
    case .azureAction: form = text.utf8.contains(UInt8(ascii: "?")) ? .nothing : .pattern(AccessPattern(action: text))
    case .kubernetesVerb, .kubernetesGroup: form = text == "*" ? .everything : .exact
    case .kubernetesResource:
      let isSubresource = text.hasPrefix("*/") && text.utf8.count > 2
      form = text == "*" ? .everything : isSubresource ? .subresource(String(text.dropFirst())) : .exact
    case .kubernetesURL:
      let ending = text.reversed().prefix { $0 == "*" }.count
      form = ending == 0 ? .exact : .prefix(String(text.dropLast(ending)))
    case .gcpPermission: form = .exact
    case .gcpDenied: form = PlatformPattern.parts(text).map { .denied(service: $0, resource: $1, verb: $2) } ?? .exact
    }
  }

  /// Whether the platform takes the text for one of the pattern's; unknown where a variable of an AWS policy decides.
  package func matches(_ other: String) -> Answer {
    switch form {
    case .pattern(let pattern): return pattern.matches(other)
    case .exact: return Answer(other == text)
    case .everything: return .yes
    case .prefix(let prefix): return Answer(other.hasPrefix(prefix))
    case .subresource(let ending):
      // `*/scale` is one level: the text is `resource/scale`.
      return Answer(other.hasSuffix(ending) && other.utf8.filter { $0 == UInt8(ascii: "/") }.count == 1)
    case .denied(let service, let resource, let verb):
      guard let (theirs, kind, action) = PlatformPattern.parts(other) else { return Answer(other == text) }
      return Answer(theirs == service && (resource == "*" || resource == kind) && (verb == "*" || verb == action))
    case .nothing: return .no
    }
  }

  /// `service/resource.verb`; the resource may have dots of its own.
  private static func parts(_ text: String) -> (Substring, Substring, Substring)? {
    guard let slash = text.firstIndex(of: "/") else { return nil }
    let rest = text[text.index(after: slash)...]
    guard let dot = rest.lastIndex(of: ".") else { return nil }
    return (text[..<slash], rest[..<dot], rest[rest.index(after: dot)...])
  }
}
