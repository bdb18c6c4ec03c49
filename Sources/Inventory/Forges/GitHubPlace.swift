import Documents

/// Which organisation, repository and environment of GitHub a record is about.
struct GitHubPlace {
  var owner: String?
  var repository: String?
  var environment: String?

  /// `acme`, `acme/web`; empty where nothing says it.
  var path: String { [owner, repository].compactMap(\.self).joined(separator: "/") }

  /// `github:acme/web/`, or `github:` where nothing says it.
  var prefix: String { path.isEmpty ? "github:" : "github:\(path)/" }

  /// The patterns of the resources there, as the audit log names them: repositories as `owner/name`.
  var resources: [String] { repository != nil ? [path] : [owner.map { "\($0)/*" } ?? "*"] }

  /// Adds what the text of an address says: `https://api.github.com/repos/acme/web/keys/1`, `orgs/acme/…`, also as folders of a file.
  mutating func add(address: String) {
    let words = address.split(separator: "/").map(String.init)
    for (index, word) in words.enumerated() {
      func after(_ steps: Int) -> String? { words.indices.contains(index + steps) ? words[index + steps] : nil }
      switch word {
      case "repos" where after(2) != nil && owner == nil && repository == nil:
        (owner, repository) = (after(1), after(2)?.withoutSuffix)
      case "orgs" where owner == nil: owner = after(1)?.withoutSuffix
      case "environments" where environment == nil: environment = after(1)?.withoutSuffix
      default: break
      }
    }
  }

  /// Adds `acme/web`.
  mutating func add(name: String) {
    let words = name.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    if words.count == 2, !words.contains(""), repository == nil, owner == nil || owner == words[0] {
      (owner, repository) = (words[0], words[1])
    } else if words.count == 1, owner == nil, !name.isEmpty {
      owner = name
    }
  }
}

extension String {
  /// A file's name without what tells its kind.
  fileprivate var withoutSuffix: String {
    [".json", ".jsonl", ".yaml", ".yml"].first { hasSuffix($0) }.map { String(dropLast($0.count)) } ?? self
  }
}

extension InventoryReading {
  /// Where a record of GitHub's API belongs: by its own addresses, by what encloses it, by the file's folders (which mirror the API's
  /// path: `repos/acme/web/actions/secrets.json`), by what the source covers (`github:acme`, `github:acme/web`).
  func gitHubPlace(_ content: InventoryContent) -> GitHubPlace {
    var place = GitHubPlace()
    guard let object = content.object else { return place }
    if let name = object["repository"]?.text("full_name") ?? object.text("full_name") { place.add(name: name) }
    for key in ["url", "selected_repositories_url", "selectedReposURL", "repositories_url", "html_url"] {
      if let address = object[key]?.text, address.contains("/repos/") || address.contains("/orgs/") {
        place.add(address: address)
      }
    }
    for (outer, name) in content.enclosing.reversed() {
      if name.contains("/") { place.add(name: name) }
      for key in ["repository", "repo", "full_name", "nameWithOwner", "organization", "org", "owner"] {
        if let text = outer[key]?.text { place.add(name: text) }
      }
      if place.environment == nil { place.environment = outer.text("environment") }
    }
    place.add(address: content.path)
    if place.repository == nil, let covered = coveredAccount(of: "github") {
      let owner = String(covered.prefix { $0 != "/" })
      if place.owner == nil || place.owner == owner {
        place.owner = nil
        place.add(name: covered)
      }
      if place.repository == nil { place.repository = repository(of: owner, in: content.path) }
    }
    return place
  }

  /// The folder or file below one that is called as the organisation.
  private func repository(of owner: String, in path: String) -> String? {
    let folders = path.split(separator: "/").dropLast().map(String.init)
    guard let index = folders.firstIndex(of: owner), folders.indices.contains(index + 1) else { return nil }
    return folders[index + 1]
  }

  /// Says once what to do where nothing names the organisation.
  mutating func sayPlaceless(_ place: GitHubPlace, _ content: InventoryContent, needsRepository: Bool = false) {
    if needsRepository ? place.repository != nil : place.owner != nil { return }
    let what = needsRepository ? "repository" : "organisation"
    sayOnce(
      "github \(what)", content.place, "the export does not name its \(what): keys of GitHub are left without it",
      hint: needsRepository
        ? "name it by `covers: [\"github:OWNER/REPOSITORY\"]`, or keep the file below `repos/OWNER/REPOSITORY/`"
        : "name it by `covers: [\"github:ORGANISATION\"]`, or keep the file below `orgs/ORGANISATION/`")
  }
}
