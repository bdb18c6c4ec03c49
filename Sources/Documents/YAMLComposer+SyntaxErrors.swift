import Base

extension YAMLComposer {
  /// libyaml's error in words that say what to do.
  mutating func addSyntaxError(_ failure: YAMLFailure) {
    let byte = failure.offset < range.upperBound ? bytes[failure.offset] : 0
    switch failure.problem {
    case "found unexpected end of stream" where failure.context.contains("quoted"):
      problems.add("the quote that opens here is not closed", at: failure.contextOffset ?? failure.offset)
    case "found unexpected document indicator" where failure.context.contains("quoted"):
      problems.add("the quote that opens here is not closed", at: failure.contextOffset ?? failure.offset)
    case "found character that cannot start any token":
      let hint = byte == 0x09 ? "indent with spaces, not with tabs" : "quote a text that starts like this"
      problems.add("\(shown(failure.offset)) cannot start a value", at: failure.offset, hint: hint)
    case "could not find expected ':'":
      let hint = "write `key: value`, or `- value` in a list; quote a text of several lines"
      problems.add("expected `:` after the key", at: failure.contextOffset ?? failure.offset, hint: hint)
    case "mapping values are not allowed in this context":
      problems.add(
        "a `:` cannot stand here", at: failure.offset, hint: "quote a text that holds `: `, or mend the indentation")
    case "did not find expected ',' or ']'", "did not find expected ',' or '}'":
      let line = failure.contextOffset.map { problems.place($0).line } ?? 0
      let closing = failure.problem.hasSuffix("']'") ? "]" : "}"
      problems.add("expected `,` or `\(closing)` for the bracket opened at line \(line)", at: failure.offset)
    case "did not find expected key", "did not find expected '-' indicator",
      "block sequence entries are not allowed in this context":
      problems.add(
        "\(failure.problem)", at: failure.offset,
        hint: "mend the indentation of this line; it must match its neighbours")
    case "control characters are not allowed":
      problems.add(
        "control character \(shown(failure.offset))", at: failure.offset, hint: "write it as an escape in double quotes"
      )
    default:
      let context = failure.context.isEmpty ? "" : " (\(failure.context))"
      let isTab = byte == 0x09 || failure.problem.contains("tab character")
      problems.add(
        failure.problem + context, at: failure.offset, hint: isTab ? "indent with spaces, not with tabs" : "")
    }
  }

  /// The character at the place, in words where it does not show.
  private func shown(_ offset: Int) -> String {
    guard offset < range.upperBound else { return "the end of the text" }
    let scalar = String(decoding: bytes[offset..<min(offset + 4, range.upperBound)], as: UTF8.self).unicodeScalars.first
    guard let scalar, scalar != "\t" else { return "a tab" }
    if scalar.value > 0x20 && !scalar.isUnprintable && scalar.value & 0xFFFE != 0xFFFE { return "`\(scalar)`" }
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}
