extension CollectPlan {
  /// Okta's own program prints tables: its API is asked by `curl`, which keeps the token in a file of its own.
  static let okta = CollectPlan(
    platform: "okta", program: "curl",
    parameters: [("organization", "the host of the organisation, such as acme.okta.com")],
    permission: """
      An API token of an administrator with the role Read-only Administrator, in the file okta.curl (mode 0600):
      header = "Authorization: SSWS TOKEN"
      A list longer than its limit goes on at the address in the header `link: <…>; rel="next"`: ask for that one too, and keep its
      answer beside the first. No file tells that one is missing.
      """,
    steps: [
      call("applications", "apps?limit=200", "apps"),
      call("API tokens", "api-tokens", "api-tokens"),
      CollectStep(
        "scopes that an application was granted",
        ["-sS", "--fail", "-K", "okta.curl", "https://{organization}/api/v1/apps/{each}/grants"],
        to: "apps/{each}/grants.json", each: .init(file: "apps.json", place: "*/id"), isOptional: true),
    ], onlyPrinted: "Okta has no program that prints its lists as JSON")

  private static func call(_ what: String, _ path: String, _ file: String) -> CollectStep {
    CollectStep(
      what, ["-sS", "--fail", "-K", "okta.curl", "https://{organization}/api/v1/\(path)"], to: "\(file).json")
  }
}
