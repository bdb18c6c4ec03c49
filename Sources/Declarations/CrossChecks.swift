import Base
import Model

/// Problems that no file shows alone.
enum CrossChecks {
  static func problems(in governance: Governance, environmentsAreKnown: Bool) -> [Diagnostic] {
    let principals = governance.declarations.flatMap { declaration in
      declaration.principals.map { Located(ExactText($0.value.description), at: $0.location) }
    }
    return twins(governance.declarations.map(\.handle), "identity handle") + twins(principals, "principal")
      + twins(governance.exceptions.map(\.id), "exception id") + twins(governance.campaigns.map(\.id), "campaign id")
      + (environmentsAreKnown ? environments(governance) : [])
  }

  /// What two files claim: every place but the first is reported, with the first.
  private static func twins<Name: Hashable>(_ names: [Located<Name>], _ what: String) -> [Diagnostic] {
    var seen: Set<Name> = []
    seen.reserveCapacity(names.count)
    let repeated = Set(names.lazy.map(\.value).filter { !seen.insert($0).inserted })
    guard !repeated.isEmpty else { return [] }
    var first: [Name: SourceLocation] = [:]
    return names.filter { repeated.contains($0.value) }.sorted { $0.location < $1.location }.compactMap { name in
      guard let place = first[name.value] else {
        first[name.value] = name.location
        return nil
      }
      return Diagnostic(
        .invalid, at: name.location, "the \(what) '\(name.value)' is used twice, first at \(place)",
        hint: "keep it in one place")
    }
  }

  /// Files that a checkout on macOS or Windows would make one of: one of them would vanish there without a word.
  static func caseTwins(_ paths: [String]) -> [Diagnostic] {
    var seen: Set<UInt64> = []
    seen.reserveCapacity(paths.count)
    let repeated = Set(paths.lazy.map(foldedHash).filter { !seen.insert($0).inserted })
    guard !repeated.isEmpty else { return [] }
    var first: [String: String] = [:]
    return paths.filter { repeated.contains(foldedHash($0)) }.sorted().compactMap { path in
      guard let other = first[path.lowercased()], other != path else {
        first[path.lowercased()] = path
        return nil
      }
      return Diagnostic(
        .invalid, at: SourceLocation(path: path), "the path differs from '\(other)' only in the case of letters",
        hint: "rename one: on macOS and Windows a checkout would hold only one of the two")
    }
  }

  /// FNV-1a over the path with ASCII letters in lower case: paths in other letters are compared only among equals.
  private static func foldedHash(_ path: String) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in path.utf8 where byte < 0x80 {
      let lower = byte &- 0x41 < 26 ? byte | 0x20 : byte
      hash = (hash ^ UInt64(lower)) &* 0x100_0000_01B3
    }
    return hash
  }

  private static func environments(_ governance: Governance) -> [Diagnostic] {
    let known = governance.configuration.environments.map(\.name)
    let set = Set(known)
    return governance.declarations.flatMap(\.environments).filter { !set.contains($0.value) }.map { name in
      Diagnostic(
        .invalid, at: name.location, "muster.yaml has no environment '\(name.value)'",
        hint: known.isEmpty ? "name it under `environments:` there" : suggestion(for: name.value, among: known))
    }
  }
}
