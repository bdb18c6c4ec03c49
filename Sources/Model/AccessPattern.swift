/// A pattern of actions or resources: `*` stands for any run of characters, `?` for one (IAM User Guide, "Resource element" and
/// "Action element"); neither stops at `:` or `/`.
///
/// In a resource, `${…}` is a variable, a text known only at the call, save for the escapes `${*}`, `${?}` and `${$}`.
package struct AccessPattern: Hashable, Sendable, CustomStringConvertible {
  /// The pattern as written.
  package let description: String
  /// Characters and wildcards, with a variable read as any text: the most that the pattern may match.
  let widest: [UInt32]
  /// As `widest`, with a variable read as its own letters: what the pattern matches for certain.
  let certain: [UInt32]
  /// The number of characters before the first wildcard of `certain`.
  let prefixLength: Int
  private let ignoresCase: Bool

  /// One character, whichever; no Unicode scalar has this value.
  static let one: UInt32 = 0x11_0000
  /// Any run of characters.
  static let run: UInt32 = 0x11_0001

  /// A pattern of actions: upper and lower case are the same.
  package init(action text: String) {
    description = text
    ignoresCase = true
    widest = AccessPattern.compile(text, lowered: true)
    certain = widest
    prefixLength = AccessPattern.literalLength(certain)
  }

  /// A pattern of resources. Azure's ids are the same in upper and lower case (Azure Resource Manager, "Resource ID").
  package init(resource text: String) {
    description = text
    ignoresCase = AccessPattern.isAzure(text)
    if text.utf8.contains(UInt8(ascii: "$")) {
      let isLowered = ignoresCase
      let scalars = text.unicodeScalars.map { isLowered ? AccessPattern.lower($0.value) : $0.value }
      widest = AccessPattern.compile(scalars, variableAs: [AccessPattern.run])
      certain = AccessPattern.compile(scalars, variableAs: nil)
    } else {
      widest = AccessPattern.compile(text, lowered: ignoresCase)
      certain = widest
    }
    prefixLength = AccessPattern.literalLength(certain)
  }

  private static func isAzure(_ text: String) -> Bool {
    guard text.utf8.first == UInt8(ascii: "/") else { return false }
    return ["/subscriptions/", "/providers/microsoft."].contains { text.prefix($0.count).lowercased() == $0 }
  }

  /// Whether it holds a variable: a match may then depend on who calls.
  package var hasVariable: Bool { widest.count != certain.count || widest != certain }

  /// Whether it matches every text.
  package var matchesAll: Bool { certain.count == 1 && certain[0] == AccessPattern.run }

  /// Whether all that it matches lies inside the container: objects in a bucket, streams in a log group.
  package func liesInside(_ container: String) -> Bool {
    var at = 0
    for scalar in container.unicodeScalars {
      guard at < widest.count, widest[at] == scalar.value else { return false }
      at += 1
    }
    guard at < widest.count, widest[at] < AccessPattern.one else { return false }
    return container.hasSuffix("/") || widest[at] == 0x2F || widest[at] == 0x3A
  }

  /// Whether it matches the text; unknown where that hangs on a variable.
  package func matches(_ text: String) -> Answer {
    if match(certain, text) { return .yes }
    return hasVariable && match(widest, text) ? .unknown : .no
  }

  private func match(_ tokens: [UInt32], _ text: String) -> Bool {
    let isASCII = text.utf8.allSatisfy { $0 < 0x80 }
    if isASCII, let isMatch = text.utf8.withContiguousStorageIfAvailable({ match(tokens, $0) { UInt32($0) } }) {
      return isMatch
    }
    return text.unicodeScalars.map(\.value).withUnsafeBufferPointer { match(tokens, $0) { $0 } }
  }

  @inline(__always)
  func match<Unit>(
    _ tokens: [UInt32], _ text: UnsafeBufferPointer<Unit>, _ scalar: (Unit) -> UInt32
  ) -> Bool {
    var (p, t) = (0, 0)
    var resume: (pattern: Int, text: Int)?
    while t < text.count {
      let letter = ignoresCase ? AccessPattern.lower(scalar(text[t])) : scalar(text[t])
      if p < tokens.count, tokens[p] == AccessPattern.run {
        if p + 1 == tokens.count { return true }
        resume = (p + 1, t)
        p += 1
      } else if p < tokens.count, tokens[p] == AccessPattern.one || tokens[p] == letter {
        (p, t) = (p + 1, t + 1)
      } else if let (pattern, start) = resume {
        resume = (pattern, start + 1)
        (p, t) = (pattern, start + 1)
      } else {
        return false
      }
    }
    return tokens[p...].allSatisfy { $0 == AccessPattern.run }
  }

  private static func compile(_ text: String, lowered: Bool) -> [UInt32] {
    var tokens: [UInt32] = []
    tokens.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x2A: append(run, to: &tokens)
      case 0x3F: append(one, to: &tokens)
      case let value: tokens.append(lowered ? lower(value) : value)
      }
    }
    return tokens
  }

  private static func literalLength(_ tokens: [UInt32]) -> Int { tokens.firstIndex { $0 >= one } ?? tokens.count }

  /// Wildcards become tokens; a group of wildcards takes its one form, all `?` first, then at most one `*`.
  private static func compile(_ scalars: [UInt32], variableAs variable: [UInt32]?) -> [UInt32] {
    var tokens: [UInt32] = []
    tokens.reserveCapacity(scalars.count)
    var at = 0
    while at < scalars.count {
      if let (length, meaning) = dollar(scalars, at, variable) {
        for token in meaning { append(token, to: &tokens) }
        at += length
      } else {
        let scalar = scalars[at]
        append(scalar == 0x2A ? run : scalar == 0x3F ? one : scalar, to: &tokens)
        at += 1
      }
    }
    return tokens
  }

  private static func append(_ token: UInt32, to tokens: inout [UInt32]) {
    guard token >= one, tokens.last == run else { return tokens.append(token) }
    if token == one { tokens.insert(one, at: tokens.count - 1) }
  }

  /// What `${…}` at the place means and how long it is; `nil` where none stands, or where a variable stands for its own letters.
  private static func dollar(_ scalars: [UInt32], _ at: Int, _ variable: [UInt32]?) -> (Int, [UInt32])? {
    guard scalars[at] == 0x24, at + 2 < scalars.count, scalars[at + 1] == 0x7B,
      let end = scalars[(at + 2)...].firstIndex(of: 0x7D), end > at + 2
    else { return nil }
    if end == at + 3, [0x2A, 0x3F, 0x24].contains(scalars[at + 2]) { return (4, [scalars[at + 2]]) }
    return (end + 1 - at, variable ?? Array(scalars[at...end]))
  }

  static func lower(_ scalar: UInt32) -> UInt32 { scalar &- 0x41 < 26 ? scalar | 0x20 : scalar }
}
