import TestSupport
import Testing

@testable import Base

@Suite struct SSHPublicKeyTests {
  @Test(arguments: SSHSignatureTests.kinds)
  func showsTheFingerprintThatSSHKeygenShows(_ kind: (String, Int?)) throws {
    let signer = try Signer(kind.0, bits: kind.1)
    let key = try SSHPublicKey(signer.publicText)
    let shown = try Signer.run(["-l", "-f", signer.key + ".pub"]).output.split(separator: " ")
    #expect(key.fingerprint == shown[1])
    #expect(signer.publicText == "\(key) ana@acme.example\n")
    #expect(try SSHPublicKey("\(key)") == key && SSHPublicKey("  \(key) a comment of words") == key)
    for length in key.blob.indices {
      #expect(throws: SSHKeyError.self) { try SSHPublicKey(blob: Array(key.blob.prefix(length))) }
    }
    #expect(throws: SSHKeyError.trailingBytes) { try SSHPublicKey(blob: key.blob + [0]) }
  }

  @Test func refusesShortRSAKeys() throws {
    let signer = try Signer("rsa", bits: 1024)
    #expect(throws: SSHKeyError.tooShort(bits: 1024)) { try SSHPublicKey(signer.publicText) }
    let signature = try signer.sign(SSHSignatureTests.message)
    #expect(throws: SSHSignatureError.badKey(.tooShort(bits: 1024))) { try SSHSignature(signature) }
  }

  @Test func tellsWhatIsWrongWithAKey() throws {
    let text = try Signer("ed25519").publicText
    let word = String(text.split(separator: " ")[1])
    #expect(throws: SSHKeyError.notAKey) { try SSHPublicKey("ssh-ed25519") }
    #expect(throws: SSHKeyError.notAKey) { try SSHPublicKey("") }
    #expect(throws: SSHKeyError.notBase64) { try SSHPublicKey("ssh-ed25519 \(word)=") }
    #expect(throws: SSHKeyError.kindsDiffer) { try SSHPublicKey("ssh-rsa \(word)") }
    #expect(throws: SSHKeyError.unknownKind("ssh-dss")) { try SSHPublicKey("ssh-dss AAAAB3NzaC1kc3MAAACBAA==") }
    let error = SSHKeyError.unknownKind("x\u{1B}[2J")
    #expect(!error.description.unicodeScalars.contains("\u{1B}"))
  }

  @Test func refusesPointsOffTheCurve() throws {
    let signer = try Signer("ecdsa", bits: 256)
    var key = try SSHPublicKey(signer.publicText).blob
    key[key.count - 1] ^= 1
    let blob = SSHSignatureTests.rebuild(try SSHSignatureTests.blob(of: signer.sign([1])), key: key) { reader, writer in
      writer.string(reader.string() ?? [])
      writer.string(reader.string() ?? [])
    }
    let signature = try SSHSignature(blob: blob)
    #expect(throws: SSHSignatureError.mismatch) { try signature.verify([1], namespace: SSHSignatureTests.namespace) }
  }
}

@Suite struct Base64Tests {
  // RFC 4648 §10.
  @Test(arguments: [
    ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
    ("foobar", "Zm9vYmFy"),
  ])
  func followsTheStandard(_ plain: String, _ encoded: String) {
    #expect(Base64.encode(Array(plain.utf8)) == encoded)
    #expect(Base64.decode(encoded) == Array(plain.utf8))
    #expect(Base64.encode(Array(plain.utf8), isPadded: false) == encoded.prefix { $0 != "=" })
  }

  @Test(arguments: [
    "Z", "Zg", "Zg=", "Zh==", "Zm9=", "Z===", "====", "Zg==Zg==", "Zm 9", "Zm9v\n", "Zm-_", "Zmé9", "=Zm9",
  ])
  func refusesAnythingElse(_ text: String) { #expect(Base64.decode(text) == nil) }

  @Test func decodesWhatItEncoded() {
    var generator = SystemRandomNumberGenerator()
    for count in 0..<300 {
      let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
      #expect(Base64.decode(Base64.encode(bytes)) == bytes)
    }
  }
}
