import Base
import Foundation
import Model
import TestSupport
import Testing

@testable import Usage

/// Logs with a record a line.
struct WebServerTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// The lines as one file, read as whatever they look like.
  private func read(_ lines: [String], named name: String = "a.log") throws -> (rows: [EventRow], listing: EventListing)
  {
    try events(of: [folder.lines(name, lines)])
  }

  static let combined: [(line: String, identity: String?, action: String, address: String?, status: Int)] = [
    (
      #"10.0.0.1 - alice [10/Oct/2023:13:55:36 -0700] "GET /orders/1742?x=1 HTTP/1.1" 200 2326 "-" "curl/8.0""#,
      "http:user:alice", "http:GET /orders/{}", "10.0.0.1", 1
    ),
    (
      #"10.0.0.2 - - [10/Oct/2023:13:55:37 +0000] "POST /a/0f8fad5b-d9cb-469f-a165-70867728950e HTTP/2.0" 403 12 "-" "a \"b\" c" 0.01 "CN=billing,O=Acme""#,
      "http:certificate:CN=billing,O=Acme", "http:POST /a/{}", "10.0.0.2", 2
    ),
    (
      #"shop.example:443 10.0.0.3 - bob smith [10/Oct/2023:13:55:37 +0000] "\x16\x03" 400 150 "-" "-""#,
      "http:shop.example/user:bob smith", "http:(no request)", "10.0.0.3", 2
    ),
    (#"2001:db8::1 - - [10/Oct/2023:13:55:38 +0000] "-" 408 0"#, nil, "http:(no request)", "2001:db8::1", 2),
    (
      #"web.internal - - [10/Oct/2023:13:55:38 +0000] "HEAD / HTTP/1.0" 304 -"#, nil, "http:HEAD /", nil, 1
    ),
  ]

  @Test(arguments: combined.indices)
  func readsCombinedLines(_ number: Int) throws {
    let wanted = Self.combined[number]
    let (rows, listing) = try read([wanted.line])
    #expect(listing.diagnostics == [])
    let row = try #require(rows.first)
    #expect(row.identity == wanted.identity)
    #expect(row.action == wanted.action)
    #expect(row.address == wanted.address)
    #expect(row.status == wanted.status)
  }

  /// What `template` promises, a part of a path at a time.
  private func route(_ path: String) -> String {
    path.split(separator: "/", omittingEmptySubsequences: false).map { part in
      let digits = part.count { "0123456789".contains($0) }
      let isHexadecimal = part.allSatisfy { "0123456789abcdefABCDEF-".contains($0) }
      let isID = digits == part.count || isHexadecimal && part.count >= 8 || digits >= 4 && part.count >= 20
      return digits > 0 && isID ? "{}" : String(part)
    }.joined(separator: "/")
  }

  @Test func namesNoSingleThingInActions() throws {
    let parts = [
      "", "1", "17", "a", "v2", "feed", "add-bed", "0f8fad5b", "0f8fad5", "deadbeef",
      "0f8fad5b-d9cb-469f-a165-70867728950e", "orders", "report-2024-01-02-for-all",
      "a-rather-long-word-without-any-digit", "x1y2z3w4-and-some-more-text",
      "00000000000000000",
    ]
    var paths = parts.map { "/\($0)" }
    for a in parts { paths += parts.map { "/\(a)/items/\($0)" } }
    paths +=
      (1...40).map { String(repeating: "/9", count: $0) } + (1...80).map { "/" + String(repeating: "z", count: $0) }
    let lines = paths.enumerated().map { number, path in
      "10.0.0.1 - - [10/Oct/2023:13:55:36 +0000] \"GET \(path)\(number % 2 == 0 ? "?a=/1" : "") HTTP/1.1\" 200 1"
    }
    let (rows, listing) = try read(lines)
    #expect(listing.diagnostics == [])
    #expect(rows.map(\.action) == paths.map { "http:GET \(route($0))" })
  }

  @Test func readsFieldsOfAnyLength() throws {
    let lengths = Array(1...70) + [127, 128, 129, 1000]
    let lines = lengths.map { length in
      let (name, filler) = (String(repeating: "u", count: length), String(repeating: #"\""#, count: length))
      let more = String(repeating: " \"\(filler)\" [x] y", count: min(length, 40))
      let head = "10.0.0.1 - \(name) [10/Oct/2023:13:55:36 +0000] \"GET / HTTP/1.1\" 200 \(length)"
      return "\(head) \"\(filler)\" \"\(filler)\"\(more)"
    }
    let (rows, listing) = try read(["# a remark", ""] + lines.map { $0 + "\r" })
    #expect(listing.diagnostics == [])
    #expect(rows.map(\.identity) == lengths.map { "http:user:" + String(repeating: "u", count: $0) })
    #expect(rows.map(\.action) == lengths.map { _ in "http:GET /" })
  }

  @Test func knowsZonesAndLeapDays() throws {
    let stamps = ["10/Oct/2023:13:55:36 -0700", "29/Feb/2024:23:59:59 +0530", "31/Dec/1999:23:59:60 +0000"]
    let (rows, _) = try read(stamps.map { "10.0.0.1 - - [\($0)] \"GET / HTTP/1.1\" 200 1" })
    let wanted = ["2023-10-10T20:55:36Z", "2024-02-29T18:29:59Z", "2000-01-01T00:00:00Z"].map {
      Instant($0)?.milliseconds
    }
    #expect(rows.map(\.time) == wanted)
  }

  @Test(arguments: ["32/Oct/2023:13:55:36 +0000", "10/Okt/2023:13:55:36 +0000", "10/Oct/2023:24:55:36 +0000", "now"])
  func refusesTimesThatAreNone(_ stamp: String) throws {
    let good = #"10.0.0.1 - - [10/Oct/2023:13:55:36 +0000] "GET / HTTP/1.1" 200 1"#
    let result = usage(of: [
      try folder.lines("a.log", [good, good.replacing("10/Oct/2023:13:55:36 +0000", with: stamp)])
    ])
    #expect(result.coverage.used == 1)
    #expect(result.coverage.unreadable == 1)
  }

  @Test func readsLoadBalancers() throws {
    let line =
      #"https 2018-07-02T22:23:00.186641Z app/lb/50dc 192.168.131.39:2817 10.0.0.1:80 0.086 0.048 0.037 200 200 10 57 "GET https://www.example.com:443/orders/17 HTTP/1.1" "curl/7.46.0" ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2 arn:aws:elasticloadbalancing:us-east-2:123456789012:targetgroup/t/73e2 "Root=1-58337281-1d84" "www.example.com" "arn:aws:acm:us-east-2:123456789012:certificate/1" 1 2018-07-02T22:22:48.364000Z "forward" "-" "-" "10.0.0.1:80" "200" "-" "-" TID_1"#
    let row = try #require(try read([line]).rows.first)
    #expect(row.identity == nil)
    #expect(row.action == "http:GET /orders/{}")
    #expect(row.address == "192.168.131.39")
    #expect(row.region == "us-east-2")
    #expect(row.account == "123456789012")
    #expect(row.bytesIn == 10)
    #expect(row.bytesOut == 57)
    #expect(row.resources == ["www.example.com:443/orders/17", "loadbalancer/app/lb/50dc"])
  }

  static let requesters: [(word: String, identity: String?)] = [
    ("arn:aws:sts::111122223333:assumed-role/app/i-01", "arn:aws:iam::111122223333:role/app"),
    ("arn:aws-cn:iam::111122223333:user/dev/eva", "arn:aws-cn:iam::111122223333:user/dev/eva"),
    ("79a59df900b949e55d96a1e698fbaced", "aws:canonical-user/79a59df900b949e55d96a1e698fbaced"),
    ("svc:cloudtrail.amazonaws.com", "cloudtrail.amazonaws.com"), ("-", nil),
  ]

  @Test(arguments: requesters)
  func knowsWhoAskedS3(_ word: String, _ identity: String?) throws {
    let line =
      "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be logs [06/Feb/2019:00:00:38 +0000] 192.0.2.3 "
      + word
      + #" 3E57 REST.GET.OBJECT a%20b.txt "GET /logs/a HTTP/1.1" 403 AccessDenied 113 - 7 6 "-" "S3/0.4" - s9= SigV4"#
    let row = try #require(try read([line]).rows.first)
    #expect(row.identity == identity)
    #expect(row.action == "s3:REST.GET.OBJECT")
    #expect(row.permission == "s3:GetObject")
    #expect(row.resources == ["arn:aws:s3:::logs/a%20b.txt"])
    #expect(row.denied == true)
    #expect(row.statusCode == "AccessDenied")
  }

  /// What S3 does to one object of a request for many has no request of its own: a bare `-`.
  @Test(arguments: ["-", "\"-\""])
  func readsDeletionsInABatch(_ request: String) throws {
    let line =
      "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be logs [06/Feb/2019:00:00:38 +0000] 192.0.2.3 "
      + "arn:aws:sts::111122223333:assumed-role/app/s 3E57 BATCH.DELETE.OBJECT a/b.txt \(request) 204 - - 10 - - - - - "
      + "s9= SigV4 TLS AuthHeader logs.s3.amazonaws.com TLSv1.2 - -"
    let (rows, listing) = try read([line])
    #expect(listing.diagnostics == [])
    let row = try #require(rows.first)
    #expect(row.identity == "arn:aws:iam::111122223333:role/app")
    #expect(row.permission == "s3:DeleteObject")
    #expect(row.resources == ["arn:aws:s3:::logs/a/b.txt"])
    #expect(row.statusCode == "204")
  }

  /// Addresses of version 6, with brackets and without, of client and target.
  @Test(arguments: [
    ("[2001:db8::1]:2817", "10.0.0.1:80"), ("[2001:db8::1]:2817", "[2001:db8::2]:80"), ("2001:db8::1:2817", "-"),
    ("2001:db8::1", "[2001:db8::2]:80"),
  ])
  func readsLoadBalancersOfVersion6(_ client: String, _ target: String) throws {
    let line =
      "https 2018-07-02T22:23:00.186641Z app/lb/50dc \(client) \(target) 0.086 0.048 0.037 200 200 10 57 "
      + #""GET https://www.example.com:443/ HTTP/1.1" "curl" ECDHE TLSv1.2 arn:aws:elasticloadbalancing:us-east-2:123456789012:targetgroup/t/73e2 "Root=1-58" "www.example.com""#
    let row = try #require(try read([line]).rows.first)
    #expect(row.address == "2001:db8::1")
    #expect(row.status == 1)
    #expect(row.account == "123456789012")
    #expect(row.bytesOut == 57)
  }

  static let gateways: [(json: String, identity: String?, credential: String?, action: String)] = [
    (
      #"{"requestId":"a","ip":"10.0.0.1","caller":"-","user":"-","requestTime":"10/Oct/2023:13:55:36 +0000","httpMethod":"GET","resourcePath":"/pets/{id}","status":"200","protocol":"HTTP/1.1","responseLength":"12","apiKeyId":"k9","apiId":"x1"}"#,
      "apikey:api-gateway/x1/k9", "k9", "execute-api:GET /pets/{id}"
    ),
    (
      #"{"requestId":"b","ip":"10.0.0.1","userArn":"arn:aws:sts::111122223333:assumed-role/app/s","requestTimeEpoch":1700000000000,"httpMethod":"PUT","routeKey":"/pets","status":401}"#,
      "arn:aws:iam::111122223333:role/app", nil, "execute-api:PUT /pets"
    ),
    (
      #"{"started_at":1700000000000,"client_ip":"10.0.0.1","consumer":{"id":"c1","username":"billing"},"authenticated_entity":{"id":"e1"},"request":{"method":"GET","uri":"/orders/12345?x=1","size":"10","headers":{"user-agent":"x"}},"response":{"status":200,"size":"9"},"latencies":{"request":3},"service":{"name":"orders"}}"#,
      "kong/consumer/c1", "e1", "http:GET /orders/{}"
    ),
  ]

  @Test(arguments: gateways.indices)
  func readsGateways(_ number: Int) throws {
    let wanted = Self.gateways[number]
    let (rows, listing) = try read([wanted.json], named: "a.jsonl")
    #expect(listing.diagnostics == [])
    let row = try #require(rows.first)
    #expect(row.identity == wanted.identity)
    #expect(row.credential == wanted.credential)
    #expect(row.action == wanted.action)
    #expect(row.time != nil)
  }

  @Test func countsTheSameLineOnce() throws {
    let line = #"10.0.0.1 - alice [10/Oct/2023:13:55:36 +0000] "GET / HTTP/1.1" 200 1"#
    let result = usage(of: [
      try folder.lines("a.log", [line, line, "", "# a remark"]), try folder.lines("b.log", [line]),
    ])
    #expect(result.coverage.used == 1)
    #expect(result.coverage.duplicate == 2)
  }

  @Test func givesUpLinesThatNeverEnd() throws {
    let good = #"10.0.0.1 - alice [10/Oct/2023:13:55:36 +0000] "GET / HTTP/1.1" 200 1"#
    let long = String(repeating: "x", count: 80 << 20)
    let result = usage(of: [try folder.lines("a.log", [good, long, good.replacing("alice", with: "bo")])])
    #expect(result.coverage.used == 2)
    #expect(result.coverage.unreadable == 1)
    #expect(result.diagnostics.first?.message.contains("byte \(good.utf8.count + 1)") == true)
  }
}
