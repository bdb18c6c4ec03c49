/// The names of `FieldTable`'s keys, made once: a repository has ten thousand files.
enum Keys {
  static let configuration = names(FieldTable.configuration)
  static let sources = names(FieldTable.sources)
  static let source = names(FieldTable.source)
  static let facts = names(FieldTable.facts)
  static let policies = names(FieldTable.policies)
  static let owners = names(FieldTable.owners)
  static let team = names(FieldTable.team)
  static let person = names(FieldTable.person)
  static let declaration = names(FieldTable.declaration)
  static let behaviour = names(FieldTable.behaviour)
  static let schedule = names(FieldTable.schedule)
  static let exception = names(FieldTable.exception)
  static let campaign = names(FieldTable.campaign)

  private static func names(_ fields: [Field]) -> [String] { fields.map(\.name) }
}
