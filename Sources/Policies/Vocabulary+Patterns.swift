import Expressions
import Model

/// Actions and resources against patterns, each platform by its own rules: `aws.matchesAction('s3:GetObject', grant.actions)`.
extension PolicyVocabulary {
  static let patternFunctions: [Function] = [
    function(
      "aws.matchesAction", .awsAction,
      "Whether the action is one of the IAM pattern's or patterns': `*` and `?`, in either case"),
    function(
      "aws.matchesResource", .awsResource,
      "Whether the ARN is one of the IAM pattern's or patterns': `*` and `?`; unknown where a `${variable}` decides"),
    function(
      "azure.matchesAction", .azureAction,
      "Whether the action is one of the Azure role's pattern or patterns: `*` also across `/`, in either case"),
    function(
      "k8s.matchesVerb", .kubernetesVerb, "Whether the verb is the RBAC rule's or one of its verbs; `*` alone is all"),
    function(
      "k8s.matchesGroup", .kubernetesGroup,
      "Whether the API group is the RBAC rule's or one of its groups; empty is the core group, `*` alone is all"),
    function(
      "k8s.matchesResource", .kubernetesResource,
      "Whether the resource, as `pods` or `pods/log`, is the RBAC rule's or one of its resources; `*`, `*/scale`"),
    function(
      "k8s.matchesURL", .kubernetesURL,
      "Whether the path is the RBAC rule's nonResourceURL or one of them; a `*` at the end takes the rest"),
    function(
      "gcp.matchesPermission", .gcpPermission,
      "Whether the permission is the role's or one of the role's: roles have no wildcards"),
    function(
      "gcp.matchesDenied", .gcpDenied,
      "Whether the permission, as `iam.googleapis.com/roles.delete`, is one of the deny rule's: `roles.*`, `*.delete`, `*.*`"
    ),
  ]

  private static func function(_ name: String, _ rule: PlatformPattern.Rule, _ summary: String) -> Function {
    Function(
      name, summary,
      [Function.Overload([.string, .string], .bool), Function.Overload([.string, .list(.string)], .bool)],
      .pattern { patterns in
        guard let patterns = patterns.texts?.map({ PlatformPattern($0, rule) }) else { return nil }
        return { value in
          guard case .string(let text) = value else { return nil }
          return answer(text, patterns)
        }
      })
  }

  private static func answer(_ text: String, _ patterns: [PlatformPattern]) -> Value {
    var undecided: [String] = []
    for pattern in patterns {
      switch pattern.matches(text) {
      case .yes: return .bool(true)
      case .unknown: undecided.append("a variable decides what `\(pattern.text)` matches")
      case .no: continue
      }
    }
    return undecided.isEmpty ? .bool(false) : .unknown(Unknown(undecided))
  }
}

extension Value {
  /// The text, or the texts of the list.
  fileprivate var texts: [String]? {
    switch self {
    case .string(let text): return [text]
    case .list(let elements):
      let texts = elements.compactMap { element in
        if case .string(let text) = element { return text }
        return nil
      }
      return texts.count == elements.count ? texts : nil
    default: return nil
    }
  }
}
