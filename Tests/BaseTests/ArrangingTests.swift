import Base
import Testing

@Suite struct ArrangingTests {
  @Test func putsElementsInTheOrderOfTheirKeys() {
    let letters = ["", "a", "b", "ab", "é", "e\u{301}", "漢", "~"]
    for count in 0..<60 {
      var pairs = (0..<count).map { _ in
        (letters.randomElement() ?? "", letters.randomElement() ?? "", Int.random(in: 0...9))
      }
      let expected = pairs.enumerated().sorted { a, b in
        let (x, y) = (Array(a.element.0.utf8), Array(b.element.0.utf8))
        if x != y { return x.lexicographicallyPrecedes(y) }
        let (v, w) = (Array(a.element.1.utf8), Array(b.element.1.utf8))
        return v == w ? a.offset < b.offset : v.lexicographicallyPrecedes(w)
      }.map(\.element)
      pairs.arrange(by: \.0, then: \.1)
      #expect(pairs.map { "\($0)" } == expected.map { "\($0)" })
    }
  }

  @Test(arguments: [
    ("a", "b", true), ("b", "a", false), ("a", "a", false), ("", "a", true), ("Z", "a", true), ("z", "é", true),
  ])
  func comparesTextsByTheirBytes(a: String, b: String, expected: Bool) { #expect(utf8Precedes(a, b) == expected) }

  @Test func comparesNumbersInTextsByTheirValue() {
    let sorted = [
      "", "a", "a 00", "a 0 b", "a 002", "a 2", "a 10", "a 10 b", "a 18446744073709551616", "a 28446744073709551616",
      "a b", "b",
    ]
    for (i, a) in sorted.enumerated() {
      for (j, b) in sorted.enumerated() { #expect((numericOrder(a, b).signum()) == (i - j).signum(), "\(a) \(b)") }
    }
  }
}
