import TestSupport
import Testing

@testable import Base

/// Keys and signatures made by the real `ssh-keygen`.
struct Signer {
  let folder: TemporaryFolder
  let key: String
  let publicText: String

  init(_ type: String, bits: Int? = nil) throws {
    folder = try TemporaryFolder()
    key = folder.path("key")
    let size = bits.map { ["-b", "\($0)"] } ?? []
    try Self.run(["-q", "-t", type, "-N", "", "-C", "ana@acme.example", "-f", key] + size)
    publicText = try folder.read("key.pub")
  }

  func sign(_ message: [UInt8], namespace: String = "muster-decision@v1", hash: String = "sha512") throws -> String {
    try Self.run(["-q", "-Y", "sign", "-n", namespace, "-O", "hashalg=\(hash)", "-f", key], input: message).output
  }

  @discardableResult
  static func run(_ arguments: [String], input: [UInt8] = []) throws -> ProgramResult {
    let result = try runProgram("ssh-keygen", arguments, input: input)
    try #require(result.status == 0, "\(result.error)")
    return result
  }
}

@Suite struct SSHSignatureTests {
  static let message = Array("decision: keep\nreason: still used\n".utf8)
  static let namespace = "muster-decision@v1"
  static let kinds: [(String, Int?)] = [
    ("ed25519", nil), ("ecdsa", 256), ("ecdsa", 384), ("ecdsa", 521), ("rsa", 2048), ("rsa", 3072),
  ]

