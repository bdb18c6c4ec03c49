import TestSupport
import Testing

/// Audit logs of clusters name no cluster; inventories do.
@Suite(.enabled(if: Muster.path != nil, Muster.missing)) struct ClusterNameTests {
  private static let event = """
    {"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"a1","stage":"ResponseComplete","verb":"get",\
    "user":{"username":"system:serviceaccount:pay:app"},"sourceIPs":["10.0.0.1"],"objectRef":{"resource":"secrets","namespace":"pay",\
    "name":"db","apiVersion":"v1"},"responseStatus":{"code":200},"requestReceivedTimestamp":"2026-11-20T10:00:00.000000Z",\
    "stageTimestamp":"2026-11-20T10:00:00.100000Z"}
    """

  @Test func findsAnAccountWithAndWithoutItsCluster() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      "muster.yaml", "muster: 1\nsources:\n  usage:\n    - { name: audit, path: \"logs/*\", covers: [\"k8s:c1\"] }\n")
    try folder.write("owners.yaml", "teams: {}\npeople: {}\n")
    try folder.write("logs/audit.log", Self.event + "\n")
    try runProgram("git", ["init", "-q", folder.path("")])
    let environment = try Muster.environment(home: folder.path(""))
    func muster(_ words: String...) throws -> ProgramResult {
      try runProgram(#require(Muster.path), words, environment: environment, in: folder.path(""), seconds: 60)
    }
    #expect(try muster("sync").status == 0)
    for name in ["k8s:c1/pay/app", "k8s:pay/app", "k8s:*/pay/app"] {
      let who = try muster("who", "--identity", name)
      #expect(who.output.contains("get:secrets"), "\(name): \(who.output)\(who.error)")
      let trail = try muster("trail", name)
      #expect(trail.output.contains("pay/secrets/db"), "\(name): \(trail.output)\(trail.error)")
    }
    let other = try muster("who", "--identity", "k8s:c1/pay/other")
    #expect(other.status == 2)
    #expect(other.error.contains("no event of 'k8s:c1/pay/other'"))
  }
}
