import Base
import Declarations
import Model
import TestSupport
import Testing

/// The secrets here are made up and put together at run time, so that no scanner takes this file for a leak.
@Suite struct SecretScanTests {
  private static func letters(_ count: Int) -> String {
    String(decoding: (0..<count).map { Array("a7Kq2Zx9Lm4Pw8Rt3Bv6Nc1Yd5Hf0GjS".utf8)[($0 * 7) % 32] }, as: UTF8.self)
  }

  private static func scan(_ text: String) -> [FoundSecret] {
    scanForSecrets(SourceFile(path: "a.yaml", bytes: Array(text.utf8)))
  }

  private static let forty = letters(19) + "/" + letters(20)
  private static let id = "AKIA" + "IOSFODNN7ABCDEFG"

  private static let tokens: [(kind: String, value: String)] = [
    ("GitHub token", "ghp_" + letters(36)), ("GitHub token", "github_pat_" + letters(22) + "_" + letters(59)),
    ("GitLab token", "glpat-" + letters(20)), ("Slack token", "xoxb-" + "123456789012-" + letters(24)),
    ("Slack webhook", "hooks.slack.com/services/T" + "00000000/B00000000/" + letters(24)),
    ("Google API key", "AIza" + letters(35)), ("Google OAuth secret", "GOCSPX-" + letters(28)),
    ("Stripe live key", "sk_live_" + letters(24)), ("npm token", "npm_" + letters(36)),
    ("PyPI token", "pypi-AgE" + letters(60)), ("Vault token", "hvs." + letters(24)),
    ("Databricks token", "dapi" + String(repeating: "0123456789abcdef", count: 2)),
    ("JSON Web Token", "eyJ" + letters(20) + ".eyJ" + letters(30) + "." + letters(43)),
    ("private key", "-----BEGIN OPENSSH " + "PRIVATE KEY-----\n\(letters(70))\n-----END OPENSSH PRIVATE KEY-----"),
    ("private key", "-----BEGIN RSA " + "PRIVATE KEY-----"),
  ]

  @Test(arguments: tokens) func findsTokensByTheirForm(kind: String, value: String) throws {
    for (before, after) in [("", ""), ("notes: ", "\n"), ("notes: \"", "\""), ("é # (", ") x"), ("url=", "&x=1")] {
      let found = Self.scan("identity: a\n\(before)\(value)\(after)")
      let secret = try #require(found.first, "\(before)\(kind)\(after)")
      #expect(found.count == 1 && secret.kind == kind)
      #expect(secret.location.line == 2 && secret.location.column == before.unicodeScalars.count + 1)
      #expect(secret.digest == String(SHA256Digest(of: value).hex.prefix(12)))
    }
  }

  @Test(arguments: [
    ("aws_secret_access_key = \(forty)", "AWS secret access key"),
    ("accessKeyId: \(id)\nwhatever: \(forty)", "AWS secret access key"),
    ("id,secret\n\(id),\(forty)", "AWS secret access key"), ("password: hunter2x", "password"),
    ("db_password: 'Tr0ub4dor&3'", "password"), ("{\"clientSecret\": \"\(letters(32))\"}", "secret"),
    ("  api-key: \(letters(24)) # of the vendor", "API key"), ("token=\(letters(20))", "token"),
    ("postgres://app:s3cr3t-w0rd@db.acme.example/x", "password in an address"),
    ("notes: '-----BEGIN OPENSSH " + "PRIVATE KEY-----'", "private key"),
  ]) func findsSecretsByTheirNames(text: String, kind: String) {
    #expect(Self.scan("identity: a\n\(text)\n").map(\.kind) == [kind])
  }

