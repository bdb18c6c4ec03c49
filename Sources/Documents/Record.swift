/// One node of the arena, in document order: a container is followed by its children, a key by its value.
///
/// The layout is that of `muster_json_record` (CSimdjson/Arena.h).
struct Record {
  /// First byte of the value, and the byte after it.
  var start, end: UInt32
  /// Container: the record after its last descendant. YAML scalar whose text is not in the source: its place in the pool.
  var next: UInt32
  /// Bits 0–2 kind, 3 key, 4 decoded, 5–7 style, 8–31 number of children.
  private(set) var meta: UInt32

  enum Style: UInt32 {
    /// Plain scalar, block container.
    case plain = 0
    /// Container in brackets.
    case flow = 1
    case double = 2
    case single = 3
    case literal = 4
    case folded = 5
    /// Stands for what was reported and refused, so that nobody reports it again.
    case refused = 6
    /// A JSON key that a later equal key overrides.
    case overridden = 7
  }

  static let maximalCount = 0xFF_FFFF

  init(_ kind: Node.Kind, start: Int, end: Int, next: Int, style: Style = .plain, isKey: Bool = false) {
    self.start = UInt32(truncatingIfNeeded: start)
    self.end = UInt32(truncatingIfNeeded: end)
    self.next = UInt32(truncatingIfNeeded: next)
    meta = kind.rawValue | (isKey ? 8 : 0) | style.rawValue << 5
  }

  var kind: Node.Kind { Node.Kind(rawValue: meta & 7) ?? .null }
  var isContainer: Bool { meta & 7 >= Node.Kind.sequence.rawValue }
  var isKey: Bool { meta & 8 != 0 }
  var style: Style { Style(rawValue: meta >> 5 & 7) ?? .plain }
  /// Saturates at `maximalCount`.
  var count: Int { Int(meta >> 8) }
  /// YAML: the text is in the pool. JSON: the text has escapes.
  var isDecoded: Bool { meta & 16 != 0 }

  mutating func markDecoded() { meta |= 16 }

  mutating func close(end: Int, next: Int, count: Int) {
    self.end = UInt32(truncatingIfNeeded: end)
    self.next = UInt32(truncatingIfNeeded: next)
    meta = meta & 0xFF | UInt32(min(count, Record.maximalCount)) << 8
  }
}
