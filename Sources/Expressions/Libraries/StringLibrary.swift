/// Text: the standard functions and the strings extension of cel-go. Places count code points.
enum StringLibrary {
  static let functions: [Function] =
    [
      test("contains", "Whether the text has the part", StringSearch.contains),
      test("startsWith", "Whether the text begins with the part", StringSearch.starts),
      test("endsWith", "Whether the text ends with the part", StringSearch.ends),
      Function(
        "matches", "Whether a part of the text matches the RE2 expression", cost: 1000,
        [Overload([.string, .string], .bool), Overload(member: true, [.string, .string], .bool)],
        .binary { text, pattern in
          guard case .string(let text) = text, case .string(let pattern) = pattern else { return nil }
          do throws(RegularExpression.Refused) {
            return .bool(try RegularExpression(pattern).matches(text))
          } catch {
            return .failure("the regular expression is refused: \(error.message)")
          }
        }),
      map("lowerAscii", "The text with ASCII letters in lower case") {
        $0.mapASCII { $0 &- 0x41 < 26 ? $0 | 0x20 : $0 }
      },
      map("upperAscii", "The text with ASCII letters in upper case") {
        $0.mapASCII { $0 &- 0x61 < 26 ? $0 & 0xDF : $0 }
      },
      map("trim", "The text without white space at its ends", StringSearch.trim),
      map("reverse", "The code points or the elements, the last first") { text in
        var out = String.UnicodeScalarView()
        out.append(contentsOf: text.unicodeScalars.reversed())
        return String(out)
      },
      Function(
        "strings.quote", "The text in double quotes, with escapes", [Overload([.string], .string)],
        .unary {
          if case .string(let text) = $0 { return .string(text.quoted) }
          return nil
        }),
    ] + StringParts.functions + [StringFormat.function]

  private static func test(_ name: String, _ summary: String, _ body: @escaping @Sendable (String, String) -> Bool)
    -> Function
  {
    Function(
      name, summary, [Overload(member: true, [.string, .string], .bool)],
      .binary {
        if case .string(let a) = $0, case .string(let b) = $1 { return .bool(body(a, b)) }
        return nil
      })
  }

  private static func map(_ name: String, _ summary: String, _ body: @escaping @Sendable (String) -> String) -> Function
  {
    Function(
      name, summary, [Overload(member: true, [.string], .string)],
      .unary {
        if case .string(let text) = $0 { return .string(body(text)) }
        return nil
      })
  }
}

extension String {
  fileprivate func mapASCII(_ change: (UInt8) -> UInt8) -> String {
    String(decoding: utf8.map(change), as: UTF8.self)
  }
}
