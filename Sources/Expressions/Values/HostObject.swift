/// An object that the host lends to expressions.
///
/// Fields are asked by their number in the declared `ObjectType`, so that a select costs one call. A field that is not there
/// is `Value.absent`; one that cannot be known is `Value.unknown`.
package protocol HostObject: AnyObject, Sendable {
  /// The declared shape.
  var type: ObjectType { get }

  /// The value of the field with that number in `type.fields`.
  func field(_ index: Int) -> Value

  /// Where the object keeps the field as a value that does not change while the object lives; `nil` where it is made when asked
  /// for, or is absent. To give a list or an object counts a reference to it, to show it does not.
  func kept(_ index: Int) -> UnsafePointer<Value>?

  /// How a message shows the object.
  var text: String { get }
}

extension HostObject {
  /// The type's name.
  package var text: String { type.name }

  /// Nothing is kept.
  package func kept(_ index: Int) -> UnsafePointer<Value>? { nil }
}

/// The shape of host objects: the one table from which checks, documentation and completion come.
package final class ObjectType: Sendable {
  /// A field: its name, type and one line about it.
  package struct Field: Sendable {
    /// What follows the dot.
    package let name: String
    /// What its values are when it is there.
    package let type: CELType
    /// One line without a full stop.
    package let summary: String
    /// Whether it may be absent: then `has()` makes sense and `.?` gives an optional.
    package let isOptional: Bool

    /// The only texts that it, or each of its elements, may be: comparing it with another is an error. Empty for any.
    package let values: [String]

    /// When it is not there, in words; empty where it always is.
    package let absent: String

    /// When it cannot be known, in words; empty where it always is.
    package let unknown: String

    /// A field with one line about it.
    package init(
      _ name: String, _ type: CELType, _ summary: String, optional: Bool = false, values: [String] = [],
      absent: String = "", unknown: String = ""
    ) {
      self.name = name
      self.values = values
      self.type = type
      self.summary = summary
      self.absent = absent
      self.unknown = unknown
      isOptional = optional || !absent.isEmpty
    }
  }

  /// The name by which `CELType.object` refers to it.
  package let name: String
  /// One line about it.
  package let summary: String
  /// In the order that `HostObject.field` counts.
  package let fields: [Field]
  private let numbers: [String: Int]

  /// A type with one line about it.
  package init(_ name: String, _ summary: String = "", fields: [Field]) {
    self.name = name
    self.summary = summary
    self.fields = fields
    numbers = Dictionary(fields.enumerated().map { ($0.element.name, $0.offset) }) { first, _ in first }
  }

  /// The number of a field.
  package func index(of field: String) -> Int? { numbers[field] }
}
