private import Glibc

/// A condition as a policy writes it, and as a person would write it in Swift.
struct ExpressionCondition: Sendable {
  let text: String
  /// Where the peers lack a function that Muster has: the same in words they know.
  let portable: String?
  /// Changes nothing; `inout` only because a struct that is lent otherwise is copied, which costs more than most conditions.
  let byHand: @Sendable (inout ExpressionSubject, Int64) -> Bool

  init(
    _ text: String, portable: String? = nil,
    _ byHand: @escaping @Sendable (inout ExpressionSubject, Int64) -> Bool
  ) {
    (self.text, self.portable, self.byHand) = (text, portable, byHand)
  }

  static let all = fields + times + texts + collections + numbers + chains + own

  private static let day: Int64 = 86_400

  private static let fields: [ExpressionCondition] = [
    .init("identity.enabled") { s, _ in s.enabled },
    .init("identity.isMachine && !identity.enabled") { s, _ in s.isMachine && !s.enabled },
    .init("(has(identity.owner) ? identity.owner : '') == ''") { s, _ in (s.owner ?? "") == "" },
    .init("identity.usage.events > 1000 && identity.usage.failures == 0") { s, _ in
      s.usage.events > 1000 && s.usage.failures == 0
    },
    .init("identity.isMachine ? identity.sessions > 100 : identity.sessions > 8") { s, _ in
      s.isMachine ? s.sessions > 100 : s.sessions > 8
    },
  ]

  private static let times: [ExpressionCondition] = [
    .init("has(identity.expires) && identity.expires < now") { s, now in s.expires.map { $0 < now } ?? false },
    .init("has(identity.expires) && identity.expires - now < duration('720h')") { s, now in
      s.expires.map { $0 - now < 30 * day } ?? false
    },
    .init("now - identity.created > duration('2160h')") { s, now in now - s.created > 90 * day },
    .init("!has(identity.lastUsed) || now - identity.lastUsed > identity.maxAge") { s, now in
      s.lastUsed.map { now - $0 > s.maxAge } ?? true
    },
    .init("identity.created + identity.maxAge < now") { s, now in s.created + s.maxAge < now },
  ]

  private static let texts: [ExpressionCondition] = [
    .init("identity.kind == 'role'") { s, _ in s.kind == "role" },
    .init("identity.handle == 'aws/production/deploy-web-42'") { s, _ in s.handle == "aws/production/deploy-web-42" },
    .init("identity.environment in ['prod', 'production', 'live']") { s, _ in
      s.environment == "prod" || s.environment == "production" || s.environment == "live"
    },
    .init("identity.handle.startsWith('aws/prod/')") { s, _ in s.handle.hasPrefix("aws/prod/") },
    .init("identity.handle.endsWith('-ci')") { s, _ in s.handle.hasSuffix("-ci") },
    .init("identity.handle.contains('deploy')") { s, _ in s.handle.holds("deploy") },
    .init("identity.handle.matches('^(aws|gcp)/prod/.*-[0-9]+$')") { s, _ in
      (s.handle.hasPrefix("aws/prod/") || s.handle.hasPrefix("gcp/prod/")) && s.handle.endsInNumber
    },
    .init("identity.environment + '/' + identity.region == 'prod/eu-west-1'") { s, _ in
      s.environment + "/" + s.region == "prod/eu-west-1"
    },
  ]

  private static let collections: [ExpressionCondition] = [
    .init("identity.groups.exists(g, g == 'admins')") { s, _ in s.groups.contains { $0 == "admins" } },
    .init("identity.groups.all(g, g.startsWith('team-'))") { s, _ in s.groups.allSatisfy { $0.hasPrefix("team-") } },
    .init("size(identity.groups) == 0") { s, _ in s.groups.isEmpty },
    .init("identity.grants.exists(g, g.action == '*' && g.resource == '*')") { s, _ in
      s.grants.contains { $0.action == "*" && $0.resource == "*" }
    },
    .init("identity.grants.all(g, !g.admin || g.action.startsWith('iam:Get'))") { s, _ in
      s.grants.allSatisfy { !$0.admin || $0.action.hasPrefix("iam:Get") }
    },
    .init("identity.credentials.exists(c, c.active && c.kind == 'key' && now - c.created > duration('2160h'))") {
      s, now in s.credentials.contains { $0.active && $0.kind == "key" && now - $0.created > 90 * day }
    },
    .init("identity.tags['team'] == 'payments'") { s, _ in s.tags["team"] == "payments" },
    .init("'team' in identity.tags && 'owner' in identity.tags") { s, _ in
      s.tags["team"] != nil && s.tags["owner"] != nil
    },
  ]

  private static let numbers: [ExpressionCondition] = [
    .init("identity.sessions * 3 - identity.failures > 20") { s, _ in s.sessions * 3 - s.failures > 20 },
    .init("identity.failures * 100 / (identity.sessions + 1) >= 20") { s, _ in
      s.failures * 100 / (s.sessions + 1) >= 20
    },
    .init("identity.risk >= 0.75 || identity.failures > 50") { s, _ in s.risk >= 0.75 || s.failures > 50 },
  ]

  private static let chains: [ExpressionCondition] = [
    .init(
      "identity.isMachine && identity.enabled && !has(identity.owner) && "
        + "(identity.environment == 'prod' || identity.risk > 0.8)"
    ) { s, _ in s.isMachine && s.enabled && s.owner == nil && (s.environment == "prod" || s.risk > 0.8) }
  ]

  private static let own: [ExpressionCondition] = [
    .init("age(identity.created) > days(90)", portable: "now - identity.created > duration('2160h')") { s, now in
      now - s.created > 90 * day
    },
    .init("glob(identity.handle, 'aws/*/deploy-*')", portable: "identity.handle.matches('^aws/.*/deploy-.*$')") {
      s, _ in s.handle.hasPrefix("aws/") && s.handle.holds("/deploy-", after: 4)
    },
    .init(
      "identity.?owner.orValue('nobody') == 'nobody'",
      portable: "(has(identity.owner) ? identity.owner : 'nobody') == 'nobody'"
    ) { s, _ in (s.owner ?? "nobody") == "nobody" },
    .init(
      "identity.usage.?lastSuccess.orValue(identity.created) < now - days(30)",
      portable:
        "(has(identity.usage.lastSuccess) ? identity.usage.lastSuccess : identity.created) < now - duration('720h')"
    ) { s, now in (s.usage.lastSuccess ?? s.created) < now - 30 * day },
  ]
}

extension String {
  /// Whether the text occurs in it: by C's functions, which are faster than the standard library's.
  fileprivate func holds(_ part: StaticString, after start: Int = 0) -> Bool {
    let found = utf8.withContiguousStorageIfAvailable { bytes in
      guard var rest = bytes.baseAddress.map({ $0 + start }) else { return false }
      let (end, count) = (rest + (bytes.count - start), part.utf8CodeUnitCount)
      while end - rest >= count, let next = memchr(rest, Int32(part.utf8Start[0]), end - rest - count + 1) {
        if memcmp(next, part.utf8Start, count) == 0 { return true }
        rest = UnsafePointer(next.assumingMemoryBound(to: UInt8.self)) + 1
      }
      return false
    }
    return found ?? false
  }

  /// Whether it ends in a minus and digits.
  fileprivate var endsInNumber: Bool {
    let digits = utf8.reversed().prefix { $0 >= 0x30 && $0 <= 0x39 }.count
    return digits > 0 && utf8.dropLast(digits).last == 0x2D
  }
}
