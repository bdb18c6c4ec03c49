import Base
import Testing

struct TimeTests {
  @Test func roundTripsEveryDayOfFourCenturies() throws {
    for number in Int32(-146_097)..<Int32(146_097) {
      let day = Day(number: number)
      let (year, month, dayOfMonth) = day.components
      #expect(Day(year: year, month: month, day: dayOfMonth) == day)
    }
    #expect(try #require(Day("2026-11-21")).weekday == 5)
  }

  @Test(arguments: [
    "2026-02-29", "2026-13-01", "2026-00-10", "2026-1-01", "soon", "2026-11-21T00:00:00Z", "+026-11-21",
  ])
  func refusesWhatIsNoDay(text: String) { #expect(Day(text) == nil) }

  @Test(arguments: [
    ("2026-11-21T09:12:44Z", "2026-11-21T09:12:44Z"), ("2026-11-21t09:12:44.5z", "2026-11-21T09:12:44.500Z"),
    ("2026-11-21T00:30:00+01:00", "2026-11-20T23:30:00Z"), ("1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z"),
    ("2026-11-21", "2026-11-21T00:00:00Z"), ("2026-11-21 09:12:44.1234567Z", "2026-11-21T09:12:44.123Z"),
  ])
  func readsInstants(text: String, shown: String) { #expect(Instant(text)?.description == shown) }

  @Test(arguments: [
    "2026-11-21T09:12:44", "2026-11-21T24:00:00Z", "2026-11-21T09:12:44.Z", "2026-11-21T09:12:44+1:00", "",
  ])
  func refusesWhatIsNoInstant(text: String) { #expect(Instant(text) == nil) }

  @Test(arguments: [("90d", "90d"), ("36h", "36h"), ("48h", "2d"), ("2w", "14d"), ("0d", "0d"), ("90s", "90s")])
  func readsDurations(text: String, shown: String) { #expect(Milliseconds(text)?.description == shown) }

  @Test(arguments: ["90", "d", "-1d", "+1d", "1.5h", "99999999999d", ""])
  func refusesWhatIsNoDuration(text: String) { #expect(Milliseconds(text) == nil) }

  @Test func knowsSummerTime() throws {
    let zurich = try #require(TimeZone("Europe/Zurich"))
    #expect(zurich.offset(at: try #require(Instant("2026-07-01T12:00:00Z"))) == Milliseconds(7_200_000))
    #expect(zurich.offset(at: try #require(Instant("2026-12-01T12:00:00Z"))) == Milliseconds(3_600_000))
    #expect(TimeZone("Europe/Zurigo") == nil)
    #expect(TimeZone("../../etc/passwd") == nil)
  }
}

struct GlobTests {
  @Test(arguments: [
    ("s3:Get*", "s3:GetObject", true), ("s3:Get?bject", "s3:GetObject", true), ("*", "", true),
    ("a*b*c", "abbbc", true),
    ("a*b*c", "abbb", false), ("?", "é", true), ("aws:*", "aws:111122223333", true), ("", "a", false),
  ])
  func matchesTexts(pattern: String, text: String, expected: Bool) { #expect(Glob(pattern).matches(text) == expected) }

  @Test(arguments: [
    ("logs/*.json", "logs/a.json", true), ("logs/*.json", "logs/b/a.json", false),
    ("logs/**/*.json", "logs/a.json", true),
    ("logs/**/*.json", "logs/x/y/a.json", true), ("**", "a/b", true), ("*/b", "a/b", true), ("*/b", "a/c/b", false),
  ])
  func keepsStarsInsideAPathComponent(pattern: String, path: String, expected: Bool) {
    #expect(Glob(pattern, .path).matches(path) == expected)
  }

  @Test func takesLinearTimeOnHostilePatterns() {
    let pattern = String(repeating: "*a", count: 2_000) + "b"
    #expect(!Glob(pattern).matches(String(repeating: "a", count: 20_000)))
  }
}

struct EscapingTests {
  @Test(arguments: ["\u{1B}[31m", "a\u{202E}b", "\u{7}", "x\u{200B}y", "\u{2028}", "\u{9B}31m"])
  func showsWhatCouldMoveACursorOrHide(text: String) {
    for shown in [text.escapedForTerminal, text.escapedOnOneLine, text.escapedForMarkdown] {
      #expect(!shown.unicodeScalars.contains { $0.isUnprintable })
    }
  }

  @Test func keepsMarkdownFlat() {
    let shown = "<b>|`[x](y)\n# @ana".escapedForMarkdown
    #expect(!shown.contains("<"))
    #expect(!shown.contains("\n"))
    #expect(!shown.contains("@"))
    #expect("a`b".asMarkdownCode == "`` a`b ``")
  }

  @Test func writesJSONThatIsSafeInPages() {
    var writer = JSONWriter()
    writer.object { writer in
      writer.field("a", "</script>\u{2028}\u{1}\"\\")
      writer.field("b", [String]())
      writer.key("c")
      writer.array { $0.double(1.5) }
    }
    #expect(writer.text == #"{"a":"\u003c/script\u003e\u2028\u0001\"\\","c":[1.5]}"#)
  }

  @Test func suggestsOnlyWhatIsNear() {
    #expect(nearest(to: "ownr", among: ["owner", "purpose"]) == "owner")
    #expect(nearest(to: "zzz", among: ["owner", "purpose"]) == nil)
  }
}
