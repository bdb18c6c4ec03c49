/// The fields of one kind of log, as an enumeration without payloads: the raw value of each is where it stands in a record.
///
/// A place is keys joined by `/`, as in a JSON Pointer (RFC 6901; `~1` is a `/` in a key), with `*` for each element of a list and
/// `@json` for JSON inside a text; `//key` is a text in the object that holds the list of records, as far as it stands before the list.
/// Several places are joined by `|`: the first that holds something counts.
protocol JSONField: RawRepresentable<String>, CaseIterable, Sendable {
  /// What the value may be.
  var need: JSONNeed { get }
}

/// What the value of a field may be.
enum JSONNeed: Sendable {
  /// A text or null; a record where it is anything else cannot be read.
  case text
  /// A text, number or boolean; a list or an object counts as absent.
  case scalar
  /// As `scalar`; what is no Unicode is mended, since the caller chose it.
  case caller
  /// Any value; a list or an object as it stands in the record.
  case any
}

extension JSONField {
  var need: JSONNeed { .scalar }

  /// The place among all cases. Enumerations without payloads are numbered in their order; `JSONReader` checks it.
  @inline(__always)
  var number: Int { MemoryLayout<Self>.size == 0 ? 0 : Int(unsafeBitCast(self, to: UInt8.self)) }
}

/// The fields of one record, as views that live as long as the window.
struct JSONRecord<Field: JSONField> {
  /// The record as it stands in the log.
  let bytes: RawText
  /// Which element of `JSONMapping.parts` is to be told; 0 without one.
  let part: Int
  private let values: UnsafePointer<RawText>
  private let items: UnsafeBufferPointer<JSONItem>

  init(bytes: RawText, part: Int = 0, values: UnsafePointer<RawText>, items: UnsafeBufferPointer<JSONItem>) {
    self.bytes = bytes
    self.part = part
    self.values = values
    self.items = items
  }

  /// The same record with other names for its fields, of which there are as many.
  func named<Other: JSONField>(_ fields: Other.Type) -> JSONRecord<Other> {
    JSONRecord<Other>(bytes: bytes, part: part, values: values, items: items)
  }

  /// The field's value, escapes undone; of a list the first one; empty where there is none.
  @inline(__always)
  subscript(field: Field) -> RawText { values[field.number] }

  /// The field's values in the elements of its list, each with the element's number.
  func list(_ field: Field) -> some Sequence<JSONItem> {
    items.lazy.filter { $0.field == field.number }
  }

  /// The field's value in the same element of the same list.
  subscript(field: Field, in element: JSONItem) -> RawText {
    let isBeside = { (item: JSONItem) in item.element == element.element && item.outer == element.outer }
    return items.first { $0.field == field.number && isBeside($0) }?.text ?? .none
  }

  /// The field's value in the element that is to be told: for lists inside of `JSONMapping.parts`, the first one there.
  func ofPart(_ field: Field) -> RawText {
    items.first { $0.field == field.number && $0.element == part }?.text ?? .none
  }

  /// As `value(_:where:is:)`, for a list inside of the element that is to be told.
  func valueOfPart(_ field: Field, where name: Field, is text: StaticString) -> RawText {
    guard let item = items.first(where: { $0.field == name.number && $0.outer == part && $0.text.equals(text) }) else {
      return .none
    }
    return self[field, in: item]
  }

  /// The value of the field in the element of the list in which another field has that text: for lists of names with values.
  func value(_ field: Field, where name: Field, is text: StaticString) -> RawText {
    guard let element = items.first(where: { $0.field == name.number && $0.text.equals(text) })?.element else {
      return .none
    }
    return items.first { $0.field == field.number && $0.element == element }?.text ?? .none
  }
}

/// A value in a list.
struct JSONItem {
  let field: Int
  /// The number of the element of the innermost list.
  let element: Int
  /// Of the list around that; 0 where there is none.
  let outer: Int
  let text: RawText
}
