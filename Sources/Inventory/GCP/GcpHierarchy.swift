/// The tree of organisations, folders, projects and buckets, as far as the exports show it.
struct GcpHierarchy {
  /// Names in use, by names that mean the same: `projects/123456` for `projects/acme`.
  private var aliases: [String: String] = [:]
  /// The other way round: some services' logs name projects by number (Secret Manager, Vertex AI).
  private var numbers: [String: String] = [:]
  private var parents: [String: String] = [:]
  private(set) var organisations: Set<String> = []
  /// Projects by what they lie in, however deep; made when it is first asked for.
  private var projectsBelow: [String: [String]] = [:]
  private var bucketsOf: [String: [String]] = [:]
  private var patterns: [String: [String]] = [:]

  /// A project with more is told by a variable: the facts would be longer than their use.
  private static let mostProjects = 1000

  mutating func note(project id: String, number: String) {
    if id == number { return }
    aliases["projects/\(number)"] = "projects/\(id)"
    numbers["projects/\(id)"] = "projects/\(number)"
  }

  /// The id of the project of that number; `nil` where no export told it before.
  func project(numbered number: String) -> String? { aliases["projects/\(number)"]?.after("projects/") }

  /// Nearest first: a resource, its project, folders, the organisation.
  mutating func note(chain: [String]) {
    for (child, parent) in zip(chain, chain.dropFirst()) where child != parent { parents[child] = parent }
    // Roles of an organisation's own lie below its name.
    if let last = chain.last, last.after("organizations/")?.contains("/") == false { organisations.insert(last) }
  }

  /// Once everything is noted: one name for each project.
  mutating func finish() {
    var named: [String: String] = [:]
    for (child, parent) in parents.sorted(by: { $0.key < $1.key }) { named[canonical(child)] = canonical(parent) }
    parents = named
    for child in parents.keys.sorted() {
      let above = ancestors(of: child).dropFirst()
      if child.hasPrefix("projects/_/buckets/") {
        if let project = above.first { bucketsOf[project, default: []].append(child) }
      } else if child == GcpName.project(of: child) {
        for node in above { projectsBelow[node, default: []].append(child) }
      }
    }
  }

  func canonical(_ node: String) -> String {
    guard let project = GcpName.project(of: node), let name = aliases[project] else { return node }
    return name + node.dropFirst(project.count)
  }

  /// The node and all that it lies in, nearest first.
  func ancestors(of node: String) -> [String] {
    var found = [node]
    var next = parents[node] ?? (GcpName.project(of: node) == node ? nil : GcpName.project(of: node))
    // Hostile exports may say that a folder lies in itself.
    while let node = next, !found.contains(node), found.count < 64 {
      found.append(node)
      next = parents[node]
    }
    return found
  }

  /// Patterns of all that lies in the node, itself included. An organisation is everything, where it is the only one; what cannot be
  /// listed is a variable, so that the answer to a question about it is unknown.
  mutating func patterns(of node: String, hasStorage: Bool) -> [String] {
    let name = hasStorage ? node : "\(node) without storage"
    if let known = patterns[name] { return known }
    let found = listed(node, hasStorage: hasStorage)
    patterns[name] = found
    return found
  }

  private func listed(_ node: String, hasStorage: Bool) -> [String] {
    if node.hasPrefix("organizations/"), organisations.count <= 1 { return ["*"] }
    guard node.hasPrefix("folders/") || node.hasPrefix("organizations/") else {
      return own(node, hasStorage: hasStorage)
    }
    let projects = projectsBelow[node] ?? []
    if projects.isEmpty || projects.count > GcpHierarchy.mostProjects {
      return [node, "\(node)/*", "projects/${in \(node)}"]
    }
    return [node, "\(node)/*"] + projects.flatMap { own($0, hasStorage: hasStorage) }
  }

  private func own(_ node: String, hasStorage: Bool) -> [String] {
    var own = [node, "\(node)/*"]
    if let project = GcpName.project(of: node), let number = numbers[project] {
      let other = number + node.dropFirst(project.count)
      own += [other, "\(other)/*"]
    }
    guard node == GcpName.project(of: node) else { return own }
    // Logs name buckets without their project.
    if let buckets = bucketsOf[node] { return own + buckets.flatMap { [$0, "\($0)/*"] } }
    return hasStorage ? own + ["projects/_/buckets/${in \(node)}"] : own
  }
}
