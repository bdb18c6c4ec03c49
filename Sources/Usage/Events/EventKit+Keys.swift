extension EventKit {
  /// The key of a user of a cluster, as Kubernetes calls him: `k8s:<cluster>/<namespace>/<account>` of a service account
  /// (`system:serviceaccount:<namespace>:<account>`), `k8s:<cluster>/user:<name>` of anybody else; without `<cluster>/` where the log does
  /// not name it. Nobody where nobody is signed in.
  mutating func kubernetesKey(_ user: RawText, cluster: RawText = .none) -> RawText {
    if user.isEmpty || user.equals("system:anonymous") { return .none }
    let head = cluster.isEmpty ? "k8s:" : join("k8s:", cluster, "/")
    if let account = user.dropPrefix("system:serviceaccount:"), let end = account.firstIndex(of: UInt8(ascii: ":")) {
      return join(head, account.prefix(end), "/", account.dropFirst(end + 1))
    }
    return join(head, "user:", user)
  }

  /// The key of a mail address of Google Cloud or Workspace.
  mutating func googleKey(_ address: RawText) -> RawText {
    if address.isEmpty { return .none }
    let isService = address.hasSuffix(".gserviceaccount.com")
    return join(isService ? "gcp:serviceAccount:" : "gcp:user:", lowercased(address))
  }
}
