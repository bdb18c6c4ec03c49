import Base
import Model

/// Signals by what they speak of: credentials by id or hash, identities by principal.
struct SignalBook {
  private let signals: [SignalFact]
  private var byCredential: [String: [Int]] = [:]
  private var byHash: [String: [Int]] = [:]
  private var byPrincipal: [String: [Int]] = [:]

  init(_ signals: [SignalFact]) {
    self.signals = signals
    for (number, signal) in signals.enumerated() {
      if let id = signal.credential { byCredential[id, default: []].append(number) }
      if let hash = signal.hash { byHash[hash, default: []].append(number) }
      if let principal = signal.principal { byPrincipal[principal, default: []].append(number) }
    }
  }

  /// Those that speak of the identity: by its key, or by the mail address that its key ends with.
  func signals(of principal: PrincipalKey?) -> [SignalFact] {
    guard let principal, !byPrincipal.isEmpty else { return [] }
    var found = byPrincipal[principal.description] ?? []
    if principal.description.utf8.contains(UInt8(ascii: "@")) {
      let mail = principal.shortName.lowercased()
      if mail != principal.description { found += byPrincipal[mail] ?? [] }
    }
    return found.map { signals[$0] }
  }

  /// Those that speak of the credential: by its id, also the last part of one that is a path; by the secret's hash; and those that speak
  /// of its identity and may mean any of its credentials.
  func signals(of id: String, hash: String?, identity: [SignalFact]) -> [SignalFact] {
    if signals.isEmpty { return [] }
    var numbers = byCredential[id] ?? []
    if let last = id.split(whereSeparator: { $0 == "/" || $0 == ":" }).last, last.utf8.count < id.utf8.count {
      numbers += byCredential[String(last)] ?? []
    }
    if let hash { numbers += byHash[hash] ?? [] }
    let own = Set(numbers).sorted().map { signals[$0] }
    let possible = identity.filter { $0.credential == nil && ($0.hash == nil || hash == nil || $0.hash == hash) }
    return own + possible.filter { !own.contains($0) }
  }
}

extension [SignalFact] {
  /// Where scanners found it, each place once.
  var exposures: [String] { Set<String>(filter { $0.kind == .exposed }.map(\.place)).sorted() }

  /// When the last of the kind was; `nil` where none is, or none says when.
  func last(_ kinds: SignalFact.Kind...) -> Instant? { filter { kinds.contains($0.kind) }.compactMap(\.at).max() }

  /// Whether the last word of a security event is that the account is shut.
  var isDisabled: Bool {
    guard contains(where: { $0.kind == .accountDisabled || $0.kind == .accountPurged }) else { return false }
    guard let opened = last(.accountEnabled), let shut = last(.accountDisabled, .accountPurged) else { return true }
    return shut >= opened
  }
}
