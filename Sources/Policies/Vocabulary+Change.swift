import Base
import Expressions
import Model

/// A change in its estate.
struct ChangeSubject: Sendable {
  let change: DeclaredChange
  let estate: Estate

  var added: [UndeclaredAccess] { DeclaredChange.scope(of: change.after, beyond: change.before) }

  /// The new pairs of the scope that the logs would show in use and do not, or why that cannot be known.
  var addedUnused: Value {
    let identities = estate.changedIdentities[change.handle] ?? []
    var unused: [String] = []
    for pair in added {
      let pattern = AccessPattern(action: pair.action)
      let isLogged = estate.loggedDataServices.contains(pair.action.prefix { $0 != ":" }.lowercased())
      let answers = identities.map {
        $0.usage?.uses(pattern, dataEvents: isLogged)
          ?? ActionObservability.silence(of: pattern, dataEvents: isLogged)
      }
      if answers.contains(.yes) { continue }
      if let gap = identities.first(where: { $0.coveredSince == nil })?.usageGap { return .unknown(gap) }
      if answers.contains(.unknown) { return .unknown("the logs cannot show the use of \(pair.action)") }
      unused.append(pair.words)
    }
    return .texts(unused)
  }

  /// All that the change lets the identity do, in words; nothing where it is new as a whole.
  var gains: [String] {
    guard let before = change.before, let after = change.after else { return [] }
    var gains = added.map(\.words)
    if before.expires != nil, after.expires == nil { gains.append("no end") }
    if let moved = change.expiryMoved, moved.count > 0, let day = after.expires?.value { gains.append("until \(day)") }
    gains += ChangeSubject.new(after.environments.map(\.value), before.environments.map(\.value), "environment")
    let names = (after.principals.map(\.value.description), before.principals.map(\.value.description))
    gains += ChangeSubject.new(names.0, names.1, "principal")
    return gains + change.loosened(at: estate.now)
  }

  private static func new(_ after: [String], _ before: [String], _ word: String) -> [String] {
    after.filter { !before.contains($0) }.map { "\(word) \($0)" }
  }

  func declaration(_ version: Declaration?) -> Value {
    version.map { PolicyVocabulary.declaration.object(DeclarationSubject(declaration: $0, estate: estate)) } ?? .absent
  }
}

extension UndeclaredAccess {
  /// `s3:GetObject on arn:…`; of every resource the action alone.
  var words: String { resource == "*" ? action : "\(action) on \(resource)" }
}

extension PolicyVocabulary {
  static let change = Vocabulary<ChangeSubject>(
    "Change", "what the checked version changes about one identity, against the base of --base or --staged",
    text: { $0.change.handle }, changeVersions + changeAccess + changeCircumstances)

  private static let changeVersions: [Word<ChangeSubject>] = [
    Word("identity", .string, "the handle; for exceptions of undeclared identities the principal") {
      .string($0.change.handle)
    },
    Word(
      "kind", .string, "whether its declaration is new, gone, or there in both versions (or in neither)",
      values: DeclaredChange.Kind.allCases.map(\.rawValue)
    ) { .string($0.change.kind.rawValue) },
    Word(
      "before", .object("Declaration"), "its declaration at the base, seen with the owners and facts of now",
      absent: "the base does not declare it"
    ) { $0.declaration($0.change.before) },
    Word("after", .object("Declaration"), "its declaration now", absent: "it is no longer declared") {
      $0.declaration($0.change.after)
    },
    Word(
      "fields", .list(.string),
      "the declaration's keys that say something else now, such as scope or owner; empty unless both versions declare it"
    ) { subject in
      guard let before = subject.change.before else { return .list([]) }
      return .texts(subject.change.after?.changedKeys(since: before) ?? [])
    },
  ]

  private static let changeAccess: [Word<ChangeSubject>] = [
    Word(
      "scopeAdded", .list(.string), "what its scope allows now and did not, as ACTION or ACTION on RESOURCE"
    ) { .texts($0.added.map(\.words)) },
    Word(
      "scopeRemoved", .list(.string), "what its scope allowed and does not now, as ACTION or ACTION on RESOURCE"
    ) { .texts(DeclaredChange.scope(of: $0.change.before, beyond: $0.change.after).map(\.words)) },
    Word(
      "scopeAddedUnused", .list(.string), "those of `scopeAdded` whose use the logs would show and do not",
      unknown: "no usage source covers its place up to now, or the logs cannot show the use of one of them"
    ) { $0.addedUnused },
    Word(
      "loosened", .list(.string),
      "limits that are wider now, in words: regions, networks, destinations, schedule, bytes, credential age, review"
    ) { .texts($0.change.loosened(at: $0.estate.now)) },
    Word(
      "gains", .list(.string),
      "all that the change gives, in words: scope, later expiry, environments, principals, limits; empty for what is new"
    ) { .texts($0.gains) },
    Word(
      "expiryMoved", .duration, "how much later its last day is now; negative where it is earlier",
      absent: "one of the two versions has no end"
    ) { .length($0.change.expiryMoved) },
  ]

  private static let changeCircumstances: [Word<ChangeSubject>] = [
    Word("ownerChanged", .bool, "whether both versions declare it, and with different owners") { subject in
      guard let before = subject.change.before, let after = subject.change.after else { return .bool(false) }
      return .bool(before.owner?.value != after.owner?.value)
    },
    Word("exceptionsAdded", .list(.string), "the ids of its exceptions that are new") {
      .texts($0.change.addedExceptions.map(\.value))
    },
    Word("exceptionsExtended", .list(.string), "the ids of its exceptions that end later now") {
      .texts($0.change.extendedExceptions.map(\.value))
    },
    Word("decisions", .list(.object("Decision")), "every decision about it that the review items of now hold") {
      subject in
      let own = subject.estate.decisions.filter { $0.handle == subject.change.handle }
      return .list(
        own.map { decision.object(DecisionSubject($0, subject.change.after, alike: 0, subject.estate)) })
    },
    Word(
      "rules", .list(.string),
      "what the same change does to the rules, in words: policy files, policies switched off, parameters"
    ) { .texts($0.estate.changes?.rules ?? []) },
  ]
}
