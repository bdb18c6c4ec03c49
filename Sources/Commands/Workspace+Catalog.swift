import Base
import Catalog
import Declarations
import Git
import Model

extension Workspace {
  /// Where this repository's catalog lies.
  func catalogPath() throws(CommandError) -> String {
    guard let folder = commonDirectory else { throw Workspace.noRepository(root) }
    return LogCatalog.path(in: folder)
  }

  /// The catalog, to be asked.
  func catalog() throws(CommandError) -> LogCatalog {
    let path = try catalogPath()
    do throws(CatalogError) { return try LogCatalog(reading: path, root: root) } catch { throw CommandError(error) }
  }

  /// As above, with logs to search.
  func searchableCatalog() throws(CommandError) -> LogCatalog {
    let catalog = try catalog()
    do throws(CatalogError) {
      if try !catalog.isEmpty() { return catalog }
    } catch { throw CommandError(error) }
    throw CommandError(
      .incomplete, "no log is cataloged yet", hint: "`muster sync` catalogs the logs of muster.yaml's usage sources")
  }

  /// What the catalog knows of log files; nothing where there is none, as in a clone that never read a log.
  func catalogedFiles() throws(CommandError) -> [CatalogedFile] {
    guard let folder = commonDirectory else { return [] }
    let path = LogCatalog.path(in: folder)
    if FileSystem.kind(path) == nil { return [] }
    do throws(CatalogError) { return try LogCatalog(reading: path, root: root).files() } catch {
      throw CommandError(error)
    }
  }

  /// The principal keys that an identity's handle or principal key stands for. Logs that name no cluster know an account as
  /// `k8s:NAMESPACE/NAME`, inventories as `k8s:CLUSTER/NAMESPACE/NAME`: either finds both.
  func principals(named name: String) throws(CommandError) -> [String] {
    let (governance, _) = try governance(.workTree)
    for declaration in governance.declarations where declaration.handle.value == name {
      return declaration.principals.flatMap { Self.withoutCluster($0.value.description) }
    }
    return Self.withoutCluster(name)
  }

  /// Whether an identity is declared or discovered under that name, though no log may show it.
  func knowsIdentity(_ name: String) throws(CommandError) -> Bool {
    let (governance, _) = try governance(.workTree)
    let key = PrincipalKey(name)
    for declaration in governance.declarations {
      if declaration.handle.value == name || declaration.principals.contains(where: { $0.value == key }) { return true }
    }
    let facts = try facts(governance.configuration)
    return facts.identities.contains { $0.principal == key || $0.credentials.contains { $0.id == name } }
  }

  private static func withoutCluster(_ key: String) -> [String] {
    let parts = key.split(separator: "/", omittingEmptySubsequences: false)
    guard key.hasPrefix("k8s:"), parts.count == 3 || parts.count == 2 else { return [key] }
    return parts.count == 3 ? [key, "k8s:\(parts[1])/\(parts[2])"] : [key, "k8s:*/\(key.dropFirst(4))"]
  }
}

extension LogCatalog {
  /// The names, with those of the logs in place of patterns.
  borrowing func naming(_ names: [String]) throws(CommandError) -> [String] {
    guard let pattern = names.first(where: { $0.hasPrefix("k8s:*/") }).map({ Glob($0) }) else { return names }
    do throws(CatalogError) {
      let found = try identities().filter { pattern.matches($0) }
      return names.filter { !$0.hasPrefix("k8s:*/") } + found.sorted()
    } catch { throw CommandError(error) }
  }
}

extension CommandError {
  init(_ error: CatalogError) { self.init(.incomplete, error.message, hint: error.hint) }
}