  @Test(arguments: [
    id, "ASIA" + "IOSFODNN7ABCDEFG", "arn:aws:iam::111122223333:role/release-publisher",
    "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "commit: 4be1f00c4be1f00c4be1f00c4be1f00c4be1f00c", "id: 6ba7b810-9dad-11d1-80b4-00c04fd430c8", "x: \(forty)",
    "secret: 6ba7b810-9dad-11d1-80b4-00c04fd430c8",
    "keys: [\"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDx9863vZF6pmoIBIpf5\"]",
    "-----BEGIN SSH SIGNATURE-----\n\(forty)\nAIza\(letters(35))\n-----END SSH SIGNATURE-----",
    "-----BEGIN PUBLIC KEY-----\n\(letters(64))\n-----END PUBLIC KEY-----", "password: ${DB_PASSWORD_1}",
    "password: \"<your-password-1>\"",
    "secret: payments-db-password-2", "secret: vault:kv/payments/db#1", "token: {{ secrets.TOKEN_1 }}",
    "token: arn:aws:secretsmanager:eu-west-1:111122223333:secret:x-1", "password: rotated every 90d by the vault",
    "kind: token", "kind: api-key", "credentials: { max-age: 90d, overlap: 2d }", "secret: \"s3 bucket\"",
    "https://acme.example/a:b@c", "git@github.com:acme/x.git", "https://user@host/", "SHA256:\(letters(43))",
    "resources: [\"arn:aws:s3:::payments-artifacts/*\"]", "token: xxxxxxxxxxxx1", "secretName: payments-signing-key-v2",
    "password:", "password", "token: \"\"", "api_key: changeme-12345678", "eyJhbGciOi.not.a.token",
  ]) func leavesAloneWhatIsNone(text: String) {
    #expect(Self.scan("identity: a\n\(text)\n").isEmpty, "\(Self.scan(text))")
  }

  @Test func redactsWithoutMovingAnything() {
    let text = "a: é ghp_\(Self.letters(36)) b\nc: [password: \"ü7xxyyzz\"]\nd: sk_live_\(Self.letters(24))\n"
    let file = SourceFile(path: "a", bytes: Array(text.utf8))
    let redacted = String(decoding: redactingSecrets(file), as: UTF8.self)
    #expect(
      redacted
        == "a: é \(String(repeating: "x", count: 40)) b\nc: [password: \"xxxxxxxx\"]\nd: \(String(repeating: "x", count: 32))\n"
    )
    #expect(scanForSecrets(SourceFile(path: "a", bytes: Array(redacted.utf8))).isEmpty)
    #expect(redactingSecrets(SourceFile(path: "a", bytes: [0x61])) == [0x61])
  }

  /// Random bytes made of the pieces that the scanner looks for.
  @Test(arguments: 0..<40) func survivesAnyBytes(seed: Int) {
    var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 | 1
    func next(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    let pieces =
      Self.tokens.map { Array($0.value.utf8) } + [
        Array("-----BEGIN ".utf8), Array("-----END ".utf8), Array("password: \"".utf8), Array("://a:".utf8),
        Array("@".utf8),
        [0xFF, 0xC3], [0], [0x0A], Array(Self.forty.utf8), Array(Self.id.utf8), Array("token=".utf8), Array("eyJ".utf8),
      ]
    var bytes: [UInt8] = []
    for _ in 0..<60 { bytes += pieces[next(pieces.count)].dropLast(next(4)) }
    let file = SourceFile(path: "a", bytes: bytes)
    let found = scanForSecrets(file)
    for (first, second) in zip(found, found.dropFirst()) { #expect(first.range.upperBound <= second.range.lowerBound) }
    #expect(redactingSecrets(file).count { $0 == 0x0A } == bytes.count { $0 == 0x0A })
  }

  @Test(arguments: ["kind: ", "owner: ", "expires: ", "nope: 1\nscope: "])
  func keepsSecretsOutOfDiagnostics(key: String) {
    let secret = "ghp_" + Self.letters(36)
    let problems = Repository(declaration: "identity: a\n\(key)\(secret)").problems
    #expect(!problems.isEmpty && !problems.contains { $0.contains(secret.prefix(8)) }, "\(problems)")
  }

  @Test func findsOnlyThePlantedSecretOfTheExample() throws {
    let root = String(#filePath.dropLast("Tests/DeclarationsTests/SecretScanTests.swift".count)) + "examples/acme"
    let files = try FileSystem.files(at: root).filter { $0.hasSuffix(".yaml") || $0.hasSuffix("CODEOWNERS") }
    #expect(files.count > 20)
    let found = try files.flatMap { scanForSecrets(SourceFile(path: $0, bytes: try FileSystem.read($0))) }
    #expect(found.map(\.kind) == ["GitHub token"])
    #expect(found.first?.location.path.hasSuffix("identities/messaging/sms-gateway.yaml") == true)
  }
}
