/// Semantic versions (semver.org 2.0.0; Kubernetes has the same functions).
enum VersionLibrary {
  static let functions: [Function] = [
    Function(
      "semver", "A semantic version from text; with true as the second argument also `v1.2` and `01.2.3`",
      [Overload([.string], .semver), Overload([.string, .bool], .semver)],
      .unary { make($0, .bool(false)) }, .binary(make)),
    Function(
      "isSemver", "Whether the text is a semantic version",
      [Overload([.string], .bool), Overload([.string, .bool], .bool)],
      .unary { test($0, .bool(false)) }, .binary(test)),
    part("major", "The first number", \.major),
    part("minor", "The second number", \.minor),
    part("patch", "The third number", \.patch),
  ]

  @Sendable private static func make(_ text: Value, _ lenient: Value) -> Value? {
    guard case .string(let text) = text, case .bool(let lenient) = lenient else { return nil }
    return SemanticVersion(text, lenient: lenient).map { .opaque($0) }
      ?? .failure("\(text.quoted) is not a semantic version such as 1.2.3")
  }

  @Sendable private static func test(_ text: Value, _ lenient: Value) -> Value? {
    guard case .string(let text) = text, case .bool(let lenient) = lenient else { return nil }
    return .bool(SemanticVersion(text, lenient: lenient) != nil)
  }

  private static func part(_ name: String, _ summary: String, _ body: @escaping @Sendable (SemanticVersion) -> Int64)
    -> Function
  {
    Function(
      name, summary, [Overload(member: true, [.semver], .int)],
      .unary {
        guard case .opaque(let value) = $0, let version = value as? SemanticVersion else { return nil }
        return .int(body(version))
      })
  }
}

final class SemanticVersion: OrderedValue {
  let (major, minor, patch): (Int64, Int64, Int64)
  private let early: [Substring]
  let text: String
  var typeName: String { "kubernetes.Semver" }

  init?(_ text: String, lenient: Bool) {
    var rest = text[...]
    if lenient, rest.first == "v" { rest.removeFirst() }
    let build = rest.split(separator: "+", maxSplits: 1, omittingEmptySubsequences: false)
    let halves = build[0].split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    var numbers = halves[0].split(separator: ".", omittingEmptySubsequences: false)
    // A short version has no labels.
    if lenient, halves.count == 1, build.count == 1 { while numbers.count < 3 { numbers.append("0") } }
    let parsed = numbers.compactMap { SemanticVersion.number($0, lenient: lenient) }
    early = halves.count == 2 ? halves[1].split(separator: ".", omittingEmptySubsequences: false) : []
    let labels = early + (build.count == 2 ? build[1].split(separator: ".", omittingEmptySubsequences: false) : [])
    guard numbers.count == 3, parsed.count == 3, text.utf8.count <= 256, labels.allSatisfy(SemanticVersion.isLabel),
      early.allSatisfy({ !$0.utf8.allSatisfy(\.isDigit) || $0.count == 1 || $0.first != "0" })
    else { return nil }
    (major, minor, patch) = (parsed[0], parsed[1], parsed[2])
    self.text = text
  }

  private static func number(_ text: Substring, lenient: Bool) -> Int64? {
    guard !text.isEmpty, text.utf8.allSatisfy(\.isDigit), lenient || text.count == 1 || text.first != "0" else {
      return nil
    }
    return Int64(text)
  }

  private static func isLabel(_ text: Substring) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { $0.isDigit || $0 == UInt8(ascii: "-") || ($0 | 0x20) &- 0x61 < 26 }
  }

  func isEqual(to other: any OpaqueValue) -> Bool { order(to: other) == .same }

  /// What equal versions share.
  var core: String { "\(major).\(minor).\(patch)" }

  /// Precedence: what comes after `+` does not count.
  func order(to other: any OpaqueValue) -> Value.Order? {
    guard let other = other as? SemanticVersion else { return nil }
    for (a, b) in [(major, other.major), (minor, other.minor), (patch, other.patch)] where a != b {
      return a < b ? .less : .more
    }
    if early.isEmpty != other.early.isEmpty { return early.isEmpty ? .more : .less }
    for (a, b) in zip(early, other.early) where a != b {
      switch (Int64(a), Int64(b)) {
      case (.some(let first), .some(let second)): return first < second ? .less : .more
      case (.some, nil): return .less
      case (nil, .some): return .more
      default: return String(a).scalarsPrecede(String(b)) ? .less : .more
      }
    }
    return Value.order(early.count, other.early.count)
  }
}
