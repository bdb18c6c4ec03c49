/// Regular expressions beyond `matches` (the regex extension of cel-go), on RE2.
enum RegexLibrary {
  static let functions: [Function] = [
    Function(
      "regex.extract", "What the first match or its one group is, as an optional", cost: 1000,
      [Overload([.string, .string], .optional(.string))],
      .binary { text, pattern in
        with(text, pattern) { text, expression in
          if expression.groups > 1 { return severalGroups }
          let found = matches(text, expression, limit: 1).first
          return found.map { .optional(of: .string($0)) } ?? .emptyOptional
        }
      }),
    Function(
      "regex.extractAll", "What each match or its one group is", cost: 1000,
      [Overload([.string, .string], .list(.string))],
      .binary { text, pattern in
        with(text, pattern) { text, expression in
          if expression.groups > 1 { return severalGroups }
          return .list(matches(text, expression, limit: .max).map { .string($0) })
        }
      }),
    Function(
      "regex.replace", "The text with matches replaced; `\\1` stands for a group, a fourth argument limits how many",
      cost: 1000,
      [Overload([.string, .string, .string], .string), Overload([.string, .string, .string, .int], .string)],
      .any { arguments in
        guard arguments.count == 3 || arguments.count == 4, case .string(let new) = arguments[2] else { return nil }
        var limit = Int.max
        if arguments.count == 4 {
          guard case .int(let count) = arguments[3] else { return nil }
          limit = count < 0 ? .max : Int(count)
        }
        return with(arguments[0], arguments[1]) { replace($0, $1, new, limit) }
      }),
  ]

  /// As Kubernetes names them.
  static let finding: [Function] = [
    Function(
      "find", "The first match, empty where there is none", cost: 1000,
      [Overload(member: true, [.string, .string], .string)],
      .binary { text, pattern in
        with(text, pattern) { .string(matches($0, $1, limit: 1, group: 0).first ?? "") }
      }),
    Function(
      "findAll", "The matches; a second argument limits how many", cost: 1000,
      [
        Overload(member: true, [.string, .string], .list(.string)),
        Overload(member: true, [.string, .string, .int], .list(.string)),
      ],
      .binary { text, pattern in
        with(text, pattern) { .list(matches($0, $1, limit: .max, group: 0).map { .string($0) }) }
      },
      .ternary { text, pattern, limit in
        guard case .int(let count) = limit else { return nil }
        return with(text, pattern) {
          count == 0
            ? .list([]) : .list(matches($0, $1, limit: count < 0 ? .max : Int(count), group: 0).map { .string($0) })
        }
      }),
  ]

  private static let severalGroups = Value.failure(
    "the regular expression has more than one group: write the others as `(?:…)`")

  private static func with(_ text: Value, _ pattern: Value, _ body: (String, RegularExpression) -> Value) -> Value? {
    guard case .string(let text) = text, case .string(let pattern) = pattern else { return nil }
    do throws(RegularExpression.Refused) {
      let expression = try RegularExpression(pattern)
      return body(text, expression)
    } catch {
      return .failure("the regular expression is refused: \(error.message)")
    }
  }

  /// Calls with the places of each match, whole first, until told to stop. An empty match directly after another is none, as in
  /// Go and RE2.
  private static func walk(
    _ text: UnsafeBufferPointer<UInt8>, _ expression: RegularExpression, _ body: ([Range<Int>?]) -> Bool
  ) {
    var (at, last) = (0, -1)
    while at <= text.count, let found = expression.firstMatch(text, from: at), let whole = found[0] {
      if !whole.isEmpty || whole.lowerBound != last, !body(found) { return }
      last = whole.upperBound
      at = whole.isEmpty ? whole.upperBound + 1 : whole.upperBound
      // Never inside a code point.
      while at < text.count, text[at] & 0xC0 == 0x80 { at += 1 }
    }
  }

  private static func matches(_ text: String, _ expression: RegularExpression, limit: Int, group wanted: Int? = nil)
    -> [String]
  {
    var (out, copy) = ([String](), text)
    let group = wanted ?? (expression.groups == 0 ? 0 : 1)
    copy.withUTF8 { bytes in
      walk(bytes, expression) { found in
        if let range = found[group] { out.append(String(decoding: bytes[range], as: UTF8.self)) }
        return out.count < min(limit, Limits.elements)
      }
    }
    return out
  }

  private static func replace(_ text: String, _ expression: RegularExpression, _ new: String, _ limit: Int) -> Value {
    if limit == 0 { return .string(text) }
    var (out, copy, last, count, bad) = ([UInt8](), text, 0, 0, false)
    copy.withUTF8 { bytes in
      walk(bytes, expression) { found in
        guard let whole = found[0] else { return false }
        out += bytes[last..<whole.lowerBound]
        bad = !append(new, found, bytes, to: &out)
        last = whole.upperBound
        count += 1
        return !bad && count < limit && out.count <= Limits.bytes
      }
      out += bytes[last...]
    }
    if bad { return .failure("the replacement refers to a group that the expression does not have") }
    return out.count > Limits.bytes ? Limits.tooLong : .string(String(decoding: out, as: UTF8.self))
  }

  private static func append(
    _ new: String, _ found: [Range<Int>?], _ bytes: UnsafeBufferPointer<UInt8>, to out: inout [UInt8]
  ) -> Bool {
    var rest = Array(new.utf8)[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "\\"), let next = rest.popFirst() else {
        out.append(byte)
        continue
      }
      if next == byte {
        out.append(byte)
      } else if next.isDigit, Int(next &- 0x30) < found.count {
        if let range = found[Int(next &- 0x30)] { out += bytes[range] }
      } else {
        return false
      }
    }
    return true
  }
}
