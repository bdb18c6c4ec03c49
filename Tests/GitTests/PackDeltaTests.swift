import Testing

@testable import Git

@Suite struct PackDeltaTests {
  @Test(arguments: 0..<60) func givesTheNewBytes(seed: Int) throws {
    var random = RandomBits(state: UInt64(seed))
    // Few different bytes: many blocks are alike.
    let letters = seed % 3 == 0 ? 2 : 200
    let old = (0..<Int.random(in: 0...(seed % 2 == 0 ? 300 : 150_000), using: &random)).map { _ in
      UInt8(Int.random(in: 0..<letters, using: &random))
    }
    var new = old
    for _ in 0..<(seed % 5) {
      let at = Int.random(in: 0...new.count, using: &random)
      let end = min(new.count, at + Int.random(in: 0..<400, using: &random))
      let inserted = (0..<Int.random(in: 0..<300, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random)
      }
      new.replaceSubrange(at..<end, with: inserted)
    }
    let delta = PackDelta(from: old, to: new).bytes
    #expect(try apply(delta, to: old) == new)
    if seed % 5 == 0 { #expect(delta.count < 40) }
  }

  @Test func findsBothOfTwoChangesFarApart() throws {
    let old = (0..<2000).map { "line \($0 * 7919 % 10_007) of the file\n" }
    var new = old
    new[20] = "another\n"
    new[1900] = "one more\n"
    let bytes = { (lines: [String]) in Array(lines.joined().utf8) }
    let delta = PackDelta(from: bytes(old), to: bytes(new)).bytes
    #expect(try apply(delta, to: bytes(old)) == bytes(new))
    #expect(delta.count < 100, "\(delta.count)")
  }

  /// As git applies it.
  private func apply(_ delta: [UInt8], to old: [UInt8]) throws -> [UInt8] {
    var rest = delta[...]
    func number() throws -> Int {
      var (value, shift) = (0, 0)
      while true {
        let next = rest.popFirst()
        let byte = try #require(next)
        value |= Int(byte & 0x7F) << shift
        shift += 7
        if byte & 0x80 == 0 { return value }
      }
    }
    #expect(try number() == old.count)
    let size = try number()
    var new: [UInt8] = []
    while let command = rest.popFirst() {
      if command & 0x80 == 0 {
        try #require(command > 0)
        new += rest.prefix(Int(command))
        rest = rest.dropFirst(Int(command))
        continue
      }
      var (start, count) = (0, 0)
      for byte in 0..<7 where command >> byte & 1 == 1 {
        let next = Int(rest.popFirst() ?? 0)
        if byte < 4 { start |= next << (8 * byte) } else { count |= next << (8 * (byte - 4)) }
      }
      try #require(start + count <= old.count && count > 0)
      new += old[start..<start + count]
    }
    #expect(new.count == size)
    return new
  }
}
