import Model
import Testing

/// Every text over the letters, up to the length.
private func texts(over letters: [String], upTo length: Int) -> [String] {
  var (all, last) = ([""], [""])
  for _ in 0..<length {
    last = last.flatMap { text in letters.map { text + $0 } }
    all += last
  }
  return all
}

@Suite struct AccessPatternTests {
  @Test(arguments: [
    ("s3:Get*", "s3:getobject", true), ("S3:GET*", "s3:GetObject", true), ("s3:Get?bject", "s3:GetObject", true),
    ("s3:Get", "s3:GetObject", false), ("*", "", true), ("?", "", false), ("*:*", "s3:x", true),
    ("s3:*Object", "s3:Object", true),
  ])
  func matchesActionsWithoutCase(pattern: String, action: String, expected: Bool) {
    #expect(AccessPattern(action: pattern).matches(action) == Answer(expected))
  }

  @Test(arguments: [
    ("arn:aws:s3:::b/*", "arn:aws:s3:::b/x/y", Answer.yes), ("arn:aws:s3:::b/*", "arn:aws:s3:::B/x", .no),
    ("arn:aws:s3:::b/${aws:username}/*", "arn:aws:s3:::b/ana/x", .unknown),
    ("arn:aws:s3:::b/${aws:username}/*", "arn:aws:s3:::c/ana/x", .no),
    ("a/${*}", "a/*", .yes), ("a/${*}", "a/b", .no), ("a/${?}${$}", "a/?$", .yes), ("é?", "éß", .yes),
    ("a/${", "a/${", .yes),
  ])
  func matchesResourcesAndLeavesVariablesOpen(pattern: String, resource: String, expected: Answer) {
    #expect(AccessPattern(resource: pattern).matches(resource) == expected)
  }

  @Test func includesAndOverlapsAsEnumerationSays() {
    // A letter that no pattern spells stands for all other letters.
    let patterns = texts(over: ["a", "b", "?", "*"], upTo: 3).map { AccessPattern(resource: $0) }
    let words = texts(over: ["a", "b", "c"], upTo: 7)
    let languages = patterns.map { pattern in words.map { pattern.matches($0) == .yes } }
    for (i, mine) in patterns.enumerated() {
      for (j, theirs) in patterns.enumerated() {
        let both = zip(languages[i], languages[j])
        let (includes, overlaps) = (both.allSatisfy { $0 || !$1 }, both.contains { $0 && $1 })
        #expect(mine.covers(theirs) == includes, "\(mine) covers \(theirs)")
        #expect(mine.overlaps(theirs) == overlaps, "\(mine) overlaps \(theirs)")
      }
    }
  }

  @Test func coversLongPatternsAsTheirSamplesSay() {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<400 {
      let letters = ["a", "b", "*", "?", "*"]
      let draw = { (length: Int) in (0..<length).map { _ in letters.randomElement(using: &random) ?? "a" }.joined() }
      let (mine, theirs) = (draw(Int.random(in: 1...9, using: &random)), draw(Int.random(in: 1...9, using: &random)))
      guard AccessPattern(resource: mine).covers(AccessPattern(resource: theirs)) else { continue }
      for _ in 0..<50 {
        let sample = theirs.map { letter in
          letter == "?"
            ? "c"
            : letter == "*"
              ? String(repeating: "abc".randomElement() ?? "a", count: Int.random(in: 0...3))
              : String(letter)
        }.joined()
        #expect(AccessPattern(resource: mine).matches(sample) == .yes, "\(mine) covers \(theirs), not \(sample)")
      }
    }
  }

  @Test func coversAreReflexiveAndTransitive() {
    let patterns = [
      "*", "s3:*", "s3:Get*", "s3:GetObject", "s3:*Object", "s3:Get?bject", "??*", "*:*", "", "s3:*Get*Object*",
    ]
    .map { AccessPattern(action: $0) }
    for a in patterns {
      #expect(a.covers(a))
      for b in patterns where a.covers(b) {
        #expect(a.overlaps(b))
        for c in patterns where b.covers(c) { #expect(a.covers(c), "\(a) ⊇ \(b) ⊇ \(c)") }
      }
    }
  }

  @Test func coversVariablesOnlyWhereItCannotMatter() {
    let granted = AccessPattern(resource: "arn:aws:s3:::b/${aws:username}/*")
    #expect(AccessPattern(resource: "arn:aws:s3:::b/*").covers(granted))
    #expect(AccessPattern(resource: "arn:aws:s3:::b/${aws:username}/*").covers(granted))
    #expect(!AccessPattern(resource: "arn:aws:s3:::b/ana/*").covers(granted))
    #expect(!granted.covers(AccessPattern(resource: "arn:aws:s3:::b/ana/x")))
  }

  @Test func answersHostilePatternsInTime() {
    let mine = AccessPattern(resource: String(repeating: "*a?", count: 300) + "b")
    let theirs = AccessPattern(resource: String(repeating: "a*?", count: 300) + "c")
    let clock = ContinuousClock()
    let spent = clock.measure { #expect(!mine.covers(theirs)) }
    #expect(spent < .seconds(20))
  }
}
