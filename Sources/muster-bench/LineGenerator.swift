import Base

/// Makes logs of lines: the same bytes for the same size. For machines that have no logs to measure on. One event in a hundred comes
/// twice.
struct LineGenerator {
  /// A line of these values: `$u` person, `$n` a number, `$o` an object, `$i` an id, `$t` a time, `$v` a verb, `$c` a status.
  private let template: String
  private let verbs: [String]
  private let ending: String
  private let time: @Sendable (Instant) -> String

  private static let verbs = ["get", "list", "watch", "update", "create"]

  static let audit = LineGenerator(
    template: #"{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"$i","#
      + #""stage":"ResponseComplete","#
      + #""requestURI":"/apis/apps/v1/namespaces/team-$n/deployments/$o","verb":"$v","user":{"username":"#
      + #""system:serviceaccount:team-$n:agent-$u","uid":"42c2376e-d44d-43b1-aa22-$n","groups":["system:serviceaccounts","#
      + #""system:serviceaccounts:team-$n","system:authenticated"],"extra":{"authentication.kubernetes.io/pod-name":["#
      + #""agent-$u-9dea39c14"],"authentication.kubernetes.io/credential-id":["JTI=0fe22572-d8cd-$h-$u"]}},"#
      + #""sourceIPs":["10.$n.1.$n"],"userAgent":"agent/v1.$n.0 (linux/amd64) kubernetes/f9c4e97","objectRef":{"#
      + #""resource":"deployments","namespace":"team-$n","name":"$o","apiGroup":"apps","apiVersion":"v1"},"#
      + #""responseStatus":{"metadata":{},"code":$c},"requestReceivedTimestamp":"$t","stageTimestamp":"$t","#
      + #""annotations":{"authorization.k8s.io/decision":"allow","authorization.k8s.io/reason":"RBAC: allowed by "#
      + #"RoleBinding \"agent-$u/team-$n\" of Role \"agent-$u\" to ServiceAccount \"agent-$u/team-$n\""}}"#,
    verbs: verbs, ending: "jsonl", time: \.description)

  static let access = LineGenerator(
    template: #"10.$n.7.$n - svc-$u [$t] "$v /api/v1/things/$o/parts?id=$i HTTP/1.1" $c 5$n "-" "#
      + #""agent/2.$n.0 (linux; amd64)""#,
    verbs: verbs.map { $0.uppercased() }, ending: "log"
  ) { instant in
    let text = instant.description
    let day = text.dropFirst(8).prefix(2)
    return "\(day)/Jan/2026:\(text.dropFirst(11).prefix(8)) +0000"
  }

  /// Writes files of about 25 MB until they hold so many bytes.
  func write(bytes: Int, into folder: String) throws(FileError) {
    var (dice, serial, left, file) = (UInt64(0x0BAD_5EED), 0, bytes, 0)
    func random(_ limit: Int) -> Int {
      dice = dice &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((dice >> 33) % UInt64(limit))
    }
    while left > 0 {
      var text: [UInt8] = []
      while text.count < min(left, 25_000_000) {
        serial += 1
        let person = min(random(400), random(400), random(400))
        let instant = Instant(milliseconds: 1_767_225_600_000 + Int64(serial / 4 % 2_592_000) * 1000)
        let line = line(person, serial, random(900), random(verbs.count), random(50) == 0 ? 403 : 200, instant)
        text += line
        if random(100) == 0 { text += line }
      }
      try FileSystem.write(text, to: "\(folder)/log-\(1000 + file).\(ending)")
      file += 1
      left -= text.count
    }
  }

  private func line(
    _ person: Int, _ serial: Int, _ object: Int, _ verb: Int, _ status: Int, _ instant: Instant
  ) -> [UInt8] {
    let number = String(serial)
    let zeros = String(repeating: "0", count: max(0, 12 - number.count))
    let values: [Character: String] = [
      "u": String(person), "n": String(person % 40), "o": "thing-\(object)", "v": verbs[verb], "c": String(status),
      "i": "0f0f0f0f-4b4b-4c4c-8d8d-\(zeros)\(number)", "t": time(instant), "h": String(serial / 14_400),
    ]
    var made: [UInt8] = []
    for (at, part) in template.split(separator: "$", omittingEmptySubsequences: false).enumerated() {
      if at > 0, let name = part.first, let value = values[name] { made += Array(value.utf8) }
      made += Array((at > 0 ? part.dropFirst() : part).utf8)
    }
    return made + [UInt8(ascii: "\n")]
  }
}
