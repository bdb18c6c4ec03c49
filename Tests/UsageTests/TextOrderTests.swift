import Base
import Testing

@testable import Usage

@Suite struct TextOrderTests {
  /// Texts that share beginnings, end early, hold zero bytes, or are equal.
  private static func texts() -> [[UInt8]] {
    let heads = ["", "arn:aws:s3:::", "arn:aws:s3:::bucket/a", "arn:aws:s"]
    let bytes: [UInt8] = [0, 1, 0x61, 0x62, 0xC3, 0xFF]
    return (0..<400).map { _ in
      Array(heads[Int.random(in: 0..<4)].utf8) + (0..<Int.random(in: 0...12)).map { _ in bytes[Int.random(in: 0..<6)] }
    }
  }

  @Test func ordersByBytesThenByNumber() {
    for _ in 0..<50 {
      let texts = Self.texts()
      let room = texts.flatMap { $0 }
      room.withUnsafeBytes { room in
        var at = 0
        var raw: [RawText] = []
        for text in texts {
          raw.append(RawText(start: room.baseAddress?.advanced(by: at), count: text.count))
          at += text.count
        }
        let expected = texts.indices.sorted {
          texts[$0] == texts[$1] ? $0 < $1 : texts[$0].lexicographicallyPrecedes(texts[$1])
        }
        #expect(TextOrder.sorted(raw).map(Int.init) == expected)
      }
    }
    #expect(TextOrder.sorted([]) == [])
  }
}
