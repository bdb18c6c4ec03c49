import Base
import Expressions
import Model

/// A secret that scanners found where it must not be, with all places of it.
struct Leak: Sendable {
  let signals: [SignalFact]
  /// Whether a credential or an identity of the estate is meant; policies about credentials judge it then.
  let isKnown: Bool

  /// What tells it from other leaks: the credential's id, the secret's hash, whose it is, else where it lies.
  static func name(of signal: SignalFact) -> String {
    if let id = signal.credential { return id }
    if let hash = signal.hash { return "sha256:\(hash)" }
    return signal.principal ?? "\(signal.rule) at \(signal.place)"
  }

  var name: String { Leak.name(of: signals[0]) }
}

extension Estate {
  /// One for each leaked secret, by name. None where only some declarations take part: who else is meant is then not known.
  var leaks: [Leak] {
    let exposures = facts.signals.filter { $0.kind == .exposed }
    if exposures.isEmpty || handles != nil { return [] }
    var known: Set<String> = []
    for identity in identities {
      for signal in identity.signals { known.insert(Leak.name(of: signal)) }
      for credential in identity.credentials {
        for signal in credential.signals { known.insert(Leak.name(of: signal)) }
      }
    }
    return Dictionary(grouping: exposures) { Leak.name(of: $0) }.sorted { $0.key < $1.key }.map { name, signals in
      Leak(signals: signals.sorted { $0.key < $1.key }, isKnown: known.contains(name))
    }
  }
}

extension Subject {
  init(_ leak: Leak, _ estate: Estate) {
    let row = estate.governance.configuration.inventory.first { $0.name.value == leak.signals[0].source }
    self.init(values: [PolicyVocabulary.leak.object(leak)], key: leak.name, location: row?.name.location)
    for signal in leak.signals {
      guard let place = signal.location else { continue }
      related.append(
        RelatedLocation(role: "facts", location: estate.facts(place), message: "found by \(signal.source)"))
    }
  }
}

extension PolicyVocabulary {
  static let leak = Vocabulary<Leak>(
    "Leak", "a secret that scanners found where it must not be", text: { $0.name },
    [
      Word("name", .string, "the credential's id, or `sha256:` and the secret's hash, or whose it is") {
        .string($0.name)
      },
      Word("rules", .list(.string), "the scanners' names for that kind of secret") {
        .texts(Set($0.signals.map(\.rule)).sorted())
      },
      Word("places", .list(.string), "where scanners found it") { .texts($0.signals.exposures) },
      Word("principal", .string, "whose it is", absent: "no scanner says") {
        .text($0.signals.compactMap(\.principal).first)
      },
      Word("found", .timestamp, "when it was last found or put there", absent: "no scanner says") {
        .moment($0.signals.last(.exposed))
      },
      Word("known", .bool, "whether an inventory, the logs or a declaration know the credential or its identity") {
        .bool($0.isKnown)
      },
      Word("provenLive", .bool, "whether who found it tried it, and it worked") { leak in
        .bool(leak.signals.contains { $0.isLive == true })
      },
      Word("provenDead", .bool, "whether who found it tried it, and it did not work") { leak in
        let tried = leak.signals.compactMap(\.isLive)
        return .bool(!tried.isEmpty && !tried.contains(true))
      },
    ])
}
