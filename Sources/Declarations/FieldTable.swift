/// What a key of a file that people write may hold: from this table come the known keys, the JSON Schema and the documentation.
package struct Field: Sendable {
  /// The shape of a value.
  package indirect enum Shape: Sendable {
    /// Text that is not empty; numbers and booleans are read as their text.
    case text
    /// Text, also an empty one.
    case anyText
    /// Text that a regular expression (ECMA-262, as JSON Schema has it) describes; the decoder is the stricter one.
    case pattern(String)
    case day
    case duration
    /// `5GiB`, `500MB`.
    case size
    /// A whole number from 0.
    case count
    case bool
    case word([String])
    /// `team:NAME` or `person:NAME`.
    case owner
    /// A list; one value alone is a list of one.
    case list(Shape)
    case mapping([Field])
    /// Free names with values of one shape.
    case entries(Shape)
    /// What a file of that kind holds, once.
    case kind(FileKind)
    case anything
  }

  package let name: String
  package let shape: Shape
  package let isRequired: Bool
  /// One line without a full stop.
  package let summary: String

  init(_ name: String, _ shape: Shape, _ summary: String, required: Bool = false) {
    self.name = name
    self.shape = shape
    self.summary = summary
    isRequired = required
  }
}

/// The kinds of files in a governance repository.
package enum FileKind: String, Sendable, CaseIterable {
  case configuration, owners, declaration, exception, campaign, policy, review

  /// What the file is, one line.
  package var summary: String {
    switch self {
    case .configuration: "muster.yaml: sources, environments, policies"
    case .owners: "owners.yaml: teams and people"
    case .declaration: "identities/**/*.yaml: who owns an identity, what it is for, what it may do, when it ends"
    case .exception: "exceptions/**/*.yaml: a time-limited, approved, reasoned waiver"
    case .campaign: "campaigns/*.yaml: which findings become review items, by when"
    case .policy: "policies/**/*.yaml: a rule with its message, remedy, controls and examples"
    case .review: "reviews/*/*.md: the front matter of a review item"
    }
  }

  /// Its keys.
  package var fields: [Field] {
    switch self {
    case .configuration: FieldTable.configuration
    case .owners: FieldTable.owners
    case .declaration: FieldTable.declaration
    case .exception: FieldTable.exception
    case .campaign: FieldTable.campaign
    case .policy: FieldTable.policy
    case .review: FieldTable.review
    }
  }
}
