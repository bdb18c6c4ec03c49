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
  private let ignoresCase: Bool

  /// One character, whichever; no Unicode scalar has this value.
  static let one: UInt32 = 0x11_0000
  /// Any run of characters.
  static let run: UInt32 = 0x11_0001

  /// A pattern of actions: upper and lower case are the same.
  package init(action text: String) {
    description = text
    ignoresCase = true
    widest = AccessPattern.compile(text.unicodeScalars.map { AccessPattern.lower($0.value) })
    certain = widest
  }

  /// A pattern of resources.
  package init(resource text: String) {
    description = text
    ignoresCase = false
    let scalars = text.unicodeScalars.map(\.value)
    guard text.utf8.contains(UInt8(ascii: "$")) else {
      widest = AccessPattern.compile(scalars)
      certain = widest
      return
    }
    widest = AccessPattern.compile(scalars, variableAs: [AccessPattern.run])
    certain = AccessPattern.compile(scalars, variableAs: nil)
  }

  /// Whether it holds a variable: a match may then depend on who calls.
  package var hasVariable: Bool { widest != certain }

  /// Whether it matches one text only.
  package var isLiteral: Bool { !widest.contains { $0 >= AccessPattern.one } }

  /// Whether it matches every text.
  package var matchesAll: Bool { certain == [AccessPattern.run] }

  /// The characters before the first wildcard or variable.
  package var literalPrefix: String {
    var scalars = String.UnicodeScalarView()
    for token in widest {
      guard token < AccessPattern.one, let scalar = Unicode.Scalar(token) else { break }
      scalars.append(scalar)
    }
    return String(scalars)
  }

  /// Whether it matches the text; unknown where that hangs on a variable.
  package func matches(_ text: String) -> Answer {
    if match(certain, text) { return .yes }
    return hasVariable && match(widest, text) ? .unknown : .no
  }

  private func match(_ tokens: [UInt32], _ text: String) -> Bool {
    let scalars = text.unicodeScalars.map { ignoresCase ? AccessPattern.lower($0.value) : $0.value }
    var (p, t) = (0, 0)
    var resume: (pattern: Int, text: Int)?
    while t < scalars.count {
      if p < tokens.count, tokens[p] == AccessPattern.run {
        resume = (p + 1, t)
        p += 1
      } else if p < tokens.count, tokens[p] == AccessPattern.one || tokens[p] == scalars[t] {
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

  /// Wildcards become tokens; a group of wildcards takes its one form, all `?` first, then at most one `*`.
  private static func compile(_ scalars: [UInt32], variableAs variable: [UInt32]? = nil) -> [UInt32] {
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
