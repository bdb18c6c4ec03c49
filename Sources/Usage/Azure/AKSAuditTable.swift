extension LogFormat {
  /// Kubernetes audit events in AKS's own tables: a column for each part of an event.
  static let aksAuditTable = LogFormat("aks-audit-table", json: AKSAuditTable.self)
}

/// Azure Monitor reference, "AKSAudit" and "AKSAuditAdmin"; parts of an event stand as objects or as text.
struct AKSAuditTable: JSONMapping {
  /// What `KubernetesAudit.Field` has, in its order, where the tables have it. Alternatives of nothing are no place.
  enum Field: String, JSONField {
    case kind = "|"
    case apiVersion = "||"
    case stage = "Stage"
    case verb = "Verb"
    case requestURI = "RequestUri"
    case userAgent = "UserAgent"
    case auditID = "AuditId"
    case received = "RequestReceivedTime|TimeGenerated"
    case user = "User/username|User/@json/username"
    case impersonated = "ImpersonatedUser/username|ImpersonatedUser/@json/username"
    case credential =
      "User/extra/authentication.kubernetes.io~1credential-id/*|User/@json/extra/authentication.kubernetes.io~1credential-id/*"
    case pod =
      "User/extra/authentication.kubernetes.io~1pod-uid/*|User/@json/extra/authentication.kubernetes.io~1pod-uid/*"
    case accessKey = "|||"
    case arn = "||||"
    case role = "|||||"
    case address = "SourceIps/*|SourceIps/@json/*"
    case namespace = "ObjectRef/namespace|ObjectRef/@json/namespace"
    case name = "ObjectRef/name|ObjectRef/@json/name"
    case group = "ObjectRef/apiGroup|ObjectRef/@json/apiGroup"
    case resource = "ObjectRef/resource|ObjectRef/@json/resource"
    case subresource = "ObjectRef/subresource|ObjectRef/@json/subresource"
    case code = "ResponseStatus/code|ResponseStatus/@json/code"
    case decision = "Annotations/authorization.k8s.io~1decision|Annotations/@json/authorization.k8s.io~1decision"
    case issued =
      "Annotations/authentication.kubernetes.io~1issued-credential-id|Annotations/@json/authentication.kubernetes.io~1issued-credential-id"
    case resourceID = "_ResourceId"
    case category = "Type"
    case logGroup = "||||||"
    case logEventID = "|||||||"
    case messageType = "||||||||"

    var need: JSONNeed {
      switch self {
      case .user, .impersonated, .verb: .text
      case .name, .requestURI, .userAgent: .caller
      default: .scalar
      }
    }
  }

  static let lists = azureLists
  private var inner = KubernetesAudit()

  init() {
    let (own, known) = (Field.allCases.map { "\($0)" }, KubernetesAudit.Field.allCases.map { "\($0)" })
    precondition(own == known, "the same fields in the same order")
  }

  mutating func normalise(_ record: JSONRecord<Field>, into event: inout LogEvent, _ kit: inout EventKit) -> Fate {
    guard record[.category].hasPrefix("AKSAudit") else { return .foreign }
    return inner.normalise(record.named(KubernetesAudit.Field.self), into: &event, &kit)
  }
}
