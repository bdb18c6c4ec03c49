import Base
import Expressions

extension VocabularyPage {
  /// For people at a terminal: plain, so that `grep` finds things with their context.
  var text: String {
    var out = ""
    if !subjects.isEmpty {
      out += "subjects: what a policy is asked about, and what its conditions may name\n"
      for (name, variables) in subjects {
        out += "  \(name.padded(to: 20)) \(variables.map { "\($0.name): \($0.type)" }.joined(separator: ", "))\n"
      }
      out += "\n"
    }
    for (type, fields) in types {
      out += "\(type.name): \(type.summary)\n"
      for field in fields {
        out += "  \(field.name.padded(to: 20)) \(field.shape.padded(to: 20)) \(field.summary)\n"
        for note in field.notes { out += "\(String(repeating: " ", count: 44))\(note.name): \(note.text)\n" }
      }
      out += "\n"
    }
    for (group, calls) in groups {
      out += "\(group)\n"
      for call in calls {
        out += "  \(call.name.padded(to: 20)) \(call.summary)\n"
        for signature in call.shownSignatures { out += "\(String(repeating: " ", count: 23))\(signature)\n" }
        out += "\(String(repeating: " ", count: 23))example: \(call.example)  gives  \(call.value)\n"
      }
      out += "\n"
    }
    return out
  }

  /// A page for a manual.
  var markdown: String {
    var out = "# What the conditions of policies may name\n\nWritten by `muster policy fields -o markdown`.\n"
    if !subjects.isEmpty {
      out += "\n## Subjects\n\n| `subject:` | names |\n|:--|:--|\n"
      for (name, variables) in subjects {
        let names = variables.map { "\($0.name.asMarkdownCode): \($0.type.description.asMarkdownCode)" }
        out += "| \(name.asMarkdownCode) | \(names.joined(separator: ", ")) |\n"
      }
    }
    for (type, fields) in types {
      out += "\n## \(type.name)\n\n\(type.summary.sentence.escapedForMarkdown)\n\n| field | type | |\n|:--|:--|:--|\n"
      for field in fields {
        let notes = field.notes.map { " *\($0.name)* \($0.text.escapedForMarkdown)." }.joined()
        let summary = "\(field.summary.sentence.escapedForMarkdown)\(notes)"
        out += "| \(field.name.asMarkdownCode) | \(field.shape.asMarkdownCode) | \(summary) |\n"
      }
    }
    for (group, calls) in groups {
      out += "\n## \(group.sentence.dropLast())\n\n| | | example |\n|:--|:--|:--|\n"
      for call in calls {
        let signatures = call.shownSignatures.map(\.asMarkdownCode).joined(separator: "<br>")
        let example = "\(call.example.asMarkdownCode) → \(call.value.asMarkdownCode)"
        out += "| \(signatures) | \(call.summary.sentence.escapedForMarkdown) | \(example) |\n"
      }
    }
    return out
  }

  /// For programs: `muster.vocabulary/1`.
  var json: String {
    var writer = JSONWriter(pretty: true)
    writer.object { writer in
      writer.field("schema", "muster.vocabulary/1")
      writer.key("subjects")
      writer.array { writer in
        for (name, variables) in subjects {
          writer.object { writer in
            writer.field("subject", name)
            writer.key("variables")
            writer.array { writer in
              for variable in variables {
                writer.object { writer in
                  writer.field("name", variable.name)
                  writer.field("type", variable.type.description)
                  writer.field("summary", variable.summary)
                }
              }
            }
          }
        }
      }
      writer.key("types")
      writer.array { writer in for (type, fields) in types { write(type, fields, to: &writer) } }
      writer.key("functions")
      writer.array { writer in for call in calls { write(call, to: &writer) } }
    }
    writer.endLine()
    return writer.text
  }

  private func write(_ type: ObjectType, _ fields: [ObjectType.Field], to writer: inout JSONWriter) {
    writer.object { writer in
      writer.field("name", type.name)
      writer.field("summary", type.summary)
      writer.key("fields")
      writer.array { writer in
        for field in fields {
          writer.object { writer in
            writer.field("name", field.name)
            writer.field("type", field.type.description)
            writer.field("optional", field.isOptional)
            writer.field("summary", field.summary)
            if !field.values.isEmpty { writer.field("values", field.values) }
            writer.field("absent", field.absent.isEmpty ? nil : field.absent)
            writer.field("unknown", field.unknown.isEmpty ? nil : field.unknown)
          }
        }
      }
    }
  }

  private func write(_ call: CallDocumentation, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.field("name", call.name)
      writer.field("kind", call.kind.rawValue)
      writer.field("group", call.group)
      writer.field("summary", call.summary)
      writer.field("signatures", call.signatures)
      writer.field("example", call.example)
      writer.field("value", call.value)
    }
  }

  /// The calls, which are sorted by group.
  private var groups: [(name: String, calls: [CallDocumentation])] {
    var found: [(name: String, calls: [CallDocumentation])] = []
    for call in calls {
      if found.last?.name != call.group { found.append((call.group, [])) }
      found[found.count - 1].calls.append(call)
    }
    return found
  }
}

extension CallDocumentation {
  /// Most functions have few; the few with many say so.
  fileprivate var shownSignatures: [String] {
    let most = 8
    if signatures.count <= most + 1 { return signatures }
    return Array(signatures.prefix(most)) + ["and \(signatures.count - most) more for other types"]
  }
}

extension String {
  /// With a capital and a full stop.
  fileprivate var sentence: String { "\(prefix(1).uppercased())\(dropFirst())." }
}