  @Test(arguments: kinds, ["sha256", "sha512"])
  func acceptsWhatSSHKeygenSigned(_ kind: (String, Int?), _ hash: String) throws {
    let signer = try Signer(kind.0, bits: kind.1)
    let text = try signer.sign(Self.message, hash: hash)
    let signature = try SSHSignature(text)
    let key = try SSHPublicKey(signer.publicText)
    #expect(signature.hash.rawValue == hash && signature.publicKey == key)
    #expect(try signature.verify(Self.message, namespace: Self.namespace) == key)
    #expect(throws: SSHSignatureError.otherNamespace(Self.namespace)) {
      try signature.verify(Self.message, namespace: "git")
    }
    #expect(throws: SSHSignatureError.mismatch) {
      try signature.verify(Self.message + [0x0A], namespace: Self.namespace)
    }
    #expect(throws: SSHSignatureError.mismatch) { try signature.verify([], namespace: Self.namespace) }
    #expect(try SSHSignature(try signer.sign([], hash: hash)).verify([], namespace: Self.namespace) == key)
  }

  @Test(arguments: kinds)
  func refusesEachFlippedBitAndEachCut(_ kind: (String, Int?)) throws {
    let signer = try Signer(kind.0, bits: kind.1)
    let blob = try Self.blob(of: signer.sign(Self.message))
    #expect(try SSHSignature(blob: blob).verify(Self.message, namespace: Self.namespace).blob.isEmpty == false)
    for length in blob.indices {
      #expect(throws: SSHSignatureError.self) { try SSHSignature(blob: Array(blob.prefix(length))) }
    }
    #expect(throws: SSHSignatureError.trailingBytes) { try SSHSignature(blob: blob + [0]) }
    for at in blob.indices {
      var flipped = blob
      flipped[at] ^= UInt8(1) << UInt8(at % 8)
      #expect(throws: SSHSignatureError.self, "byte \(at)") {
        try SSHSignature(blob: flipped).verify(Self.message, namespace: Self.namespace)
      }
    }
  }

  @Test func refusesAnotherKeysSignature() throws {
    let (one, two) = (try Signer("ed25519"), try Signer("ed25519"))
    let (a, b) = (try Self.blob(of: one.sign(Self.message)), try Self.blob(of: two.sign(Self.message)))
    // The same lengths throughout: the first key with the second's numbers.
    let mixed = Array(a.dropLast(64)) + b.suffix(64)
    #expect(throws: SSHSignatureError.mismatch) {
      try SSHSignature(blob: mixed).verify(Self.message, namespace: Self.namespace)
    }
  }

  @Test func refusesRSAWithSHA1AndForeignAlgorithms() throws {
    let signer = try Signer("rsa", bits: 2048)
    let blob = try Self.blob(of: signer.sign(Self.message))
    for name in ["ssh-rsa", "ssh-ed25519", "rsa-sha2-1"] {
      let other = Self.replacingAlgorithm(of: blob, by: name)
      #expect(throws: SSHSignatureError.refusedAlgorithm(name)) {
        try SSHSignature(blob: other).verify(Self.message, namespace: Self.namespace)
      }
    }
    let edwards = try Self.blob(of: Signer("ed25519").sign(Self.message))
    #expect(throws: SSHSignatureError.refusedAlgorithm("rsa-sha2-512")) {
      try SSHSignature(blob: Self.replacingAlgorithm(of: edwards, by: "rsa-sha2-512"))
        .verify(Self.message, namespace: Self.namespace)
    }
  }

  static func replacingAlgorithm(of blob: [UInt8], by name: String) -> [UInt8] {
    rebuild(blob) { reader, writer in
      _ = reader.string()
      writer.string(Array(name.utf8))
      writer.string(reader.string() ?? [])
    }
  }

  /// The same signature with another innermost part.
  static func rebuild(
    _ blob: [UInt8], key: [UInt8]? = nil, _ change: (inout SSHWireReader, inout SSHWireWriter) -> Void
  ) -> [UInt8] {
    var reader = SSHWireReader(blob)
    var writer = SSHWireWriter()
    writer.raw(reader.raw(10) ?? [])
    let oldKey = reader.string() ?? []
    writer.string(key ?? oldKey)
    for _ in 0..<3 { writer.string(reader.string() ?? []) }
    var inner = SSHWireReader(reader.string() ?? [])
    var changed = SSHWireWriter()
    change(&inner, &changed)
    writer.string(changed.bytes)
    return writer.bytes
  }

  @Test func readsTheArmourWithAnyLineEnds() throws {
    let signer = try Signer("ed25519")
    let text = try signer.sign(Self.message)
    for variant in [
      text, "\n\n" + text + "\n", text.split(separator: "\n").joined(separator: "\r\n"),
      text.split(separator: "\n").joined(separator: "  \n"),
    ] {
      #expect(try SSHSignature(variant) == SSHSignature(text))
    }
    let inside = text.split(separator: "\n").dropFirst().dropLast().joined(separator: "\n")
    for broken in [
      "", inside, "x\n" + text, text + "x", text + text, String(text.dropLast(20)),
      "-----BEGIN SSH SIGNATURE-----\n-----END SSH SIGNATURE-----",
    ] {
      #expect(throws: SSHSignatureError.self) { try SSHSignature(broken) }
    }
    for length in text.indices where text.distance(from: text.startIndex, to: length) < text.count - 1 {
      #expect(throws: SSHSignatureError.self) { try SSHSignature(text[..<length]) }
    }
  }

  @Test func neverCrashesOnAnyBytes() throws {
    let blob = try Self.blob(of: Signer("ecdsa", bits: 256).sign(Self.message))
    var generator = SystemRandomNumberGenerator()
    var accepted = 0
    for _ in 0..<5000 {
      var bytes = blob
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        let at = Int.random(in: bytes.indices, using: &generator)
        bytes[at] =
          [0, 0x7F, 0x80, 0xFF, UInt8.random(in: 0...255, using: &generator)].randomElement(using: &generator) ?? 0
      }
      if bytes != blob, (try? SSHSignature(blob: bytes).verify(Self.message, namespace: Self.namespace)) != nil {
        accepted += 1
      }
    }
    #expect(accepted == 0)
  }

  @Test(arguments: [UInt8(1), 5, 0, 4])
  func verifiesSecurityKeysThatWereTouched(_ flags: UInt8) throws {
    let folder = try TemporaryFolder()
    try runProgram("openssl", ["genpkey", "-algorithm", "ed25519", "-out", folder.path("key.pem")])
    let der = try runProgram("openssl", ["pkey", "-in", folder.path("key.pem"), "-pubout", "-outform", "DER"])
      .outputBytes
    var key = SSHWireWriter()
    key.string(Array("sk-ssh-ed25519@openssh.com".utf8))
    key.string(Array(der.suffix(32)))
    key.string(Array("ssh:".utf8))
    let plain = try Self.blob(of: Signer("ed25519").sign(Self.message))
    // What a security key signs: PROTOCOL.u2f.
    var signed = SSHWireWriter()
    signed.raw("SSHSIG".utf8)
    signed.string(Array(Self.namespace.utf8))
    signed.string([])
    signed.string(Array("sha512".utf8))
    let digest = try runProgram("openssl", ["dgst", "-sha512", "-binary"], input: Self.message).outputBytes
    signed.string(digest)
    var outer = SSHWireWriter()
    outer.raw(SHA256Digest(of: "ssh:").bytes)
    outer.raw([flags])
    outer.uint32(7)
    outer.raw(SHA256Digest(of: signed.bytes).bytes)
    try folder.write("to-sign", bytes: outer.bytes)
    let numbers = try runProgram(
      "openssl", ["pkeyutl", "-sign", "-rawin", "-inkey", folder.path("key.pem"), "-in", folder.path("to-sign")]
    ).outputBytes
    #expect(numbers.count == 64)
    let blob = Self.rebuild(plain, key: key.bytes) { _, writer in
      writer.string(Array("sk-ssh-ed25519@openssh.com".utf8))
      writer.string(numbers)
      writer.raw([flags])
      writer.uint32(7)
    }
    let signature = try SSHSignature(blob: blob)
    let ours = (try? signature.verify(Self.message, namespace: Self.namespace)) != nil
    let text = "-----BEGIN SSH SIGNATURE-----\n\(Base64.encode(blob))\n-----END SSH SIGNATURE-----\n"
    try folder.write("signature", text)
    try folder.write("signers", "ana \(try SSHPublicKey(blob: key.bytes))\n")
    let theirs =
      try runProgram(
        "ssh-keygen",
        [
          "-Y", "verify", "-f", folder.path("signers"), "-I", "ana", "-n", Self.namespace, "-s",
          folder.path("signature"),
        ],
        input: Self.message
      ).status == 0
    // `ssh-keygen -Y verify` does not ask for the touch; it must agree on the rest.
    #expect(theirs && ours == (flags & 1 == 1))
    if flags & 1 == 1 {
      #expect(throws: SSHSignatureError.mismatch) { try signature.verify([1], namespace: Self.namespace) }
    } else {
      #expect(throws: SSHSignatureError.noTouch) { try signature.verify(Self.message, namespace: Self.namespace) }
    }
  }

  static func blob(of text: String) throws -> [UInt8] {
    try #require(Base64.decode(text.split(separator: "\n").dropFirst().dropLast().joined()))
  }
}
