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

  @Test func sortsDigestsAsTheirBytes() {
    let digests = (0..<200).map { SHA256Digest(of: "\($0)") }
    #expect(digests.sorted().map(\.hex) == digests.map(\.hex).sorted())
    #expect(Set(digests).count == 200)
  }
}
