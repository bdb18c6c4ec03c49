import Base

extension Node {
  /// A decimal integer: of YAML only when unquoted.
  package var int: Int64? { plain.flatMap { isDecimal($0.utf8.drop { $0 == UInt8(ascii: "-") }) ? Int64($0) : nil } }

  /// A number: of YAML only an unquoted decimal one, never infinite.
  package var double: Double? {
    guard let text = plain, let first = text.utf8.first(where: { $0 != UInt8(ascii: "-") }), first &- 0x30 < 10,
      text.utf8.allSatisfy({ $0 &- 0x30 < 10 || "+-.eE".utf8.contains($0) }), let value = Double(text), value.isFinite
    else { return nil }
    return value
  }

  /// `true` or `false` and nothing else: of YAML only when unquoted.
  package var bool: Bool? {
    switch kind {
    case .bool,
      .string where arena.isYAML && !isQuoted:
      text.flatMap { $0 == "true" ? true : $0 == "false" ? false : nil }
    default: nil
    }
  }

  /// The text that may be a number.
  private var plain: String? { kind == .number || (kind == .string && arena.isYAML && !isQuoted) ? text : nil }

  /// The value as JSON on one line: keys sorted by their bytes, no white space, numbers as written.
  package func canonicalJSON() -> String {
    var writer = JSONWriter()
    write(to: &writer)
    return writer.text
  }

  private func write(to writer: inout JSONWriter) {
    switch kind {
    case .null: writer.null()
    case .bool, .number: writer.raw(text ?? "null")
    case .string: writer.string(text ?? "")
    case .sequence: writer.array { for element in elements { element.write(to: &$0) } }
    case .mapping:
      let sorted = members.map { ($0.key.text ?? "", $0.value) }
        .sorted { $0.0.utf8.lexicographicallyPrecedes($1.0.utf8) }
      writer.object {
        for (key, value) in sorted {
          $0.key(key)
          value.write(to: &$0)
        }
      }
    }
  }
}

/// Digits without a leading zero.
func isDecimal(_ text: some Collection<UInt8>) -> Bool {
  !text.isEmpty && text.allSatisfy { $0 &- 0x30 < 10 } && (text.count == 1 || text.first != UInt8(ascii: "0"))
}
