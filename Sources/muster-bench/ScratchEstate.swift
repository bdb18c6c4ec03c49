/// An invented company of any size: accounts with one role for each declared identity, the same bytes at each run.
///
/// With more identities than declarations each declaration holds one principal for each of several accounts.
struct ScratchEstate {
  /// The instant of all checks.
  static let now = "2026-11-20T12:00:00Z"
  private static let environments = ["prod", "staging", "dev"]
  private static let words = ["billing", "ingest", "search", "ledger", "notify", "audit", "export", "catalog"]

  let identities: Int
  let declarations: Int

  /// How many accounts have one role for each declaration.
  var accounts: Int { (identities + declarations - 1) / declarations }

  func account(_ number: Int) -> String { String(100_000_000_000 + number * 1_111_111) }

  func name(_ number: Int) -> String {
    let digits = String(number)
    return "\(ScratchEstate.words[number % 8])-\(String(repeating: "0", count: 6 - digits.count))\(digits)"
  }

  func path(of declaration: Int) -> String { "identities/team-\(declaration % 200)/\(name(declaration)).yaml" }

  /// The principals of a declaration.
  func principals(_ declaration: Int) -> [String] {
    (0..<accounts).filter { $0 * declarations + declaration < identities }
      .map { "arn:aws:iam::\(account($0)):role/\(name(declaration))" }
  }

  func bucket(_ declaration: Int) -> String { "arn:aws:s3:::acme-\(name(declaration))" }

  private var usedEnvironments: ArraySlice<String> { ScratchEstate.environments.prefix(accounts) }

  /// The file of a declaration; widened, it asks for more than is granted.
  func declaration(_ number: Int, isWidened: Bool = false) -> String {
    let principals = principals(number).map { "  - \($0)\n" }.joined()
    let actions = isWidened ? "s3:*" : "s3:GetObject, s3:PutObject"
    return """
      # Runs in the cluster of its team; its role is made by the platform's module.
      identity: \(name(number))
      principals:
      \(principals)kind: role
      owner: team:team-\(number % 50)
      backup: person:person-\(number % 290)
      purpose: Takes the orders of partner \(number) from their bucket and hands them to the ledger.
      environments: [\(usedEnvironments.joined(separator: ", "))]
      criticality: \(["low", "medium", "high"][number % 3])
      data: [internal]
      expires: 2027-0\(1 + number % 9)-28          # with the contract
      credentials: { max-age: 90d }
      scope:
        - actions: [s3:ListBucket]
          resources: ["\(bucket(number))"]
        - actions: [\(actions)]
          resources: ["\(bucket(number))/*"]
      behaviour:
        regions: [eu-west-1]

      """
  }

  var configuration: String {
    let places = usedEnvironments.enumerated().map { index, name in
      let accounts = stride(from: index, to: self.accounts, by: 3).map { "\"aws:\(account($0))\"" }
      return "  \(name): [\(accounts.joined(separator: ", "))]\n"
    }
    return """
      muster: 1
      environments:
      \(places.joined())sources:
        inventory:
          - { name: aws, path: ../exports/*, covers: ["aws:*"], every: 24h }
        usage:
          - { name: cloudtrail, path: ../logs/*, covers: ["aws:*"], every: 24h, lateness: 15m }

      """
  }

  var owners: String {
    var text = "teams:\n"
    for team in 0..<50 {
      text += "  team-\(team): { members: [person-\(team), person-\(team + 50)], contact: \"#team-\(team)\" }\n"
    }
    text += "people:\n"
    for person in 0..<300 {
      let left = person % 97 == 96 ? "\n    left: 2026-09-30" : ""
      text += "  person-\(person):\n    emails: [person-\(person)@acme.example]\(left)\n"
    }
    return text
  }
}
