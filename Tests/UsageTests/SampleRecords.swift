import TestSupport

/// CloudTrail records for the laws.
enum SampleRecords {
  /// Events of few identities and many of everything else, so that every limit is passed.
  static func make(_ count: Int, _ dice: inout Dice) -> [String] {
    (0..<count).map { number in
      var trail = TrailText(id: "e-\(number)")
      let person = Int.random(in: 0..<4, using: &dice)
      let key = Int.random(in: 0..<120, using: &dice)
      trail.identity =
        person == 0
        ? TrailText.user("u0", key: "AKIA\(key)") : TrailText.role("r\(person)", session: "s\(key)", key: "ASIA\(key)")
      let day = Int.random(in: 1...28, using: &dice)
      trail.time = "2026-0\(Int.random(in: 1...9, using: &dice))-\(day < 10 ? "0" : "")\(day)T0\(number % 10):15:00Z"
      trail.name = ["GetObject", "PutObject", "ListBuckets", "DeleteObject"][Int.random(in: 0..<4, using: &dice)]
      trail.region = "region-\(Int.random(in: 0..<90, using: &dice))"
      trail.address = "10.0.\(Int.random(in: 0..<2, using: &dice)).\(Int.random(in: 0..<256, using: &dice))"
      trail.agent = "tool" + String(repeating: "x", count: Int.random(in: 0..<80, using: &dice))
      trail.error = number % 7 == 0 ? "AccessDenied" : number % 11 == 0 ? "NoSuchKey" : nil
      let bucket = Int.random(in: 0..<3, using: &dice)
      let object = Int.random(in: 0..<400, using: &dice)
      trail.more =
        ",\"requestParameters\":{\"bucketName\":\"b\(bucket)\",\"key\":\"k\(object)\"},"
        + "\"additionalEventData\":{\"bytesTransferredOut\":\(object).0}"
      return trail.json
    }
  }
}
