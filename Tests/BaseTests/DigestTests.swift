import Base
import Testing

@Suite struct DigestTests {
  /// FIPS 180-4's example, and the digest of nothing.
  @Test(arguments: [
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
  ])
  func digestsAndReadsItsDigits(text: String, hex: String) throws {
    let digest = SHA256Digest(of: text)
    #expect(digest.hex == hex && digest.bytes.hex == hex)
    #expect(SHA256Digest(hex: hex) == digest)
    var stream = SHA256Stream()
    Array(text.utf8).withUnsafeBytes { stream.add($0) }
    #expect(stream.bytes() == digest.bytes)
  }

  @Test func refusesWhatIsNoDigest() {
    let hex = SHA256Digest(of: "abc").hex
    for wrong in ["", "abc", hex.uppercased(), hex + "0", String(hex.dropLast()), String(hex.dropLast()) + "g"] {
      #expect(SHA256Digest(hex: wrong) == nil)
    }
  }

  /// Digests that `xxh128sum` gives, of texts that its three ways of short and long inputs take.
  @Test(arguments: [
    (0, "99aa06d3014798d86001c324468d497f"), (100, "da95ef16fd9566f329b20ba5f03ec01e"),
    (1000, "076f7e02b7120d2ad33dd80b46f60e50"), (100_000, "077f8d86a61f4d7439cf9d035d60ad58"),
  ])
  func givesTheDigestsOfXXHash(count: Int, hex: String) {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
    var whole = XXH128Stream()
    var pieces = XXH128Stream()
    bytes.withUnsafeBytes { whole.add($0) }
    for start in stride(from: 0, to: count, by: 333) {
      bytes[start..<min(count, start + 333)].withUnsafeBytes { pieces.add($0) }
    }
    #expect(whole.value() == UInt128(hex, radix: 16) && pieces.value() == whole.value())
  }

  @Test func sortsDigestsAsTheirBytes() {
    let digests = (0..<200).map { SHA256Digest(of: "\($0)") }
    #expect(digests.sorted().map(\.hex) == digests.map(\.hex).sorted())
    #expect(Set(digests).count == 200)
  }
}
