import Base
import Documents
import Model

/// One statement of an IAM policy document (IAM User Guide, "Grammar of the IAM JSON policy language").
struct PolicyStatement {
  var effect: GrantFact.Effect
  var actions: [String] = []
  var notActions: [String] = []
  var resources: [String] = []
  var notResources: [String] = []
  var principals: [String] = []
  var notPrincipals: [String] = []
  var condition: String?

  func grant(via: String) -> GrantFact {
    var grant = GrantFact(effect: effect, actions: actions, resources: resources, via: via)
    (grant.notActions, grant.notResources, grant.condition) = (notActions, notResources, condition)
    return grant
  }
}

/// What could be read of a policy document.
struct PolicyReading {
  var statements: [PolicyStatement]
  /// Whether no part of a statement had to be left out.
  var isWhole: Bool

  func grants(via: String) -> [GrantFact] { statements.map { $0.grant(via: via) } }
}

extension InventoryReading {
  /// The statements of a policy document, written as an object, as JSON in a string, or URL-encoded; `nil`, said why, where it is
  /// none of these.
  mutating func readPolicy(_ node: Node) -> PolicyReading? {
    guard let document = openPolicy(node) else { return nil }
    if let version = document["Version"], version.text != "2012-10-17", version.text != "2008-10-17" {
      diagnose(
        .unreadable, .node(node), "unknown policy version `\(version.text ?? "\(version.kind)")`",
        hint: "its statements are read as those of 2012-10-17")
    }
    guard let list = document["Statement"] else {
      diagnose(.unreadable, .node(node), "the policy document has no `Statement`")
      return nil
    }
    let problems = diagnostics.count
    // Places inside of a text mean nothing to the reader.
    let statements = AWSFields.list(list).compactMap { readStatement($0, shownAt: node.kind == .mapping ? $0 : node) }
    return PolicyReading(statements: statements, isWhole: diagnostics.count == problems)
  }

  private mutating func openPolicy(_ node: Node) -> Node? {
    if node.kind == .mapping { return node }
    guard node.kind == .string, let text = node.text else {
      diagnose(.unreadable, .node(node), "expected a policy document, found a \(node.kind)")
      return nil
    }
    var bytes = Array(text.utf8)
    do throws(EncodingProblem) {
      if text.first(where: { !$0.isWhitespace }) != "{" { bytes = try percentDecoded(text) }
    } catch {
      diagnose(.unreadable, .node(node), "\(error.message) at character \(error.offset + 1) of the policy document")
      return nil
    }
    // The places inside of the text mean nothing to the reader: problems point to the text.
    let (document, problems) = Document.json(bytes, path: "")
    for problem in problems {
      diagnose(problem.kind, .node(node), "in the policy document: \(problem.message)", hint: problem.hint)
    }
    guard let root = document?.root else { return nil }
    if root.kind == .mapping { return root }
    diagnose(.unreadable, .node(node), "expected a policy document, found a \(root.kind)")
    return nil
  }

  private mutating func readStatement(_ node: Node, shownAt place: Node) -> PolicyStatement? {
    let effect = node["Effect"]?.text
    guard node.kind == .mapping, effect == "Allow" || effect == "Deny" else {
      diagnose(
        .unreadable, .node(place),
        "expected a statement with `Effect` Allow or Deny, found \(effect.map { "`\($0)`" } ?? "\(node.kind)")")
      return nil
    }
    var statement = PolicyStatement(effect: effect == "Deny" ? .deny : .allow)
    statement.actions = texts(node["Action"], place)
    statement.notActions = texts(node["NotAction"], place)
    statement.resources = texts(node["Resource"], place)
    statement.notResources = texts(node["NotResource"], place)
    statement.principals = principals(node["Principal"], place)
    statement.notPrincipals = principals(node["NotPrincipal"], place)
    if let condition = node["Condition"], condition.count > 0 { statement.condition = condition.canonicalJSON() }
    if statement.actions.isEmpty && statement.notActions.isEmpty {
      diagnose(.unreadable, .node(place), "the statement has neither `Action` nor `NotAction`")
      return nil
    }
    return statement
  }

  /// A text or a list of texts, sorted: their order means nothing.
  private mutating func texts(_ node: Node?, _ place: Node) -> [String] {
    var found: [String] = []
    for element in AWSFields.list(node) {
      if element.kind == .string, let text = element.text {
        found.append(text)
      } else {
        diagnose(
          .unreadable, .node(place), "expected a text or a list of texts in the statement, found a \(element.kind)")
      }
    }
    return found.count < 2 ? found : Set(found).sorted()
  }

  /// `*`, or `AWS:…`, `Service:…`, `Federated:…`, `CanonicalUser:…` each.
  private mutating func principals(_ node: Node?, _ place: Node) -> [String] {
    guard let node, node.kind == .mapping else { return texts(node, place) }
    var found: [String] = []
    for member in node.members {
      let type = member.key.text ?? ""
      found += texts(member.value, place).map { type == "AWS" && $0 == "*" ? "*" : "\(type):\($0)" }
    }
    return Set(found).sorted()
  }
}
