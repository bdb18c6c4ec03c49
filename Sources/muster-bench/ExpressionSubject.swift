import Base
import Expressions

/// An identity as a plain struct: what conditions written by hand read. Instants are seconds since 1970, lengths of time seconds.
struct ExpressionSubject: Sendable {
  struct Grant: Sendable {
    var action: String
    var resource: String
    var admin: Bool
  }

  struct Credential: Sendable {
    var kind: String
    var active: Bool
    var created: Int64
  }

  struct Usage: Sendable {
    var events: Int64
    var failures: Int64
    var lastSuccess: Int64?
  }

  var handle: String
  var kind: String
  var environment: String
  var region: String
  var enabled: Bool
  var isMachine: Bool
  var created: Int64
  var expires: Int64?
  var lastUsed: Int64?
  var maxAge: Int64
  var owner: String?
  var sessions: Int64
  var failures: Int64
  var risk: Double
  var groups: [String]
  var tags: [String: String]
  var grants: [Grant]
  var credentials: [Credential]
  var usage: Usage

  /// 2026-08-01T12:00:00Z.
  static let now: Int64 = 1_785_585_600

  /// So many at a time fit in a processor's cache, for all parties.
  static let portion = 200
  /// How often a portion is gone over in one measurement: to read the clock takes as long as some conditions.
  static let passes = 5
}

extension ExpressionSubject {
  /// The same subjects for the same count, on every machine.
  static func estate(_ count: Int) -> [ExpressionSubject] {
    var dice = Dice()
    return (0..<count).map { ExpressionSubject($0, &dice) }
  }

  private init(_ number: Int, _ dice: inout Dice) {
    let environments = ["prod", "production", "staging", "dev", "test"]
    let names = ["payments", "deploy-web", "ledger", "backup", "checkout-ci", "metrics"]
    environment = dice.pick(environments)
    handle = "\(dice.pick(["aws", "gcp", "azure"]))/\(environment)/\(dice.pick(names))-\(dice.roll(400))"
    if dice.roll(4) == 0 { handle += "-ci" }
    kind = dice.pick(["role", "user", "service-account", "application"])
    region = dice.pick(["eu-west-1", "us-east-1", "eu-north-1"])
    enabled = dice.roll(5) > 0
    isMachine = dice.roll(3) > 0
    created = dice.past(days: 400)
    expires = dice.roll(2) == 0 ? nil : dice.past(days: 200) + 100 * 86_400
    lastUsed = dice.roll(4) == 0 ? nil : dice.past(days: 150)
    maxAge = dice.pick([30, 90, 180]) * 86_400
    owner = dice.roll(3) == 0 ? nil : dice.pick(["team-payments", "ana", "ben"])
    sessions = Int64(dice.roll(200))
    failures = Int64(dice.roll(60))
    risk = Double(dice.roll(1000)) / 1000
    groups = (0..<dice.roll(4)).map { _ in dice.pick(["team-pay", "team-web-platform", "admins", "auditors"]) }
    tags = [:]
    if dice.roll(5) > 0 { tags["owner"] = "ana" }
    tags["team"] = dice.pick(["payments", "web", "data"])
    tags["tier"] = dice.pick(["gold", "silver"])
    grants = (0..<(1 + dice.roll(3))).map { _ in Grant(&dice) }
    credentials = (0..<dice.roll(3)).map { _ in Credential(&dice) }
    usage = Usage(
      events: Int64(dice.roll(5000)), failures: Int64(dice.roll(3)),
      lastSuccess: dice.roll(3) == 0 ? nil : dice.past(days: 100))
  }
}

extension ExpressionSubject.Grant {
  fileprivate init(_ dice: inout Dice) {
    action = dice.pick(["s3:GetObject", "iam:GetRole", "iam:PassRole", "*", "dynamodb:BatchWriteItem"])
    resource = dice.pick(["*", "arn:aws:s3:::acme-invoices/*"])
    admin = dice.roll(6) == 0
  }
}

extension ExpressionSubject.Credential {
  fileprivate init(_ dice: inout Dice) {
    (kind, active, created) = (dice.pick(["key", "password", "certificate"]), dice.roll(3) > 0, dice.past(days: 300))
  }
}

/// Numbers that look random and are the same everywhere (SplitMix64).
private struct Dice {
  private var state: UInt64 = 7

  mutating func roll(_ sides: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((mixed ^ (mixed >> 31)) % UInt64(sides))
  }

  mutating func pick<Thing>(_ things: [Thing]) -> Thing { things[roll(things.count)] }

  /// A whole minute before now.
  mutating func past(days: Int) -> Int64 { ExpressionSubject.now - Int64(roll(days * 1440)) * 60 }
}
