import Base
package import Expressions
import Model

/// One word that a condition may use: its name, type, one line about it, and how to get it.
struct Word<Subject: Sendable>: Sendable {
  let field: ObjectType.Field
  let value: @Sendable (Subject) -> Value

  /// `absent` and `unknown` say when it is not there and when it cannot be known; without the first it is always there.
  init(
    _ name: String, _ type: CELType, _ summary: String, values: [String] = [], absent: String = "",
    unknown: String = "", _ value: @escaping @Sendable (Subject) -> Value
  ) {
    field = ObjectType.Field(name, type, summary, values: values, absent: absent, unknown: unknown)
    self.value = value
  }
}

/// The words of one kind of object: type check, documentation, completion and evaluation all come from this table.
final class Vocabulary<Subject: Sendable>: Sendable {
  let type: ObjectType
  fileprivate let words: [Word<Subject>]
  fileprivate let text: @Sendable (Subject) -> String

  init(
    _ name: String, _ summary: String, text: @escaping @Sendable (Subject) -> String = { _ in "" },
    _ words: [Word<Subject>]
  ) {
    type = ObjectType(name, summary, fields: words.map(\.field))
    self.words = words
    self.text = text
  }

  /// The subject as conditions see it.
  func object(_ subject: Subject) -> Value { .object(HostSubject(subject, self)) }
}

private final class HostSubject<Subject: Sendable>: HostObject {
  private let subject: Subject
  private let vocabulary: Vocabulary<Subject>

  init(_ subject: Subject, _ vocabulary: Vocabulary<Subject>) {
    self.subject = subject
    self.vocabulary = vocabulary
  }

  var type: ObjectType { vocabulary.type }
  var text: String { vocabulary.text(subject) }
  func field(_ index: Int) -> Value { vocabulary.words[index].value(subject) }
}

extension Value {
  /// A text, or nothing.
  static func text(_ value: String?) -> Value { value.map { .string($0) } ?? .absent }

  /// An instant, or nothing.
  static func moment(_ value: Instant?) -> Value { value.map { .instant($0) } ?? .absent }

  /// A span of time, or nothing.
  static func length(_ value: Milliseconds?) -> Value { value.map { .span($0) } ?? .absent }

  static func texts(_ values: some Sequence<String>) -> Value { .list(values.map { .string($0) }) }

  /// A count; what is beyond `Int64` counts as its largest.
  static func count(_ value: some BinaryInteger) -> Value { .int(Int64(clamping: value)) }
}

/// Every object type that conditions may name, and the functions that Muster adds to CEL's own.
package enum PolicyVocabulary {
  /// For `muster policy fields`, the schema and the checker.
  package static let types: [ObjectType] = [
    identity.type, owner.type, behaviour.type, usage.type, term.type, day.type, credential.type, grant.type,
    access.type, use.type,
    declaration.type, change.type, decision.type, source.type, exception.type, secret.type, leak.type,
  ]

  /// What `kind` of an identity may say: also of one that neither inventory nor declaration describes.
  static let kinds = IdentityKind.allCases.map(\.rawValue) + ["unknown"]
  static let criticalities = ["low", "medium", "high", "critical"]

  static let functions: [Function] =
    [
      Function(
        "inDays", "the duration in whole days, or in hours below two days", [Function.Overload([.duration], .string)],
        .unary { value in
          guard case .duration(let span) = value else { return nil }
          let hours = span.nanoseconds / 3_600_000_000_000
          return .string(abs(hours) < 48 ? "\(hours) hours" : "\(hours / 24) days")
        })
    ] + patternFunctions
}
