import Base

/// The JSON Schema (2020-12) of a kind of file, for editors: from the same table as the decoder's keys.
///
/// Editors read YAML with types, Muster does not: a text may be written as a number or a boolean.
package func jsonSchema(_ kind: FileKind) -> String {
  var writer = JSONWriter(pretty: true)
  var schema = SchemaWriter()
  writer.object { writer in
    writer.field("$schema", "https://json-schema.org/draft/2020-12/schema")
    writer.field("$id", "urn:muster:schema:\(kind.rawValue):1")
    writer.field("title", kind.summary)
    if kind.isList {
      schema.list(.kind(kind), kind.rawValue, to: &writer)
    } else {
      schema.mapping(kind.fields, "", to: &writer)
    }
    schema.definitions(to: &writer)
  }
  writer.endLine()
  return writer.text
}

extension FileKind {
  /// Whether a file may hold a list of them.
  fileprivate var isList: Bool { self == .declaration || self == .exception }
}

/// Writes shapes; mappings inside of lists are named, since a list may also be its one element alone and would hold them twice.
private struct SchemaWriter {
  /// In the order in which they were first named.
  private var named: [(name: String, fields: [Field])] = []

  /// What was named, and what is named in turn.
  mutating func definitions(to writer: inout JSONWriter) {
    guard !named.isEmpty else { return }
    writer.key("$defs")
    writer.object { writer in
      var next = 0
      while next < named.count {
        let (name, fields) = named[next]
        writer.key(name)
        writer.object { mapping(fields, name, to: &$0) }
        next += 1
      }
    }
  }

  private mutating func reference(_ name: String, _ fields: [Field], to writer: inout JSONWriter) {
    if !named.contains(where: { $0.name == name }) { named.append((name, fields)) }
    writer.field("$ref", "#/$defs/\(name)")
  }

  mutating func mapping(_ fields: [Field], _ path: String, to writer: inout JSONWriter) {
    writer.field("type", "object")
    writer.field("additionalProperties", false)
    writer.field("required", fields.filter(\.isRequired).map(\.name))
    writer.key("properties")
    writer.object { writer in
      for field in fields {
        writer.key(field.name)
        writer.object { writer in
          writer.field("description", field.summary)
          shape(field.shape, path.isEmpty ? field.name : "\(path).\(field.name)", to: &writer)
        }
      }
    }
  }

  private mutating func shape(_ shape: Field.Shape, _ path: String, to writer: inout JSONWriter) {
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
    case .size: number("^[0-9]+(?:B|[kK]B|[MGT]B|[KMGT]iB)?$", to: &writer)
    case .count: number("^[0-9]+$", to: &writer)
    case .bool: writer.field("type", "boolean")
    case .word(let words): choice(words, to: &writer)
    case .owner: text("^(?:team|person):[^\\s]+$", to: &writer)
    case .list(let element): list(element, path, to: &writer)
    case .mapping(let fields): mapping(fields, path, to: &writer)
    case .entries(let element):
      writer.field("type", "object")
      writer.key("additionalProperties")
      writer.object { self.shape(element, path, to: &$0) }
    case .kind(let kind): reference(kind.rawValue, kind.fields, to: &writer)
    case .anything: break
    }
  }

  /// One value alone is a list of one.
  mutating func list(_ element: Field.Shape, _ path: String, to writer: inout JSONWriter) {
    writer.key("anyOf")
    writer.array { writer in
      writer.object { self.element(element, path, to: &$0) }
      writer.object { writer in
        writer.field("type", "array")
        writer.key("items")
        writer.object { self.element(element, path, to: &$0) }
      }
    }
  }

  private mutating func element(_ element: Field.Shape, _ path: String, to writer: inout JSONWriter) {
    if case .mapping(let fields) = element {
      reference(path, fields, to: &writer)
    } else {
      shape(element, path, to: &writer)
    }
  }
}

private func text(_ pattern: String, to writer: inout JSONWriter) {
  writer.field("type", "string")
  writer.field("pattern", pattern)
}

private func number(_ pattern: String, to writer: inout JSONWriter) {
  writer.field("type", ["string", "integer"])
  writer.field("pattern", pattern)
  writer.field("minimum", 0)
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
