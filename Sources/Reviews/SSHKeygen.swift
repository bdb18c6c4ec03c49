import Base

/// Signs with OpenSSH's own program, so that keys, agents, passphrases and hardware tokens work as the person knows
/// them.
package struct SSHKeygen: Sendable {
  /// What decisions are signed as: no commit's signature can pass for a decision's.
  package static let namespace = "muster-decision@v1"

  private let environment: [String: String]

  package init(environment: [String: String]) { self.environment = environment }

  /// An armored signature of the bytes.
  package func sign(_ bytes: [UInt8], with key: SigningKey, namespace: String = SSHKeygen.namespace) throws(ReviewError)
    -> String
  {
    var temporary: TemporaryFile?
    var arguments = ["-Y", "sign", "-n", namespace]
    switch key {
    case .file(let path): arguments += ["-f", path]
    case .agent(let line):
      do throws(FileError) {
        let file = try TemporaryFile(Array((line + "\n").utf8), environment: environment)
        temporary = file
        arguments += ["-U", "-f", file.path]
      } catch { throw ReviewError(.cannotSign, error.description) }
    }
    defer { temporary?.remove() }
    let result = try run(arguments, input: bytes)
    let signature = String(decoding: result.output, as: UTF8.self)
    guard result.status == 0, signature.hasPrefix("-----BEGIN SSH SIGNATURE-----") else {
      let said = String(decoding: result.errors, as: UTF8.self)
        .split(whereSeparator: \.isNewline).joined(separator: "; ")
      throw ReviewError(
        .cannotSign, "ssh-keygen could not sign: \(said.isEmpty ? "it gave no signature" : said)",
        hint: "name a key with --key FILE, or set git's gpg.format to ssh and user.signingkey")
    }
    return signature
  }

  private func run(_ arguments: [String], input: [UInt8]) throws(ReviewError) -> ExternalProgram.Result {
    do throws(ExternalProgramError) {
      return try ExternalProgram("ssh-keygen", environment: environment).run(arguments, input: input)
    } catch {
      let hint = error.isMissing ? "install OpenSSH's client (openssh-client)" : ""
      throw ReviewError(.cannotSign, "ssh-keygen cannot be run: \(error.message)", hint: hint)
    }
  }

  /// The public keys that the agent holds; none where no agent answers.
  package func agentKeys() -> [String] {
    guard environment["SSH_AUTH_SOCK"] != nil,
      let result = try? ExternalProgram("ssh-add", environment: environment).run(["-L"], input: []), result.status == 0
    else { return [] }
    return String(decoding: result.output, as: UTF8.self).split(separator: "\n").map(String.init)
  }
}
