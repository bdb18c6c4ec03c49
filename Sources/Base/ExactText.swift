/// A text that equals another only where the bytes of both are the same, as platforms, file systems and databases compare names. To
/// `String` the two ways to write "é" are one text.
package struct ExactText: Hashable, Comparable, Sendable, CustomStringConvertible, ExpressibleByStringLiteral {
  package let description: String

  package init(_ text: String) { description = text }

  package init(stringLiteral text: String) { description = text }

  package static func == (a: ExactText, b: ExactText) -> Bool { utf8Order(a.description, b.description) == 0 }

  package static func < (a: ExactText, b: ExactText) -> Bool { utf8Precedes(a.description, b.description) }

  package func hash(into hasher: inout Hasher) { hasher.combine(utf8Of: description) }
}

extension Hasher {
  /// Combines the bytes of a text: two texts that are equal to `String` alone differ.
  package mutating func combine(utf8Of text: String) {
    let isDone: Void? = text.utf8.withContiguousStorageIfAvailable { combine(bytes: UnsafeRawBufferPointer($0)) }
    if isDone == nil { for byte in text.utf8 { combine(byte) } }
    // No text is the beginning of another with what follows.
    combine(0xFF as UInt8)
  }
}
