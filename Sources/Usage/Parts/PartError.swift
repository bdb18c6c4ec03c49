import Base

/// Why a part cannot be read, merged or written.
package struct PartError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What it means for the run.
  package enum Kind: Sendable {
    /// The bytes are no whole part.
    case unreadable
    /// The parts do not fit together.
    case conflict
  }

  package let kind: Kind
  /// As the caller named the part.
  package let path: String
  /// Where in the bytes; `nil` where no byte is to blame.
  package let byte: Int?
  /// What is wrong, one sentence without a full stop.
  package let message: String

  init(_ kind: Kind, _ path: String, byte: Int? = nil, _ message: String) {
    self.kind = kind
    self.path = path
    self.byte = byte
    self.message = message
  }

  /// `all.rollup: byte 17: a number is too large`.
  package var description: String {
    let place = byte.map { "byte \($0): " } ?? ""
    return "\(path.isEmpty ? "the part" : path): \(place)\(message)".escapedOnOneLine
  }
}
