import Base

/// The keys of a kind of file as a Markdown table, for the manual: from the same table as the decoder's keys.
package func fieldDocumentation(_ kind: FileKind) -> String {
  var out = "| key | value | |\n|:--|:--|:--|\n"
  for field in kind.fields { rows(field, below: "", to: &out) }
  return out
}

private func rows(_ field: Field, below path: String, to out: inout String) {
  let name = path.isEmpty ? field.name : "\(path).\(field.name)"
  let required = field.isRequired ? " (required)" : ""
  out += "| \(name.asMarkdownCode)\(required) | \(words(field.shape)) | \(field.summary.escapedForMarkdown) |\n"
  for inner in inside(field.shape) { rows(inner, below: name + suffix(field.shape), to: &out) }
}

private func inside(_ shape: Field.Shape) -> [Field] {
  switch shape {
  case .mapping(let fields): fields
  case .list(let element), .entries(let element): inside(element)
  default: []
  }
}

private func suffix(_ shape: Field.Shape) -> String {
  switch shape {
  case .list(let element): "[]" + suffix(element)
  case .entries(let element): ".*" + suffix(element)
  default: ""
  }
}

/// What a value is, in words.
private func words(_ shape: Field.Shape) -> String {
  switch shape {
  case .text, .anyText, .pattern: "text"
  case .day: "date, `2027-03-31`"
  case .duration: "duration, `90d`"
  case .size: "bytes, `5GiB`"
  case .count: "whole number"
  case .bool: "`true` or `false`"
  case .word(let words): words.map(\.asMarkdownCode).joined(separator: ", ")
  case .owner: "`team:NAME` or `person:NAME`"
  case .list(let element): "list of " + words(element)
  case .mapping: "mapping"
  case .entries(let element): "mapping from names to " + words(element)
  case .kind(let kind): "as in \(kind.summary.prefix { $0 != ":" })"
  case .anything: "anything"
  }
}
