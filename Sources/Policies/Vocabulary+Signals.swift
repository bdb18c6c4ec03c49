import Expressions
import Model

extension PolicyVocabulary {
  static let credentialSignals: [Word<CredentialSubject>] = [
    Word("exposed", .bool, "whether a scanner found it where it must not be") {
      .bool($0.credential.signals.contains { $0.kind == .exposed })
    },
    Word("exposures", .list(.string), "where scanners found it; empty where none did") {
      .texts($0.credential.signals.exposures)
    },
    Word(
      "exposedAt", .timestamp, "when it was last found or put where it must not be",
      absent: "no scanner found it, or none says when"
    ) { .moment($0.credential.signals.last(.exposed)) },
    Word("provenLive", .bool, "whether who found it tried it, and it worked") {
      .bool($0.credential.signals.contains { $0.kind == .exposed && $0.isLive == true })
    },
    Word("provenDead", .bool, "whether who found it tried it, and it did not work") { subject in
      let tried = subject.credential.signals.filter { $0.kind == .exposed }.compactMap(\.isLive)
      return .bool(!tried.isEmpty && !tried.contains(true))
    },
    Word("compromised", .bool, "whether a security event says that somebody else has it, or has its identity") {
      .bool($0.credential.signals.contains { $0.kind == .credentialCompromise })
    },
    Word(
      "compromisedAt", .timestamp, "when the last such event was", absent: "no event says so, or none says when"
    ) { .moment($0.credential.signals.last(.credentialCompromise)) },
  ]

  static let identitySignals: [Word<IdentitySubject>] = [
    Word("compromised", .bool, "whether a security event says that somebody else has it") {
      .bool($0.joined.signals.contains { $0.kind == .credentialCompromise })
    },
    Word(
      "compromisedAt", .timestamp, "when the last such event was", absent: "no event says so, or none says when"
    ) { .moment($0.joined.signals.last(.credentialCompromise)) },
    Word("disabledBySignal", .bool, "whether the last security event about its state says that it was shut") {
      .bool($0.joined.signals.isDisabled)
    },
    Word(
      "disabledAt", .timestamp, "when a security event last said that it was shut",
      absent: "no event says so, or none says when"
    ) { .moment($0.joined.signals.last(.accountDisabled, .accountPurged)) },
    Word("signals", .list(.string), "what scanners and security events say of it by name, as KIND at PLACE") {
      .texts(Set($0.joined.signals.map { "\($0.kind.rawValue) at \($0.place)" }).sorted())
    },
  ]
}
