import Base
import Model
import TestSupport
import Testing

@testable import Reviews

/// A folder with keys made by the real ssh-keygen.
struct Keys {
  let folder: TemporaryFolder
  let program: SSHKeygen

  init(_ names: String...) throws {
    folder = try TemporaryFolder()
    program = SSHKeygen(environment: scrubbedEnvironment(home: folder.path))
    for name in names {
      let made = try runProgram(
        "ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "\(name)@acme", "-f", folder.path(name)])
      try #require(made.status == 0, "\(made.error)")
    }
  }

  func publicKey(_ name: String) throws -> String {
    String(try folder.read("\(name).pub").prefix { $0 != "\n" })
  }

  func signer(_ name: String) -> DecisionSigner { DecisionSigner(key: .file(folder.path(name)), program: program) }

  func sign(_ draft: DraftedDecision, _ name: String) throws -> DraftedDecision {
    try draft.signed(program.sign(draft.signedBytes, with: .file(folder.path(name))))
  }

  /// What stock `ssh-keygen -Y verify` says.
  func verifies(_ bytes: [UInt8], _ signature: String, by name: String) throws -> Bool {
    try folder.write("allowed", "\(name) \(publicKey(name))\n")
    try folder.write("signature", signature)
    let arguments = [
      "-Y", "verify", "-n", "muster-decision@v1", "-I", name, "-f", folder.path("allowed"), "-s",
      folder.path("signature"),
    ]
    return try runProgram("ssh-keygen", arguments, input: bytes).status == 0
  }
}

@Suite struct SigningTests {
  @Test func signsWhatStockOpenSSHVerifies() throws {
    let keys = try Keys("ana", "eve")
    var acme = Acme()
    let item = try acme.openOne()
    let draft = try makeDecision(acme.decide(.keep), on: item, owners: acme.governance.owners, willSign: true)
    let signed = try keys.sign(draft, "ana")
    acme.store([signed.item.source])
    let read = try acme.item()
    let decision = try #require(read.decisions.last)
    let bytes = try #require(DecisionBlock.signedBytes(of: decision, in: read))
    let signature = try #require(decision.signature)
    #expect(bytes == draft.signedBytes)
    #expect(try keys.verifies(bytes, signature, by: "ana"))
    #expect(try !keys.verifies(bytes + [0x20], signature, by: "ana"))
    #expect(try !keys.verifies(bytes, signature, by: "eve"))
  }

  @Test func signsThroughTheAgentWithAPublicKeyAlone() throws {
    let keys = try Keys("ana")
    let socket = keys.folder.path("agent")
    let started = try runProgram("ssh-agent", ["-a", socket, "-s"])
    try #require(started.status == 0)
    let pid = try #require(started.output.split(separator: "SSH_AGENT_PID=").last?.prefix { $0.isNumber })
    defer { _ = try? runProgram("kill", [String(pid)]) }
    var environment = scrubbedEnvironment(home: keys.folder.path)
    environment["SSH_AUTH_SOCK"] = socket
    try #require(runProgram("ssh-add", [keys.folder.path("ana")], environment: environment).status == 0)
    let line = try keys.publicKey("ana")
    keys.folder.remove("ana")
    let program = SSHKeygen(environment: environment)
    #expect(program.agentKeys() == [line])
    let signature = try program.sign([1, 2, 3], with: .agent(line))
    #expect(try keys.verifies([1, 2, 3], signature, by: "ana"))
  }

  @Test func saysWhyItCannotSign() throws {
    let keys = try Keys("ana")
    let error = #expect(throws: ReviewError.self) {
      try keys.program.sign([1], with: .file(keys.folder.path("nobody")))
    }
    #expect(error?.code == .cannotSign)
    let bare = SSHKeygen(environment: ["PATH": keys.folder.path])
    let missing = #expect(throws: ReviewError.self) { try bare.sign([1], with: .file(keys.folder.path("ana"))) }
    #expect(missing?.message.contains("not installed") == true)
  }

  @Test func findsTheKeyToUse() throws {
    var person = Person(name: "ana", location: place("owners.yaml"))
    person.keys = [located("ssh-ed25519 AAAA1 ana@acme")]
    let find = { SigningKey.find($0, for: person) }
    #expect(find(.init(file: "~/k", format: "ssh", configured: "other", home: "/home/ana")) == .file("/home/ana/k"))
    #expect(
      find(.init(format: "ssh", configured: "~/.ssh/id.pub", home: "/home/ana")) == .file("/home/ana/.ssh/id.pub"))
    #expect(find(.init(format: "ssh", configured: "key::ssh-ed25519 AAAA2 x")) == .agent("ssh-ed25519 AAAA2 x"))
    #expect(find(.init(format: "ssh", configured: "ssh-ed25519 AAAA2")) == .agent("ssh-ed25519 AAAA2"))
    #expect(find(.init(format: "openpgp", configured: "ABCD")) == nil)
    let agent: @Sendable () -> [String] = { ["ssh-rsa BBBB x", "ssh-ed25519 AAAA1 laptop"] }
    #expect(find(.init(agentKeys: agent)) == .agent("ssh-ed25519 AAAA1 laptop"))
    #expect(SigningKey.find(.init(agentKeys: agent), for: nil) == nil)
  }
}
