extension EventKit {
  /// The key of a user of a cluster, as Kubernetes calls him: `system:serviceaccount:<namespace>:<name>` → `k8s:<namespace>/<name>`,
  /// others `k8s:user:<name>`; nobody where nobody is signed in.
  mutating func kubernetesKey(_ user: RawText) -> RawText {
    if user.isEmpty || user.equals("system:anonymous") { return .none }
    if let account = user.dropPrefix("system:serviceaccount:"), let end = account.firstIndex(of: UInt8(ascii: ":")) {
      return join("k8s:", account.prefix(end), "/", account.dropFirst(end + 1))
    }
    return join("k8s:user:", user)
  }

  /// The key of a mail address of Google Cloud or Workspace.
  mutating func googleKey(_ address: RawText) -> RawText {
    if address.isEmpty { return .none }
    let isService = address.hasSuffix(".gserviceaccount.com")
    return join(isService ? "gcp:serviceAccount:" : "gcp:user:", lowercased(address))
  }
}
