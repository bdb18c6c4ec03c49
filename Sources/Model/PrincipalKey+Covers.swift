extension PrincipalKey {
  /// The key with the cluster in it, where a log does not name it and the source covers exactly one of the platform
  /// (`covers: ["k8s:prod-eu"]`); as it is everywhere else. So inventory and logs call one identity by one name.
  package func completed(covering covers: [String]) -> PrincipalKey {
    let platform = platform
    guard platform == "k8s" || platform == "vault", namesNoCluster else { return self }
    guard let account = covers.onlyAccount(of: platform) else { return self }
    return PrincipalKey("\(platform):\(account)/\(description.dropFirst(platform.utf8.count + 1))")
  }

  /// `k8s:<namespace>/<account>`, `k8s:user:<name>`, `vault:approle/<role>` and their kin.
  private var namesNoCluster: Bool {
    let name = description.drop { $0 != ":" }.dropFirst()
    if platform == "k8s" {
      return name.hasPrefix("user:") || name.hasPrefix("group:")
        || name.utf8.count { $0 == UInt8(ascii: "/") } == 1
          && !name.contains("/user:") && !name.contains("/group:")
    }
    return name == "root" || ["approle/", "entity/", "name/", "secret-id/", "token/"].contains { name.hasPrefix($0) }
  }
}

extension [String] {
  /// Of the places that a source covers, the account, project, tenant or cluster of the platform, where exactly one is named
  /// (`k8s:prod-eu`) and none is a pattern.
  package func onlyAccount(of platform: String) -> String? {
    let places = filter { $0.hasPrefix("\(platform):") }
    guard places.count == 1, let place = places.first, !place.contains(where: { "*?[".contains($0) }) else {
      return nil
    }
    let account = place.dropFirst(platform.utf8.count + 1)
    return account.isEmpty ? nil : String(account)
  }
}
