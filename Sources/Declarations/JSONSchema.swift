import Base

/// The JSON Schema (2020-12) of a kind of file, for editors: from the same table as the decoder's keys.
///
/// Editors read YAML with types, Muster does not: a text may be written as a number or a boolean.
package func jsonSchema(_ kind: FileKind) -> String {
  var writer = JSONWriter(pretty: true)
  writer.object { writer in
    writer.field("$schema", "https://json-schema.org/draft/2020-12/schema")
    writer.field("$id", "urn:muster:schema:\(kind.rawValue):1")
    writer.field("title", kind.summary)
    if kind.isList {
      writer.key("anyOf")
      writer.array { writer in
        writer.object { $0.field("$ref", "#/$defs/\(kind.rawValue)") }
        writer.object { writer in
          writer.field("type", "array")
          writer.key("items")
          writer.object { $0.field("$ref", "#/$defs/\(kind.rawValue)") }
        }
      }
    } else {
      mapping(kind.fields, to: &writer)
    }
    let named = kind.named
    if !named.isEmpty {
      writer.key("$defs")
      writer.object { writer in
        for kind in named {
          writer.key(kind.rawValue)
          writer.object { mapping(kind.fields, to: &$0) }
        }
      }
    }
  }
  writer.endLine()
  return writer.text
}

extension FileKind {
  /// Whether a file may hold a list of them.
  fileprivate var isList: Bool { self == .declaration || self == .exception }

  /// The kinds that the schema names instead of repeating them.
  fileprivate var named: [FileKind] {
    let inside = Set(fields.flatMap { $0.shape.kinds } + (isList ? [self] : []))
    return FileKind.allCases.filter(inside.contains)
  }
}

extension Field.Shape {
  fileprivate var kinds: [FileKind] {
    switch self {
    case .kind(let kind): [kind]
    case .list(let element), .entries(let element): element.kinds
    case .mapping(let fields): fields.flatMap { $0.shape.kinds }
    default: []
    }
  }
}

private func mapping(_ fields: [Field], to writer: inout JSONWriter) {
  writer.field("type", "object")
  writer.field("additionalProperties", false)
  writer.field("required", fields.filter(\.isRequired).map(\.name))
  writer.key("properties")
  writer.object { writer in
    for field in fields {
      writer.key(field.name)
      writer.object { writer in
        writer.field("description", field.summary)
        shape(field.shape, to: &writer)
      }
    }
  }
}

private func shape(_ shape: Field.Shape, to writer: inout JSONWriter) {
  switch shape {
  case .text:
    writer.field("type", ["string", "number", "boolean"])
    writer.field("minLength", 1)
  case .anyText: writer.field("type", ["string", "number", "boolean"])
  case .pattern(let pattern): text(pattern, to: &writer)
  case .day:
    text("^[0-9]{4}-[0-9]{2}-[0-9]{2}$", to: &writer)
    writer.field("format", "date")
  case .duration: text("^[0-9]+[smhdw]$", to: &writer)
  case .size:
    writer.field("type", ["string", "integer"])
    writer.field("pattern", "^[0-9]+(?:B|[kK]B|[MGT]B|[KMGT]iB)?$")
    writer.field("minimum", 0)
  case .count:
    writer.field("type", ["string", "integer"])
    writer.field("pattern", "^[0-9]+$")
    writer.field("minimum", 0)
  case .bool: writer.field("type", "boolean")
  case .word(let words): choice(words, to: &writer)
  case .owner: text("^(?:team|person):[^\\s]+$", to: &writer)
  case .list(let element): list(element, to: &writer)
  case .mapping(let fields): mapping(fields, to: &writer)
  case .entries(let element):
    writer.field("type", "object")
    writer.key("additionalProperties")
    writer.object { Declarations.shape(element, to: &$0) }
  case .kind(let kind): writer.field("$ref", "#/$defs/\(kind.rawValue)")
  case .anything: break
  }
}

private func text(_ pattern: String, to writer: inout JSONWriter) {
  writer.field("type", "string")
  writer.field("pattern", pattern)
}

/// One value alone is a list of one.
private func list(_ element: Field.Shape, to writer: inout JSONWriter) {
  writer.key("anyOf")
  writer.array { writer in
    writer.object { shape(element, to: &$0) }
    writer.object { writer in
      writer.field("type", "array")
      writer.key("items")
      writer.object { shape(element, to: &$0) }
    }
  }
}

/// Words that editors would read as numbers are listed as such too.
private func choice(_ words: [String], to writer: inout JSONWriter) {
  writer.key("enum")
  writer.array { writer in
    for word in words {
      writer.string(word)
      if let number = Int(word) { writer.integer(number) }
    }
  }
}
